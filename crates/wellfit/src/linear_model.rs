//! A linear model that was stored, ready for new rows of its table.

use crate::folder::failed;
use crate::{Error, Prediction};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use wellfit_core::number::Fraction;
use wellfit_data::{Examples, Preprocessing, Reader, Scaler, Source, TableFile, TargetScale};
use wellfit_linear::Design;
use wellfit_linear::datafit::{Datafit, Poisson};
use wellfit_nn::loss::Loss;

/// The version of the file's layout that this program writes and reads.
const SCHEMA: u32 = 1;
/// Rows that are predicted at once.
const ROWS: usize = 4096;

/// What the numbers of a linear model mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// The value itself.
    Gaussian,
    /// The log-odds of the second class.
    Logistic,
    /// The logarithm of the expected count.
    Poisson,
    /// The logarithm of the probability of each class, up to a constant.
    Multinomial,
}

/// What `model.toml` of a linear model holds; all of the model is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinearFile {
    schema: u32,
    kind: Kind,
    /// What the numbers mean.
    pub family: Family,
    /// Strength of the penalty, beside the mean loss.
    pub lambda: f64,
    /// Share of its L1 part.
    pub mix: f64,
    /// From which probability on the second of two classes is predicted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Fraction>,
    /// Names of the features.
    pub features: Vec<String>,
    /// b of each output: one for each class of several, and one alone otherwise.
    pub intercepts: Vec<f64>,
    /// w of each output, in the units of the table.
    pub coefficients: Vec<Vec<f64>>,
    /// How columns become features, and what is predicted.
    pub preprocessing: Preprocessing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Linear,
}

impl LinearFile {
    /// A model of a penalty's strength and share of L1, with an intercept and coefficients for each
    /// output.
    pub fn new(
        family: Family,
        (lambda, mix): (f64, Fraction),
        (intercepts, coefficients): (Vec<f64>, Vec<Vec<f64>>),
        preprocessing: Preprocessing,
    ) -> Self {
        Self {
            schema: SCHEMA,
            kind: Kind::Linear,
            family,
            lambda,
            mix: mix.get(),
            threshold: None,
            features: preprocessing.features(),
            intercepts,
            coefficients,
            preprocessing,
        }
    }

    /// The text of the file.
    ///
    /// # Errors
    /// [`Error::Format`], a defect.
    pub fn text(&self) -> Result<String, Error> {
        let failed = |error: toml::ser::Error| Error::Format {
            what: "model.toml",
            message: error.to_string(),
        };
        toml::to_string(self).map_err(failed)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let (outputs, features) = (file.intercepts.len(), file.features.len());
        let expected = match (file.family, &file.preprocessing.target.classes) {
            (Family::Multinomial, Some(classes)) => classes.len(),
            _ => 1,
        };
        let whole = file.schema == SCHEMA
            && outputs == expected
            && file.coefficients.len() == outputs
            && file.coefficients.iter().all(|w| w.len() == features)
            && file.preprocessing.width() == features;
        let message = || {
            format!(
                "expected a linear model of schema {SCHEMA} with a coefficient for each feature"
            )
        };
        if whole { Ok(file) } else { Err(message()) }
    }
}

/// A linear model with all that is needed to use it.
///
/// ```no_run
/// use wellfit::LinearModel;
///
/// let model = LinearModel::open("paths/houses".as_ref())?;
/// let examples = model.read("new.csv".as_ref(), false, &[])?;
/// for part in model.predict(&examples) {
///     part?.iter().for_each(|prediction| println!("{prediction:?}"));
/// }
/// # Ok::<(), wellfit::Error>(())
/// ```
pub struct LinearModel {
    path: PathBuf,
    file: LinearFile,
    source: Source,
    scaler: Scaler,
    /// Of one example.
    shape: [usize; 1],
}

impl LinearModel {
    /// Whether a linear model lies at `path`, a folder or its `model.toml`.
    pub fn is_at(path: &Path) -> bool {
        let table = std::fs::read_to_string(card(path)).ok();
        let table = table.and_then(|text| text.parse::<toml::Table>().ok());
        table.is_some_and(|table| table.get("kind").and_then(toml::Value::as_str) == Some("linear"))
    }

