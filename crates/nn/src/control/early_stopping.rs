//! Early stopping: end the run when the monitored series stops improving, keep the best model.
//!
//! Improved: value < best - min_delta, strictly. Stop when `patience` epochs brought no
//! improvement, by one of Prechelt's criteria, or when the series has risen by more than its noise
//! explains. The best model is kept whatever ends the run.
//!
//! Prechelt 1998, "Early stopping, but when?"; patience as in Keras.

use super::{ControlDoor, monitored};
use crate::Error;
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::control::{
    Criterion, Decision, EarlyStopping as Patience, EarlyStoppingConfig, MinDelta, NoiseAware,
    Prechelt,
};
use wellfit_core::number::{Finite, NonNegative, Rate};
use wellfit_core::run::{Direction, Part, Run, Series};

const CARD: Card = Card {
    id: "early_stopping",
    name: "Early stopping",
    door: card::Door::Control,
    family: Family::TrainingControl,
    one_line: "Ends the run when the validation series stops improving.",
    formula: "stop after patience epochs without a value < best - min_delta; or by GL, PQ, UP; or by a rise \
              beyond noise",
    paper: "Prechelt 1998, in Neural Networks: Tricks of the Trade, LNCS 1524",
    when: "Always cheap; the validation loss turns up while the training loss falls.",
    watch_out: "A patience shorter than the noise of the series or the wait of a learning-rate \
                schedule stops too soon. It spends the validation set: judge on test data.",
    example: "{ patience = 10 }",
    off: None,
    search: &[Range { key: "patience", low: 5.0, high: 50.0, scale: Scale::Log }],
};

/// When a run ends before its epochs are over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Keys", into = "Keys")]
pub struct EarlyStopping {
    /// The series to watch, as `validation.loss`; none for the one that chooses the model.
    pub monitor: Option<String>,
    /// When to stop.
    pub rule: Rule,
}

/// When to stop.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// After a number of epochs without improvement.
    Patience {
        /// Epochs to wait, at least 1.
        patience: NonZeroU64,
        /// What counts as an improvement.
        min_delta: MinDelta,
        /// Epochs before this one are not looked at.
        start_epoch: u64,
        /// The wait begins anew only when a value also beats this one.
        baseline: Option<Finite>,
        /// Whether NaN and infinity end the run at once.
        stop_on_nan: bool,
    },
    /// By a criterion of Prechelt on training and validation loss.
    Prechelt(Criterion),
    /// By a rise of the series beyond its own noise; nothing is to be chosen.
    NoiseAware,
}

/// The keys as they are written in a recipe.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patience: Option<NonZeroU64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_delta: Option<NonNegative>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    relative_delta: Option<Rate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start_epoch: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    baseline: Option<Finite>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stop_on_nan: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    monitor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    criterion: Option<Criterion>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    noise_aware: bool,
}

impl Keys {
    /// Refuses keys of another rule, which would be read and change nothing.
    fn belong(&self) -> Result<(), String> {
        let other = match (self.criterion, self.noise_aware) {
            (Some(_), _) => "criterion",
            (None, true) => "noise_aware",
            (None, false) => return Ok(()),
        };
        let of_patience = [
            ("min_delta", self.min_delta.is_some()),
            ("relative_delta", self.relative_delta.is_some()),
            ("start_epoch", self.start_epoch.is_some()),
            ("baseline", self.baseline.is_some()),
            ("stop_on_nan", self.stop_on_nan.is_some()),
        ];
        if let Some((key, _)) = of_patience.iter().find(|(_, given)| *given) {
            return Err(format!("{key} belongs to patience, and {other} does not read it"));
        }
        if self.criterion.is_some() && self.monitor.is_some() {
            let reads = "criterion reads the training and the validation loss, not monitor";
            return Err(reads.to_owned());
        }
        Ok(())
    }
}

impl TryFrom<Keys> for EarlyStopping {
    type Error = String;

