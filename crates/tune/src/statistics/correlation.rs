//! Whether two rankings of the same things agree.

use super::ranks;

/// Spearman's rank correlation: Pearson's, of ranks, ties sharing theirs. In [-1, 1]; NaN for less
/// than two pairs and where one side does not differ.
///
/// Only as many pairs count as the shorter side has.
pub fn spearman(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (ranks(&a[..n]), ranks(&b[..n]));
    // Ranks have this mean, however many are tied.
    let middle = 0.5 * (n as f64 + 1.0);
    let product = |x: &[f64], y: &[f64]| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - middle) * (y - middle)).sum()
    };
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

/// Kendall's tau-b: pairs of things in the same order minus those in opposite order, by how many
/// are not tied. In [-1, 1]; NaN as for [`spearman`].
pub fn kendall(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let order = |x: f64, y: f64| f64::from(u8::from(x > y)) - f64::from(u8::from(x < y));
    let (mut agreement, mut in_a, mut in_b) = (0.0, 0.0, 0.0);
    for i in 0..n {
        for j in 0..i {
            let (first, second) = (order(a[i], a[j]), order(b[i], b[j]));
            agreement += first * second;
            in_a += first.abs();
            in_b += second.abs();
        }
    }
    agreement / f64::sqrt(in_a * in_b)
}
