//! Tensors and gradients of a model on their way through an update.

use super::Parameter;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Shape, Tensor};

/// One trained tensor in an update: its value and gradient as vectors, without autodiff.
#[derive(Debug, Clone)]
pub struct Slot<'a> {
    /// Name, shape and role.
    pub parameter: &'a Parameter,
    /// Position in the model's visiting order.
    pub index: usize,
    /// The value, flat.
    pub value: Tensor<1>,
    /// The gradient, flat.
    pub gradient: Tensor<1>,
}

/// Takes the value and gradient of every tensor that got one.
///
/// `list` is what [`parameters`](super::parameters) gave for this model.
pub fn slots<'a, M: Module>(
    model: &M,
    list: &'a [Parameter],
    gradients: &mut Gradients,
) -> Vec<Slot<'a>> {
    let mut view = View { list, gradients, next: 0, slots: Vec::with_capacity(list.len()) };
    model.visit(&mut view);
    view.slots
}

struct View<'a, 'g> {
    list: &'a [Parameter],
    gradients: &'g mut Gradients,
    next: usize,
    slots: Vec<Slot<'a>>,
}

impl<'a> View<'a, '_> {
    /// The slot of the next tensor, if it got a gradient.
    fn slot<const D: usize>(&mut self, value: &Tensor<D>) -> Option<Slot<'a>> {
        let index = self.next;
        self.next += 1;
        let parameter = self.list.get(index)?;
        let gradient = value.grad_remove(self.gradients)?.flatten(0, D - 1);
        Some(Slot { parameter, index, value: value.clone().inner().flatten(0, D - 1), gradient })
    }
}

impl ModuleVisitor for View<'_, '_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let slot = self.slot(&param.val());
        self.slots.extend(slot);
    }
}

/// As [`slots`], but the tensors leave the model, which is whole again behind [`update`].
///
/// A tensor that its slot alone holds is read and changed where it lies, without a copy.
pub fn take_slots<'a, M: Module>(
    model: M,
    list: &'a [Parameter],
    gradients: &mut Gradients,
) -> (M, Vec<Slot<'a>>) {
    let mut take = Take(View { list, gradients, next: 0, slots: Vec::with_capacity(list.len()) });
    let model = model.map(&mut take);
    (model, take.0.slots)
}

struct Take<'a, 'g>(View<'a, 'g>);

impl ModuleMapper for Take<'_, '_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if !param.is_require_grad() {
            self.0.next += 1;
            return param;
        }
        param.map(|value| match self.0.slot(&value) {
            Some(slot) => {
                self.0.slots.push(slot);
                Tensor::empty([0; D], &value.device())
            }
            None => value,
        })
    }
}

/// Slots with the gradients of another model at the same places, and the tensors of `model`, which
/// leave it as in [`take_slots`].
pub fn take_values<'a, M: Module>(model: M, mut slots: Vec<Slot<'a>>) -> (M, Vec<Slot<'a>>) {
    let model = model.map(&mut Exchange { next: 0, slots: slots.iter_mut().peekable() });
    (model, slots)
}

struct Exchange<'a, 's> {
    next: usize,
    slots: std::iter::Peekable<std::slice::IterMut<'s, Slot<'a>>>,
}

impl ModuleMapper for Exchange<'_, '_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let index = self.next;
        self.next += 1;
        match self.slots.next_if(|slot| slot.index == index) {
            Some(slot) => param.map(|value| {
                let device = value.device();
                slot.value = value.inner().flatten(0, D - 1);
                Tensor::empty([0; D], &device)
            }),
            None => param,
        }
    }
}

/// Gives the model back the tensors of [`take_slots`], as `change` makes them of their slots.
pub fn update<M: Module>(
    model: M,
    slots: Vec<Slot<'_>>,
    change: &mut dyn FnMut(Slot<'_>) -> Tensor<1>,
) -> M {
    model.map(&mut Put { next: 0, slots: slots.into_iter().peekable(), change })
}

struct Put<'a, 'c> {
    next: usize,
    slots: std::iter::Peekable<std::vec::IntoIter<Slot<'a>>>,
    change: &'c mut dyn FnMut(Slot<'_>) -> Tensor<1>,
}

impl ModuleMapper for Put<'_, '_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let index = self.next;
        self.next += 1;
        match self.slots.next_if(|slot| slot.index == index) {
            Some(slot) => param.map(|_| {
                let shape = Shape::from(slot.parameter.shape.as_slice());
                let new = (self.change)(slot);
                Tensor::from_inner(new.reshape(shape)).set_require_grad(true)
            }),
            None => param,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameters;
    use super::*;
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::Device;

    fn model() -> Linear {
        let mut model = LinearConfig::new(3, 2).init(&Device::flex().autodiff());
        model.bias = model.bias.map(|bias| bias.set_require_grad(false));
        model
    }

    #[test]
    fn taken_tensors_come_back_and_the_others_never_leave() {
        let model = model();
        let bits = |model: &Linear| model.weight.val().into_data();
        let (weight, bias) = (bits(&model), model.bias.as_ref().map(|b| b.val().into_data()));
        let list = parameters(&model);
        let x = Tensor::<2>::ones([4, 3], &Device::flex().autodiff());
        let mut gradients = model.forward(x).sum().backward();
        let (model, taken) = take_slots(model, &list, &mut gradients);
        assert_eq!(taken.iter().map(|slot| slot.index).collect::<Vec<_>>(), [0]);
        assert_eq!(taken[0].value.clone().into_data().shape().as_slice(), [6]);
        assert_eq!(model.weight.val().dims(), [0, 0]);
        let model = update(model, taken, &mut |slot| slot.value);
        assert_eq!(bits(&model), weight);
        assert_eq!(model.bias.as_ref().map(|b| b.val().into_data()), bias);
        assert_eq!(parameters(&model), list);
    }
}