    /// Opens a folder, or its `model.toml`.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be read, [`Error::Model`] when it is no linear model.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let path = card(path);
        let text = std::fs::read_to_string(&path).map_err(failed("read", &path))?;
        let file = LinearFile::parse(&text)
            .map_err(|message| Error::Model { path: path.clone(), message })?;
        let source = Source::Table(TableFile::new("", &file.preprocessing.target.name));
        let shape = [file.features.len()];
        Ok(Self { path, file, source, scaler: Scaler::None, shape })
    }

    /// What the file tells of the model.
    pub fn file(&self) -> &LinearFile {
        &self.file
    }

    /// Names of the classes; none for numbers.
    pub fn classes(&self) -> &[String] {
        self.file.preprocessing.target.classes.as_deref().unwrap_or(&[])
    }

    /// Sets the probability from which on the second of two classes is predicted.
    ///
    /// # Errors
    /// [`Error::Model`] for a model that has not two classes.
    pub fn set_threshold(&mut self, threshold: Fraction) -> Result<(), Error> {
        if self.classes().len() == 2 {
            self.file.threshold = Some(threshold);
            return Ok(());
        }
        let found = match self.classes().len() {
            0 => "it predicts a number".to_owned(),
            classes => format!("it has {classes}"),
        };
        let message = format!("a threshold needs a model of two classes, and {found}");
        Err(self.refuse(message))
    }

    /// An error about this model.
    pub(crate) fn refuse(&self, message: String) -> Error {
        Error::Model { path: self.path.clone(), message }
    }

    /// Opens new rows, with the columns `keep` beside them; `labelled` where targets must be there.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn read(
        &self,
        path: &Path,
        labelled: bool,
        keep: &[String],
    ) -> Result<Examples<'_>, Error> {
        let reader = Reader {
            source: &self.source,
            shape: &self.shape,
            classes: Some(self.classes()).filter(|classes| !classes.is_empty()),
            scaler: &self.scaler,
            preprocessing: Some(&self.file.preprocessing),
            target_scale: TargetScale::default(),
        };
        Ok(reader.open(path, labelled, keep)?)
    }

    /// Predicts the rows in order, some at a time.
    pub fn predict<'a>(
        &'a self,
        examples: &'a Examples<'a>,
    ) -> impl Iterator<Item = Result<Vec<Prediction>, Error>> + 'a {
        self.outputs(examples).map(|part| {
            let part = part?;
            Ok(part.into_iter().map(|outputs| self.prediction(outputs)).collect())
        })
    }

    /// w·x + b of the rows in order, some at a time: one number each, or for classes as many as
    /// there are, logarithms of probabilities up to a constant.
    pub(crate) fn outputs<'a>(
        &'a self,
        examples: &'a Examples<'a>,
    ) -> impl Iterator<Item = Result<Vec<Vec<f64>>, Error>> + 'a {
        let starts = (0..examples.len()).step_by(ROWS);
        starts.map(move |start| {
            let rows = start..examples.len().min(start + ROWS);
            let matrix = examples.matrix(rows)?.unwrap_or_default();
            let design = Design::from_rows(&matrix, self.file.features.len())?;
            let etas: Result<Vec<Vec<f64>>, Error> = (self.file.coefficients.iter())
                .zip(&self.file.intercepts)
                .map(|(w, b)| Ok(design.times(w, *b)?))
                .collect();
            let etas = etas?;
            // A log-odds is the second of two logarithms of which the first is 0.
            let first = (self.file.family == Family::Logistic).then_some(0.0);
            let row = |row: usize| first.into_iter().chain(etas.iter().map(move |eta| eta[row]));
            Ok((0..design.rows()).map(|at| row(at).collect()).collect())
        })
    }

    fn prediction(&self, outputs: Vec<f64>) -> Prediction {
        match self.file.family {
            Family::Gaussian => Prediction::Value(outputs[0]),
            Family::Poisson => Prediction::Value(Poisson.mean(outputs[0])),
            Family::Logistic | Family::Multinomial => self.class(outputs),
        }
    }

    fn class(&self, outputs: Vec<f64>) -> Prediction {
        let class = Loss::CrossEntropy.class(&outputs, self.file.threshold.map(Fraction::get));
        let mut probabilities = outputs;
        Loss::CrossEntropy.probabilities(&mut probabilities);
        Prediction::Class { class, probabilities }
    }
}

/// The file of the model, which a person may name by its folder.
fn card(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("model.toml") } else { path.to_owned() }
}
