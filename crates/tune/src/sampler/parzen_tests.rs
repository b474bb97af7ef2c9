use super::*;
use serde_json::Value;
use wellfit_core::card::Scale;
use wellfit_core::seed::Seed;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../tests/golden/parzen.json")).unwrap()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn domain(case: &Value) -> Domain {
    let number = |key: &str| case[key].as_f64().unwrap();
    let scale = if case["log"] == true { Scale::Log } else { Scale::Linear };
    match case["kind"].as_str().unwrap() {
        "float" => Domain::Float { low: number("low"), high: number("high"), scale },
        "int" => Domain::Integer { low: number("low") as i64, high: number("high") as i64, scale },
        _ => Domain::Category(vec![crate::space::Choice::Switch(true); number("choices") as usize]),
    }
}

/// Optuna's estimator on the same observations.
#[test]
fn densities_are_optunas() {
    let golden = golden();
    let cases = golden["densities"].as_array().unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let domain = domain(case);
        let parzen = Parzen::of(&domain, &floats(&case["observations"]), 1.0);
        for (at, expected) in floats(&case["at"]).into_iter().zip(floats(&case["log_pdf"])) {
            let found = parzen.log_density(&domain, at);
            assert!((found - expected).abs() < 1e-8, "{domain:?} at {at}: {found}, {expected}");
        }
    }
}

fn total(domain: &Domain, parzen: &Parzen) -> f64 {
    let (low, high) = domain.interval();
    let cells = 20_000;
    let width = (high - low) / f64::from(cells);
    let middle = |i| low + (f64::from(i) + 0.5) * width;
    let density = |i| match parzen {
        Parzen::Kernels(kernels) => kernels.density(middle(i)),
        Parzen::Choices(_) => f64::NAN,
    };
    (0..cells).map(density).sum::<f64>() * width
}

const LOG: Domain = Domain::Float { low: 1e-3, high: 10.0, scale: Scale::Log };

#[test]
fn a_density_sums_to_one() {
    for values in [&[][..], &[0.5], &[1e-3, 10.0], &[0.1; 40], &[0.1, 0.2, 0.21, 5.0]] {
        let parzen = Parzen::of(&LOG, values, 1.0);
        assert!((total(&LOG, &parzen) - 1.0).abs() < 1e-6, "{values:?}");
    }
    let choices = choices_of(3, &[0.0, 2.0, 2.0], 1.0);
    assert!((choices.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn masses_of_whole_numbers_sum_to_one() {
    let domain = Domain::Integer { low: 1, high: 64, scale: Scale::Log };
    let parzen = Parzen::of(&domain, &[3.0, 4.0, 64.0], 1.0);
    let sum: f64 = (1..=64).map(|v| parzen.log_density(&domain, f64::from(v)).exp()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
}

/// Kolmogorov's distance between 20,000 draws and the density that they are drawn from.
#[test]
fn draws_follow_the_density() {
    let parzen = Parzen::of(&LOG, &[0.02, 0.03, 0.5, 9.0], 1.0);
    let mut draw = Seed::new(5).stream("test").step(0);
    let mut drawn: Vec<f64> =
        (0..20_000).map(|_| LOG.to_scale(parzen.sample(&LOG, &mut draw))).collect();
    drawn.sort_by(f64::total_cmp);
    let Parzen::Kernels(kernels) = &parzen else { unreachable!() };
    let low = LOG.interval().0;
    let distance = drawn.iter().enumerate().map(|(i, &place)| {
        (kernels.mass(low, place) - (i as f64 + 0.5) / drawn.len() as f64).abs()
    });
    // The law of Kolmogorov's distance lies below 2.6 / sqrt(n) but for 3e-6.
    assert!(distance.fold(0.0, f64::max) < 2.6 / 20_000f64.sqrt());
}

#[test]
fn drawn_choices_have_their_masses() {
    let domain = Domain::Category(vec![crate::space::Choice::Switch(true); 3]);
    let parzen = Parzen::of(&domain, &[0.0, 2.0, 2.0, 2.0], 1.0);
    let mut draw = Seed::new(5).stream("test").step(0);
    let mut counts = [0.0; 3];
    for _ in 0..30_000 {
        counts[parzen.sample(&domain, &mut draw) as usize] += 1.0 / 30_000.0;
    }
    for (choice, count) in counts.into_iter().enumerate() {
        let mass = parzen.log_density(&domain, choice as f64).exp();
        assert!((count - mass).abs() < 5.0 * (mass * (1.0 - mass) / 30_000.0).sqrt());
    }
}

#[test]
fn mass_is_exact_in_both_tails() {
    // scipy.stats.norm.sf(10) - scipy.stats.norm.sf(11)
    let expected = 7.619_661_958_203_02e-24;
    assert!((mass(10.0, 11.0) / expected - 1.0).abs() < 1e-12);
    assert_eq!(mass(-11.0, -10.0), mass(10.0, 11.0));
    assert_eq!(mass(-9.0, 9.0), 1.0);
    assert!((mass(-1.0, 2.0) - 0.818_594_614_120_363_7).abs() < 1e-14);
}
