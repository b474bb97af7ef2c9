//! Objective and optimality of an answer, from the definitions alone.

use crate::case::{Answer, Case};

/// Predictors of each sample, a value for each output or class.
fn etas(case: &Case, answer: &Answer) -> Vec<Vec<f64>> {
    let eta = |row: &Vec<f64>| {
        let outputs = answer.coefficients.iter().zip(&answer.intercepts);
        outputs.map(|(w, b)| b + row.iter().zip(w).map(|(x, w)| x * w).sum::<f64>()).collect()
    };
    case.x.iter().map(eta).collect()
}

/// Mean loss + penalty.
pub fn objective(case: &Case, lambda: f64, answer: &Answer) -> f64 {
    let scales = case.scales();
    let mut sum = 0.0;
    for ((eta, y), share) in etas(case, answer).iter().zip(&case.y).zip(case.shares()) {
        sum += share * loss(&case.family, y, eta);
    }
    for j in 0..case.features() {
        let group: Vec<f64> = answer.coefficients.iter().map(|w| w[j] * scales[j]).collect();
        let square: f64 = group.iter().map(|w| w * w).sum();
        let norm = match case.family.as_str() {
            "multitask" => square.sqrt(),
            _ => group.iter().map(|w| w.abs()).sum(),
        };
        let mixed = case.ratio * norm + 0.5 * (1.0 - case.ratio) * square;
        sum += lambda * case.factor(j) * mixed;
    }
    sum
}

fn loss(family: &str, y: &[f64], eta: &[f64]) -> f64 {
    match family {
        "gaussian" | "multitask" => {
            y.iter().zip(eta).map(|(y, eta)| 0.5 * (y - eta) * (y - eta)).sum()
        }
        "logistic" => (1.0 + eta[0].exp()).ln() - y[0] * eta[0],
        "poisson" => eta[0].exp() - y[0] * eta[0],
        "multinomial" => eta.iter().map(|eta| eta.exp()).sum::<f64>().ln() - eta[y[0] as usize],
        other => unreachable!("{other}"),
    }
}

/// Derivatives of the loss.
fn slopes(family: &str, y: &[f64], eta: &[f64]) -> Vec<f64> {
    match family {
        "gaussian" | "multitask" => eta.iter().zip(y).map(|(eta, y)| eta - y).collect(),
        "logistic" => vec![1.0 / (1.0 + (-eta[0]).exp()) - y[0]],
        "poisson" => vec![eta[0].exp() - y[0]],
        "multinomial" => {
            let total: f64 = eta.iter().map(|eta| eta.exp()).sum();
            let class = |(k, eta): (usize, &f64)| eta.exp() / total - f64::from(k == y[0] as usize);
            eta.iter().enumerate().map(class).collect()
        }
        other => unreachable!("{other}"),
    }
}

/// The largest violation of the optimality conditions, in units of the gradient of scaled weights.
pub fn kkt(case: &Case, lambda: f64, answer: &Answer) -> f64 {
    let (scales, shares) = (case.scales(), case.shares());
    let classes = answer.coefficients.len();
    let mut gradients = vec![vec![0.0; classes]; case.features()];
    let mut intercepts = vec![0.0; classes];
    for (i, eta) in etas(case, answer).iter().enumerate() {
        for (k, slope) in slopes(&case.family, &case.y[i], eta).iter().enumerate() {
            intercepts[k] += shares[i] * slope;
            for (j, gradient) in gradients.iter_mut().enumerate() {
                gradient[k] += shares[i] * slope * case.x[i][j] / scales[j];
            }
        }
    }
    let mut worst = if case.settings.intercept {
        intercepts.iter().fold(0.0_f64, |max, g| max.max(g.abs()))
    } else {
        0.0
    };
    for (j, gradient) in gradients.iter().enumerate() {
        let strength = lambda * case.factor(j);
        let weights: Vec<f64> = answer.coefficients.iter().map(|w| w[j] * scales[j]).collect();
        let norm = weights.iter().map(|w| w * w).sum::<f64>().sqrt();
        let together = case.family == "multitask";
        let l1 = strength * case.ratio;
        if together && norm == 0.0 {
            let size = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
            worst = worst.max(size - l1);
            continue;
        }
        for (g, w) in gradient.iter().zip(&weights) {
            let smooth = g + strength * (1.0 - case.ratio) * w;
            let unit = if together { w / norm } else { w.signum() };
            // Steepest descent: how fast the objective falls upwards and downwards.
            let (up, down) = match *w == 0.0 && !together {
                true => (-(smooth + l1), smooth - l1),
                false => (-(smooth + l1 * unit), smooth + l1 * unit),
            };
            let (low, high) = case.bound(j);
            let at = |bound: f64| (w / scales[j] - bound).abs() < 1e-12;
            worst = worst.max(if at(high) { 0.0 } else { up });
            worst = worst.max(if at(low) { 0.0 } else { down });
        }
    }
    worst
}
