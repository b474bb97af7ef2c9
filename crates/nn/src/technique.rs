//! What every technique has in common, and the shelf on which all of them stand.

use crate::average::{self, AverageDoor};
use crate::batch::{self, BatchDoor};
use crate::control::{self, ControlDoor};
use crate::gradient::{self, GradientDoor};
use crate::layer::{self, LayerDoor};
use crate::loss::{self, LossDoor};
use crate::penalty::{self, PenaltyDoor};
use crate::weight::{self, AscentDoor, WeightDoor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wellfit_core::Error;
use wellfit_core::card::Card;
use wellfit_core::recipe::{Entry, Recipe, closest};

/// The configuration of a technique: what stands behind its id in a recipe.
pub trait Technique: Serialize + DeserializeOwned + Sized + 'static {
    /// Its method card.
    const CARD: Card;

    /// Whether these values switch it off. What is off is left out of the training step: it costs
    /// nothing, draws nothing and changes no bit.
    fn is_off(&self) -> bool;

    /// Puts it at its door.
    fn at_door(self) -> Door;
}

/// A technique at its door.
pub enum Door {
    /// Changes a batch.
    Batch(Box<dyn BatchDoor>),
    /// Builds layers of the model.
    Layer(Box<dyn LayerDoor>),
    /// Adds a term of the outputs to the loss.
    Loss(Box<dyn LossDoor>),
    /// Adds a term of the weights to the loss.
    Penalty(Box<dyn PenaltyDoor>),
    /// Changes weights beside the optimizer.
    Weight(Box<dyn WeightDoor>),
    /// Takes the gradient at other weights.
    Ascent(Box<dyn AscentDoor>),
    /// Changes gradients.
    Gradient(Box<dyn GradientDoor>),
    /// Averages the weights over steps.
    Average(Box<dyn AverageDoor>),
    /// Decides at the end of an epoch.
    Control(Box<dyn ControlDoor>),
}

