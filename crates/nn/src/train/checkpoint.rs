//! A run frozen between two steps, and the file that holds it.
//!
//! One safetensors file: the tensors of the model, of the best model and of the optimizer, and the
//! rest as TOML in its metadata (TOML knows NaN and infinity, which a log may hold). It is written
//! under a temporary name, synced and renamed, so that there is always one whole checkpoint.

use super::{Online, StoppedBy};
use crate::Error;
use crate::lambda::LambdaState;
use crate::optimizer::Moments;
use crate::snapshot::Snapshot;
use burn::tensor::{DType, Device, Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use wellfit_core::run::Run;

/// Everything that a run needs to go on as if it had never stopped.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// Steps done.
    pub step: u64,
    /// What the epoch in progress has seen.
    pub online: Online,
    /// What was logged.
    pub log: Run,
    /// The best model so far.
    pub best: Option<Best>,
    /// What ended the run, when it has ended.
    pub stopped_by: Option<StoppedBy>,
    /// The model.
    pub model: Snapshot,
    /// The optimizer's state by parameter path.
    pub moments: BTreeMap<String, Moments>,
    /// Averages of the weights, flat, by technique and parameter path: `ema/head.weight`.
    pub averages: BTreeMap<String, Tensor<1>>,
    /// Where the descent of λ stands, where λ is found in the run.
    pub lambda: Option<LambdaState>,
}

/// The best model of a run.
#[derive(Debug, Clone)]
pub struct Best {
    /// Its epoch, from 1.
    pub epoch: u64,
    /// Its monitored value.
    pub value: f64,
    /// Its tensors.
    pub model: Snapshot,
}

/// What of a checkpoint is no tensor.
#[derive(Serialize, Deserialize)]
struct State {
    /// What the run was made from; a checkpoint goes on with nothing else.
    recipe: String,
    step: u64,
    best: Option<(u64, f64)>,
    stopped_by: Option<StoppedBy>,
    online: Online,
    adam_steps: BTreeMap<String, u64>,
    #[serde(default)]
    lambda: Option<LambdaState>,
    log: Run,
}

const STATE: &str = "wellfit";

impl Checkpoint {
    /// Writes the checkpoint as bytes; `recipe` is compared when it is read.
    ///
    /// # Errors
    /// A tensor has a type that the format does not know.
    pub fn to_bytes(&self, recipe: &str) -> Result<Vec<u8>, Error> {
        let mut tensors: Vec<(String, TensorData)> = Vec::new();
        let mut add = |group: &str, path: &str, data: TensorData| {
            tensors.push((format!("{group}/{path}"), data));
        };
        for (path, data) in self.model.tensors() {
            add("model", path, data.clone());
        }
        for (path, data) in self.best.iter().flat_map(|best| best.model.tensors()) {
            add("best", path, data.clone());
        }
        for (path, moments) in &self.moments {
            for (group, moment) in [("first", &moments.first), ("second", &moments.second)] {
                if let Some(moment) = moment {
                    add(group, path, moment.to_data());
                }
            }
        }
        for (path, average) in &self.averages {
            add("average", path, average.to_data());
        }
        let steps = self.moments.iter().map(|(path, moments)| (path.clone(), moments.steps));
        let state = State {
            recipe: recipe.to_owned(),
            step: self.step,
            best: self.best.as_ref().map(|best| (best.epoch, best.value)),
            stopped_by: self.stopped_by.clone(),
            online: self.online,
            adam_steps: steps.collect(),
            lambda: self.lambda.clone(),
            log: self.log.clone(),
        };
        let state = toml::to_string(&state).map_err(|error| wrong(error.to_string()))?;
        encode(&tensors, HashMap::from([(STATE.to_owned(), state)]))
    }

