//! How far a point is from the optimum, proved from the point alone.

use crate::penalty::Terms;
use wellfit_core::penalty::Penalty;

/// Objective, duality gap and KKT distance of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Certificate {
    /// Misfit plus penalty.
    pub objective: f64,
    /// No point has an objective lower than `objective` - `gap`. `None` where the penalty knows no
    /// conjugate.
    pub gap: Option<f64>,
    /// Largest KKT distance of a feature, in units of the misfit's gradient.
    pub distance: f64,
}

/// A feature's index, its weight, and x'u for the residual u.
pub(crate) type Slope = (usize, f64, f64);

/// Certifies a point with misfit `loss`.
///
/// The dual point is the residual times the largest factor c <= 1 for which every conjugate is
/// finite; `dual(c)` is the misfit's part of the dual objective there. The residual must sum to
/// zero under the weights if there is an intercept.
pub(crate) fn certify<P: Penalty>(
    terms: &Terms<'_, P>,
    slopes: impl Iterator<Item = Slope>,
    loss: f64,
    dual: impl Fn(f64) -> f64,
) -> Certificate {
    let (mut distance, mut objective, mut rest) = (0.0_f64, loss, vec![]);
    for (j, w, slope) in slopes {
        let found = terms.distance(j, w, -slope);
        if w == 0.0 && found == 0.0 {
            // The best weight for this slope, and for any smaller one, is 0: so is the conjugate.
            continue;
        }
        objective += terms.value(j, w);
        // `max` would drop NaN, which must show.
        distance = if found > distance || found.is_nan() { found } else { distance };
        rest.push((j, w, slope));
    }
    let known = terms.penalty.conjugate_argmax(0.0).is_some();
    let gap = scale(terms, &rest).filter(|_| known).map(|c| {
        let conjugate = |&(j, w, slope): &Slope| terms.conjugate(j, w, c * slope).unwrap_or(0.0);
        (objective - dual(c) + rest.iter().map(conjugate).sum::<f64>()).max(0.0)
    });
    Certificate { objective, gap, distance }
}

/// The largest factor in [0, 1] for which every conjugate is finite.
fn scale<P: Penalty>(terms: &Terms<'_, P>, slopes: &[Slope]) -> Option<f64> {
    let mut c = 1.0;
    for &(j, w, slope) in slopes {
        if terms.conjugate(j, w, c * slope)?.is_finite() {
            continue;
        }
        let (mut low, mut high) = (0.0, c);
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            let finite = terms.conjugate(j, w, middle * slope)?.is_finite();
            *(if finite { &mut low } else { &mut high }) = middle;
        }
        c = low;
    }
    Some(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::penalty::L1;

    const FREE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

    /// ½ (y - w)² + s |w| has its optimum at soft(y, s).
    fn at(w: f64, y: f64, strength: f64) -> Certificate {
        let penalty = L1::new(strength).unwrap();
        let terms = Terms { penalty: &penalty, factors: &[1.0], bounds: &[FREE] };
        let u = y - w;
        let dual = |c: f64| c * u * (y - 0.5 * c * u);
        certify(&terms, [(0, w, u)].into_iter(), 0.5 * u * u, dual)
    }

    #[test]
    fn the_gap_is_zero_at_the_optimum_and_covers_the_excess_elsewhere() {
        let best = at(2.0, 3.0, 1.0);
        assert!(best.gap.unwrap() < 1e-15 && best.distance < 1e-15);
        assert_eq!(best.objective, 2.5);
        for w in [-1.0, 0.0, 0.5, 1.9, 2.3, 4.0] {
            let here = at(w, 3.0, 1.0);
            assert!(here.gap.unwrap() >= here.objective - best.objective - 1e-15, "{w}");
            assert!(here.distance > 0.05, "{w}");
        }
        assert_eq!(at(0.0, 0.9, 1.0).gap, Some(0.0));
    }
}
