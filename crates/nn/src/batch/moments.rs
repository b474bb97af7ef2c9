//! Mean and standard deviation of every input.

use wellfit_data::Dataset;

/// What the training examples say about each input: the units of noise, and what stands for
/// "nothing special".
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    /// Mean of every input.
    pub mean: Vec<f32>,
    /// Standard deviation of every input, with the divisor n; 0 where it is constant.
    pub std: Vec<f32>,
}

impl Moments {
    /// Measures the examples of `data`.
    pub fn of(data: &Dataset) -> Self {
        let n = data.len().max(1) as f64;
        let means = |of: &dyn Fn(usize, f64) -> f64| {
            let mut sums = vec![0.0; data.width()];
            for row in data.inputs.chunks_exact(data.width().max(1)) {
                for (column, (sum, &x)) in sums.iter_mut().zip(row).enumerate() {
                    *sum += of(column, f64::from(x));
                }
            }
            sums.into_iter().map(|sum| sum / n).collect::<Vec<f64>>()
        };
        let mean = means(&|_, x| x);
        let variance = means(&|column, x| (x - mean[column]).powi(2));
        let std = variance.iter().map(|v| v.sqrt() as f32).collect();
        Self { mean: mean.iter().map(|&m| m as f32).collect(), std }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_data::Target;

    #[test]
    fn they_are_those_of_each_column() {
        let inputs = vec![1.0, 5.0, 2.0, 5.0, 6.0, 5.0];
        let data = Dataset::new(inputs, vec![2], Target::Values(vec![0.0; 3]), Vec::new()).unwrap();
        let moments = Moments::of(&data);
        assert_eq!(moments.mean, [3.0, 5.0]);
        assert_eq!(moments.std, [(14f32 / 3.0).sqrt(), 0.0]);
    }
}