    /// Reads a checkpoint that was written for the same `recipe`.
    ///
    /// # Errors
    /// [`Error::Stored`] when the bytes are no checkpoint, or one of another recipe.
    pub fn from_bytes(bytes: &[u8], recipe: &str) -> Result<Self, Error> {
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let state = metadata.metadata().as_ref().and_then(|map| map.get(STATE));
        let state = state.ok_or_else(|| wrong("it holds no training state".to_owned()))?;
        let state: State = toml::from_str(state).map_err(damaged)?;
        if state.recipe != recipe {
            let message = "it belongs to another recipe; resume with the recipe, the options and \
                           the seed that began the run";
            return Err(wrong(message.to_owned()));
        }
        let mut groups: BTreeMap<String, Vec<(String, TensorData)>> = BTreeMap::new();
        for (name, data) in decode(bytes)? {
            let (group, path) = name.split_once('/').unwrap_or(("", &name));
            groups.entry(group.to_owned()).or_default().push((path.to_owned(), data));
        }
        let mut take = |group: &str| groups.remove(group).unwrap_or_default();
        let best = state.best.map(|(epoch, value)| Best {
            epoch,
            value,
            model: take("best").into_iter().collect(),
        });
        let moments = moments(state.adam_steps, take("first"), take("second"));
        Ok(Self {
            step: state.step,
            online: state.online,
            log: state.log,
            best,
            stopped_by: state.stopped_by,
            model: take("model").into_iter().collect(),
            moments,
            averages: tensors(take("average")),
            lambda: state.lambda,
        })
    }
}

fn tensors(list: Vec<(String, TensorData)>) -> BTreeMap<String, Tensor<1>> {
    let device = Device::default();
    let tensor = |(path, data): (String, TensorData)| {
        let dtype = data.dtype();
        (path, Tensor::from_data(data, (&device, dtype)))
    };
    list.into_iter().map(tensor).collect()
}

fn moments(
    steps: BTreeMap<String, u64>,
    first: Vec<(String, TensorData)>,
    second: Vec<(String, TensorData)>,
) -> BTreeMap<String, Moments> {
    let (mut first, mut second) = (tensors(first), tensors(second));
    let of = |(path, steps): (String, u64)| {
        let moments = Moments { first: first.remove(&path), second: second.remove(&path), steps };
        (path, moments)
    };
    steps.into_iter().map(of).collect()
}

fn wrong(message: String) -> Error {
    Error::Stored { what: "checkpoint".to_owned(), message }
}

fn damaged(error: impl std::fmt::Display) -> Error {
    wrong(format!("expected a whole file, found a cut or damaged one ({error})"))
}

/// Tensors as a safetensors file.
fn encode(
    tensors: &[(String, TensorData)],
    metadata: HashMap<String, String>,
) -> Result<Vec<u8>, Error> {
    let mut views = Vec::with_capacity(tensors.len());
    for (name, data) in tensors {
        let dtype = match data.dtype() {
            DType::F32 => Dtype::F32,
            DType::F64 => Dtype::F64,
            other => return Err(wrong(format!("`{name}` has the unknown type {other:?}"))),
        };
        let view = TensorView::new(dtype, data.shape().to_vec(), data.as_bytes())
            .map_err(|error| wrong(error.to_string()))?;
        views.push((name.clone(), view));
    }
    safetensors::serialize(views, Some(metadata)).map_err(|error| wrong(error.to_string()))
}

/// The tensors of a safetensors file.
fn decode(bytes: &[u8]) -> Result<Vec<(String, TensorData)>, Error> {
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let tensor = |(name, view): (String, TensorView<'_>)| {
        let dtype = match view.dtype() {
            Dtype::F32 => DType::F32,
            Dtype::F64 => DType::F64,
            other => return Err(wrong(format!("`{name}` has the unknown type {other:?}"))),
        };
        let data = TensorData::from_bytes_vec(view.data().to_vec(), view.shape().to_vec(), dtype);
        Ok((name, data))
    };
    file.tensors().into_iter().map(tensor).collect()
}

impl Snapshot {
    /// The tensors as a safetensors file, with `metadata` for whoever reads it.
    ///
    /// # Errors
    /// A tensor has a type that the format does not know.
    pub fn to_safetensors(&self, metadata: HashMap<String, String>) -> Result<Vec<u8>, Error> {
        let tensors: Vec<(String, TensorData)> =
            self.tensors().iter().map(|(path, data)| (path.clone(), data.clone())).collect();
        encode(&tensors, metadata)
    }

    /// The tensors of a safetensors file.
    ///
    /// # Errors
    /// [`Error::Stored`] when the bytes are no such file.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, Error> {
        Ok(decode(bytes)?.into_iter().collect())
    }
}
