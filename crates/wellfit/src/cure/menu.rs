//! Which techniques are searched: those that suit the model and the data.

use super::Candidate;
use crate::Experiment;
use wellfit_core::card::Card;
use wellfit_nn::optimizer::Optimizer;
use wellfit_nn::technique::shelf;
use wellfit_tune::space::Cocktails;

/// For rows of a table and all else.
const ANYWHERE: &[&str] = &[
    "label_smoothing",
    "mixup",
    "input_noise",
    "batch_norm",
    "layer_norm",
    "dropout",
    "stochastic_depth",
    "l1",
    "max_norm",
    "sam",
    "weight_noise",
    "swa",
];
/// For tables alone.
const TABLES: &[&str] = &["swap_noise"];
/// For images alone.
const IMAGES: &[&str] = &["crop", "rotation", "cutmix", "random_erasing"];

/// The cards of the techniques that are searched, in the order of the shelf: the wanted ones, or a
/// dozen that people reach for; in both cases those alone that the model has a place for.
pub fn menu(experiment: &Experiment, plain: &Candidate, wanted: Option<&[String]>) -> Vec<Card> {
    let images = experiment.data.train.shape.len() == 3;
    let special = if images { IMAGES } else { TABLES };
    // The penalty's gradient and Adam's division do not go together; decay is apart from both.
    let shrink: &[&str] = match experiment.config.optimizer {
        Optimizer::Sgd(_) => &["l2"],
        Optimizer::Adam(_) | Optimizer::AdamW(_) => &["weight_decay"],
    };
    let usual: Vec<&str> = [ANYWHERE, special, shrink].concat();
    let is_wanted = |card: &Card| match wanted {
        Some(ids) => ids.iter().any(|id| id == card.id),
        None => usual.contains(&card.id),
    };
    let cards = shelf().map(|shelved| *shelved.card).filter(is_wanted);
    cards.filter(|card| fits(experiment, plain, card)).collect()
}

fn fits(experiment: &Experiment, plain: &Candidate, card: &Card) -> bool {
    let Ok(alone) = Cocktails::of(std::slice::from_ref(card)) else { return false };
    let on = alone.space().decide(|_, dimension| dimension.domain.nearest(1.0));
    let candidate = plain.with(card.id, alone.techniques(&on));
    candidate.experiment(None, &experiment.data).is_ok()
}
