//! Laws of the plane: every closed form against a search that knows nothing of it.

use super::*;
use wellfit_core::number::{Fraction, NonNegative, Positive};
use wellfit_core::seed::Seed;

fn ratio(r: f64) -> Fraction {
    Fraction::new(r).unwrap()
}

fn strength(lambda: f64) -> NonNegative {
    NonNegative::new(lambda).unwrap()
}

fn landscapes() -> Vec<Landscape> {
    let of = |design: Design| design.landscape(60, strength(0.5), Seed::new(3)).unwrap();
    let mut all: Vec<Landscape> = Design::ALL.into_iter().map(of).collect();
    all.push(Landscape::new([2.0, 0.5], -0.9, [-1.0, 1.4]).unwrap());
    all
}

/// The least of `cost` by a search that shrinks around the best of a grid.
fn searched(cost: impl Fn(Weights) -> f64, around: Weights, mut reach: f64) -> Weights {
    let mut best = around;
    for _ in 0..60 {
        let centre = best;
        for i in -10..=10 {
            for j in -10..=10 {
                let w = [
                    centre[0] + reach * f64::from(i) / 10.0,
                    centre[1] + reach * f64::from(j) / 10.0,
                ];
                if cost(w) < cost(best) {
                    best = w;
                }
            }
        }
        reach *= 0.6;
    }
    best
}

fn close(a: Weights, b: Weights, within: f64) -> bool {
    (a[0] - b[0]).abs() < within && (a[1] - b[1]).abs() < within
}

#[test]
fn the_penalized_optimum_is_the_searched_one() {
    for landscape in landscapes() {
        for r in [0.0, 0.3, 1.0] {
            for lambda in [0.0, 0.05, 0.4, 1.5] {
                let cost = |w| landscape.loss(w) + lambda * penalty(w, ratio(r));
                let found = optimum(&landscape, strength(lambda), ratio(r));
                let expected = searched(cost, [0.0; 2], 4.0);
                assert!(cost(found) <= cost(expected) + 1e-12, "{landscape:?} {r} {lambda}");
                assert!(close(found, expected, 1e-5), "{found:?} {expected:?}");
            }
        }
    }
}

#[test]
fn ridge_is_the_closed_form_and_lasso_on_a_diagonal_the_soft_threshold() {
    let landscape = Landscape::new([2.0, 0.5], 0.0, [1.0, -0.8]).unwrap();
    let ridge = optimum(&landscape, strength(0.5), ratio(0.0));
    assert!(close(ridge, [2.0 / 2.5, -0.8 * 0.5 / 1.0], 1e-14));
    let lasso = optimum(&landscape, strength(0.3), ratio(1.0));
    assert!(close(lasso, [1.0 - 0.3 / 2.0, -(0.8 - 0.3 / 0.5)], 1e-14));
    assert_eq!(optimum(&landscape, strength(0.41), ratio(1.0))[1], 0.0);
}

#[test]
fn what_the_penalty_finds_is_the_best_within_its_body() {
    for landscape in landscapes() {
        for r in [0.0, 0.5, 1.0] {
            for lambda in [0.1, 0.6] {
                let found = optimum(&landscape, strength(lambda), ratio(r));
                let t = penalty(found, ratio(r));
                if t == 0.0 {
                    continue;
                }
                // No point of the body's boundary is better.
                let border = boundary(t, ratio(r), 40_000);
                assert!(
                    border.iter().all(|&w| (penalty(w, ratio(r)) - t).abs() < 1e-12 * t.max(1.0))
                );
                let least = border.iter().map(|&w| landscape.loss(w)).fold(f64::INFINITY, f64::min);
                assert!(landscape.loss(found) <= least + 1e-12);
                assert!(least - landscape.loss(found) < 1e-5);
                let (within, back) = optimum_within(&landscape, t, ratio(r));
                assert!(close(within, found, 1e-9), "{within:?} {found:?}");
                assert!((back - lambda).abs() < 1e-6, "{back} {lambda}");
            }
        }
        let far = optimum_within(&landscape, 1e9, ratio(0.5));
        assert_eq!(far, (landscape.best(), 0.0));
    }
}

