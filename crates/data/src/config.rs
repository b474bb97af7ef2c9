//! The `[data]` table of a recipe.

use crate::table::Task;
use crate::{Error, Order, Scaling, Share, Split};
use serde::{Deserialize, Serialize};
use wellfit_core::number::Fraction;

/// Where the data come from, how they are split, and what is done to them.
///
/// ```toml
/// [data]
/// csv = { path = "${DATA}/wine.csv", target = "cultivar" } # or digits = {}, or idx = { dir = "" }
/// validation = 0.2      # share of all examples, or a count; at least one example
/// test = 0.2            # the same; 0 for none; leave out where the source has a test set
/// order = "shuffled"    # or "as_given"
/// first = 100           # keep only this many training examples
/// label_noise = 0.1     # share of training labels that are made wrong
/// scale = "standard"    # or "unit", the default for images, or "none"
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct DataConfig {
    /// Where the examples come from.
    pub source: Source,
    /// Which examples go to which part.
    pub split: Split,
    /// Share of training labels that are replaced by another class, in [0, 1]; default 0.
    pub label_noise: Fraction,
    /// Scale of the inputs; `None` takes [`Source::scaling`].
    pub scale: Option<Scaling>,
}

/// Where examples come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The embedded [`digits`](crate::digits).
    Digits,
    /// A folder of IDX files.
    Idx(IdxFolder),
    /// A CSV table.
    Csv(CsvFile),
}

impl Source {
    /// The scale that inputs of this source are brought to unless told: pixels to [0, 1], columns
    /// of a table each to mean 0 and standard deviation 1.
    pub fn scaling(&self) -> Scaling {
        match self {
            Self::Digits | Self::Idx(_) => Scaling::Unit,
            Self::Csv(_) => Scaling::Standard,
        }
    }
}

/// A folder with the four files of MNIST or a relative, see [`images::read`](crate::images::read).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdxFolder {
    /// The folder; `${NAME}` stands for an environment variable.
    pub dir: String,
}

/// A CSV table, see [`table::read`](crate::table::read).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsvFile {
    /// The file, plain or gzipped; `${NAME}` stands for an environment variable.
    pub path: String,
    /// Name of the column that is to be predicted.
    pub target: String,
    /// What to do with it; `None` decides by its values, see [`Task`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoOptions {}

/// The keys as they are written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(skip_serializing_if = "Option::is_none")]
    digits: Option<NoOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idx: Option<IdxFolder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    csv: Option<CsvFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<Share>,
    #[serde(default)]
    order: Order,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label_noise: Option<Fraction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<Scaling>,
}

impl TryFrom<Table> for DataConfig {
    type Error = Error;

    fn try_from(table: Table) -> Result<Self, Error> {
        let Table { digits, idx, csv, validation, test, order, first, label_noise, scale } = table;
        let named =
            [("`digits`", digits.is_some()), ("`idx`", idx.is_some()), ("`csv`", csv.is_some())];
        let source = match (digits, idx, csv) {
            (Some(NoOptions {}), None, None) => Source::Digits,
            (None, Some(folder), None) => Source::Idx(folder),
            (None, None, Some(file)) => Source::Csv(file),
            (None, None, None) => return Err(Error::Sources { found: "none".to_owned() }),
            _ => {
                let found: Vec<_> =
                    named.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
                return Err(Error::Sources { found: found.join(" and ") });
            }
        };
        let split = Split { validation: validation.unwrap_or(Share::FIFTH), test, order, first };
        let label_noise = label_noise.map_or_else(|| Fraction::new(0.0), Ok)?;
        Ok(Self { source, split, label_noise, scale })
    }
}

impl From<DataConfig> for Table {
    fn from(config: DataConfig) -> Self {
        let DataConfig { source, split, label_noise, scale } = config;
        let Split { validation, test, order, first } = split;
        let (mut digits, mut idx, mut csv) = (None, None, None);
        match source {
            Source::Digits => digits = Some(NoOptions {}),
            Source::Idx(folder) => idx = Some(folder),
            Source::Csv(file) => csv = Some(file),
        }
        let (validation, label_noise) = (Some(validation), Some(label_noise));
        Self { digits, idx, csv, validation, test, order, first, label_noise, scale }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        toml::from_str::<DataConfig>(text).unwrap_err().message().to_owned()
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let config: DataConfig = toml::from_str("digits = {}").unwrap();
        assert_eq!((&config.source, config.split), (&Source::Digits, Split::default()));
        assert_eq!((config.label_noise.get(), config.scale), (0.0, None));
        assert_eq!(config.source.scaling(), Scaling::Unit);
    }

    #[test]
    fn every_key_survives_toml() {
        let text = "csv = { path = \"${D}/a.csv\", target = \"y\", task = \"regression\" }\n\
                    validation = 50\ntest = 0.25\norder = \"as_given\"\nfirst = 9\n\
                    label_noise = 0.5\nscale = \"none\"";
        let config: DataConfig = toml::from_str(text).unwrap();
        assert_eq!(config.split.test, Some(Share::of(0.25).unwrap()));
        assert_eq!((config.split.order, config.split.first), (Order::AsGiven, Some(9)));
        assert_eq!((config.label_noise.get(), config.scale), (0.5, Some(Scaling::None)));
        let again: DataConfig = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
        assert_eq!(again, config);
        for text in ["digits = {}", "idx = { dir = \"x\" }"] {
            let config: DataConfig = toml::from_str(text).unwrap();
            let again: DataConfig = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
            assert_eq!(again, config);
        }
    }

    #[test]
    fn exactly_one_source_is_asked_for() {
        let one = "expected exactly one of `digits`, `idx` and `csv`, found ";
        assert_eq!(refused("validation = 0.1"), format!("{one}none"));
        let two = "digits = {}\nidx = { dir = \"x\" }";
        assert_eq!(refused(two), format!("{one}`digits` and `idx`"));
    }

    #[test]
    fn unknown_keys_and_bad_values_are_refused_where_they_stand() {
        assert!(refused("digits = {}\nvalid = 0.1").starts_with("unknown field `valid`, expected"));
        assert!(refused("digits = { size = 3 }").starts_with("unknown field `size`"));
        assert!(refused("csv = { path = \"x\" }").starts_with("missing field `target`"));
        let error = toml::from_str::<DataConfig>("digits = {}\nlabel_noise = 1.5").unwrap_err();
        assert_eq!(error.message(), "expected a fraction in [0, 1], found 1.5");
        assert_eq!(error.span(), Some(26..29));
    }
}
