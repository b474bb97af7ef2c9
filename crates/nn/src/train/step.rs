//! One training step, door by door.

use super::Job;
use crate::batch::{Batch, Chance};
use crate::chance::Statistics;
use crate::elementwise::{CHUNK, taken};
use crate::gradient::Effect;
use crate::lambda::{Factors, Response};
use crate::loss::{Seen, Weighted};
use crate::model::Network;
use crate::optimizer::{Around, Updater};
use crate::parameter::{Parameter, Slot, changed, each, slots, take_slots, take_values, update};
use crate::penalty::{PenaltyDoor, Place, Starts, acts_on};
use crate::technique::Doors;
use crate::weight::ascended;
use burn::tensor::Gradients;
use burn::tensor::Tensor;
use wellfit_core::seed::Address;

/// What one step needs to know.
pub struct Corridor<'a, M> {
    /// Techniques, loss, seed.
    pub job: &'a Job<'a, M>,
    /// The model's tensors.
    pub parameters: &'a [Parameter],
    /// How much each class counts, where they do not count the same.
    pub class_weights: Option<&'a [f64]>,
    /// Values before the first step, where a penalty asked for them.
    pub starts: &'a Starts,
    /// Factor on the learning rate of each tensor, where they are not all 1.
    pub rates: Option<&'a [f64]>,
    /// Learning rate of this step.
    pub learning_rate: f64,
    /// Number of this step, from 0.
    pub step: u64,
    /// What λ is where the run finds it.
    pub factors: &'a Factors,
    /// Whether λ moves behind this step, and so responses are wanted.
    pub moves_lambda: bool,
}

/// What a step leaves.
pub struct Walked<M> {
    /// The updated model.
    pub model: M,
    /// The batch's data loss.
    pub loss: f64,
    /// What the gradient door saw.
    pub effects: Vec<Effect>,
    /// How the weights respond to λ, where that was wanted.
    pub responses: Vec<Response>,
}

/// A batch that has passed the batch door.
struct Prepared {
    batch: Batch,
    /// The examples, and behind them as many of each view.
    inputs: Tensor<2>,
    weighted: Option<Weighted>,
    teacher: Option<Tensor<2>>,
}

