//! Training that starts from a trained model: its weights, a new head, parts that stay as they are.
//!
//! ```text
//! stored weights -> fresh model (a new head keeps its own) -> freeze by name -> train
//! ```

use crate::Error;
use crate::snapshot::Snapshot;
use burn::module::{Flag, Module, ModuleMapper, Param};
use burn::tensor::Tensor;
use std::collections::BTreeSet;

/// The module that maps a model's last features to its outputs, in all of our models.
const HEAD: &str = "head";

/// Puts stored weights into `fresh`, a model built just now; with `new_head`, all but those of the
/// module `head`, which may then have other outputs.
///
/// # Errors
/// [`Error::Stored`] when a tensor is missing, is left over or has another shape.
pub fn start_from<M: Module>(fresh: M, stored: &Snapshot, new_head: bool) -> Result<M, Error> {
    if !new_head {
        return stored.restore(fresh);
    }
    let own = Snapshot::of(&fresh);
    let of_head = |path: &str| matches(HEAD, path);
    let kept = own.tensors().iter().filter(|(path, _)| of_head(path));
    let taken = stored.tensors().iter().filter(|(path, _)| !of_head(path));
    let merged = kept.chain(taken).map(|(path, data)| (path.clone(), data.clone()));
    merged.collect::<Snapshot>().restore(fresh)
}

/// Keeps the named parts of `model` as they are: their weights get no gradient, and their batch
/// norms go by their stored statistics, which stay as well.
///
/// A name is a path of a module or tensor or a part of one, in whole steps: `blocks.0`,
/// `head.weight`, `norm`; `*` stands for any one step.
///
/// # Errors
/// [`Error::Stored`] for a name that no part of the model has; it lists the names there are.
pub fn freeze<M: Module>(model: M, names: &[String]) -> Result<M, Error> {
    let mut freeze = Freeze { names, path: Vec::new(), seen: BTreeSet::new() };
    let model = model.map(&mut freeze);
    let found = |name: &&String| freeze.seen.iter().any(|path| matches(name, path));
    match names.iter().find(|name| !found(name)) {
        None => Ok(model),
        Some(name) => {
            let paths: Vec<&str> = freeze.seen.iter().map(String::as_str).collect();
            let message = format!("no part is called `{name}`; there are {}", paths.join(", "));
            Err(Error::Stored { what: "model to freeze".to_owned(), message })
        }
    }
}

/// Whether `path` is the part called `name` or lies in it.
pub(crate) fn matches(name: &str, path: &str) -> bool {
    let name: Vec<&str> = name.split('.').collect();
    let path: Vec<&str> = path.split('.').collect();
    let same = |(wanted, step): (&&str, &&str)| *wanted == "*" || wanted == step;
    path.windows(name.len()).any(|steps| name.iter().zip(steps).all(same))
}

struct Freeze<'a> {
    names: &'a [String],
    path: Vec<String>,
    /// The tensors of the model.
    seen: BTreeSet<String>,
}

impl Freeze<'_> {
    fn is_named(&self, path: &str) -> bool {
        self.names.iter().any(|name| matches(name, path))
    }
}

impl ModuleMapper for Freeze<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let path = self.path.join(".");
        let named = self.is_named(&path);
        self.seen.insert(path);
        if named { param.set_require_grad(false) } else { param }
    }

    fn map_flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
        if self.is_named(&self.path.join(".")) { Param::<Flag>::from_bool(false) } else { flag }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::StepClock;
    use crate::layer::Sites;
    use crate::model::{Model, ModelConfig, Network};
    use crate::parameter::{Role, parameters};
    use crate::technique::Doors;
    use burn::tensor::{Device, TensorData};
    use wellfit_core::recipe::Recipe;
    use wellfit_core::seed::Seed;

    fn model(outputs: usize, seed: u64) -> Model {
        let text = "[model]\nmlp = { widths = [4, 4] }\n[[regularize]]\nbatch_norm = {}\n";
        let recipe = Recipe::parse("test", text).unwrap();
        let (doors, clock) = (Doors::read(&recipe).unwrap(), StepClock::new());
        let config: ModelConfig = recipe.section("model").unwrap();
        let device = Device::flex().autodiff();
        let sites = Sites::new(&doors, Seed::new(seed), &clock, &device);
        config.build(&[3][..], outputs, &sites).unwrap()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_name_is_a_whole_step_of_a_path() {
        assert!(matches("blocks.1", "blocks.1.linear.weight"));
        assert!(!matches("blocks.1", "blocks.10.linear.weight"));
        assert!(matches("blocks.*.norm", "blocks.0.norm.gamma"));
        assert!(matches("norm", "Mlp.blocks.0.norm.gamma") && !matches("nor", "Mlp.norm.gamma"));
        assert!(!matches("blocks.0.linear.weight.more", "blocks.0.linear.weight"));
    }

    #[test]
    fn the_body_is_taken_and_a_new_head_stays_new() {
        let (stored, fresh) = (Snapshot::of(&model(10, 1)), model(3, 2));
        let own = Snapshot::of(&fresh);
        let refused = start_from(model(3, 2), &stored, false).unwrap_err().to_string();
        assert!(refused.contains("head."), "{refused}");
        let tuned = Snapshot::of(&start_from(fresh, &stored, true).unwrap());
        for (path, data) in tuned.tensors() {
            let from = if path.contains("head") { &own } else { &stored };
            assert_eq!(Some(data), from.tensors().get(path), "{path}");
        }
    }

    #[test]
    fn frozen_parts_are_not_trained_and_their_statistics_stay() {
        let frozen = freeze(model(3, 1), &names(&["blocks.0"])).unwrap();
        for parameter in parameters(&frozen) {
            let fixed = parameter.path.contains("blocks.0") || parameter.path.contains("running");
            assert_eq!(parameter.role == Role::Fixed, fixed, "{}", parameter.path);
        }
        let before = Snapshot::of(&frozen);
        let data = TensorData::new(vec![5.0f32; 12], [4, 3]);
        let x = Tensor::from_data(data, &Device::flex().autodiff());
        for _ in 0..2 {
            let _ = frozen.forward(x.clone());
        }
        let after = Snapshot::of(&frozen);
        let changed = |(path, data): &(&String, &TensorData)| after.tensors()[*path] != **data;
        let changed: Vec<&String> =
            before.tensors().iter().filter(changed).map(|(path, _)| path).collect();
        assert!(!changed.is_empty(), "the second block's statistics move");
        assert!(changed.iter().all(|path| path.contains("blocks.1.norm")), "{changed:?}");
    }

    #[test]
    fn a_name_of_nothing_is_refused_with_the_names_there_are() {
        let refused = freeze(model(3, 1), &names(&["head", "bocks.0"])).unwrap_err().to_string();
        assert!(
            refused.contains("no part is called `bocks.0`; there are Mlp.blocks.0.linear.bias")
        );
    }
}
