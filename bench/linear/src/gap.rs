//! Duality gaps from the definitions alone; nothing of the library is used.

use crate::data::Data;

/// The largest gap on a path over P(0), the objective of the intercept alone.
pub fn worst(data: &Data, answer: &[f64]) -> f64 {
    let path: Vec<&[f64]> = answer.chunks_exact(1 + data.features).collect();
    let n = data.target.len() as f64;
    let mean = data.target.iter().sum::<f64>() / n;
    let constant = if data.logistic { (mean / (1.0 - mean)).ln() } else { mean };
    let null = loss(data, &vec![constant; data.target.len()]);
    let gaps = data.lambdas.iter().zip(&path).map(|(lambda, answer)| gap(data, *lambda, answer));
    let worst = gaps.fold(0.0, |max: f64, gap| if gap.is_nan() { gap } else { max.max(gap) });
    // A path that ends early has no answer for the rest.
    if path.len() < data.lambdas.len() { f64::INFINITY } else { worst / null }
}

fn gap(data: &Data, lambda: f64, answer: &[f64]) -> f64 {
    let w = &answer[1..];
    let mut eta = vec![0.0; data.target.len()];
    for (j, w) in w.iter().enumerate().filter(|(_, w)| **w != 0.0) {
        data.add(j, *w, &mut eta);
    }
    // The best intercept: a dual point must sum to zero.
    let mut b = answer[0];
    for _ in 0..50 {
        let step = eta.iter().zip(&data.target).map(|(eta, y)| residual(data, *y, eta + b));
        let curvature: f64 = eta.iter().map(|eta| curvature(data, eta + b)).sum();
        b += step.sum::<f64>() / curvature;
    }
    eta.iter_mut().for_each(|eta| *eta += b);
    let n = data.target.len() as f64;
    let u: Vec<f64> =
        eta.iter().zip(&data.target).map(|(eta, y)| residual(data, *y, *eta) / n).collect();
    let slopes: Vec<f64> = (0..w.len()).map(|j| data.dot(j, &u).abs()).collect();
    let (l1, l2) = (lambda * data.ratio, lambda * (1.0 - data.ratio));
    let penalty: f64 = w.iter().map(|w| l1 * w.abs() + 0.5 * l2 * w * w).sum();
    let primal = loss(data, &eta) + penalty;
    let largest = slopes.iter().copied().fold(0.0, f64::max);
    let dual = |c: f64| {
        let beyond = slopes.iter().map(|slope| (c * slope - l1).max(0.0).powi(2));
        let conjugate = if l2 > 0.0 { beyond.sum::<f64>() / (2.0 * l2) } else { 0.0 };
        dual_loss(data, &eta, c) - conjugate
    };
    let top = if l2 > 0.0 || largest <= l1 { 1.0 } else { l1 / largest };
    // Concave in c: the best multiple of the residual is a fair dual point for all solvers.
    let (mut low, mut high) = (0.0, top);
    let mut best = dual(top);
    for _ in 0..30 {
        let (a, b) = (low + 0.382 * (high - low), high - 0.382 * (high - low));
        let (at_a, at_b) = (dual(a), dual(b));
        best = best.max(at_a).max(at_b);
        if at_a < at_b { low = a } else { high = b }
    }
    primal - best
}

fn loss(data: &Data, eta: &[f64]) -> f64 {
    let one = |(eta, y): (&f64, &f64)| match data.logistic {
        true => eta.max(0.0) + (-eta.abs()).exp().ln_1p() - y * eta,
        false => 0.5 * (y - eta) * (y - eta),
    };
    eta.iter().zip(&data.target).map(one).sum::<f64>() / eta.len() as f64
}

fn residual(data: &Data, y: f64, eta: f64) -> f64 {
    if data.logistic { y - 1.0 / (1.0 + (-eta).exp()) } else { y - eta }
}

fn curvature(data: &Data, eta: f64) -> f64 {
    let p = 1.0 / (1.0 + (-eta).exp());
    if data.logistic { p * (1.0 - p) } else { 1.0 }
}

/// -Σ ℓ*(-c u) of the residuals u, over n.
fn dual_loss(data: &Data, eta: &[f64], c: f64) -> f64 {
    let entropy =
        |p: f64| if p <= 0.0 || p >= 1.0 { 0.0 } else { -p * p.ln() - (1.0 - p) * (-p).ln_1p() };
    let one = |(eta, y): (&f64, &f64)| {
        let u = c * residual(data, *y, *eta);
        if data.logistic { entropy(y - u) } else { u * y - 0.5 * u * u }
    };
    eta.iter().zip(&data.target).map(one).sum::<f64>() / eta.len() as f64
}