impl<M: Network> Corridor<'_, M> {
    /// Walks a batch through all doors.
    pub fn walk(&self, model: M, batch: Batch, updater: &mut Updater) -> Walked<M> {
        let (job, list) = (self.job, self.parameters);
        let (prepared, update) = (self.prepare(batch), self.update());
        let (mut seen, mut gradients, loss) = self.descend(&model, &prepared);
        if let Some(ascent) = job.doors.ascents.iter().find(|ascent| ascent.acts_at(self.step)) {
            let slots = match &seen {
                None => slots(&model, list, &mut gradients),
                // The ascent starts at the clean weights: the second pass puts the noise on again.
                Some(noisy) => take_values(model.clone(), update.slots(noisy, &mut gradients)).1,
            };
            let higher = ascended(&model, slots, &**ascent);
            // The first pass has moved the running statistics with this batch.
            job.clock.statistics(Statistics::Hold);
            (seen, gradients, _) = self.descend(&higher, &prepared);
            job.clock.statistics(Statistics::Move);
            seen = seen.or(Some(higher));
        }
        let mut responses = Vec::new();
        let out = &mut responses;
        let apply = || update.apply(model, seen, gradients, updater, out);
        let (model, effects) = in_pool(list, apply);
        Walked { model, loss, effects, responses }
    }

    fn update(&self) -> Update<'_> {
        Update {
            doors: self.job.doors,
            list: self.parameters,
            chance: self.chance(),
            starts: self.starts,
            rates: self.rates,
            learning_rate: self.learning_rate,
            n: self.job.train.len() as f64,
            factors: self.factors,
            moves_lambda: self.moves_lambda,
        }
    }

    fn chance(&self) -> Chance {
        let address = Address { step: self.step, pass: 0, call: 0 };
        Chance { seed: self.job.seed, address, epoch: self.job.clock.tick().epoch }
    }

    fn prepare(&self, mut batch: Batch) -> Prepared {
        let weighted = self.class_weights.map(|weights| Weighted::new(&batch.targets, weights));
        for door in &self.job.doors.batch {
            batch = door.apply(batch, &self.chance());
        }
        let teacher = self.job.teacher.map(|teacher| teacher(batch.inputs.clone()));
        let inputs = self.with_views(&batch);
        Prepared { batch, inputs, weighted, teacher }
    }

    fn with_views(&self, batch: &Batch) -> Tensor<2> {
        let views = self.job.doors.losses.iter().flat_map(|door| {
            let view = |number| door.view(batch.clone(), &self.chance(), number).inputs;
            (0..door.views()).map(view)
        });
        let views: Vec<Tensor<2>> = views.collect();
        match views.is_empty() {
            true => batch.inputs.clone(),
            false => Tensor::cat([vec![batch.inputs.clone()], views].concat(), 0),
        }
    }

    /// Forward and backward, as often as the loss asks; gives the model that was seen, where its
    /// weights are not those of `model`, its gradients, and the mean data loss. The same step has
    /// the same masks and the same noise, however often this is called.
    fn descend(&self, model: &M, prepared: &Prepared) -> (Option<M>, Gradients, f64) {
        let (job, doors) = (self.job, self.job.doors);
        let noisy = self.before(model);
        let seen = noisy.as_ref().unwrap_or(model);
        let passes = doors.losses.iter().map(|door| door.passes()).max().unwrap_or(1);
        let first = job.clock.tick().statistics;
        let mut begin = |pass| {
            job.clock.begin(self.step, pass);
            // A batch moves the running statistics once, however often it passes.
            job.clock.statistics(if pass == 0 { first } else { Statistics::Hold });
        };
        let outputs = seen.passes(prepared.inputs.clone(), passes, &mut begin);
        job.clock.statistics(first);
        let [count, _] = prepared.batch.inputs.dims();
        let (outputs, views) = apart(outputs, count);
        let (loss, value) = self.loss(&outputs, &views, prepared);
        let loss = match job.clock.take_terms() {
            Some(terms) => loss + terms / job.train.len() as f64,
            None => loss,
        };
        (noisy, loss.backward(), value)
    }

    /// The model with the weights that this step sees, where they are not its own.
    fn before(&self, model: &M) -> Option<M> {
        let doors = &self.job.doors.weights;
        if !doors.iter().any(|door| door.acts_before()) {
            return None;
        }
        let mut change = |index: usize, value: Tensor<1>| {
            let parameter = self.parameters.get(index).filter(|parameter| acts_on(parameter))?;
            let place = self.update().place(parameter, index);
            let acting = doors.iter().filter(|door| door.acts_before());
            Some(acting.fold(value, |value, door| door.before(value, place, &self.chance())))
        };
        Some(changed(model.clone(), &mut change))
    }

    /// The loss that is trained, and the data loss alone.
    fn loss(
        &self,
        outputs: &[Tensor<2>],
        views: &[Tensor<2>],
        prepared: &Prepared,
    ) -> (Tensor<1>, f64) {
        let (loss, targets) = (self.job.loss, &prepared.batch.targets);
        let of_pass = |outputs: &Tensor<2>| match &prepared.weighted {
            Some(weighted) => weighted.mean(loss, outputs.clone(), targets.clone()),
            None => loss.mean(outputs.clone(), targets.clone()),
        };
        let sum = outputs.iter().map(of_pass).reduce(|sum, loss| sum + loss);
        let sum = sum.unwrap_or_else(|| Tensor::zeros([1], self.job.device));
        let value = sum.clone().into_scalar::<f64>() / outputs.len() as f64;
        let seen = Seen { outputs, views, teacher: prepared.teacher.as_ref(), targets, loss };
        let doors = &self.job.doors.losses;
        let share: f64 = doors.iter().map(|door| door.data_share()).product();
        let shared = if share == 1.0 { sum } else { sum * share };
        (doors.iter().fold(shared, |sum, door| sum + door.term(&seen)), value)
    }
}

/// The outputs of each pass for the `count` examples themselves, and those of the first pass for each
/// of their views.
fn apart(passes: Vec<Tensor<2>>, count: usize) -> (Vec<Tensor<2>>, Vec<Tensor<2>>) {
    let rows = |outputs: &Tensor<2>| outputs.dims()[0];
    if passes.iter().all(|outputs| rows(outputs) == count) {
        return (passes, Vec::new());
    }
    let part = |outputs: &Tensor<2>, start: usize| outputs.clone().narrow(0, start, count);
    let first = passes.first().into_iter();
    let starts = |outputs: &Tensor<2>| (count..rows(outputs)).step_by(count.max(1));
    let views = first.flat_map(|outputs| starts(outputs).map(|start| part(outputs, start)));
    (passes.iter().map(|outputs| part(outputs, 0)).collect(), views.collect())
}

