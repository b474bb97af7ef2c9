//! The numbers at one address: one at a time for the laws of `rand_distr`, or in bulk.

use super::{Normals, philox, philox32};
use crate::number::{Fraction, NonNegative, Positive};
use core::convert::Infallible;
use rand_core::{Rng, TryRng};
use rand_distr::{Distribution, Gamma, StandardNormal};

/// A generator that begins at one address. Made for that address alone and then thrown away.
#[derive(Debug, Clone)]
pub struct Draw {
    key: [u64; 2],
    address: [u64; 3],
    pub(super) next_block: u64,
    buffer: [u64; 4],
    used: usize,
}

impl Draw {
    pub(super) const fn new(key: [u64; 2], address: [u64; 3]) -> Self {
        Self { key, address, next_block: 0, buffer: [0; 4], used: 4 }
    }

    #[inline(always)]
    pub(super) const fn block(&self, index: u64) -> [u64; 4] {
        let [step, pass, call] = self.address;
        philox::block(self.key, [index, step, pass, call])
    }

    /// Takes the next whole block and leaves what was left of the last one unused.
    pub(super) fn take_block(&mut self) -> [u64; 4] {
        let block = self.block(self.next_block);
        self.skip_blocks(1);
        block
    }

    /// Leaves these blocks to somebody who knows where they begin, as [`Self::take_block`] does one.
    pub(super) const fn skip_blocks(&mut self, count: u64) {
        self.next_block += count;
        self.used = 4;
    }

    /// Numbers from N(0, std²) that are made in bulk, as many as wanted, in parts and on several
    /// threads if need be: for noise that is drawn anew at every step.
    pub fn normals(&mut self, std: NonNegative) -> Normals {
        Normals::new(self.take_block(), std.get() as f32)
    }

    /// `len` numbers from N(0, std²), one after the other.
    pub fn normal(&mut self, len: usize, std: NonNegative) -> Vec<f32> {
        let std = std.get();
        (0..len).map(|_| (std * self.standard_normal()) as f32).collect()
    }

    /// One number from N(0, 1).
    pub fn standard_normal(&mut self) -> f64 {
        StandardNormal.sample(self)
    }

    /// One number from Gamma(alpha, 1).
    pub fn gamma(&mut self, alpha: Positive) -> f64 {
        // The law exists for every alpha above 0.
        Gamma::new(alpha.get(), 1.0).map_or(0.0, |law| law.sample(self))
    }

    /// `len` numbers, uniform in [low, high).
    pub fn uniform(&mut self, len: usize, low: f64, high: f64) -> Vec<f32> {
        (0..len).map(|_| (low + (high - low) * self.unit()) as f32).collect()
    }

    /// One number, uniform in [0, 1), with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// One number, uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Whether something of this probability happens: never at 0, always at 1.
    pub fn happens(&mut self, probability: Fraction) -> bool {
        self.unit() < probability.get()
    }

    /// One whole number, uniform in 0..n; 0 when n is 0. (Lemire 2019, arXiv 1805.10941.)
    pub fn below(&mut self, n: u64) -> u64 {
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            if product as u64 >= n.wrapping_neg().checked_rem(n).unwrap_or(0) {
                return (product >> 64) as u64;
            }
        }
    }

    /// `len` whole numbers, each uniform in 0..n; zeros when n is 0.
    pub fn many_below(&mut self, len: usize, n: u32) -> Vec<u32> {
        let [key, high, ..] = self.take_block();
        let words = philox32::Words::new(key, high);
        let unfair = n.wrapping_neg().checked_rem(n).unwrap_or(0);
        let mut numbers = words.take(len);
        for number in &mut numbers {
            let product = u64::from(*number) * u64::from(n);
            // So rare that it may cost a block of its own.
            let fair = product as u32 >= unfair;
            *number = if fair { (product >> 32) as u32 } else { self.below(n.into()) as u32 };
        }
        numbers
    }

    /// The numbers 0..n in random order, all orders alike probable (Fisher-Yates).
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            let other = self.below(last as u64 + 1) as usize;
            order.swap(last, other);
        }
        order
    }
}

impl TryRng for Draw {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_u64() as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        if self.used == 4 {
            self.buffer = self.take_block();
            self.used = 0;
        }
        let number = self.buffer[self.used];
        self.used += 1;
        Ok(number)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::number::Rate;
    use crate::seed::Seed;

