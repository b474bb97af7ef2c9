//! Laws that every penalty keeps.

use super::*;
use crate::number::Fraction;

const POINTS: [f64; 9] = [-3.0, -1.2, -0.5, -0.01, 0.0, 0.02, 0.6, 1.0, 2.7];

fn penalties() -> Vec<(&'static str, Box<dyn Penalty>)> {
    let ratio = Fraction::new(0.3).unwrap();
    vec![
        ("l1", Box::new(L1::new(0.4).unwrap())),
        ("l2", Box::new(L2::new(0.4).unwrap())),
        ("elastic net", Box::new(ElasticNet::from_ratio(0.8, ratio).unwrap())),
        ("nothing", Box::new(ElasticNet::new(0.0, 0.0).unwrap())),
    ]
}

#[test]
fn prox_is_the_argmin_on_a_grid() {
    for (name, penalty) in penalties() {
        for (v, step) in POINTS.iter().flat_map(|&v| [(v, 0.25), (v, 1.5)]) {
            let cost = |u: f64| 0.5 * (u - v).powi(2) + step * penalty.value(&[u]);
            let grid = (-40_000..=40_000).map(|i| f64::from(i) * 1e-4);
            let best = grid.min_by(|&a, &b| cost(a).total_cmp(&cost(b))).unwrap();
            let found = penalty.prox(v, step);
            assert!(
                (found - best).abs() <= 1e-4,
                "{name}: prox({v}, {step}) = {found}, not {best}"
            );
            assert!(cost(found) <= cost(best) + 1e-15, "{name}");
        }
    }
}

#[test]
fn prox_is_firmly_non_expansive() {
    for (name, penalty) in penalties() {
        for (a, b) in POINTS.iter().flat_map(|&a| POINTS.map(|b| (a, b))) {
            let moved = penalty.prox(a, 0.7) - penalty.prox(b, 0.7);
            assert!(moved * moved <= moved * (a - b) + 1e-15, "{name}: {a} and {b}");
        }
    }
}

#[test]
fn prox_is_odd_and_keeps_nan() {
    for (name, penalty) in penalties() {
        for v in POINTS {
            assert_eq!(penalty.prox(-v, 0.7), -penalty.prox(v, 0.7), "{name}");
            assert_eq!(penalty.prox(v, 0.0), v, "{name}: a step of 0 moves nothing");
        }
        assert!(penalty.prox(f64::NAN, 0.7).is_nan(), "{name}");
    }
}

#[test]
fn gradient_is_the_slope_of_the_value() {
    for (name, penalty) in penalties() {
        for w in POINTS.into_iter().filter(|&w| w != 0.0) {
            let slope = (penalty.value(&[w + 1e-6]) - penalty.value(&[w - 1e-6])) / 2e-6;
            assert!((penalty.gradient(w) - slope).abs() < 1e-8, "{name} at {w}");
        }
        assert_eq!(penalty.gradient(0.0), 0.0, "{name}");
        assert_eq!(penalty.gradient(-0.0), 0.0, "{name}");
    }
}

#[test]
fn curvature_is_the_slope_of_the_gradient() {
    for (name, penalty) in penalties() {
        for w in POINTS.into_iter().filter(|&w| w != 0.0) {
            let slope = (penalty.gradient(w + 1e-6) - penalty.gradient(w - 1e-6)) / 2e-6;
            assert!((penalty.curvature(w).unwrap() - slope).abs() < 1e-8, "{name} at {w}");
        }
    }
}

/// Young's equality: p(w) + p*(s) = s w exactly where s is a slope of p at w, and nowhere less.
#[test]
fn the_conjugates_argmax_is_the_argmax_on_a_grid() {
    for (name, penalty) in penalties() {
        for slope in POINTS {
            let gain = |w: f64| slope * w - penalty.value(&[w]);
            let found = penalty.conjugate_argmax(slope).unwrap();
            if found.is_infinite() {
                let far = found.signum() * 1e9;
                assert!(gain(far) > gain(far / 2.0) && gain(far / 2.0) > 0.0, "{name}: {slope}");
                continue;
            }
            let best = (-10_000..=10_000).map(|i| gain(f64::from(i) * 1e-3)).fold(0.0, f64::max);
            assert!(gain(found) >= best - 1e-15, "{name}: {slope} gives {found}");
            assert!(penalty.subdiff_distance(found, -slope) < 1e-15, "{name}: {slope}");
        }
    }
}

#[test]
fn value_adds_up_over_weights() {
    for (name, penalty) in penalties() {
        let sum: f64 = POINTS.iter().map(|&w| penalty.value(&[w])).sum();
        assert!((penalty.value(&POINTS) - sum).abs() < 1e-14, "{name}");
        assert_eq!(penalty.value(&[]), 0.0, "{name}");
    }
}

/// The problem ½ h (w - target)² + p(w), which prox solves in one step of 1/h.
#[test]
fn kkt_distance_is_zero_at_the_optimum_and_only_there() {
    for (name, penalty) in penalties() {
        for (target, h) in POINTS.iter().flat_map(|&t| [(t, 0.5), (t, 5.0)]) {
            let distance = |w: f64| penalty.subdiff_distance(w, h * (w - target));
            let optimum = penalty.prox(target, 1.0 / h);
            assert!(distance(optimum) < 1e-14, "{name}: {target}, {h}");
            for off in [-0.3, -1e-3, 1e-3, 0.3] {
                assert!(distance(optimum + off) > 1e-4, "{name}: {target}, {h}, {off}");
            }
            let zero = distance(0.0);
            assert!(zero >= 0.0 && (zero < 1e-14) == (optimum.abs() < 1e-14), "{name}: {target}");
        }
    }
}

#[test]
fn lambda_max_is_the_smallest_strength_with_all_zeros() {
    let gradient = [0.2, -0.7, 0.5];
    let zeros = |strength: f64| {
        let penalty = L1::new(strength).unwrap();
        gradient.iter().all(|g| penalty.prox(-0.1 * g, 0.1) == 0.0)
    };
    let max = L1::new(0.0).unwrap().lambda_max(&gradient);
    assert_eq!(max, 0.7);
    assert!(zeros(max) && zeros(2.0 * max) && !zeros(max * (1.0 - 1e-12)));
    assert_eq!(L2::new(1.0).unwrap().lambda_max(&gradient), f64::INFINITY);
}

#[test]
fn lambda_max_of_nothing_is_zero_and_of_nan_is_nan() {
    for (name, penalty) in penalties() {
        assert_eq!(penalty.lambda_max(&[0.0, -0.0]), 0.0, "{name}");
        assert_eq!(penalty.lambda_max(&[]), 0.0, "{name}");
        assert!(penalty.lambda_max(&[1.0, f64::NAN, 2.0]).is_nan(), "{name}");
    }
}
