//! A model's tensors by path, frozen at one moment.
//!
//! Burn shares batch-norm statistics between clones and keeps their last update pending, so a
//! clone is no copy. A snapshot is taken of `valid()`, which settles the statistics, and is
//! restored only into a freshly built model.

use crate::Error;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};
use std::collections::BTreeMap;

/// The values of all float tensors of a model, running statistics included.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    tensors: BTreeMap<String, TensorData>,
}

impl Snapshot {
    /// Copies the tensors of `model`, which goes on unchanged.
    pub fn of<M: Module>(model: &M) -> Self {
        let mut capture = Capture::default();
        model.valid().visit(&mut capture);
        Self { tensors: capture.tensors }
    }

    /// Puts the tensors into `fresh`, a model built just now and never trained.
    ///
    /// # Errors
    /// [`Error::Stored`] when a tensor is missing, is left over or has another shape.
    pub fn restore<M: Module>(&self, fresh: M) -> Result<M, Error> {
        let mut restore = Restore { path: Vec::new(), left: self.tensors.clone(), wrong: None };
        let model = fresh.map(&mut restore);
        let left_over = restore.left.keys().next().map(|path| format!("`{path}` has no place"));
        match restore.wrong.or(left_over) {
            Some(message) => Err(Error::Stored { what: "stored model".to_owned(), message }),
            None => Ok(model),
        }
    }

    /// All bytes of the tensors, to tell whether two models are the same.
    pub fn bits(&self) -> impl Iterator<Item = u64> + use<> {
        let tensors: Vec<TensorData> = self.tensors.values().cloned().collect();
        tensors.into_iter().flat_map(|data| data.as_bytes().to_vec()).map(u64::from)
    }

    /// Puts another tensor at `path`.
    pub fn insert(&mut self, path: String, tensor: TensorData) {
        self.tensors.insert(path, tensor);
    }

    /// The tensors by path.
    pub fn tensors(&self) -> &BTreeMap<String, TensorData> {
        &self.tensors
    }
}

impl FromIterator<(String, TensorData)> for Snapshot {
    fn from_iter<I: IntoIterator<Item = (String, TensorData)>>(tensors: I) -> Self {
        Self { tensors: tensors.into_iter().collect() }
    }
}

#[derive(Default)]
struct Capture {
    path: Vec<String>,
    tensors: BTreeMap<String, TensorData>,
}

impl ModuleVisitor for Capture {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.tensors.insert(self.path.join("."), param.val().into_data());
    }
}

struct Restore {
    path: Vec<String>,
    left: BTreeMap<String, TensorData>,
    wrong: Option<String>,
}

impl ModuleMapper for Restore {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let path = self.path.join(".");
        let expected = param.shape();
        match self.left.remove(&path) {
            Some(data) if *data.shape() == expected => param.map(|old| {
                let tensor = Tensor::from_data(data, (&old.device(), old.dtype()));
                let trained = old.is_require_grad();
                if trained { tensor.set_require_grad(true) } else { tensor }
            }),
            Some(data) => {
                let found = data.shape();
                self.wrong
                    .get_or_insert(format!("`{path}`: expected shape {expected}, found {found}"));
                param
            }
            None => {
                self.wrong.get_or_insert(format!("`{path}` is missing"));
                param
            }
        }
    }
}