/// One technique on the shelf: its card, and how to read it from a recipe.
#[derive(Clone, Copy)]
pub struct Shelved {
    /// Its method card.
    pub card: &'static Card,
    /// Reads its values; `None` when they switch it off.
    pub read: fn(&Recipe, &Entry<'_>) -> Result<Option<Door>, Error>,
    /// Reads its values and writes them again, all keys spelled out, as TOML.
    pub spell_out: fn(&Recipe, &Entry<'_>) -> Result<String, Error>,
}

impl Shelved {
    /// Puts technique `T` on the shelf.
    pub const fn of<T: Technique>() -> Self {
        Self { card: &T::CARD, read: read::<T>, spell_out: spell_out::<T> }
    }
}

fn read<T: Technique>(recipe: &Recipe, entry: &Entry<'_>) -> Result<Option<Door>, Error> {
    let technique: T = values(recipe, entry)?;
    Ok((!technique.is_off()).then(|| technique.at_door()))
}

fn values<T: Technique>(recipe: &Recipe, entry: &Entry<'_>) -> Result<T, Error> {
    if entry.is_table() {
        return recipe.read(entry);
    }
    let message = format!("expected a table, as in `{} = {}`", T::CARD.id, T::CARD.example);
    Err(recipe.refuse(entry, message, None))
}

fn spell_out<T: Technique>(recipe: &Recipe, entry: &Entry<'_>) -> Result<String, Error> {
    let technique: T = values(recipe, entry)?;
    toml::to_string(&technique).map_err(|error| recipe.refuse(entry, error.to_string(), None))
}

/// All techniques, door by door in the order of a training step.
pub fn shelf() -> impl Iterator<Item = Shelved> {
    [
        batch::SHELF,
        batch::augment::SHELF,
        layer::SHELF,
        loss::SHELF,
        gradient::SHELF,
        penalty::SHELF,
        weight::SHELF,
        average::SHELF,
        control::SHELF,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The techniques of one run, each at its door, in the recipe's order.
#[derive(Default)]
pub struct Doors {
    /// Ids of those that were read from a recipe and are on.
    ids: Vec<&'static str>,
    /// Change the batch.
    pub batch: Vec<Box<dyn BatchDoor>>,
    /// Build layers.
    pub layers: Vec<Box<dyn LayerDoor>>,
    /// Add a term of the outputs to the loss.
    pub losses: Vec<Box<dyn LossDoor>>,
    /// Add a term of the weights to the loss.
    pub penalties: Vec<Box<dyn PenaltyDoor>>,
    /// Change weights.
    pub weights: Vec<Box<dyn WeightDoor>>,
    /// Take the gradient at other weights.
    pub ascents: Vec<Box<dyn AscentDoor>>,
    /// Change gradients.
    pub gradients: Vec<Box<dyn GradientDoor>>,
    /// Average the weights over steps.
    pub averages: Vec<Box<dyn AverageDoor>>,
    /// Decide at the end of an epoch.
    pub controls: Vec<Box<dyn ControlDoor>>,
}

impl Doors {
    /// Reads the recipe's list of techniques.
    ///
    /// # Errors
    /// An unknown id (with the closest known one), a wrong value, a technique given twice: each
    /// with its place.
    pub fn read(recipe: &Recipe) -> Result<Self, Error> {
        let mut doors = Self::default();
        for entry in recipe.techniques()? {
            let shelved = find(recipe, &entry)?;
            if let Some(door) = (shelved.read)(recipe, &entry)? {
                doors.ids.push(shelved.card.id);
                doors.open(door);
            }
        }
        Ok(doors)
    }

    /// Ids of the techniques that a recipe switches on, in its order.
    pub fn ids(&self) -> &[&'static str] {
        &self.ids
    }

    /// The first technique whose λ the run finds.
    pub fn finds_lambda(&self) -> Option<&'static str> {
        let penalties = self.penalties.iter().map(|door| (door.id(), door.found_at("")));
        let decays = self.weights.iter().map(|door| (door.id(), door.found_at("")));
        penalties.chain(decays).find_map(|(id, found)| found.map(|_| id))
    }

    /// Whether a technique makes weights exactly zero.
    pub fn makes_zeros(&self) -> bool {
        self.penalties.iter().any(|penalty| penalty.is_proximal())
            || self.layers.iter().any(|layer| layer.prunes())
    }

    /// Whether a technique asks for the weights before the first step.
    pub fn need_start(&self) -> bool {
        self.penalties.iter().any(|penalty| penalty.needs_start())
            || self.weights.iter().any(|weight| weight.needs_start())
    }

    /// Adds one technique.
    pub fn open(&mut self, door: Door) {
        match door {
            Door::Batch(mut door) => {
                for other in &mut self.batch {
                    other.meet(&*door);
                    door.meet(&**other);
                }
                self.batch.push(door);
            }
            Door::Layer(door) => self.layers.push(door),
            Door::Loss(door) => self.losses.push(door),
            Door::Penalty(door) => self.penalties.push(door),
            Door::Weight(door) => self.weights.push(door),
            Door::Ascent(door) => self.ascents.push(door),
            Door::Gradient(door) => self.gradients.push(door),
            Door::Average(door) => self.averages.push(door),
            Door::Control(door) => self.controls.push(door),
        }
    }

    /// Adds a technique unless its values switch it off.
    pub fn with<T: Technique>(mut self, technique: T) -> Self {
        if !technique.is_off() {
            self.open(technique.at_door());
        }
        self
    }
}

/// The technique of a recipe's entry.
///
/// # Errors
/// An id that no technique has.
pub fn find(recipe: &Recipe, entry: &Entry<'_>) -> Result<Shelved, Error> {
    shelf().find(|shelved| shelved.card.id == entry.id).ok_or_else(|| {
        let ids: Vec<&str> = shelf().map(|shelved| shelved.card.id).collect();
        let message =
            format!("unknown technique `{}`, expected one of {}", entry.id, ids.join(", "));
        recipe.refuse(entry, message, closest(&entry.id, &ids))
    })
}
