//! Against scikit-learn and glmnet: relative objective at most 1e-9 above the best of the three,
//! coefficients within 1e-6, and optimality recomputed from the definitions.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

mod case;
mod judge;

use case::{Answer, Case, cases, peers};
use judge::{kkt, objective};
use wellfit_core::number::{Fraction, Positive};
use wellfit_linear::{Fit, Lambdas, Settings, datafit, path, penalty::Mix};

fn ours(case: &Case) -> Option<Vec<Fit>> {
    let mix = Mix(Fraction::new(case.ratio).unwrap());
    let settings = Settings { tolerance: Positive::new(1e-13).unwrap(), ..case.settings.clone() };
    let (problem, lambdas) = (case.problem(), Lambdas::List(case.lambdas.clone()));
    let fits = match case.family.as_str() {
        "gaussian" => path::fit(&problem, &datafit::Gaussian, &mix, &lambdas, &settings),
        "logistic" => path::fit(&problem, &datafit::Logistic, &mix, &lambdas, &settings),
        "poisson" => path::fit(&problem, &datafit::Poisson, &mix, &lambdas, &settings),
        _ => return None,
    };
    Some(fits.unwrap().fits)
}

fn farthest(a: &Answer, b: &Answer) -> f64 {
    let numbers = |answer: &Answer| {
        answer.coefficients.concat().into_iter().chain(answer.intercepts.clone()).collect::<Vec<_>>()
    };
    numbers(a).iter().zip(numbers(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn as_good_as_the_best_of_three() {
    let mut compared = 0;
    for case in cases() {
        let Some(fits) = ours(&case) else { continue };
        for (at, fit) in fits.iter().enumerate() {
            let (name, lambda) = (&case.name, case.lambdas[at]);
            let found = Answer {
                intercepts: vec![fit.intercept],
                coefficients: vec![fit.coefficients.clone()],
            };
            let told = format!("{name}, lambda {lambda}");
            let mine = objective(&case, lambda, &found);
            assert!((mine - fit.objective).abs() <= 1e-12 * mine, "{told}: {mine} {fit:?}");
            assert!(kkt(&case, lambda, &found) < 1e-7, "{told}: {}", kkt(&case, lambda, &found));
            assert!(fit.converged && fit.gap.unwrap() < 1e-12, "{told}: {fit:?}");
            for peer in peers() {
                let Some(answer) = peer.answer(name, at) else { continue };
                let theirs = objective(&case, lambda, &answer);
                assert!(mine <= theirs * (1.0 + 1e-9), "{told}: {mine}, {} {theirs}", peer.0);
                // A peer that is not at the optimum itself says nothing about coefficients.
                if kkt(&case, lambda, &answer) < 1e-7 {
                    let far = farthest(&found, &answer);
                    assert!(far < 1e-6, "{told}: {far} from {}", peer.0);
                    compared += 1;
                } else {
                    println!("{told}: {} {:e} kkt {:e}", peer.0, theirs/mine-1.0, kkt(&case, lambda, &answer));
                }
            }
        }
    }
    println!("compared {compared}");
    assert!(compared >= 60, "{compared}");
}
