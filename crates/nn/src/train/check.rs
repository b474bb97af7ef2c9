//! What must fit together before a run starts, so that nothing fails after an epoch.

use super::batches::smallest_batch;
use super::unheld::{evidence_exists, finds_evidence};
use super::{Sampling, TrainConfig};
use crate::average::Use;
use crate::control::check_monitor;
use crate::error::{Error, Subject};
use crate::fine_tune::matches;
use crate::loss::{ClassWeights, Loss};
use crate::optimizer::Optimizer;
use crate::parameter::Parameter;
use crate::technique::Doors;
use wellfit_data::Dataset;

/// Checks techniques and settings against each other and against the training examples.
///
/// # Errors
/// [`Error::Refused`] with what should change.
pub fn check(doors: &Doors, config: &TrainConfig, train: &Dataset) -> Result<(), Error> {
    loss_fits(config, train)?;
    classes_count_once(config, train)?;
    evidence_exists(doors, config)?;
    let more = more_series(doors, config);
    for monitor in doors.controls.iter().filter_map(|control| control.monitor()) {
        let refused = |message| Error::refused(Subject::Technique("early_stopping"), message);
        check_monitor(monitor, &train.target, &more).map_err(refused)?;
    }
    check_monitor(&config.monitor, &train.target, &more)
        .map_err(|message| Error::refused(Subject::Train("monitor"), message))?;
    batch_doors_fit(doors, train)?;
    losses_fit(doors, config, train)?;
    passes_differ(doors)?;
    one_ascent(doors)?;
    one_evaluated_average(doors)?;
    optimizer(config)?;
    one_decay(doors, config)?;
    one_proximal(doors)?;
    batch_norm_has_batches(doors, config, train)
}

/// Series that a run logs beside the metrics of its parts.
fn more_series(doors: &Doors, config: &TrainConfig) -> Vec<&'static str> {
    let zeros = doors.makes_zeros().then_some("train.zero_weights");
    zeros.into_iter().chain(finds_evidence(doors, config).then_some("train.evidence")).collect()
}

fn losses_fit(doors: &Doors, config: &TrainConfig, train: &Dataset) -> Result<(), Error> {
    let classes = train.target.classes().is_some();
    if let Some(door) = doors.losses.iter().find(|door| door.needs_classes() && !classes) {
        let message = format!("{} needs classes, but the target is a number", door.id());
        return Err(Error::refused(Subject::Technique(door.id()), message));
    }
    let images = train.shape.len() == 3 && train.pixels.is_some();
    if let Some(door) = doors.losses.iter().find(|door| door.needs_images() && !images) {
        let shape = &train.shape;
        let message = format!(
            "{} needs images of shape [channels, height, width] of which black and white are \
             known, found {shape:?}",
            door.id()
        );
        return Err(Error::refused(Subject::Technique(door.id()), message));
    }
    let classifies = config.loss(&train.target).classifies();
    if let Some(door) = doors.losses.iter().find(|door| door.needs_probabilities() && !classifies) {
        let message = format!(
            "{} needs probabilities, and squared_error reads none from outputs: use cross_entropy \
             or sigmoid_cross_entropy",
            door.id()
        );
        return Err(Error::refused(Subject::Technique(door.id()), message));
    }
    Ok(())
}

fn batch_doors_fit(doors: &Doors, train: &Dataset) -> Result<(), Error> {
    let (classes, images) = (train.target.classes().is_some(), train.shape.len() == 3);
    for door in &doors.batch {
        let id = door.id();
        let message = if door.needs_classes() && !classes {
            format!("{id} needs classes, but the target is a number")
        } else if door.needs_images() && !images {
            let shape = &train.shape;
            format!("{id} needs images of shape [channels, height, width], found {shape:?}")
        } else if door.needs_pixels() && train.pixels.is_none() {
            format!("{id} must know which inputs are black and white: say so by with_white")
        } else {
            continue;
        };
        return Err(Error::refused(Subject::Technique(id), message));
    }
    Ok(())
}

/// Whether the job brings the teacher that a technique learns from.
///
/// # Errors
/// [`Error::Refused`] where it does not.
pub(super) fn has_teacher(doors: &Doors, given: bool) -> Result<(), Error> {
    let learner = doors.losses.iter().find(|door| door.teacher().is_some());
    match learner.map(|door| door.id()) {
        Some(id) if !given => {
            let message = format!("{id} needs a teacher, and the job brings none");
            Err(Error::refused(Subject::Technique(id), message))
        }
        _ => Ok(()),
    }
}

fn passes_differ(doors: &Doors) -> Result<(), Error> {
    let comparing = doors.losses.iter().find(|door| door.compares_passes());
    match comparing.map(|door| door.id()) {
        Some(id) if !doors.layers.iter().any(|layer| layer.is_stochastic()) => {
            let message = format!(
                "{id} compares passes over the same inputs, which are equal without a layer that \
                 draws: switch on dropout or another stochastic layer"
            );
            Err(Error::refused(Subject::Technique(id), message))
        }
        _ => Ok(()),
    }
}

fn one_ascent(doors: &Doors) -> Result<(), Error> {
    let [first, second, ..] = &doors.ascents[..] else { return Ok(()) };
    let (first, second) = (first.id(), second.id());
    let message =
        format!("{first} and {second} both choose where the gradient is taken: keep one of them");
    Err(Error::refused(Subject::Technique(second), message))
}

