//! Since when: the turning point of a curve that falls and then rises.

use crate::trend::{lowest, without_spikes};
use wellfit_core::control::SHORT;

/// Place at which a curve of costs turns from falling to rising.
///
/// Splits the curve where a falling and a rising step function together fit it best by least
/// squares. No window has to be chosen, so that a sharp turn, as after a drop of the learning rate,
/// is not blurred by the high values before it, and a flat one uses all values around it. Lone
/// outliers, which squares would follow, are clipped first; short curves give their lowest value.
///
/// # Paper
/// Frisén 1986, *Unimodal regression*, The Statistician 35(4):479-485
pub(crate) fn onset(costs: &[f64], sigma: f64) -> usize {
    if costs.len() <= SHORT {
        return lowest(costs);
    }
    let clean: Vec<f64> = without_spikes(costs)
        .iter()
        .zip(costs)
        .map(|(&usual, &cost)| cost.max(usual - 3.0 * sigma).min(usual + 3.0 * sigma))
        .collect();
    let falling = errors_of_falling(clean.iter().copied());
    let rising = errors_of_falling(clean.iter().rev().copied());
    let errors: Vec<f64> = falling.iter().zip(rising.iter().rev()).map(|(a, b)| a + b).collect();
    // The lowest value fits either side as well, so that the split is right up to one place.
    let split = lowest(&errors);
    let near = split.saturating_sub(1)..(split + 2).min(costs.len());
    near.start + lowest(&clean[near])
}

/// Squared errors of the best falling fits to the first 0, 1, 2, ... values, by pooling adjacent
/// violators.
fn errors_of_falling(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut total = 0.0;
    let mut errors = vec![0.0];
    for mean in values {
        let mut block = Block { mean, count: 1.0, error: 0.0 };
        while let Some(last) = blocks.pop_if(|last| last.mean <= block.mean) {
            total -= last.error;
            block = last.joined(&block);
        }
        total += block.error;
        errors.push(total);
        blocks.push(block);
    }
    errors
}

/// Neighbours that share one level of the fit.
struct Block {
    mean: f64,
    count: f64,
    /// Squared error of the values about `mean`.
    error: f64,
}

impl Block {
    fn joined(&self, later: &Self) -> Self {
        let count = self.count + later.count;
        let apart = self.mean - later.mean;
        Self {
            mean: (self.mean * self.count + later.mean * later.count) / count,
            count,
            error: self.error + later.error + apart * apart * self.count * later.count / count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Squared error of the best falling fit by dynamic programming over the values themselves: an
    /// optimal level of isotonic regression is a mean of neighbours, so all means are candidates.
    fn by_search(values: &[f64]) -> f64 {
        let mut levels: Vec<f64> = (0..values.len())
            .flat_map(|i| (i..values.len()).map(move |j| (i, j)))
            .map(|(i, j)| values[i..=j].iter().sum::<f64>() / (j - i + 1) as f64)
            .collect();
        levels.sort_by(|a, b| b.total_cmp(a));
        let mut best = vec![0.0; levels.len()];
        for value in values {
            let mut lowest = f64::INFINITY;
            for (cost, level) in best.iter_mut().zip(&levels) {
                lowest = lowest.min(*cost);
                *cost = lowest + (value - level).powi(2);
            }
        }
        best.into_iter().fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn pooling_is_the_least_squares_fit() {
        let values = [3.0, 4.0, 1.0, 2.5, 2.0, -1.0, 0.5, 0.25];
        let errors = errors_of_falling(values.iter().copied());
        for count in 1..=values.len() {
            let expected = by_search(&values[..count]);
            assert!((errors[count] - expected).abs() < 1e-12, "{count}: {}", errors[count]);
        }
    }

    #[test]
    fn the_turn_of_a_clean_curve_is_its_minimum() {
        for turn in [3_i32, 20, 55] {
            let curve: Vec<f64> = (0..60).map(|i| f64::from((i - turn).abs())).collect();
            assert_eq!(onset(&curve, 0.5), turn as usize);
        }
        assert_eq!(onset(&[3.0, 1.0, 2.0], 0.0), 1);
        assert_eq!(onset(&[1.0; 30], 0.0), 0);
    }

    #[test]
    fn one_spike_moves_nothing() {
        let curve = |i: i32| 0.1 + f64::from((i - 20).abs());
        let mut values: Vec<f64> = (0..60).map(curve).collect();
        values[40] = -50.0;
        assert!(onset(&values, 0.01).abs_diff(20) <= 1);
    }
}