    fn try_from(keys: Keys) -> Result<Self, String> {
        let min_delta = match (keys.min_delta, keys.relative_delta) {
            (Some(_), Some(_)) => return Err("give min_delta or relative_delta, not both".into()),
            (Some(delta), None) => MinDelta::Absolute(delta),
            (None, Some(share)) => MinDelta::Relative(share),
            (None, None) => MinDelta::Absolute(NonNegative::ZERO),
        };
        let rule = match (keys.patience, keys.criterion, keys.noise_aware) {
            (Some(patience), None, false) => Rule::Patience {
                patience,
                min_delta,
                start_epoch: keys.start_epoch.unwrap_or(0),
                baseline: keys.baseline,
                stop_on_nan: keys.stop_on_nan.unwrap_or(true),
            },
            (None, Some(criterion), false) => Rule::Prechelt(criterion),
            (None, None, true) => Rule::NoiseAware,
            _ => return Err("expected one of patience, criterion and noise_aware = true".into()),
        };
        keys.belong()?;
        Ok(Self { monitor: keys.monitor, rule })
    }
}

impl From<EarlyStopping> for Keys {
    fn from(technique: EarlyStopping) -> Self {
        let mut keys = Self {
            patience: None,
            min_delta: None,
            relative_delta: None,
            start_epoch: None,
            baseline: None,
            stop_on_nan: None,
            monitor: technique.monitor,
            criterion: None,
            noise_aware: false,
        };
        match technique.rule {
            Rule::NoiseAware => keys.noise_aware = true,
            Rule::Prechelt(criterion) => keys.criterion = Some(criterion),
            Rule::Patience { patience, min_delta, start_epoch, baseline, stop_on_nan } => {
                match min_delta {
                    MinDelta::Absolute(delta) => keys.min_delta = Some(delta),
                    MinDelta::Relative(share) => keys.relative_delta = Some(share),
                }
                keys = Self {
                    patience: Some(patience),
                    start_epoch: Some(start_epoch),
                    baseline,
                    stop_on_nan: Some(stop_on_nan),
                    ..keys
                };
            }
        }
        keys
    }
}

impl Technique for EarlyStopping {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Control(Box::new(self))
    }
}

impl ControlDoor for EarlyStopping {
    fn decide(&self, run: &Run, monitor: &str) -> Result<Decision, Error> {
        let watched = monitored(run, self.monitor.as_deref().unwrap_or(monitor))?;
        let mut decision = Decision::Continue;
        match &self.rule {
            Rule::Patience { patience, min_delta, start_epoch, baseline, stop_on_nan } => {
                let mut rule = Patience::new(EarlyStoppingConfig {
                    patience: *patience,
                    min_delta: *min_delta,
                    direction: Direction::of(&watched.metric),
                    start_epoch: *start_epoch,
                    baseline: *baseline,
                    stop_on_nan: *stop_on_nan,
                });
                for &(epoch, value) in &watched.points {
                    decision = rule.observe(epoch as u64, value);
                }
            }
            Rule::NoiseAware => decision = noise_aware(run, watched),
            Rule::Prechelt(criterion) => {
                let training = monitored(run, "train.loss")?.values();
                let validation = monitored(run, "validation.loss")?.values();
                let mut rule = Prechelt::new(*criterion);
                for (training, validation) in training.into_iter().zip(validation) {
                    decision = rule.observe(training, validation)?;
                }
            }
        }
        Ok(decision)
    }

    fn monitor(&self) -> Option<&str> {
        self.monitor.as_deref()
    }

    fn describe(&self) -> String {
        let monitor = self.monitor.as_deref().unwrap_or("the monitored series");
        match &self.rule {
            Rule::Patience { patience, .. } => {
                format!("early_stopping: after {patience} epochs without improvement of {monitor}")
            }
            Rule::Prechelt(criterion) => format!("early_stopping: by {criterion:?}"),
            Rule::NoiseAware => format!("early_stopping: when {monitor} rises beyond its noise"),
        }
    }
}