fn one_evaluated_average(doors: &Doors) -> Result<(), Error> {
    let evaluated = doors.averages.iter().filter(|door| door.purpose() != Use::Training);
    let ids: Vec<&'static str> = evaluated.map(|door| door.id()).collect();
    let [first, second, ..] = ids[..] else { return Ok(()) };
    let message =
        format!("{first} and {second} both say which average is evaluated: keep one of them");
    Err(Error::refused(Subject::Technique(second), message))
}

fn loss_fits(config: &TrainConfig, train: &Dataset) -> Result<(), Error> {
    if train.is_empty() {
        return Err(Error::refused(Subject::Data, "there are no training examples"));
    }
    let fits = !config.loss(&train.target).classifies() || train.target.classes().is_some();
    let message = "this loss needs classes, but the target is a number: use squared_error";
    if fits { Ok(()) } else { Err(Error::refused(Subject::Train("loss"), message)) }
}

fn classes_count_once(config: &TrainConfig, train: &Dataset) -> Result<(), Error> {
    let balanced = config.sampling == Sampling::Balanced;
    if balanced && train.target.classes().is_none() {
        let message = "balanced sampling needs classes, but the target is a number";
        return Err(Error::refused(Subject::Train("sampling"), message));
    }
    let Some(weights) = &config.class_weights else { return Ok(()) };
    weights.of(&train.target)?;
    let message = match config.loss(&train.target) {
        Loss::SquaredError => {
            "class_weights weigh a cross-entropy, and squared_error is none: use cross_entropy or \
             sigmoid_cross_entropy, or sampling = \"balanced\""
        }
        _ if balanced && *weights == ClassWeights::Balanced => {
            "the sampling is balanced already, and balanced class_weights would correct a second \
             time: keep one of them"
        }
        _ => return Ok(()),
    };
    Err(Error::refused(Subject::Train("class_weights"), message))
}

fn optimizer(config: &TrainConfig) -> Result<(), Error> {
    if config.warm_up_epochs > 0 && config.warm_up_epochs >= config.epochs.get() {
        let message = format!(
            "expected a warm-up shorter than the run's {} epochs, found {}",
            config.epochs, config.warm_up_epochs
        );
        return Err(Error::refused(Subject::Train("warm_up_epochs"), message));
    }
    match config.optimizer {
        Optimizer::Sgd(sgd) if sgd.nesterov && sgd.momentum.get() == 0.0 => {
            let message = "nesterov looks ahead along the momentum: give a momentum, as 0.9";
            Err(Error::refused(Subject::Train("optimizer"), message))
        }
        _ => Ok(()),
    }
}

/// AdamW brings a decay of its own; a second one would add to it unseen.
fn one_decay(doors: &Doors, config: &TrainConfig) -> Result<(), Error> {
    let second = doors.weights.iter().any(|door| door.is_decay());
    if config.optimizer.weight_decay() == 0.0 || !second {
        return Ok(());
    }
    let message = "adamw brings its own weight decay, and weight_decay would add to it: keep \
                   `adamw = { weight_decay = .. }` alone, or use adam with weight_decay";
    Err(Error::refused(Subject::Train("optimizer"), message))
}

/// A second operator behind the first misses the minimum of the sum, but for one pair: the soft
/// threshold and then the group's operator are the operator of the sparse group lasso (Simon et
/// al. 2013, JCGS 22), also where every weight has a step of its own.
fn one_proximal(doors: &Doors) -> Result<(), Error> {
    let proximal = doors.penalties.iter().filter(|penalty| penalty.is_proximal());
    let ids: Vec<&'static str> = proximal.map(|penalty| penalty.id()).collect();
    let message = match ids[..] {
        [] | [_] | ["l1", "group_lasso"] => return Ok(()),
        ["group_lasso", "l1"] => {
            "l1 has to act in front of group_lasso: write it first in the recipe".to_owned()
        }
        _ => format!(
            "{} are proximal, and one behind the other they miss the minimum of the sum: keep one \
             of them (elastic_net is l1 and l2 in one), or l1 and group_lasso",
            ids.join(" and ")
        ),
    };
    Err(Error::refused(Subject::Technique(ids[1]), message))
}

fn batch_norm_has_batches(
    doors: &Doors,
    config: &TrainConfig,
    train: &Dataset,
) -> Result<(), Error> {
    let smallest = smallest_batch(train.len(), config.batch_size.get());
    if smallest > 1 || doors.layers.iter().all(|layer| layer.id() != "batch_norm") {
        return Ok(());
    }
    let message = "a batch of one example has no variance, so batch_norm would put out its shift \
                   alone: use layer_norm or group_norm, or batches of 2 examples and more";
    Err(Error::refused(Subject::Technique("batch_norm"), message))
}

/// Refuses names of layers that the model does not have.
///
/// # Errors
/// The first of them, with the names there are.
pub fn names_fit(doors: &Doors, parameters: &[Parameter]) -> Result<(), Error> {
    let penalties = doors.penalties.iter().map(|door| (door.id(), door.names()));
    let weights = doors.weights.iter().map(|door| (door.id(), door.names()));
    let gradients = doors.gradients.iter().map(|door| (door.id(), door.names()));
    for (id, names) in penalties.chain(weights).chain(gradients) {
        let unknown = |name: &&&str| !parameters.iter().any(|p| matches(name, &p.path));
        if let Some(name) = names.iter().find(unknown) {
            let paths: Vec<&str> = parameters.iter().map(|p| p.path.as_str()).collect();
            let message = format!("no layer is called `{name}`; there are {}", paths.join(", "));
            return Err(Error::refused(Subject::Technique(id), message));
        }
    }
    Ok(())
}
