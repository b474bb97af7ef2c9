//! Unbiased choices from any generator.

use rand_core::Rng;

/// A number drawn uniformly from `0..bound`; 0 when `bound` is 0 or 1.
///
/// The high half of a 64 x 64 bit product; the few low halves that would favour some numbers are
/// drawn again. Lemire 2019, "Fast random integer generation in an interval", arXiv 1805.10941.
pub(crate) fn below(rng: &mut dyn Rng, bound: usize) -> usize {
    let bound = bound.max(1) as u64;
    let uneven = bound.wrapping_neg() % bound;
    loop {
        let product = u128::from(rng.next_u64()) * u128::from(bound);
        if product as u64 >= uneven {
            return (product >> 64) as usize;
        }
    }
}

/// Moves `count` items, chosen without replacement, to the front in a uniformly random order
/// (Fisher-Yates). `count = items.len()` shuffles everything.
pub(crate) fn draw<T>(rng: &mut dyn Rng, items: &mut [T], count: usize) {
    for place in 0..count.min(items.len()) {
        let chosen = place + below(rng, items.len() - place);
        items.swap(place, chosen);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::convert::Infallible;

    /// SplitMix64 (Steele, Lea, Flood 2014), which also counts what was drawn.
    pub(crate) struct SplitMix {
        state: u64,
        pub(crate) drawn: usize,
    }

    impl SplitMix {
        pub(crate) fn new(state: u64) -> Self {
            Self { state, drawn: 0 }
        }
    }

    impl rand_core::TryRng for SplitMix {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok((self.try_next_u64()? >> 32) as u32)
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            self.drawn += 1;
            self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            Ok(z ^ (z >> 31))
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            for byte in bytes {
                *byte = self.try_next_u32()? as u8;
            }
            Ok(())
        }
    }

    #[test]
    fn every_order_of_three_is_as_likely() {
        let mut rng = SplitMix::new(7);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut items = [0, 1, 2];
            draw(&mut rng, &mut items, 3);
            *seen.entry(items).or_insert(0) += 1;
        }
        // Binomial(6000, 1/6): mean 1000, standard deviation 29; five of them on each side.
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|&count| (856..=1144).contains(&count)), "{seen:?}");
    }

    #[test]
    fn low_products_are_drawn_again() {
        // 2^64 = 1 mod 3, so exactly one of the 2^64 words, zero, must be refused for bound 3.
        struct Words(Vec<u64>);
        impl rand_core::TryRng for Words {
            type Error = Infallible;
            fn try_next_u32(&mut self) -> Result<u32, Infallible> {
                Ok(0)
            }
            fn try_next_u64(&mut self) -> Result<u64, Infallible> {
                Ok(self.0.remove(0))
            }
            fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
                Ok(())
            }
        }
        assert_eq!(below(&mut Words(vec![0, u64::MAX]), 3), 2);
        assert_eq!(below(&mut Words(vec![1, u64::MAX]), 3), 0);
        assert_eq!(below(&mut Words(vec![5]), 0), 0);
    }
}
