use super::*;
use crate::weight_space::{self, Landscape};
use wellfit_core::number::{NonNegative, Positive, Rate};
use wellfit_core::seed::Seed;

type Data = (Vec<Weights>, Vec<f64>);

fn data() -> Vec<Data> {
    let all = weight_space::Design::ALL.into_iter();
    all.map(|design| design.rows(40, NonNegative::ONE, Seed::new(3))).collect()
}

fn rows((x, y): &Data) -> Rows<'_> {
    Rows { x, y }
}

fn exact(comparison: &Comparison) {
    assert_eq!(comparison.holds, Holds::Exactly);
    assert!(comparison.difference() < 1e-11, "{comparison:?} {}", comparison.difference());
}

/// Drawn often enough, the difference is small; a hundred times as often, some tenth of it.
fn converges(of: impl Fn(usize, u64) -> Comparison) {
    let mean = |draws| (0..8).map(|seed| of(draws, seed).difference()).sum::<f64>() / 8.0;
    let (few, many) = (mean(10), mean(1000));
    assert!(many < 0.03 && many > 1e-5, "{many}");
    assert!((3.0..30.0).contains(&(few / many)), "{few} {many}");
}

#[test]
fn dropout_is_a_ridge_that_knows_the_size_of_each_feature() {
    for data in data() {
        for rate in [0.0, 0.2, 0.5, 0.9].map(|rate| Rate::new(rate).unwrap()) {
            exact(&dropout(rows(&data), rate, 50, Seed::new(1)).unwrap()[0]);
        }
        let half = Rate::new(0.5).unwrap();
        converges(|draws, seed| dropout(rows(&data), half, draws, Seed::new(seed)).unwrap()[1]);
    }
}

#[test]
fn input_noise_is_ridge() {
    for data in data() {
        for deviation in [0.0, 0.3, 2.0].map(|deviation| NonNegative::new(deviation).unwrap()) {
            exact(&input_noise(rows(&data), deviation, 50, Seed::new(1)).unwrap()[0]);
        }
        let one = NonNegative::new(0.7).unwrap();
        converges(|draws, seed| input_noise(rows(&data), one, draws, Seed::new(seed)).unwrap()[1]);
    }
}

#[test]
fn descent_stopped_early_is_a_ridge_with_an_alpha_for_each_direction() {
    for data in data() {
        for (rate, steps) in [(0.01, 1), (0.1, 7), (0.2, 60), (0.001, 1000)] {
            let rate = Positive::new(rate).unwrap();
            let [own, all] = early_stopping(rows(&data), rate, steps).unwrap();
            exact(&own);
            // One α for all is no more than alike: within the largest gap of the two shrinkages,
            // 1 - e^-x and x / (1 + x), which is 0.2037 at x = 1.793.
            assert_eq!(all.holds, Holds::Approximately);
            assert!(all.difference() > 1e-4, "{}", all.difference());
            let best = Landscape::of_data(&data.0, &data.1).unwrap().best();
            let apart = (all.found[0] - all.penalized[0]).hypot(all.found[1] - all.penalized[1]);
            assert!(apart < 0.2037 * 1.25 * best[0].hypot(best[1]), "{apart}");
        }
        let wild = early_stopping(rows(&data), Positive::FOUR, 3).unwrap_err().to_string();
        assert!(wild.contains("rate: expected below"), "{wild}");
        assert!(early_stopping(rows(&data), Positive::HUNDREDTH, 0).is_err());
    }
}

/// For ηht small both are ηh of w*, and the difference vanishes with the first power of ηht.
#[test]
fn one_alpha_for_all_is_right_for_the_first_steps() {
    let data = &data()[1];
    let at = |rate| early_stopping(rows(data), Positive::new(rate).unwrap(), 10).unwrap()[1];
    let (coarse, fine) = (at(1e-4).difference(), at(1e-6).difference());
    assert!(fine < 1e-5 && (50.0..200.0).contains(&(coarse / fine)), "{coarse} {fine}");
}

#[test]
fn a_gaussian_prior_is_ridge() {
    for data in data() {
        for (noise, spread) in [(1.0, 1.0), (0.1, 3.0), (3.0, 0.2)] {
            let [noise, spread] = [noise, spread].map(|number| Positive::new(number).unwrap());
            exact(&gaussian_prior(rows(&data), noise, spread).unwrap()[0]);
        }
    }
}

/// By hand: one row (1, 0) of target 2, and one (0, 1) of target 4; every equivalence is
/// w_j = y_j / (1 + λ_j).
#[test]
fn the_factors_of_lambda_are_the_textbooks() {
    let data = (vec![[1.0, 0.0], [0.0, 1.0]], vec![2.0, 4.0]);
    let is = |comparison: Comparison, lambda: f64| {
        assert!((comparison.lambdas[0] - lambda).abs() < 1e-12);
        assert!((comparison.found[0] - 2.0 / (1.0 + lambda)).abs() < 1e-12);
        assert!((comparison.penalized[1] - 4.0 / (1.0 + lambda)).abs() < 1e-12);
    };
    let rate = Rate::new(0.75).unwrap();
    is(dropout(rows(&data), rate, 50, Seed::new(1)).unwrap()[0], 3.0);
    is(input_noise(rows(&data), NonNegative::ONE, 9, Seed::new(1)).unwrap()[0], 2.0);
    is(gaussian_prior(rows(&data), Positive::THREE, Positive::ONE).unwrap()[0], 9.0);
    // H = I/2: two steps of rate 1 leave a quarter.
    is(early_stopping(rows(&data), Positive::ONE, 2).unwrap()[0], 1.0 / 3.0);
}

#[test]
fn what_tells_nothing_is_refused() {
    let same = (vec![[1.0, 2.0], [2.0, 4.0]], vec![1.0, 2.0]);
    let none = (vec![], vec![]);
    for data in [same, none] {
        assert!(early_stopping(rows(&data), Positive::HUNDREDTH, 3).is_err());
        assert!(input_noise(rows(&data), NonNegative::ZERO, 3, Seed::new(1)).is_err());
    }
    let data = &data()[0];
    assert!(dropout(rows(data), Rate::ZERO, 0, Seed::new(1)).is_err());
}
