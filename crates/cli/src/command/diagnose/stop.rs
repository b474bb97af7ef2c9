//! A stopping rule replayed on what a job has logged so far.

use super::criterion::Criterion;
use wellfit::core::control::{
    Decision, EarlyStopping, EarlyStoppingConfig, NoiseAware, Prechelt, Reason,
};
use wellfit::core::run::Direction;
use wellfit::diagnose::Watched;

/// Where a rule says to stop.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// The epoch at which the rule spoke.
    pub epoch: f64,
    /// The best epoch up to there: its checkpoint is to be kept.
    pub best_epoch: f64,
    /// Why, in one sentence.
    pub reason: String,
}

/// The first place at which `criterion` says to stop; none while it says to go on.
///
/// # Errors
/// The criterion does not fit the log: Prechelt's compare errors by ratio, and PQ needs training.
pub fn stop(watched: &Watched, criterion: Criterion) -> Result<Option<Stop>, String> {
    let mut decide = rule(watched, criterion)?;
    let mut best = 0;
    for (at, &value) in watched.validation.iter().enumerate() {
        if value < watched.validation[best] {
            best = at;
        }
        if let Some(reason) = decide(at)? {
            let (epoch, best_epoch) = (watched.epochs[at], watched.epochs[best]);
            return Ok(Some(Stop { epoch, best_epoch, reason: reason.to_string() }));
        }
    }
    Ok(None)
}

/// What is asked at each place in turn: is it time to stop?
type Rule<'a> = Box<dyn FnMut(usize) -> Result<Option<Reason>, String> + 'a>;

fn rule(watched: &Watched, criterion: Criterion) -> Result<Rule<'_>, String> {
    let Watched { epochs, validation, train, metric } = watched;
    let train = train.as_deref();
    let trained = move |at: usize| train.map(|train| train[at]);
    Ok(match criterion {
        Criterion::NoiseAware => {
            let mut rule = NoiseAware::new();
            let mut decide = move |at: usize| rule.observe(epochs[at], trained(at), validation[at]);
            Box::new(move |at| Ok(reason(decide(at))))
        }
        Criterion::Patience(patience) => {
            let mut rule = EarlyStopping::new(EarlyStoppingConfig::new(patience, Direction::Lower));
            Box::new(move |at| Ok(reason(rule.observe(at as u64, validation[at]))))
        }
        Criterion::Prechelt(by) => {
            if validation.iter().any(|&value| value < 0.0) {
                return Err(format!("{criterion} compares errors of at least 0; {metric} is none"));
            }
            let mut rule = Prechelt::new(by);
            // Only PQ looks at training.
            if train.is_none() && criterion.to_string().starts_with("pq") {
                return Err(format!("{criterion} needs {metric} on training examples too"));
            }
            Box::new(move |at| {
                let training = trained(at).unwrap_or(0.0);
                rule.observe(training, validation[at]).map(reason).map_err(|e| e.to_string())
            })
        }
    })
}

fn reason(decision: Decision) -> Option<Reason> {
    match decision {
        Decision::Continue => None,
        Decision::Stop(reason) => Some(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turning(train: Option<f64>) -> Watched {
        let epochs: Vec<f64> = (1..=100).map(f64::from).collect();
        let at = |e: &f64| 0.5 + 0.01 * (e - 40.0).abs();
        Watched {
            metric: "loss".to_owned(),
            validation: epochs.iter().map(at).collect(),
            train: train.map(|end| epochs.iter().map(|e| end + 0.1 / e).collect()),
            epochs,
        }
    }

    fn stopped(watched: &Watched, criterion: &str) -> Result<Option<Stop>, String> {
        stop(watched, criterion.parse().unwrap())
    }

    #[test]
    fn every_rule_stops_after_the_turn_and_keeps_the_best() {
        for (rule, latest) in [
            ("noise-aware", 60.0),
            ("gl:5", 43.0),
            ("pq:3", 45.0),
            ("up:3", 55.0),
            ("patience:7", 47.0),
        ] {
            let found = stopped(&turning(Some(0.2)), rule).unwrap().unwrap();
            assert_eq!(found.best_epoch, 40.0, "{rule}");
            assert!(found.epoch > 40.0 && found.epoch <= latest, "{rule}: {found:?}");
        }
    }

    #[test]
    fn nothing_stops_a_run_that_improves() {
        let mut falling = turning(Some(0.2));
        falling.validation = falling.epochs.iter().map(|e| 1.0 / e + 0.5).collect();
        for rule in ["noise-aware", "gl", "pq", "up", "patience:1"] {
            assert_eq!(stopped(&falling, rule), Ok(None), "{rule}");
        }
    }

    #[test]
    fn a_rule_that_does_not_fit_says_why() {
        let mut score = turning(None);
        assert!(stopped(&score, "pq").unwrap_err().contains("training"));
        assert!(stopped(&score, "gl").unwrap().is_some(), "only PQ needs training");
        score.validation.iter_mut().for_each(|value| *value -= 2.0);
        assert!(stopped(&score, "gl").unwrap_err().contains("at least 0"));
        assert!(stopped(&score, "patience:5").unwrap().is_some());
    }
}
