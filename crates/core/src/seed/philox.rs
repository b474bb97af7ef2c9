//! Philox4x64-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy
//! as 1, 2, 3", SC 2011; the same that NumPy ships as `numpy.random.Philox`.

const MULTIPLIERS: [u64; 2] = [0xD2E7_470E_E14C_6C93, 0xCA5A_8263_9512_1157];
const WEYL: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];
const ROUNDS: usize = 10;

/// The four numbers that belong to `counter` under `key`.
#[inline(always)]
pub const fn block(mut key: [u64; 2], mut counter: [u64; 4]) -> [u64; 4] {
    let mut round = 0;
    while round < ROUNDS {
        let a = (counter[0] as u128) * (MULTIPLIERS[0] as u128);
        let b = (counter[2] as u128) * (MULTIPLIERS[1] as u128);
        counter = [
            (b >> 64) as u64 ^ counter[1] ^ key[0],
            b as u64,
            (a >> 64) as u64 ^ counter[3] ^ key[1],
            a as u64,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        round += 1;
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `numpy.random.Philox(key=[..], counter=[..]).random_raw(8)` of NumPy 2.4.6, which counts up
    /// before each block.
    #[test]
    fn equals_numpy() {
        assert_eq!(
            block([1, 2], [1, 0, 0, 0]),
            [0x4f2f4313b5536b09, 0x5b617be3219ff32a, 0x097293476f9275cb, 0xf63f3bf4962c3942]
        );
        let key = [0xdead_beef, 0x0123_4567_89ab_cdef];
        assert_eq!(
            block(key, [8, 3, 1 << 63, 1]),
            [0x6acacc020c8c18e9, 0x12cd752b5ba9cdc4, 0xf1c743d5b10030e2, 0xad66bbeee71641b9]
        );
        assert_eq!(
            block(key, [9, 3, 1 << 63, 1]),
            [0x13379809e07cd8f2, 0x73b53f15d62284b3, 0x9f1e26784396fdb2, 0x228b225ad09d9e30]
        );
    }
}
