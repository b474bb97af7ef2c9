//! What a run needs that holds no examples back, and one that reads the evidence.

use super::{Sampling, TrainConfig};
use crate::error::{Error, Subject};
use crate::lambda::LambdaFrom;
use crate::technique::Doors;

const PART: &str = "train.";

/// Refuses whatever watches validation examples, where there are none: the series that chooses the
/// model, and controls.
///
/// # Errors
/// [`Error::Refused`] with what to write instead.
pub fn without_validation(doors: &Doors, config: &TrainConfig) -> Result<(), Error> {
    let monitor = &config.monitor;
    if !monitor.starts_with(PART) {
        let own = if finds_evidence(doors, config) { "train.evidence" } else { "train.loss" };
        let message = format!(
            "training needs at least one validation example to choose the best model by \
             `{monitor}`, and there is none: hold some back by data.validation, or monitor a series \
             of the training part, as `{own}`"
        );
        return Err(Error::refused(Subject::Train("monitor"), message));
    }
    let watches = |monitor: Option<&str>| !monitor.is_some_and(|name| name.starts_with(PART));
    if doors.controls.iter().any(|control| watches(control.monitor())) {
        let message = "early_stopping watches validation examples, and there are none: leave it \
                       out, hold some back by data.validation, or let it monitor a series of the \
                       training part";
        return Err(Error::refused(Subject::Technique("early_stopping"), message));
    }
    Ok(())
}

/// Whether the run finds λ by the evidence, and so logs it.
pub(super) fn finds_evidence(doors: &Doors, config: &TrainConfig) -> bool {
    config.lambda_from == LambdaFrom::Evidence && doors.finds_lambda().is_some()
}

/// Refuses to read an evidence where there is none.
pub(super) fn evidence_exists(doors: &Doors, config: &TrainConfig) -> Result<(), Error> {
    if !finds_evidence(doors, config) {
        return Ok(());
    }
    let penalties = doors.penalties.iter().map(|door| (door.id(), door.found_at("")));
    let decays = doors.weights.iter().map(|door| (door.id(), door.found_at("")));
    let other = penalties.chain(decays).find(|(id, found)| found.is_some() && *id != "l2");
    if let Some((id, _)) = other {
        let message = format!(
            "lambda_from = \"evidence\" knows the normal prior that l2 stands for, and none of \
             {id}: use l2, or lambda_from = \"validation\", or give lambda a number"
        );
        return Err(Error::refused(Subject::Technique(id), message));
    }
    let message = if config.class_weights.is_some() {
        "the evidence counts every example once, and class_weights do not: leave them out, or use \
         lambda_from = \"validation\""
    } else if config.sampling == Sampling::Balanced {
        "the evidence counts every example once, and balanced sampling does not: leave it out, or \
         use lambda_from = \"validation\""
    } else if doors.layers.iter().any(|layer| layer.id() == "batch_norm") {
        "weights in front of a batch norm have no evidence, for their scale changes nothing: leave \
         batch_norm out, or use lambda_from = \"validation\""
    } else {
        return Ok(());
    };
    Err(Error::refused(Subject::Train("lambda_from"), message))
}
