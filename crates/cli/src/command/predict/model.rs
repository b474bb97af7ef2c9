//! A stored model: a network of `wellfit train`, or a linear model of `wellfit path`.

use super::rows::Row;
use std::num::NonZeroUsize;
use std::path::Path;
use wellfit::core::number::Fraction;
use wellfit::data::Examples;
use wellfit::{Error, Evaluation, LinearModel, Prediction, StoredModel};

/// One of the two kinds.
pub enum Model {
    Network(Box<StoredModel>),
    Linear(Box<LinearModel>, std::path::PathBuf),
}

/// Predictions part by part, with what samples say where samples are asked for.
pub type Parts<'a> = Box<dyn Iterator<Item = Result<Vec<Row>, Error>> + 'a>;

impl Model {
    /// Opens whatever lies at `path`.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if LinearModel::is_at(path) {
            let model = LinearModel::open(path)?;
            return Ok(Self::Linear(Box::new(model), path.to_owned()));
        }
        StoredModel::open(path).map(|model| Self::Network(Box::new(model)))
    }

    pub fn set_threshold(&mut self, threshold: Fraction) -> Result<(), Error> {
        match self {
            Self::Network(model) => model.set_threshold(threshold),
            Self::Linear(model, _) => model.set_threshold(threshold),
        }
    }

    pub fn read(
        &self,
        path: &Path,
        labelled: bool,
        keep: &[String],
    ) -> Result<Examples<'_>, Error> {
        match self {
            Self::Network(model) => model.read(path, labelled, keep),
            Self::Linear(model, _) => model.read(path, labelled, keep),
        }
    }

    pub fn classes(&self) -> &[String] {
        match self {
            Self::Network(model) => model.classes(),
            Self::Linear(model, _) => model.classes(),
        }
    }

    /// How good the model is on labelled examples, with what samples say where they are asked for.
    pub fn evaluate(
        &self,
        examples: &Examples<'_>,
        samples: Option<NonZeroUsize>,
    ) -> Result<Evaluation, Error> {
        match (self, samples) {
            (Self::Network(model), None) => model.evaluate(examples),
            (Self::Linear(model, _), None) => model.evaluate(examples),
            (Self::Network(model), Some(samples)) => {
                let uncertainty = Some(model.uncertainty(examples, samples)?);
                Ok(Evaluation { uncertainty, ..model.evaluate(examples)? })
            }
            (Self::Linear(_, path), Some(_)) => Err(draws_nothing(path)),
        }
    }

    pub fn parts<'a>(
        &'a self,
        examples: &'a Examples<'a>,
        samples: Option<NonZeroUsize>,
    ) -> Result<Parts<'a>, Error> {
        match (self, samples) {
            (Self::Network(model), None) => Ok(plain(model.predict(examples))),
            (Self::Linear(model, _), None) => Ok(plain(model.predict(examples))),
            (Self::Network(model), Some(samples)) => {
                let parts = model.predict_sampled(examples, samples)?;
                let row = |(prediction, spread)| (prediction, Some(spread));
                Ok(Box::new(parts.map(move |part| Ok(part?.into_iter().map(row).collect()))))
            }
            (Self::Linear(_, path), Some(_)) => Err(draws_nothing(path)),
        }
    }
}

fn draws_nothing(path: &Path) -> Error {
    let message = "samples need a model that draws, and a linear one does not";
    Error::Model { path: path.to_owned(), message: message.to_owned() }
}

fn plain<'a>(parts: impl Iterator<Item = Result<Vec<Prediction>, Error>> + 'a) -> Parts<'a> {
    Box::new(parts.map(|part| Ok(part?.into_iter().map(|found| (found, None)).collect())))
}
