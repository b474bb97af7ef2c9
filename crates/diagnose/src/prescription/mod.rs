//! What to try, from what was found: techniques by id, ranked, each with reason, start and source.

mod overfit;
mod remedy;

pub use remedy::Remedy;

use crate::case::Case;
use crate::rule::Symptom;
use crate::verdict::Verdict;

/// Batches up to this size make the statistics of batch norm noisy.
const SMALL_BATCH: u64 = 8;

/// Every technique id that a prescription can name, for a check that all of them exist.
pub fn techniques() -> &'static [&'static str] {
    remedy::ALL
}

/// Techniques, and what else to do.
#[derive(Debug, Default)]
pub(crate) struct Prescription {
    pub remedies: Vec<Remedy>,
    pub advice: Vec<String>,
}

/// Prescribes for a verdict and its symptoms; techniques that are already on become advice.
pub(crate) fn prescribe(case: &Case, verdict: Verdict, symptoms: &[Symptom]) -> Prescription {
    let has = |id: &str| symptoms.iter().any(|symptom| symptom.id == id);
    let mut told = match verdict {
        Verdict::Overfit => overfit::prescribe(case, has("overconfident")),
        Verdict::Diverged => diverged(),
        Verdict::Underfit => only_advice(&[
            "weaken or switch off regularization, train with a larger model, better features or a \
             higher learning rate: the training examples themselves are not learned",
        ]),
        Verdict::NotConverged => {
            only_advice(&["train on: validation still improved when the log ended"])
        }
        Verdict::CannotTell => only_advice(&[
            "log the loss on training and on validation examples after each epoch, for at least 5",
        ]),
        Verdict::Good => Prescription::default(),
    };
    let beside = matches!(verdict, Verdict::Good | Verdict::NotConverged) && has("gap");
    if beside {
        told.remedies = overfit::against_gap(case);
    }
    if case.context.batch_size.is_some_and(|size| size <= SMALL_BATCH) && uses(case, "batch_norm") {
        let reason = "batch norm in small batches has noisy statistics; groups of channels do not \
                      depend on the batch";
        told.remedies.push(remedy::GROUP_NORM.because(reason));
    }
    let (on, off): (Vec<Remedy>, _) =
        told.remedies.into_iter().partition(|remedy| uses(case, remedy.technique));
    told.remedies = off;
    told.advice.extend(on.iter().map(|on| already(on.technique)));
    told
}

fn already(technique: &str) -> String {
    match technique {
        "early_stopping" => "early_stopping is on already".to_owned(),
        other => format!("{other} is on already: try more of it"),
    }
}

fn uses(case: &Case, technique: &str) -> bool {
    case.context.in_use.iter().any(|used| used == technique)
}

fn diverged() -> Prescription {
    let reason = "a loss that explodes mostly follows a few huge gradients; clipping their global \
                  norm keeps their direction";
    Prescription {
        remedies: vec![remedy::CLIP_GLOBAL_NORM.because(reason)],
        advice: vec![
            "divide the learning rate by 10, or warm it up over the first epochs".to_owned(),
            "look for NaN, infinite or unscaled values in the inputs and targets".to_owned(),
        ],
    }
}

fn only_advice(advice: &[&str]) -> Prescription {
    let advice = advice.iter().map(|&line| line.to_owned()).collect();
    Prescription { remedies: Vec::new(), advice }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::{Context, Diagnosis, Inputs, diagnose_with};
    use crate::rule::example::{Formula, log};
    use wellfit_core::run::Part::{Train, Validation};

    fn turned(context: &Context, accuracy: Option<&dyn Fn(f64) -> f64>) -> Diagnosis {
        let loss = |e: f64| 0.5 + 0.01 * (e - 15.0).abs();
        let train = |e: f64| 0.4 / e;
        let mut series: Vec<Formula> = vec![(Train, "loss", &train), (Validation, "loss", &loss)];
        series.extend(accuracy.map(|accuracy| (Validation, "accuracy", accuracy)));
        diagnose_with(&log(50, &series), context)
    }

    fn ids(diagnosis: &Diagnosis) -> Vec<&'static str> {
        diagnosis.prescription.iter().map(|remedy| remedy.technique).collect()
    }

    #[test]
    fn an_overfit_run_gets_stopping_dropout_l2_and_augmentation() {
        let ids = ids(&turned(&Context::default(), None));
        assert_eq!(ids[0], "early_stopping");
        for technique in ["dropout", "l2", "flip", "crop", "mixup"] {
            assert!(ids.contains(&technique), "{ids:?}");
        }
        assert!(ids.iter().all(|id| techniques().contains(id)));
    }

    #[test]
    fn an_overconfident_run_gets_soft_targets_and_no_stop() {
        let grows = |e: f64| 0.9 - 0.4 / e;
        let told = turned(&Context::default(), Some(&grows));
        let ids = ids(&told);
        assert_eq!(ids[..2], ["label_smoothing", "mixup"]);
        assert!(!ids.contains(&"early_stopping"));
        assert!(told.advice.iter().any(|line| line.contains("temperature")));
    }

    #[test]
    fn tables_are_not_flipped_and_what_is_on_is_not_prescribed() {
        let in_use = vec!["dropout".to_owned()];
        let context = Context { inputs: Some(Inputs::Table), in_use, ..Context::default() };
        let told = turned(&context, None);
        let ids = ids(&told);
        assert!(!ids.contains(&"flip") && !ids.contains(&"dropout"), "{ids:?}");
        assert!(ids.contains(&"input_noise"));
        assert!(told.advice.iter().any(|line| line.starts_with("dropout is on already")));
    }

    #[test]
    fn the_recipe_can_be_pasted() {
        let context = Context { examples: Some(50_000), ..Context::default() };
        let told = turned(&context, None);
        let l2 = told.prescription.iter().find(|remedy| remedy.technique == "l2").unwrap();
        assert_eq!(l2.recipe, "[[regularize]]\nl2 = { lambda = 5.0 }\n");
        let flip = told.prescription.iter().find(|remedy| remedy.technique == "flip").unwrap();
        assert_eq!(flip.recipe, "[[regularize]]\nflip = { horizontal = 0.5 }\n");
    }

    #[test]
    fn an_exploded_run_gets_clipping() {
        let run = log(20, &[(Train, "loss", &|e| if e > 9.0 { f64::NAN } else { 1.0 / e })]);
        let told = diagnose_with(&run, &Context::default());
        assert_eq!(ids(&told), ["clip_global_norm"]);
    }
}
