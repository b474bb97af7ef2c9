use super::*;
use serde_json::Value;
use wellfit_core::card::Scale;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../tests/golden/parzen.json")).unwrap()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// Numbers the trials by the value of their one dimension.
fn observation(number: usize, value: f64, given_up: Option<u64>) -> Observation {
    let configuration = Configuration { values: vec![Some(number as f64)] };
    Observation { configuration, value, given_up }
}

#[test]
fn the_best_are_optunas() {
    for case in golden()["splits"].as_array().unwrap() {
        let trials = case["trials"].as_array().unwrap();
        let ended: Vec<Observation> = trials
            .iter()
            .enumerate()
            .map(|(i, t)| observation(i, t["value"].as_f64().unwrap(), t["given_up"].as_u64()))
            .collect();
        let (best, rest) = Tpe::default().split(History { ended: &ended, running: &[] });
        let numbers: Vec<f64> = best.iter().filter_map(|trial| trial.get(0)).collect();
        assert_eq!(numbers, floats(&case["below"]));
        assert_eq!(best.len() + rest.len(), trials.len());
    }
}

#[test]
fn the_chosen_candidate_is_optunas() {
    for case in golden()["choices"].as_array().unwrap() {
        let number = |key: &str| case[key].as_f64().unwrap();
        let scale = if case["log"] == true { Scale::Log } else { Scale::Linear };
        let (low, high) = (number("low"), number("high"));
        let domain = match case["kind"].as_str().unwrap() {
            "float" => Domain::Float { low, high, scale },
            _ => Domain::Integer { low: low as i64, high: high as i64, scale },
        };
        let density = |key: &str| Parzen::of(&domain, &floats(&case[key]), 1.0);
        let candidates = floats(&case["candidates"]).into_iter();
        let taken = choose(&domain, &density("below"), &density("above"), candidates);
        assert_eq!(taken, number("taken"), "{domain:?}");
    }
}

#[test]
fn a_diverged_trial_is_the_worst_and_running_ones_are_none_of_the_best() {
    let mut ended = [0.5, f64::NAN, 0.1, 3.0].map(|value| observation(0, value, None));
    ended[3].given_up = Some(1);
    let mut order = [1, 3, 0, 2];
    order.sort_by(|&a, &b| better(&ended[a], &ended[b]));
    assert_eq!(order, [2, 0, 3, 1]);
    let running = [Configuration { values: vec![Some(9.0)] }];
    let (best, rest) = Tpe::default().split(History { ended: &ended, running: &running });
    assert_eq!((best.len(), rest.len()), (1, 4));
}

fn space() -> Space {
    let mut space = Space::default();
    let log = Domain::Float { low: 1e-4, high: 10.0, scale: Scale::Log };
    let on = space.add("l2", Domain::switch()).unwrap();
    space.add_under(on, 1.0, "l2.lambda", log).unwrap();
    let rate = Domain::Float { low: 0.0, high: 0.8, scale: Scale::Linear };
    space.add("dropout.rate", rate).unwrap();
    space
}

/// Least at λ = 0.01 and a rate of 0.3.
fn loss(configuration: &Configuration) -> f64 {
    let weight = configuration.get(1).map_or(2.0, |lambda| (lambda / 0.01).log10().abs());
    weight + 5.0 * (configuration.get(2).unwrap_or(0.0) - 0.3).abs()
}

fn study(sampler: &impl Sampler, seed: u64, trials: u64) -> Vec<Observation> {
    let mut ended: Vec<Observation> = Vec::new();
    for trial in 0..trials {
        let history = History { ended: &ended, running: &[] };
        let configuration = sampler.sample(&space(), Seed::new(seed), trial, history);
        assert!(space().holds(&configuration));
        let value = loss(&configuration);
        ended.push(Observation { configuration, value, given_up: None });
    }
    ended
}

fn best(trials: &[Observation]) -> f64 {
    trials.iter().map(|trial| trial.value).fold(f64::INFINITY, f64::min)
}

#[test]
fn it_finds_what_random_search_does_not() {
    let mean = |sampler: &dyn Fn(u64) -> f64| (0..10).map(sampler).sum::<f64>() / 10.0;
    let tpe = mean(&|seed| best(&study(&Tpe::default(), seed, 60)));
    let random = mean(&|seed| best(&study(&crate::sampler::Random, seed, 60)));
    assert!(tpe < 0.5 * random, "{tpe}, {random}");
}

#[test]
fn the_startup_is_random_search() {
    let (tpe, random) = (study(&Tpe::default(), 4, 12), study(&crate::sampler::Random, 4, 12));
    assert_eq!(tpe[..10], random[..10]);
    assert_ne!(tpe[10..], random[10..]);
}

#[test]
fn a_proposal_depends_on_history_seed_and_trial_alone() {
    let ended = study(&Tpe::default(), 2, 30);
    let propose = |trial| {
        let history = History { ended: &ended, running: &[] };
        Tpe::default().sample(&space(), Seed::new(2), trial, history)
    };
    let (late, early) = (propose(40), propose(30));
    assert_eq!(propose(40), late);
    assert_ne!(late, early);
}
