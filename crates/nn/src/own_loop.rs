//! The doors in a training loop of your own, beside Burn's optimizer.
//!
//! Layers are layers, and batch techniques are functions on tensors. What changes gradients goes
//! between `backward` and `optimizer.step`. Decay stands in front of the step, proximal operators
//! behind it; [`Averages`](crate::average::Averages) take the model in after it. The example
//! `burn_loop` of the crate `wellfit` shows all of them at work.
//!
//! A loop tells layers where it is by the [`StepClock`](crate::chance::StepClock) that they hold:
//! `begin` in front of every pass, and `at_epoch` where a rate or a divergence follows the epochs.
//! Layers with a divergence, as Bayesian ones, give it to the loss by `take_terms`: a sum over
//! weights, to be divided by the number of training examples.

use crate::parameter::{Parameter, Slot, parameters, slots};
use crate::penalty::acts_on;
use crate::weight::{self, AscentDoor};
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Gradients, Tensor};

/// Lets `change` work on the gradients of `model`: gradient doors, and
/// [`add_gradients`](crate::penalty::add_gradients) for penalties.
///
/// `model` is in training; tensors that it does not train have no gradient and are not seen.
pub fn on_gradients<M: Module>(
    model: &M,
    mut gradients: Gradients,
    change: impl FnOnce(&mut [Slot<'_>]),
) -> GradientsParams {
    let list = parameters(model);
    let mut slots = slots(model, &list, &mut gradients);
    change(&mut slots);
    let mut register = Register { next: 0, slots: &slots, changed: GradientsParams::new() };
    model.visit(&mut register);
    register.changed
}

/// `model` at the weights where `door`, as SAM, wants the gradient, from the gradients of a first
/// pass. Those of a second pass on it go to the optimizer with `model` itself.
///
/// Batch norms should not see the batch twice: hold their statistics by
/// [`StepClock::statistics`](crate::chance::StepClock::statistics).
pub fn ascended<M: Module>(model: &M, mut gradients: Gradients, door: &dyn AscentDoor) -> M {
    let list = parameters(model);
    weight::ascended(model, slots(model, &list, &mut gradients), door)
}

/// Lets `change` work on the weights of `model`, flat: decay in front of the optimizer's step,
/// proximal operators behind it. Biases, norm parameters and statistics are not seen.
pub fn on_weights<M: Module>(
    model: M,
    change: impl FnMut(&Parameter, Tensor<1>) -> Tensor<1>,
) -> M {
    let list = parameters(&model);
    model.map(&mut Weights { list: &list, next: 0, change })
}

struct Register<'a> {
    next: usize,
    slots: &'a [Slot<'a>],
    changed: GradientsParams,
}

impl ModuleVisitor for Register<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some((slot, rest)) = self.slots.split_first()
            && slot.index == self.next
        {
            let gradient: Tensor<D> = slot.gradient.clone().reshape(param.shape());
            self.changed.register(param.id, gradient);
            self.slots = rest;
        }
        self.next += 1;
    }
}

struct Weights<'a, F> {
    list: &'a [Parameter],
    next: usize,
    change: F,
}

impl<F: FnMut(&Parameter, Tensor<1>) -> Tensor<1>> ModuleMapper for Weights<'_, F> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let parameter = self.list.get(self.next).filter(|parameter| acts_on(parameter));
        self.next += 1;
        let Some(parameter) = parameter else { return param };
        param.map(|old| {
            let shape = old.shape();
            let changed = (self.change)(parameter, old.inner().flatten(0, D - 1));
            Tensor::from_inner(changed.reshape(shape)).set_require_grad(true)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Chance;
    use crate::gradient::{GradientDoor, clip_global_norm::ClipGlobalNorm};
    use crate::weight::sam::Sam;
    use burn::nn::{Linear, LinearConfig};
    use burn::optim::SgdConfig;
    use burn::tensor::Device;
    use wellfit_core::number::Positive;
    use wellfit_core::seed::{Address, Seed};

    fn model() -> Linear {
        LinearConfig::new(3, 2).init(&Device::flex().autodiff())
    }

    fn values<const D: usize>(tensor: &Param<Tensor<D>>) -> Vec<f32> {
        tensor.val().into_data().try_into_vec().unwrap()
    }

    #[test]
    fn changed_gradients_reach_burn_s_optimizer() {
        let model = model();
        let before = values(&model.weight);
        let x = Tensor::<2>::ones([4, 3], &Device::flex().autodiff());
        let loss = model.forward(x).sum();
        let chance = Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 };
        let clip = ClipGlobalNorm { max_norm: Positive::new(1.0).unwrap() };
        let gradients = on_gradients(&model, loss.backward(), |slots| {
            clip.apply(slots, &chance);
        });
        let model = SgdConfig::new().init().step(1.0, model, gradients);
        // Every gradient is 4, for 6 weights and 2 biases: norm sqrt(128), so each becomes
        // 4 / sqrt(128).
        let step = 4.0 / 128f32.sqrt();
        for (new, old) in values(&model.weight).iter().zip(&before) {
            assert!((old - new - step).abs() < 1e-6);
        }
    }

    /// The loss is linear in the weights: the second gradient is the first, elsewhere.
    #[test]
    fn a_second_pass_elsewhere_moves_the_model_itself() {
        let model = model();
        let before = values(&model.weight);
        let x = || Tensor::<2>::ones([4, 3], &Device::flex().autodiff());
        let sam: Sam = toml::from_str("rho = 2.0").unwrap();
        let higher = ascended(&model, model.forward(x()).sum().backward(), &sam);
        // Every gradient is 4, for 6 weights and 2 biases.
        for (up, w) in values(&higher.weight).iter().zip(&before) {
            assert!((up - w - 2.0 / 8f32.sqrt()).abs() < 1e-6);
        }
        assert_eq!(values(&model.weight), before);
        let second = higher.forward(x()).sum().backward();
        let second = GradientsParams::from_grads(second, &higher);
        let model = SgdConfig::new().init().step(0.5, model, second);
        for (new, old) in values(&model.weight).iter().zip(&before) {
            assert!((old - new - 2.0).abs() < 1e-6);
        }
    }

    #[test]
    fn only_weights_are_changed_after_the_step() {
        let model = model();
        let bias = values(model.bias.as_ref().unwrap());
        let model = on_weights(model, |_, w| w * 0.0);
        assert!(values(&model.weight).iter().all(|&w| w == 0.0));
        assert_eq!(values(model.bias.as_ref().unwrap()), bias);
        assert!(model.weight.is_require_grad());
    }
}