#[test]
fn contours_have_their_level_and_the_diamond_its_corners() {
    for landscape in landscapes() {
        let ellipse = Ellipse::of(&landscape, 0.7);
        for w in ellipse.points(90) {
            assert!((landscape.loss(w) - 0.7).abs() < 1e-12);
        }
    }
    assert_eq!(boundary(2.0, ratio(1.0), 4), [[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]]);
    assert!(boundary(2.0, ratio(0.0), 8).iter().all(|w| (w[0].hypot(w[1]) - 2.0).abs() < 1e-14));
    assert_eq!(boundary(0.0, ratio(0.5), 2), [[0.0; 2]; 2]);
}

#[test]
fn a_weight_is_exactly_zero_from_its_lambda_on_under_l1_and_never_under_l2() {
    for landscape in landscapes() {
        let most = lambda_max(&landscape, ratio(1.0)).unwrap();
        let lasso = path(&landscape, ratio(1.0), (most, most * 1e-3), 50);
        assert_eq!(lasso.weights[0], [0.0; 2]);
        for weight in [0, 1] {
            let from = lasso.zero_from[weight].unwrap();
            let at = |lambda: f64| optimum(&landscape, strength(lambda), ratio(1.0))[weight];
            assert_eq!(at(from * (1.0 + 1e-9) + 1e-300), 0.0);
            assert!(from == 0.0 || at(from * (1.0 - 1e-6)) != 0.0, "{landscape:?} {weight}");
        }
        let ridge = path(&landscape, ratio(0.0), (100.0, 0.01), 50);
        assert_eq!(ridge.zero_from, [None, None]);
        assert!(ridge.weights.iter().all(|w| w[0] != 0.0));
        assert!(lasso.bounds.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
    }
}

#[test]
fn descent_ends_at_the_optimum_and_astray_beyond_its_limit() {
    for landscape in landscapes() {
        for r in [0.0, 0.5, 1.0] {
            let (lambda, ratio) = (strength(0.3), ratio(r));
            let limit = limit(&landscape, lambda, ratio);
            let go = |rate: f64, steps| {
                let rate = Positive::new(rate).unwrap();
                Descent { rate, lambda, ratio }.from(&landscape, [2.5, -2.0], steps)
            };
            let end = *go(0.9 * limit, 20_000).last().unwrap();
            assert!(close(end, optimum(&landscape, lambda, ratio), 1e-9), "{end:?}");
        }
        let limit = limit(&landscape, strength(0.3), ratio(0.0));
        let rate = Positive::new(1.05 * limit).unwrap();
        let astray = Descent { rate, lambda: strength(0.3), ratio: ratio(0.0) };
        assert!(astray.from(&landscape, [2.5, -2.0], 20_000).len() < 20_000);
    }
}

/// The textbook's step, by hand: w <- (1 - ηλ) w - η H (w - w*).
#[test]
fn one_step_shrinks_and_descends() {
    let landscape = Landscape::new([2.0, 1.0], 0.0, [1.0, 1.0]).unwrap();
    let descent = Descent { rate: Positive::TENTH, lambda: strength(0.5), ratio: Fraction::ZERO };
    let trace = descent.from(&landscape, [3.0, -1.0], 1);
    assert!(close(trace[1], [0.95 * 3.0 - 0.1 * 4.0, -0.95 + 0.1 * 2.0], 1e-15));
}

#[test]
fn what_is_no_bowl_is_refused() {
    for (diagonal, across) in
        [([1.0, 1.0], 1.0), ([0.0, 1.0], 0.0), ([1.0, f64::NAN], 0.0), ([-1.0, -1.0], 0.0)]
    {
        assert!(Landscape::new(diagonal, across, [0.0; 2]).is_none());
    }
    assert!(Landscape::of_data(&[], &[]).is_none());
    assert!(Landscape::of_data(&[[1.0, 2.0], [2.0, 4.0]], &[1.0, 2.0]).is_none());
    assert!(Design::Orthogonal.landscape(2, NonNegative::ZERO, Seed::new(1)).is_none());
}

#[test]
fn without_noise_the_data_tell_the_truth() {
    for design in Design::ALL {
        let (x, y) = design.rows(50, NonNegative::ZERO, Seed::new(8));
        assert!(close(Landscape::of_data(&x, &y).unwrap().best(), design.truth(), 1e-9));
    }
}
