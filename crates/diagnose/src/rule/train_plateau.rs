//! `train_plateau`: training itself no longer gets better, far from perfect.
//!
//! Rule: between the last two tenths of the run training improved by less than 2% of a loss or
//! 0.005 of a share, and it stands high. High needs a reference: the loss of a constant output, when
//! the caller knows it; R² of 0; otherwise a training accuracy below 0.7 or a loss that came less
//! than 5% below its first value make underfitting *possible*, no more. Validation has to stand high
//! as well: what predicts new examples was learned, however hard mixup or dropout make training.

use super::{Symptom, shown, symptom};
use crate::case::{Case, Measured};
use crate::kind::Kind;

/// Share of the reference that a loss stays above when hardly anything was learned.
const HARDLY_BELOW: f64 = 0.95;
/// Training R² below which hardly anything was learned.
const LOW_R2: f64 = 0.3;
/// Training share below which much may be missing.
const LOW_SHARE: f64 = 0.7;

/// A training level that says too little was learned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plateau {
    /// Level on training examples as the log shows it.
    pub level: f64,
    /// What it is compared with.
    pub reference: f64,
    /// Whether the reference is known, rather than guessed from the log.
    pub known: bool,
}

/// The training plateau of a run, with the name of its metric.
pub(crate) fn plateau<'a>(case: &'a Case) -> Option<(&'a str, Plateau)> {
    let found = case.all().filter_map(|m| Some((m.curve.metric.as_str(), of(case, m)?)));
    found.max_by_key(|(_, plateau)| plateau.known)
}

fn of(case: &Case, measured: &Measured) -> Option<Plateau> {
    let curve = &measured.curve;
    let train = measured.train_end?.level;
    if measured.training_improves() {
        return None;
    }
    let cost = measured.end.map_or(train, |end| end.level.min(train));
    let level = curve.shown(train);
    let (reference, known, high) = match (curve.kind, case.context.constant_loss) {
        (Kind::Loss | Kind::Error, Some(loss)) if curve.metric == "loss" => {
            (loss, true, cost > HARDLY_BELOW * loss)
        }
        (Kind::Loss | Kind::Error, _) => {
            let first = *curve.train.as_deref()?.first()?;
            (first, false, first > 0.0 && cost > HARDLY_BELOW * first)
        }
        (Kind::R2, _) => (0.0, true, -cost < LOW_R2),
        (Kind::Share, _) => {
            let most = curve.perfect() + 1.0 - LOW_SHARE;
            (curve.shown(most), false, cost > most)
        }
        (Kind::Score, _) => return None,
    };
    high.then_some(Plateau { level, reference, known })
}

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let (metric, plateau) = plateau(case)?;
    let possibly = if plateau.known { "" } else { ", which is possibly too little" };
    let summary = format!(
        "{metric} on training examples stands still at {} (reference {}){possibly}",
        shown(plateau.level),
        shown(plateau.reference)
    );
    let evidence = [
        ("train", plateau.level),
        ("reference", plateau.reference),
        ("reference_known", f64::from(u8::from(plateau.known))),
    ];
    symptom("train_plateau", summary, evidence)
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log, wobble};
    use super::*;
    use crate::diagnosis::Context;
    use wellfit_core::run::Part::{Train, Validation};
    use wellfit_core::run::Run;

    fn standing(metric: &str, level: f64) -> Run {
        let train = move |e: f64| level + 0.001 * wobble(e);
        log(40, &[(Train, metric, &train), (Validation, metric, &train)])
    }

    #[test]
    fn a_known_reference_says_more_than_a_guess() {
        let context = Context { constant_loss: Some(2.303), ..Context::default() };
        let with = |level| find(&Case::new(&standing("loss", level), &context));
        assert_eq!(with(2.25).unwrap().evidence["reference_known"], 1.0);
        assert_eq!(with(1.0), None);
        let guessed = found(&standing("loss", 2.25), find).unwrap();
        assert!(guessed.summary.contains("possibly"));
    }

    #[test]
    fn low_scores_stand_out_and_high_ones_do_not() {
        for (metric, low, high) in [("accuracy", 0.6, 0.9), ("r2", 0.1, 0.8)] {
            assert!(found(&standing(metric, low), find).is_some());
            assert_eq!(found(&standing(metric, high), find), None);
        }
    }

    #[test]
    fn good_validation_was_learned_whatever_training_shows() {
        let beside = |validation: f64| {
            let [train, validation] =
                [0.5, validation].map(|level| move |e: f64| level + 0.001 * wobble(e));
            log(40, &[(Train, "accuracy", &train), (Validation, "accuracy", &validation)])
        };
        assert_eq!(found(&beside(0.96), find), None);
        assert!(found(&beside(0.55), find).is_some());
    }

    #[test]
    fn training_that_moves_is_no_plateau() {
        let grows = |e: f64| 0.01 * e;
        let run = log(40, &[(Train, "accuracy", &grows), (Validation, "accuracy", &grows)]);
        assert_eq!(found(&run, find), None);
    }
}
