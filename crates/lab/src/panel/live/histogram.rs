//! How the weights of a layer are spread.

use serde::Serialize;
use wellfit::nn::snapshot::Snapshot;

/// Bins of a histogram.
const BINS: usize = 41;

/// The weights of one tensor, counted by size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Histogram {
    /// Path of the tensor in the model.
    pub path: String,
    /// The bins divide [-reach, reach] evenly; the middle one holds what is near 0.
    pub reach: f32,
    /// Weights in each bin.
    pub counts: Vec<u32>,
    /// Share of the weights that are exactly 0, in [0, 1].
    pub zeros: f64,
    /// Σw² of the tensor.
    pub squares: f64,
}

impl Histogram {
    /// The histograms of the tensors at `paths`, in their order.
    pub fn of(model: &Snapshot, paths: &[String]) -> Vec<Self> {
        let one = |path: &String| {
            let weights: Vec<f32> = model.tensors().get(path)?.iter::<f32>().collect();
            Some(Self::counted(path, &weights))
        };
        paths.iter().filter_map(one).collect()
    }

    /// Weights that are no numbers are in no bin.
    fn counted(path: &str, weights: &[f32]) -> Self {
        let sizes = weights.iter().map(|weight| weight.abs()).filter(|size| size.is_finite());
        let reach = sizes.fold(0.0, f32::max);
        let mut counts = vec![0; BINS];
        for &weight in weights.iter().filter(|weight| weight.is_finite()) {
            let place = if reach > 0.0 { (weight / reach + 1.0) / 2.0 } else { 0.5 };
            counts[((place * BINS as f32) as usize).min(BINS - 1)] += 1;
        }
        let zeros = weights.iter().filter(|&&weight| weight == 0.0).count();
        let zeros = zeros as f64 / weights.len().max(1) as f64;
        let squares = weights.iter().map(|&weight| f64::from(weight).powi(2)).sum();
        Self { path: path.to_owned(), reach, counts, zeros, squares }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_is_counted_once() {
        let histogram = Histogram::counted("a", &[-2.0, -1.9, 0.0, 0.0, 0.01, 2.0, f32::NAN]);
        assert_eq!(histogram.counts.iter().sum::<u32>(), 6);
        assert_eq!((histogram.counts[0], histogram.counts[BINS / 2]), (1, 3));
        assert_eq!((histogram.counts[1], histogram.counts[BINS - 1]), (1, 1));
        assert_eq!((histogram.reach, histogram.zeros), (2.0, 2.0 / 7.0));
    }

    #[test]
    fn zeros_alone_lie_in_the_middle() {
        let histogram = Histogram::counted("a", &[0.0; 5]);
        assert_eq!((histogram.counts[BINS / 2], histogram.zeros), (5, 1.0));
    }
}
