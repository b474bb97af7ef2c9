//! Which tensors of a model are weights, and the flat view in which doors see them.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Shape, Tensor};

/// What a tensor of a model is for; it decides who may touch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Multiplies inputs: penalties, decay and proximal steps act on it.
    Weight,
    /// Shifts: never penalized.
    Bias,
    /// Scale or shift of a normalization: never penalized.
    Norm,
    /// Vectors of a category's levels: not penalized.
    Embedding,
    /// Not trained, a running statistic or frozen: nobody touches it.
    Fixed,
}

impl Role {
    /// Why a penalty acts on it or not, in words.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Weight => "a weight",
            Self::Bias => "a bias or other vector: never penalized",
            Self::Norm => "scale or shift of a normalization: never penalized",
            Self::Embedding => {
                "an embedding: not penalized, for a rare level would shrink at every step \
                 that does not show it"
            }
            Self::Fixed => "not trained (running statistic or frozen): never touched",
        }
    }
}

/// One float tensor of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Names of the fields that lead to it, joined by dots.
    pub path: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// What it is for.
    pub role: Role,
}

/// Lists every float tensor of `model` in visiting order.
///
/// Ask a model that is in training: elsewhere no tensor requires a gradient, and all are `Fixed`.
pub fn parameters<M: Module>(model: &M) -> Vec<Parameter> {
    let mut list = List::default();
    model.visit(&mut list);
    list.found
}

#[derive(Default)]
struct List {
    path: Vec<(String, String)>,
    found: Vec<Parameter>,
}

impl List {
    /// Burn's norms call their tensors gamma and beta; the type that owns them tells more than
    /// the name, and rank tells biases apart whatever they are called.
    fn role(&self, trained: bool, rank: usize) -> Role {
        let owner = self.path.last().map_or("", |(_, container)| container.as_str());
        match () {
            () if !trained => Role::Fixed,
            () if owner.ends_with("Norm") => Role::Norm,
            () if owner.ends_with("Embedding") => Role::Embedding,
            () if rank < 2 => Role::Bias,
            () => Role::Weight,
        }
    }
}

impl ModuleVisitor for List {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.push((name.to_owned(), container.to_owned()));
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let names: Vec<&str> = self.path.iter().map(|(name, _)| name.as_str()).collect();
        self.found.push(Parameter {
            path: names.join("."),
            shape: param.shape().to_vec(),
            role: self.role(param.is_require_grad(), D),
        });
    }
}

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
/// `list` is what [`parameters`] gave for this model.
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
