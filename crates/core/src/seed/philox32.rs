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

/// The four words of `LANES` blocks whose counters are `first`, `first` + 1, ... below and `high`
/// above.
#[inline(always)]
fn blocks(key: [u32; 2], first: u64, high: [u32; 2]) -> [Row; 4] {
    let mut rows = [[0; LANES]; 4];
    // Lane by lane, so that the compiler sees a loop without memory: it makes many lanes at once
    // and keeps their words in registers through all rounds.
    for lane in 0..LANES {
        let words = block(key, first.wrapping_add(lane as u64), high);
        for (row, word) in rows.iter_mut().zip(words) {
            row[lane] = word as u32;
        }
    }
    rows
}

/// One block. Its words stand in places of twice their width, where wide registers want the factors
/// of their products.
#[inline(always)]
fn block(mut key: [u32; 2], count: u64, high: [u32; 2]) -> [u64; 4] {
    let mut words = [low(count), count >> 32, high[0].into(), high[1].into()];
    for _ in 0..ROUNDS {
        words = round(words, key.map(u64::from));
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    words
}

#[inline(always)]
fn round([c0, c1, c2, c3]: [u64; 4], key: [u64; 2]) -> [u64; 4] {
    let a = low(c0) * u64::from(MULTIPLIERS[0]);
    let b = low(c2) * u64::from(MULTIPLIERS[1]);
    [(b >> 32) ^ c1 ^ key[0], low(b), (a >> 32) ^ c3 ^ key[1], low(a)]
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
