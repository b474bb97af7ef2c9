//! Which tensors of a model are weights, and the flat view in which doors see them.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Shape, Tensor};
use serde::Serialize;

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
    /// Lies in a technique that stands over weights, as the spread of a Bayesian layer: not
    /// penalized, for the technique has a term of its own.
    Reparameterization,
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
            Self::Reparameterization => {
                "of a technique over the weights: not penalized, it has a term of its own"
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
            () if self.path.iter().any(|(_, container)| container == "Reparameterization") => {
                Role::Reparameterization
            }
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

/// A model with other values for some of its trained tensors: `change` is shown position and flat
/// value of each, and gives the new value or none. Ids stay, so that gradients of the result fit
/// the model; running statistics are shared with it.
pub fn changed<M: Module>(
    model: M,
    change: &mut dyn FnMut(usize, Tensor<1>) -> Option<Tensor<1>>,
) -> M {
    model.map(&mut Change { next: 0, change })
}

struct Change<'c> {
    next: usize,
    change: &'c mut dyn FnMut(usize, Tensor<1>) -> Option<Tensor<1>>,
}

impl ModuleMapper for Change<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let index = self.next;
        self.next += 1;
        if !param.is_require_grad() {
            return param;
        }
        let old = param.val().inner();
        match (self.change)(index, old.clone().flatten(0, D - 1)) {
            None => param,
            Some(new) => {
                let new = new.reshape(old.shape());
                param.map(|_| Tensor::from_inner(new).set_require_grad(true))
            }
        }
    }
}

/// Shows `see` the position and the flat value of every float tensor of a model.
pub fn each<M: Module>(model: &M, see: &mut dyn FnMut(usize, Tensor<1>)) {
    model.visit(&mut Each { next: 0, see });
}

struct Each<'s> {
    next: usize,
    see: &'s mut dyn FnMut(usize, Tensor<1>),
}

impl ModuleVisitor for Each<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        (self.see)(self.next, param.val().inner().flatten(0, D - 1));
        self.next += 1;
    }
}

/// How many numbers of a tensor are exactly zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Zeros {
    /// Path of the tensor.
    pub path: String,
    /// Exact zeros.
    pub zeros: usize,
    /// All numbers.
    pub of: usize,
}

/// The exact zeros of every tensor of weights of `model`, whose tensors are `list`.
pub fn zeros<M: Module>(model: &M, list: &[Parameter]) -> Vec<Zeros> {
    let mut found = Vec::new();
    each(model, &mut |index, value| {
        if let Some(parameter) = list.get(index).filter(|p| p.role == Role::Weight) {
            let (path, data) = (parameter.path.clone(), value.into_data());
            let zeros = data.iter::<f64>().filter(|w| *w == 0.0).count();
            found.push(Zeros { path, zeros, of: parameter.shape.iter().product() });
        }
    });
    found
}

/// The share of exact zeros in all weights.
pub fn zero_share(layers: &[Zeros]) -> f64 {
    let (zeros, of) = layers.iter().fold((0, 0), |(z, n), next| (z + next.zeros, n + next.of));
    zeros as f64 / of.max(1) as f64
}

/// How many layers each tensor lies below the model's outputs, 0 for those of the last.
///
/// A layer is what stands at one place of a path: `stem`, `blocks.0`, `head`; places come in the
/// order of the model's fields.
pub fn depths(list: &[Parameter]) -> Vec<usize> {
    let mut layers: Vec<String> = Vec::new();
    let of = |path: &str| {
        let steps: Vec<&str> = path.split('.').collect();
        // Up to the first number, or the first field below the kind of model.
        let number = steps.iter().position(|step| step.parse::<usize>().is_ok());
        let kind = steps.first().is_some_and(|s| s.starts_with(|c: char| c.is_uppercase()));
        let end = number.map_or(1 + usize::from(kind), |at| at + 1);
        steps.iter().take(end).copied().collect::<Vec<_>>().join(".")
    };
    for parameter in list {
        let layer = of(&parameter.path);
        if !layers.contains(&layer) {
            layers.push(layer);
        }
    }
    let depth = |parameter: &Parameter| {
        let layer = of(&parameter.path);
        let at = layers.iter().position(|other| *other == layer).unwrap_or(0);
        layers.len() - 1 - at
    };
    list.iter().map(depth).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_layers_from_the_outputs() {
        let paths = [
            ("Mlp.blocks.0.linear.weight", 2),
            ("Mlp.blocks.0.norm.0.LayerNorm.gamma", 2),
            ("Mlp.blocks.1.linear.bias", 1),
            ("Mlp.head.weight", 0),
        ];
        let list = paths.map(|(path, _)| Parameter {
            path: path.to_owned(),
            shape: vec![1],
            role: Role::Weight,
        });
        assert_eq!(depths(&list), paths.map(|(_, depth)| depth));
    }
}
