//! Philox4x32-10, the narrow sister of [`philox`](super::philox), for numbers in bulk: products of
//! 32 bits are what wide registers can do, so that many blocks are made at once.
//!
//! Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

/// Blocks that are made together.
pub const LANES: usize = 16;

/// The same word of each of the blocks.
type Row = [u32; LANES];

/// A stream of words that belongs to 128 random bits; of 2^128 streams no two will be the same.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    key: [u32; 2],
    high: [u32; 2],
}

impl Words {
    /// The stream of two words of the wide generator.
    pub const fn new(key: u64, high: u64) -> Self {
        Self { key: halves(key), high: halves(high) }
    }

    /// The four words of `LANES` blocks from number `first` on.
    #[inline(always)]
    pub fn blocks(&self, first: u64) -> [Row; 4] {
        blocks(self.key, first, self.high)
    }

    /// The first `len` words.
    pub fn take(&self, len: usize) -> Vec<u32> {
        let mut words = vec![0; len];
        for (index, part) in words.chunks_mut(4 * LANES).enumerate() {
            let grain = self.blocks((index * LANES) as u64);
            part.copy_from_slice(&grain.as_flattened()[..part.len()]);
        }
        words
    }
}

const fn halves(word: u64) -> [u32; 2] {
    [word as u32, (word >> 32) as u32]
}

/// The same word of each of the blocks while they are made, each in a place of twice its width: that
/// is where wide registers want the factors of their products, so that nothing has to be shuffled.
type WideRow = [u64; LANES];

/// The four words of `LANES` blocks whose counters are `first`, `first` + 1, ... below and `high`
/// above.
#[inline(always)]
fn blocks(mut key: [u32; 2], first: u64, high: [u32; 2]) -> [Row; 4] {
    let count = |lane: usize| first.wrapping_add(lane as u64);
    let mut words = [
        core::array::from_fn(|lane| low(count(lane))),
        core::array::from_fn(|lane| count(lane) >> 32),
        [high[0].into(); LANES],
        [high[1].into(); LANES],
    ];
    for _ in 0..ROUNDS {
        words = round(words, key);
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    words.map(|row| row.map(|word| word as u32))
}

#[inline(always)]
fn round([c0, c1, c2, c3]: [WideRow; 4], key: [u32; 2]) -> [WideRow; 4] {
    let (keys, mut next) = (key.map(u64::from), [[0; LANES]; 4]);
    for lane in 0..LANES {
        let a = low(c0[lane]) * u64::from(MULTIPLIERS[0]);
        let b = low(c2[lane]) * u64::from(MULTIPLIERS[1]);
        next[0][lane] = (b >> 32) ^ c1[lane] ^ keys[0];
        next[1][lane] = low(b);
        next[2][lane] = (a >> 32) ^ c3[lane] ^ keys[1];
        next[3][lane] = low(a);
    }
    next
}

/// The lower half.
#[inline(always)]
const fn low(word: u64) -> u64 {
    word & 0xffff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that Random123 1.14 ships (`kat_vectors`, philox4x32 10).
    #[test]
    fn equals_random123() {
        let first = |key, low: [u32; 2], high| {
            let count = u64::from(low[0]) | u64::from(low[1]) << 32;
            blocks(key, count, high).map(|word| word[0])
        };
        assert_eq!(
            first([0, 0], [0, 0], [0, 0]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        let ones = [u32::MAX; 2];
        assert_eq!(first(ones, ones, ones), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            first(
                [0xa409_3822, 0x299f_31d0],
                [0x243f_6a88, 0x85a3_08d3],
                [0x1319_8a2e, 0x0370_7344]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn lanes_count_on_across_the_words_of_the_counter() {
        let first = u64::from(u32::MAX) - 4;
        let together = blocks([1, 2], first, [3, 4]);
        for lane in 0..LANES {
            let alone = blocks([1, 2], first + lane as u64, [3, 4]);
            assert_eq!(together.map(|word| word[lane]), alone.map(|word| word[0]));
        }
    }
}