    pub fn draw() -> Draw {
        Seed::new(42).stream("test").step(0)
    }

    /// |mean - expected| within five standard errors.
    pub fn assert_mean(values: &[f64], expected: f64, std: f64) {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let bound = 5.0 * std / (values.len() as f64).sqrt();
        assert!((mean - expected).abs() < bound, "mean {mean}, expected {expected} +- {bound}");
    }

    #[test]
    fn normal_numbers_have_mean_zero_and_their_std() {
        let values = draw().normal(1_000_000, NonNegative::new(2.0).unwrap());
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let squares: Vec<f64> = values.iter().map(|v| v * v).collect();
        assert_mean(&values, 0.0, 2.0);
        assert_mean(&squares, 4.0, 4.0 * 2f64.sqrt());
    }

    #[test]
    fn gamma_numbers_have_mean_and_variance_alpha() {
        for alpha in [0.2, 1.0, 5.0] {
            let law = Positive::new(alpha).unwrap();
            let mut draw = draw();
            let values: Vec<f64> = (0..100_000).map(|_| draw.gamma(law)).collect();
            assert_mean(&values, alpha, alpha.sqrt());
            let squares: Vec<f64> = values.iter().map(|v| (v - alpha).powi(2)).collect();
            // Fourth central moment 3α² + 6α.
            assert_mean(&squares, alpha, (2.0 * alpha * alpha + 6.0 * alpha).sqrt());
        }
    }

    #[test]
    fn what_happens_has_its_probability() {
        let mut draw = draw();
        let mut count = |p| {
            let p = Fraction::new(p).unwrap();
            (0..100_000).filter(|_| draw.happens(p)).count() as f64
        };
        assert_eq!((count(0.0), count(1.0)), (0.0, 100_000.0));
        assert!((count(0.3) - 30_000.0).abs() < 5.0 * (100_000.0 * 0.3 * 0.7f64).sqrt());
    }

    #[test]
    fn below_is_uniform() {
        let mut counts = [0.0f64; 3];
        let mut draw = draw();
        for _ in 0..300_000 {
            counts[draw.below(3) as usize] += 1.0;
        }
        let std = (300_000.0 * (1.0 / 3.0) * (2.0 / 3.0f64)).sqrt();
        assert!(counts.iter().all(|c| (c - 100_000.0).abs() < 5.0 * std), "{counts:?}");
        assert_eq!(draw.below(1), 0);
    }

    #[test]
    fn many_below_are_uniform_and_independent() {
        let (mut draw, n) = (draw(), 300_000);
        let numbers = draw.many_below(n, 3);
        let std = (n as f64 * (1.0 / 3.0) * (2.0 / 3.0f64)).sqrt();
        for lag in [1, 4, 16, 64] {
            let mut counts = [[0.0f64; 3]; 3];
            numbers.windows(lag + 1).for_each(|w| counts[w[0] as usize][w[lag] as usize] += 1.0);
            let expected = (n - lag) as f64 / 9.0;
            let fair = |count: &f64| (count - expected).abs() < 5.0 * std;
            assert!(counts.as_flattened().iter().all(fair), "lag {lag}: {counts:?}");
        }
        // Half of all words would be unfair.
        let large = (1 << 31) + 1;
        let numbers = draw.many_below(10_000, large);
        let upper = numbers.iter().filter(|&&number| number > large / 2).count() as f64;
        assert!(numbers.iter().all(|&number| number < large));
        assert!((upper - 5000.0).abs() < 5.0 * 50.0, "{upper}");
        assert_eq!(draw.many_below(2, 0), [0, 0]);
        assert_eq!(draw.many_below(2, 1), [0, 0]);
    }

    #[test]
    fn a_permutation_holds_every_number_once() {
        let mut order = draw().permutation(1000);
        assert_ne!(order, (0..1000).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn bulk_and_single_draws_of_one_generator_do_not_overlap() {
        let mut draw = draw();
        let first = draw.next_u64();
        let _ = draw.mask(16, Rate::ZERO);
        assert_ne!(draw.next_u64(), first);
        assert_eq!(draw.next_block, 3);
    }
}
