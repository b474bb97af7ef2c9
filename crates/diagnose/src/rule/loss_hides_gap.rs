//! `loss_hides_gap`: the losses agree while another metric is far apart.
//!
//! Rule: the validation loss is at most 1.1 times the training loss, and a share or R² ends at
//! least 0.08 worse on validation than on training. A penalty or smoothed labels inside the
//! training loss lift it to where the gap no longer shows: the plain metric is to be believed.

use super::{Symptom, shown, symptom};
use crate::case::{Case, Measured};
use crate::kind::Kind;

/// Ratio of losses up to which they agree.
const AGREE: f64 = 1.1;

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let losses = case.loss.as_ref()?.gap.as_ref()?;
    if losses.validation > AGREE * losses.train {
        return None;
    }
    let plain = |m: &&Measured| {
        matches!(m.curve.kind, Kind::Share | Kind::R2)
            && m.gap.as_ref().is_some_and(|gap| gap.size >= 1.0)
    };
    let metric = case.metrics.iter().find(plain)?;
    let gap = metric.gap.as_ref()?;
    let (train, validation) = (metric.curve.shown(gap.train), metric.curve.shown(gap.validation));
    let summary = format!(
        "the losses agree ({} on training, {} on validation) but {} does not ({} and {}): a penalty \
         or smoothing in the training loss hides the gap",
        shown(losses.train),
        shown(losses.validation),
        metric.curve.metric,
        shown(train),
        shown(validation)
    );
    let evidence = [
        ("train_loss", losses.train),
        ("validation_loss", losses.validation),
        ("train_metric", train),
        ("validation_metric", validation),
    ];
    symptom("loss_hides_gap", summary, evidence)
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log};
    use super::*;
    use wellfit_core::run::Part::{Train, Validation};

    #[test]
    fn agreeing_losses_with_a_gap_of_accuracy() {
        let (low, high) = (|e: f64| 0.2 + 1.0 / e, |e: f64| 0.6 + 1.0 / e);
        let (train, validation) = (|e: f64| 1.0 - 0.5 / e, |e: f64| 0.8 - 0.4 / e);
        let with_train_loss = |loss| {
            log(
                40,
                &[
                    (Train, "loss", loss),
                    (Validation, "loss", &high),
                    (Train, "accuracy", &train),
                    (Validation, "accuracy", &validation),
                ],
            )
        };
        assert!(found(&with_train_loss(&high), find).is_some());
        assert_eq!(found(&with_train_loss(&low), find), None, "the losses show it themselves");
    }
}
