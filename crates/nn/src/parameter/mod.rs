//! Which tensors of a model are weights, and the flat view in which doors see them.

mod depth;
mod slot;
mod zeros;

pub use depth::depths;
pub use slot::{Slot, slots, take_slots, take_values, update};
pub use zeros::{Zeros, zero_share, zeros};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

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