/// The end of a step: the gradient door and what the optimizer does.
struct Update<'a> {
    doors: &'a Doors,
    list: &'a [Parameter],
    chance: Chance,
    starts: &'a Starts,
    rates: Option<&'a [f64]>,
    learning_rate: f64,
    n: f64,
    factors: &'a Factors,
    moves_lambda: bool,
}

impl<'a> Update<'a> {
    fn place(&self, parameter: &'a Parameter, index: usize) -> Place<'a> {
        Place { start: self.starts.get(index), ..Place::of(parameter, self.n) }
    }

    /// The slots of `seen`, whose weights the weight door has changed, with the gradients of what
    /// they were before.
    fn slots<M: Network>(&self, seen: &M, gradients: &mut Gradients) -> Vec<Slot<'a>> {
        let mut slots = slots(seen, self.list, gradients);
        for slot in slots.iter_mut().filter(|slot| acts_on(slot.parameter)) {
            let place = self.place(slot.parameter, slot.index);
            for door in self.doors.weights.iter().rev().filter(|door| door.acts_before()) {
                slot.gradient = door.back(taken(&mut slot.gradient), place, &self.chance);
            }
        }
        slots
    }

    /// The gradients are those of `seen` where the pass saw other weights than the model's own.
    fn apply<M: Network>(
        &self,
        model: M,
        seen: Option<M>,
        mut gradients: Gradients,
        updater: &mut Updater,
        responses: &mut Vec<Response>,
    ) -> (M, Vec<Effect>) {
        let (model, mut slots) = match seen {
            None => take_slots(model, self.list, &mut gradients),
            Some(other) => take_values(model, self.slots(&other, &mut gradients)),
        };
        let doors = self.doors;
        let effects: Vec<Effect> =
            doors.gradients.iter().map(|door| door.apply(&mut slots, &self.chance)).collect();
        if effects.iter().any(|effect| effect.skip.is_some()) {
            return (update(model, slots, &mut |slot| slot.value), effects);
        }
        let (n, starts, factors) = (self.n, self.starts, self.factors);
        let (weights, penalties) = (&doors.weights, &doors.penalties);
        let around = Around { weights, penalties, starts, n, factors };
        let model = update(model, slots, &mut |slot| {
            let factor = self.rates.and_then(|rates| rates.get(slot.index));
            let rate = self.learning_rate * factor.unwrap_or(&1.0);
            if !self.moves_lambda || !acts_on(slot.parameter) {
                return updater.update(rate, slot, around);
            }
            let (parameter, index, before) = (slot.parameter, slot.index, slot.value.clone());
            let after = updater.update(rate, slot, around);
            if let Some(reach) = updater.reach(rate, &parameter.path) {
                let weights = (&before, &after);
                responses.extend(around.responses(weights, (parameter, index), rate, &reach));
            }
            after
        });
        (model, effects)
    }
}

/// Does `work` on tensors of these shapes in the thread pool, if any is worth several threads: each
/// pass over one would otherwise enter the pool and be woken again.
fn in_pool<T: Send>(parameters: &[Parameter], work: impl FnOnce() -> T + Send) -> T {
    let large = |parameter: &Parameter| parameter.shape.iter().product::<usize>() > CHUNK;
    if parameters.iter().any(large) { rayon::scope(|_| work()) } else { work() }
}

/// The value of all penalties on all weights.
pub fn penalty<M: Network>(
    model: &M,
    parameters: &[Parameter],
    starts: &Starts,
    factors: &Factors,
    job: &Job<'_, M>,
) -> f64 {
    let n = job.train.len() as f64;
    let mut value = 0.0;
    each(model, &mut |index, weights| {
        if let Some(parameter) = parameters.get(index).filter(|parameter| acts_on(parameter)) {
            let start = starts.get(index);
            let of = |penalty: &dyn PenaltyDoor| {
                let factor = factors.of(penalty.id(), index);
                penalty.value(&weights, Place { parameter, start, n, factor })
            };
            value += job.doors.penalties.iter().map(|penalty| of(&**penalty)).sum::<f64>();
        }
    });
    value
}
