//! Against scikit-learn and glmnet: relative objective at most 1e-9 above the best of the three,
//! coefficients within 1e-6, and optimality recomputed from the definitions.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

mod case;
mod judge;

use case::{Answer, Case, cases, peers};
use judge::{kkt, objective};
use wellfit_core::number::{Fraction, Positive};
use wellfit_linear::grouped::{
    self, GroupedFit, GroupedProblem, Groups, Multinomial, Multivariate,
};
use wellfit_linear::{Fit, Lambdas, Settings, datafit, path, penalty::Mix};

/// One λ of ours.
struct Ours {
    answer: Answer,
    objective: f64,
    gap: f64,
    converged: bool,
}

fn ours(case: &Case) -> Vec<Ours> {
    let ratio = Fraction::new(case.ratio).unwrap();
    let settings = Settings { tolerance: Positive::new(1e-12).unwrap(), ..case.settings.clone() };
    let (problem, lambdas) = (case.problem(), Lambdas::List(case.lambdas.clone()));
    let fits = match case.family.as_str() {
        "gaussian" => path::fit(&problem, &datafit::Gaussian, &Mix(ratio), &lambdas, &settings),
        "logistic" => path::fit(&problem, &datafit::Logistic, &Mix(ratio), &lambdas, &settings),
        "poisson" => path::fit(&problem, &datafit::Poisson, &Mix(ratio), &lambdas, &settings),
        _ => return ours_grouped(case, ratio, &lambdas, &settings),
    };
    let one = |fit: Fit| Ours {
        answer: Answer { intercepts: vec![fit.intercept], coefficients: vec![fit.coefficients] },
        objective: fit.objective,
        gap: fit.gap.unwrap(),
        converged: fit.converged,
    };
    fits.unwrap().fits.into_iter().map(one).collect()
}

fn ours_grouped(case: &Case, ratio: Fraction, lambdas: &Lambdas, settings: &Settings) -> Vec<Ours> {
    let features = case.features();
    let design = case.problem().design;
    let solve = |targets: &[f64]| {
        let problem = GroupedProblem { design, targets, weights: case.weights.as_deref() };
        match case.family.as_str() {
            "multitask" => {
                let groups = Groups::rows(features, 3, ratio);
                grouped::fit(&problem, &Multivariate(3), &groups, lambdas, settings)
            }
            _ => {
                let groups = Groups::single(features, 3, ratio);
                grouped::fit(&problem, &Multinomial(3), &groups, lambdas, settings)
            }
        }
    };
    let path = match case.family.as_str() {
        "multitask" => solve(&case.y.concat()),
        _ => solve(&Multinomial(3).targets(&case.y.concat()).unwrap()),
    };
    let one = |fit: GroupedFit| Ours {
        answer: Answer { intercepts: fit.intercepts, coefficients: fit.coefficients },
        objective: fit.objective,
        gap: fit.gap,
        converged: fit.converged,
    };
    path.unwrap().fits.into_iter().map(one).collect()
}

fn farthest(a: &Answer, b: &Answer) -> f64 {
    let numbers = |answer: &Answer| {
        answer
            .coefficients
            .concat()
            .into_iter()
            .chain(answer.intercepts.clone())
            .collect::<Vec<_>>()
    };
    numbers(a).iter().zip(numbers(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn as_good_as_the_best_of_three() {
    let mut compared = 0;
    for case in cases() {
        for (at, mine) in ours(&case).iter().enumerate() {
            let (name, lambda) = (&case.name, case.lambdas[at]);
            let told = format!("{name}, lambda {lambda}");
            let found = objective(&case, lambda, &mine.answer);
            assert!(
                (found - mine.objective).abs() <= 1e-12 * found,
                "{told}: {found} {}",
                mine.objective
            );
            let distance = kkt(&case, lambda, &mine.answer);
            assert!(distance < 1e-6, "{told}: {distance}");
            assert!(mine.converged && mine.gap < 1e-11, "{told}: gap {}", mine.gap);
            for peer in peers() {
                let Some(answer) = peer.answer(name, at) else { continue };
                let theirs = objective(&case, lambda, &answer);
                assert!(found <= theirs * (1.0 + 1e-9), "{told}: {found}, {} {theirs}", peer.0);
                // A peer that is not at the optimum itself says nothing about coefficients.
                if kkt(&case, lambda, &answer) < 1e-7 {
                    let far = farthest(&mine.answer, &answer);
                    assert!(far < 1e-6, "{told}: {far} from {}", peer.0);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared >= 100, "{compared}");
}
