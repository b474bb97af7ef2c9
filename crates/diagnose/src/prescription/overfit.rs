//! Against overfitting: stop in time, hold the weights, show more examples, soften the targets.

use super::Prescription;
use super::remedy::{
    CROP, DROPOUT, EARLY_STOPPING, FLIP, INPUT_NOISE, L2, LABEL_SMOOTHING, MIXUP, Remedy,
    WEIGHT_DECAY,
};
use crate::case::Case;
use crate::diagnosis::Inputs;
use crate::kind::Kind;
use crate::trend::lowest;

/// Nielsen's λ for each training example.
const L2_PER_EXAMPLE: f64 = 1e-4;
/// Dropout for a model that knows its training set by heart.
const STRONG_DROPOUT: &str = "rate = 0.5";
/// Shortest patience that is prescribed.
const SHORTEST: f64 = 5.0;

/// Techniques for an overfit run. An early stop comes first where the loss turned, and not at all
/// where accuracy still improved.
pub(super) fn prescribe(case: &Case, overconfident: bool) -> Prescription {
    let mut told = Prescription::default();
    if overconfident {
        let reason = "the loss rises because the model is too sure where it is wrong; softer \
                      targets ask for less certainty";
        told.remedies.push(LABEL_SMOOTHING.because(reason));
        let reason = "blended examples with blended labels keep the outputs from extremes";
        told.remedies.push(MIXUP.because(reason));
        told.advice.push(
            "scale the logits by a temperature chosen on validation examples (Guo et al. 2017, \
             arXiv 1706.04599); keep the checkpoint with the best accuracy, if that is what counts"
                .to_owned(),
        );
    } else {
        told.remedies.extend(stop_in_time(case, &mut told.advice));
    }
    let further = against_gap(case);
    let is_new = |remedy: &Remedy| told.remedies.iter().all(|r| r.technique != remedy.technique);
    let new: Vec<Remedy> = further.into_iter().filter(is_new).collect();
    told.remedies.extend(new);
    if case.context.inputs.is_none() {
        told.advice.push(
            "a log does not tell what the model reads: flip and crop are for images, input noise \
             is for tables"
                .to_owned(),
        );
    }
    told
}

/// Techniques against a gap between training and validation.
pub(super) fn against_gap(case: &Case) -> Vec<Remedy> {
    let memorised = case.all().any(|m| m.gap.as_ref().is_some_and(|gap| gap.memorised));
    let mut remedies = Vec::new();
    if case.context.inputs != Some(Inputs::Table) {
        remedies.push(FLIP.because(
            "augmentation of images: mirrored examples are new ones, and cannot be learned by heart \
             (not for digits, text or whatever else has a side)",
        ));
        remedies
            .push(CROP.because("augmentation of images: shifted examples are new ones at no cost"));
    }
    remedies.push(dropout(memorised));
    remedies.push(l2(case.context.examples));
    remedies.push(
        WEIGHT_DECAY.because(
            "holds the weights as L2 does; take it instead of l2 when the optimizer is Adam",
        ),
    );
    if is_classification(case) {
        remedies
            .push(MIXUP.because("lines between examples leave less room to learn each by heart"));
    }
    if case.context.inputs != Some(Inputs::Images) {
        remedies.push(INPUT_NOISE.because(
            "augmentation of tables: noise on standardized inputs smooths what the model learns",
        ));
    }
    remedies
}

fn dropout(memorised: bool) -> Remedy {
    let reason = "units that may be missing cannot learn examples by heart together";
    if memorised { DROPOUT.starting(STRONG_DROPOUT, reason) } else { DROPOUT.because(reason) }
}

fn l2(examples: Option<u64>) -> Remedy {
    let reason = "small weights make a smooth function, which follows single examples less";
    match examples {
        Some(n) => L2.starting(&format!("lambda = {:?}", L2_PER_EXAMPLE * n as f64), reason),
        None => L2.because(reason),
    }
}

/// Whether the run may be one of classification: unknown unless an error of regression was logged.
fn is_classification(case: &Case) -> bool {
    case.all().all(|m| !matches!(m.curve.kind, Kind::Error | Kind::R2))
}

/// Early stopping with a patience that would have let this run come to its best: half more than
/// the longest wait for a better value before it.
fn stop_in_time(case: &Case, advice: &mut Vec<String>) -> Option<Remedy> {
    let loss = case.all().find(|measured| measured.has_turned())?;
    let costs = &loss.curve.validation;
    let best = lowest(costs);
    let (mut since, mut wait, mut lowest) = (0, 0, f64::INFINITY);
    for (at, &cost) in costs[..=best].iter().enumerate() {
        if cost < lowest {
            (lowest, wait, since) = (cost, wait.max(at - since), at);
        }
    }
    let patience = (1.5 * wait as f64).ceil().max(SHORTEST);
    let epoch = loss.curve.epochs[best];
    advice.push(format!("keep the checkpoint of epoch {epoch}"));
    let reason = format!(
        "validation was best at epoch {epoch}; the longest wait for a better value before was \
         {wait}, so this patience would have come there"
    );
    Some(EARLY_STOPPING.starting(&format!("patience = {patience}"), reason))
}