/// Replays the rule that `wellfit diagnose --watch` uses too.
fn noise_aware(run: &Run, watched: &Series) -> Decision {
    let cost = |value| Direction::of(&watched.metric).as_cost(value);
    let train = run.get(Part::Train, &watched.metric).map(|series| series.points.as_slice());
    let trained = |epoch: f64| {
        let train = train.unwrap_or_default();
        let at = train.partition_point(|point| point.0 < epoch);
        train.get(at).filter(|point| point.0 == epoch).map(|point| cost(point.1))
    };
    let mut rule = NoiseAware::new();
    let mut decision = Decision::Continue;
    for &(epoch, value) in &watched.points {
        decision = rule.observe(epoch, trained(epoch), cost(value));
    }
    decision
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::run::Part;

    fn log(validation: &[f64]) -> Run {
        let mut run = Run::new("log");
        for (epoch, &value) in validation.iter().enumerate() {
            run.push(Part::Train, "loss", epoch as f64 + 1.0, 0.5);
            run.push(Part::Validation, "loss", epoch as f64 + 1.0, value);
        }
        run
    }

    fn decide(text: &str, run: &Run) -> Decision {
        toml::from_str::<EarlyStopping>(text).unwrap().decide(run, "validation.loss").unwrap()
    }

    #[test]
    fn patience_counts_epochs_without_improvement() {
        let run = log(&[1.0, 0.8, 0.9, 0.85]);
        assert_eq!(decide("patience = 3", &run), Decision::Continue);
        assert!(matches!(decide("patience = 2", &run), Decision::Stop(_)));
        assert_eq!(decide("patience = 2\nstart_epoch = 3", &run), Decision::Continue);
    }

    #[test]
    fn prechelt_reads_losses() {
        let run = log(&[1.0, 0.8, 0.9]);
        let gl = |limit: f64| {
            format!("criterion = {{ generalization_loss = {{ threshold = {limit} }} }}")
        };
        assert!(matches!(decide(&gl(12.0), &run), Decision::Stop(_)));
        assert_eq!(decide(&gl(13.0), &run), Decision::Continue);
    }

    #[test]
    fn a_rise_beyond_noise_stops_and_a_fall_does_not() {
        let run = |turn: f64| {
            let mut run = Run::new("log");
            for epoch in (1..=60).map(f64::from) {
                run.push(Part::Train, "loss", epoch, 1.0 / epoch);
                run.push(Part::Validation, "loss", epoch, 1.0 + 0.01 * (epoch - turn).abs());
            }
            run
        };
        assert!(matches!(decide("noise_aware = true", &run(30.0)), Decision::Stop(_)));
        assert_eq!(decide("noise_aware = true", &run(60.0)), Decision::Continue);
    }

    #[test]
    fn an_unknown_series_lists_the_known_ones() {
        let stop: EarlyStopping = toml::from_str("patience = 2\nmonitor = \"val_loss\"").unwrap();
        let error = stop.decide(&log(&[1.0]), "validation.loss").unwrap_err().to_string();
        assert!(error.contains("`val_loss`") && error.contains("validation.loss"), "{error}");
    }

    #[test]
    fn keys_of_another_rule_are_refused() {
        let criterion = "criterion = { rising = { strips = 2, strip = 5 } }";
        let keys = [
            "min_delta = 0.1",
            "relative_delta = 0.1",
            "start_epoch = 3",
            "baseline = 0.5",
            "stop_on_nan = false",
        ];
        for rule in [criterion, "noise_aware = true"] {
            toml::from_str::<EarlyStopping>(rule).unwrap();
            for key in keys {
                let told = toml::from_str::<EarlyStopping>(&format!("{rule}\n{key}")).unwrap_err();
                let (name, _) = key.split_once(' ').unwrap();
                assert!(
                    told.to_string().contains(&format!("{name} belongs to patience")),
                    "{told}"
                );
            }
        }
        let monitor = "monitor = \"validation.accuracy\"";
        assert!(toml::from_str::<EarlyStopping>(&format!("{criterion}\n{monitor}")).is_err());
        toml::from_str::<EarlyStopping>(&format!("noise_aware = true\n{monitor}")).unwrap();
    }

    #[test]
    fn contradictions_are_refused() {
        for text in [
            "",
            "patience = 2\nnoise_aware = true",
            "patience = 2\ncriterion = { rising = { strips = 2, strip = 5 } }",
        ] {
            assert!(toml::from_str::<EarlyStopping>(text).is_err(), "{text}");
        }
        assert!(
            toml::from_str::<EarlyStopping>("patience = 2\nmin_delta = 1\nrelative_delta = 0.1")
                .is_err()
        );
    }
}
