//! A first verdict on a run of ours: does it overfit, and by which evidence.

use serde::Serialize;
use std::fmt;
use wellfit_core::control::rise;
use wellfit_core::run::{Part, Run};

/// Difference of accuracy or R² between training and validation that counts as overfitting.
const LARGE_GAP: f64 = 0.05;
/// Share of a constant output's loss above which a model has learned next to nothing.
const HARDLY_BELOW: f64 = 0.95;
/// Share of the validation loss that the last tenth of a run must gain to be called moving.
const STILL_FALLING: f64 = 0.02;

/// What a run shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Validation is much worse than training, or became worse.
    Overfit,
    /// Training itself is no better than guessing.
    Underfit,
    /// Validation is near training and did not turn.
    Good,
    /// Validation still improved when the run ended.
    NotConverged,
    /// A loss became NaN or infinite.
    Diverged,
    /// Too little was logged.
    CannotTell,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overfit => "overfit",
            Self::Underfit => "underfit",
            Self::Good => "good",
            Self::NotConverged => "not converged",
            Self::Diverged => "diverged",
            Self::CannotTell => "cannot tell",
        })
    }
}

/// A verdict and the evidence for it in one sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on, with numbers.
    pub sentence: String,
}

/// Judges a run by its clean training and validation series.
///
/// `constant` is the training loss of the best constant output, see
/// [`Loss::of_constant`](wellfit_nn::loss::Loss::of_constant); without it nothing is called
/// underfit.
pub fn verdict(run: &Run, constant: Option<f64>) -> Finding {
    let values = |part, metric: &str| run.get(part, metric).map(|series| series.values());
    let loss = |part| values(part, "loss").unwrap_or_default();
    let (train, validation) = (loss(Part::Train), loss(Part::Validation));
    diverged(&train, &validation)
        .or_else(|| too_short(&validation))
        .or_else(|| turned(&train, &validation))
        .or_else(|| gap(run))
        .or_else(|| guessing(&train, constant?))
        .or_else(|| still_falling(&validation))
        .unwrap_or_else(|| {
            let sentence = "the validation loss did not turn, and the gap to training is small";
            finding(Verdict::Good, sentence.to_owned())
        })
}

fn finding(verdict: Verdict, sentence: String) -> Finding {
    Finding { verdict, sentence }
}

fn diverged(train: &[f64], validation: &[f64]) -> Option<Finding> {
    let broken = |values: &[f64]| values.iter().position(|value| !value.is_finite());
    let epoch = broken(train).into_iter().chain(broken(validation)).min()? + 1;
    Some(finding(Verdict::Diverged, format!("a loss is NaN or infinite at epoch {epoch}")))
}

fn too_short(validation: &[f64]) -> Option<Finding> {
    let epochs = validation.len();
    let sentence = || format!("{epochs} epoch(s) are too few to see a trend");
    (epochs < 3).then(|| finding(Verdict::CannotTell, sentence()))
}

fn turned(train: &[f64], validation: &[f64]) -> Option<Finding> {
    let rise = rise(validation).filter(|rise| rise.is_significant())?;
    let positive = validation.last()? > train.last()?;
    let (epoch, percent) = (rise.minimum_index + 1, 100.0 * rise.relative);
    let sentence = format!(
        "the validation loss was lowest around epoch {epoch} and has risen by {percent:.0}% since"
    );
    positive.then(|| finding(Verdict::Overfit, sentence))
}

fn gap(run: &Run) -> Option<Finding> {
    ["accuracy", "r2"].into_iter().find_map(|metric| {
        let last = |part| run.get(part, metric)?.points.last().map(|point| point.1);
        let (train, validation) = (last(Part::Train)?, last(Part::Validation)?);
        let sentence = || {
            format!(
                "{metric} is {train:.3} on training and {validation:.3} on validation examples, \
                 a gap of {:.3}",
                train - validation
            )
        };
        (train - validation > LARGE_GAP).then(|| finding(Verdict::Overfit, sentence()))
    })
}

fn guessing(train: &[f64], constant: f64) -> Option<Finding> {
    let last = *train.last()?;
    let sentence =
        || format!("the training loss is {last:.4}, and a constant output has {constant:.4}");
    (last > HARDLY_BELOW * constant).then(|| finding(Verdict::Underfit, sentence()))
}

/// Compares the means of the last two tenths, since single epochs are noisy.
fn still_falling(validation: &[f64]) -> Option<Finding> {
    let tenth = (validation.len() / 10).max(1);
    let mut tenths = validation.rchunks(tenth).map(|part| part.iter().sum::<f64>() / tenth as f64);
    let (last, before) = (tenths.next()?, tenths.next()?);
    let gained = (before - last) / before.abs();
    let sentence =
        || format!("the validation loss still fell by {:.1}% in the last tenth", 100.0 * gained);
    (gained > STILL_FALLING).then(|| finding(Verdict::NotConverged, sentence()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(train: impl Fn(f64) -> f64, validation: impl Fn(f64) -> f64, epochs: u32) -> Verdict {
        let mut run = Run::new("r");
        for epoch in 1..=epochs {
            let epoch = f64::from(epoch);
            run.push(Part::Train, "loss", epoch, train(epoch));
            run.push(Part::Validation, "loss", epoch, validation(epoch));
        }
        verdict(&run, None).verdict
    }

    #[test]
    fn the_textbook_shapes() {
        let falling = |e: f64| 1.0 / e;
        let settled = |e: f64| 0.5 + (-e).exp();
        let turning = |e: f64| 0.5 + 0.01 * (e - 15.0).powi(2);
        assert_eq!(judged(falling, turning, 40), Verdict::Overfit);
        assert_eq!(judged(settled, settled, 40), Verdict::Good);
        assert_eq!(judged(|e| 5.0 - 0.1 * e, |e| 5.0 - 0.1 * e, 40), Verdict::NotConverged);
        assert_eq!(
            judged(|e| if e > 9.0 { f64::NAN } else { 1.0 }, falling, 40),
            Verdict::Diverged
        );
        assert_eq!(judged(falling, falling, 2), Verdict::CannotTell);
    }

    #[test]
    fn a_gap_in_accuracy_is_overfitting_even_when_no_loss_turned() {
        let mut run = Run::new("r");
        for epoch in 1..=20 {
            let epoch = f64::from(epoch);
            for (part, accuracy) in [(Part::Train, 1.0), (Part::Validation, 0.9)] {
                run.push(part, "loss", epoch, 0.5 + 1.0 / epoch.powi(4));
                run.push(part, "accuracy", epoch, accuracy);
            }
        }
        let found = verdict(&run, None);
        assert_eq!(found.verdict, Verdict::Overfit);
        assert!(found.sentence.contains("0.100"), "{}", found.sentence);
    }

    #[test]
    fn no_better_than_a_constant_is_underfitting() {
        let mut run = Run::new("r");
        for epoch in 1..=20 {
            for part in [Part::Train, Part::Validation] {
                run.push(part, "loss", f64::from(epoch), 2.25);
            }
        }
        assert_eq!(verdict(&run, Some(2.3)).verdict, Verdict::Underfit);
        assert_eq!(verdict(&run, Some(9.0)).verdict, Verdict::Good);
    }
}
