//! Exact zeros: what proximal steps and pruning leave.

use super::{Parameter, Role, each};
use burn::module::Module;
use serde::Serialize;

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
