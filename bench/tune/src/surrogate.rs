//! What is searched: 19 parameters, nine of which live only where another switches them on, and a
//! loss without training. `peer/optuna_tpe.py` has the same.

use bench_peer::Outcome;
use serde_json::{Map, Value, json};
use wellfit_core::card::Scale;
use wellfit_tune::space::{Choice, Configuration, Domain, Space};

/// The space.
pub fn space() -> Outcome<Space> {
    let float = |low, high| Domain::Float { low, high, scale: Scale::Linear };
    let log = |low, high| Domain::Float { low, high, scale: Scale::Log };
    let mut space = Space::default();
    space.add("learning_rate", log(1e-4, 1e-1))?;
    space.add("depth", Domain::Integer { low: 1, high: 6, scale: Scale::Linear })?;
    space.add("patience", Domain::Integer { low: 5, high: 50, scale: Scale::Log })?;
    space.add("norm", words(&["none", "batch", "layer"]))?;
    let dropout = space.add("dropout", Domain::switch())?;
    space.add_under(dropout, 1.0, "dropout.rate", float(0.05, 0.7))?;
    space.add_under(dropout, 1.0, "dropout.input_rate", float(0.0, 0.3))?;
    for (switch, key, domain) in [
        ("weight_decay", "weight_decay.lambda", log(1e-5, 1.0)),
        ("l1", "l1.lambda", log(1e-3, 10.0)),
        ("label_smoothing", "label_smoothing.epsilon", float(0.0, 0.3)),
        ("swa", "swa.start", float(0.5, 0.9)),
    ] {
        let switch = space.add(switch, Domain::switch())?;
        space.add_under(switch, 1.0, key, domain)?;
    }
    let mixing = space.add("mixing", words(&["none", "mixup", "cutmix", "cutout"]))?;
    space.add_under(mixing, 1.0, "mixup.alpha", log(0.05, 2.0))?;
    space.add_under(mixing, 2.0, "cutmix.alpha", log(0.05, 2.0))?;
    space.add_under(mixing, 3.0, "cutout.size", float(0.05, 0.5))?;
    Ok(space)
}

fn words(words: &[&str]) -> Domain {
    Domain::Category(words.iter().map(|word| Choice::Word((*word).to_owned())).collect())
}

/// The loss: squared distances from the best values; what is off costs a constant.
pub fn loss(space: &Space, configuration: &Configuration) -> f64 {
    let get = |name: &str| space.index(name).and_then(|index| configuration.get(index));
    let log10 = |name: &str, best: f64| get(name).map(|v| (v / best).log10().powi(2));
    let term = |name: &str, off: f64, scale: f64, best: f64| {
        get(name).map_or(off, |v| ((v - best) / scale).powi(2))
    };
    let norm = [0.03, 0.01, 0.0][get("norm").unwrap_or(0.0) as usize];
    let mixing = match get("mixing").unwrap_or(0.0) as usize {
        1 => 0.02 * log10("mixup.alpha", 0.3).unwrap_or(0.0),
        2 => 0.02 + 0.02 * log10("cutmix.alpha", 1.0).unwrap_or(0.0),
        3 => 0.015 + 0.2 * term("cutout.size", 0.0, 1.0, 0.2),
        _ => 0.04,
    };
    0.04 * log10("learning_rate", 3e-3).unwrap_or(0.0)
        + 0.004 * term("depth", 0.0, 1.0, 3.0)
        + 0.02 * log10("patience", 20.0).unwrap_or(0.0)
        + norm
        + (0.05 * term("dropout.rate", 0.8, 0.2, 0.35)).min(0.2)
        + (0.02 * term("dropout.input_rate", 0.0, 0.1, 0.1)).min(0.1)
        + log10("weight_decay.lambda", 1e-2).map_or(0.03, |term| 0.02 * term)
        + log10("l1.lambda", 1e-2).map_or(0.0, |term| 0.01 + 0.01 * term)
        + 0.01 * term("label_smoothing.epsilon", 1.0, 0.05, 0.1)
        + 0.01 * term("swa.start", 1.0, 0.1, 0.75)
        + mixing
}

/// A configuration as the other side has it.
pub fn named(space: &Space, configuration: &Configuration) -> Value {
    let value = |domain: &Domain, value: f64| match domain {
        Domain::Category(choices) => json!(choices[value as usize]),
        _ => json!(value),
    };
    let live = space
        .dimensions()
        .iter()
        .zip(&configuration.values)
        .filter_map(|(of, v)| Some((of.name.clone(), value(&of.domain, (*v)?))));
    Value::Object(live.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_nineteen_parameters_and_the_best_has_no_loss() {
        let space = space().unwrap();
        assert_eq!(space.dimensions().len(), 19);
        let best = |name: &str| match name {
            "learning_rate" => 3e-3,
            "depth" => 3.0,
            "patience" => 20.0,
            "norm" => 2.0,
            "dropout.rate" => 0.35,
            "dropout.input_rate" => 0.1,
            "weight_decay.lambda" => 1e-2,
            "label_smoothing.epsilon" => 0.1,
            "swa.start" => 0.75,
            "mixup.alpha" => 0.3,
            "l1" => 0.0,
            _ => 1.0,
        };
        let configuration = space.decide(|_, dimension| best(&dimension.name));
        assert!(space.holds(&configuration));
        assert!(loss(&space, &configuration).abs() < 1e-15);
    }
}
