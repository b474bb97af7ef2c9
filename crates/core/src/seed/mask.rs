//! Dropout masks, made in bulk.

use super::draw::Draw;
use crate::number::Rate;

/// Blocks from here on refine the ones below; no draw is long enough to get here by counting.
const SECOND_HALF: u64 = 1 << 63;

/// Elements of a mask that are made together. Drawing first and comparing then lets the compiler
/// compare many at once, which makes a mask five times as fast.
const MASK_LANES: usize = 256;

/// A dropout mask, any part of which can be made by itself: 0 with the rate's probability, else
/// 1 / (1 - rate).
///
/// An element spends 16 bits, and 16 more in the rare case that those alone do not decide; so
/// the realized rate is exact to 2^-33 at half the cost.
#[derive(Debug, Clone)]
pub struct Mask {
    draw: Draw,
    kept: f32,
    high: u16,
    low: u16,
}

impl Draw {
    /// A dropout mask of `len` elements.
    pub fn mask(&mut self, len: usize, rate: Rate) -> Vec<f32> {
        let mut mask = vec![0.0; len];
        self.mask_in_parts(len, rate).fill(0, &mut mask);
        mask
    }

    /// The same mask, to be made in parts and on several threads if need be.
    pub fn mask_in_parts(&mut self, len: usize, rate: Rate) -> Mask {
        // A rate that rounds to 1 drops all but one element in 2^32.
        let threshold = (rate.get() * 4_294_967_296.0).round() as u32;
        let (high, low) = ((threshold >> 16) as u16, threshold as u16);
        let mask = Mask { draw: self.clone(), kept: (1.0 / rate.keep()) as f32, high, low };
        self.skip_blocks(len.div_ceil(16) as u64);
        mask
    }
}

impl Mask {
    /// Every part but the last begins and ends at a multiple of this.
    pub const GRAIN: usize = MASK_LANES;

    /// Makes the elements from number `start` on, which is a multiple of [`Self::GRAIN`].
    pub fn fill(&self, start: usize, out: &mut [f32]) {
        let Self { draw, kept, high, low } = self;
        let mut lanes = [0; MASK_LANES];
        let mut first = draw.next_block + (start / 16) as u64;
        for chunk in out.chunks_mut(MASK_LANES) {
            let blocks = lanes.as_chunks_mut().0.iter_mut().take(chunk.len().div_ceil(16));
            blocks.zip(first..).for_each(|(lanes, block)| *lanes = self::lanes(draw.block(block)));
            for (element, lane) in chunk.iter_mut().zip(&lanes) {
                *element = if lane > high { *kept } else { 0.0 };
            }
            if lanes.iter().fold(false, |any, lane| any | (lane == high)) {
                let undecided = chunk.iter_mut().enumerate().filter(|&(i, _)| lanes[i] == *high);
                for (index, element) in undecided {
                    if self.refinement(first, index) >= *low {
                        *element = *kept;
                    }
                }
            }
            first += MASK_LANES as u64 / 16;
        }
    }

    /// Sixteen more bits for lane `index` of the blocks from `first` on.
    #[cold]
    fn refinement(&self, first: u64, index: usize) -> u16 {
        let block = self.draw.block((first + index as u64 / 16) | SECOND_HALF);
        lanes(block)[index % 16]
    }
}

/// A block as sixteen numbers of 16 bits.
fn lanes(block: [u64; 4]) -> [u16; 16] {
    core::array::from_fn(|i| (block[i / 4] >> (16 * (i % 4))) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::draw::tests::{assert_mean, draw};

    #[test]
    fn a_mask_drops_its_rate_and_keeps_the_expectation() {
        let rate = Rate::new(0.2).unwrap();
        let mask = draw().mask(1_000_001, rate);
        assert!(mask.iter().all(|&m| m == 0.0 || m == 1.25));
        let values: Vec<f64> = mask.iter().map(|&m| f64::from(m)).collect();
        assert_mean(&values, 1.0, (0.2f64 / 0.8).sqrt());
    }

    /// Made together or one by one, the elements are the same, and the next draw begins behind them.
    #[test]
    fn every_element_of_a_mask_has_a_lane_of_its_own() {
        for (len, rate) in [(1, 0.5), (16, 0.5), (257, 0.2), (300_000, 0.2), (300_000, 1e-6)] {
            let (mut bulk, single) = (draw(), draw());
            let mask = bulk.mask(len, Rate::new(rate).unwrap());
            let threshold = (rate * 4_294_967_296.0).round() as u32;
            for (i, &element) in mask.iter().enumerate() {
                let lane = |half| lanes(single.block(half | (i as u64 / 16)))[i % 16];
                let bits = u32::from(lane(0)) << 16 | u32::from(lane(SECOND_HALF));
                assert_eq!(element == 0.0, bits < threshold, "element {i} of {len}, rate {rate}");
            }
            assert_eq!(bulk.next_block, len.div_ceil(16) as u64);
        }
    }

    #[test]
    fn parts_are_the_same_as_the_whole() {
        let rate = Rate::new(0.3).unwrap();
        let (whole, mut again) = (draw().mask(1000, rate), vec![0.0; 1000]);
        let parts = draw().mask_in_parts(1000, rate);
        let (first, second) = again.split_at_mut(2 * Mask::GRAIN);
        parts.fill(2 * Mask::GRAIN, second);
        parts.fill(0, first);
        assert_eq!(again, whole);
    }

    #[test]
    fn a_rate_below_the_first_sixteen_bits_is_still_kept() {
        // 2^-20: only the refinement can drop anything. Expected 64 of 2^26, std 8.
        let mut draw = draw();
        let rate = Rate::new(2f64.powi(-20)).unwrap();
        let dropped: usize =
            (0..64).map(|_| draw.mask(1 << 20, rate).iter().filter(|&&m| m == 0.0).count()).sum();
        assert!((24..=104).contains(&dropped), "{dropped} dropped");
    }

    #[test]
    fn neighbours_in_a_mask_are_independent() {
        let mask = draw().mask(1_000_000, Rate::new(0.5).unwrap());
        for lag in 1..9 {
            let both: Vec<f64> =
                mask.windows(lag + 1).map(|w| f64::from(w[0] * w[lag] / 4.0)).collect();
            assert_mean(&both, 0.25, (3.0f64 / 16.0).sqrt() * 1.5);
        }
    }

    #[test]
    fn a_rate_next_to_one_drops_nearly_everything() {
        for rate in [1.0 - 2f64.powi(-33), 1.0 - 2f64.powi(-40), 1.0f64.next_down()] {
            let mask = draw().mask(100_000, Rate::new(rate).unwrap());
            assert!(mask.iter().all(|&m| m == 0.0), "{rate}");
        }
    }
}
