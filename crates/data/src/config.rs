//! The `[data]` table of a recipe.

use crate::image_folder::ImageFolder;
use crate::{Error, Order, Scaling, Share, Split, TableFile};
use serde::{Deserialize, Serialize};
use wellfit_core::number::Fraction;

/// Where the data come from, how they are split, and what is done to them.
///
/// ```toml
/// [data]
/// table = { path = "${DATA}/wine.csv", target = "cultivar" } # or digits = {}, idx = { dir = "" }
/// # or images = { dir = "${DATA}/flowers", size = [32, 32] }, or mnist = {}, fashion_mnist = {}
/// validation = 0.2      # share of all examples, or a count, where 0 is none; and
/// test = 0.2            # the same. Leave out what the source has of its own
/// order = "shuffled"    # or "as_given"
/// first = 100           # keep only this many training examples
/// label_noise = 0.1     # share of training labels that are made wrong
/// scale = "standard"    # or "unit", the default for images, or "channel", or "none"
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
    /// A folder of pictures.
    Images(ImageFolder),
    /// A set of the [`catalogue`](crate::catalogue) by its name there, from the user's own cache.
    Cached(&'static str),
    /// A table; `csv` and `parquet` are other words for `table`.
    Table(TableFile),
}

impl Source {
    /// The scale that inputs of this source are brought to unless told: pixels to [0, 1], columns
    /// of a table each to mean 0 and standard deviation 1.
    pub fn scaling(&self) -> Scaling {
        match self {
            Self::Table(_) => Scaling::Standard,
            _ => Scaling::Unit,
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

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoOptions {}

/// The keys as they are written.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(skip_serializing_if = "Option::is_none")]
    digits: Option<NoOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mnist: Option<NoOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fashion_mnist: Option<NoOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idx: Option<IdxFolder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<ImageFolder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<TableFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    csv: Option<TableFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parquet: Option<TableFile>,
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

impl Table {
    /// The sources that are named, in the order of the struct.
    fn sources(self) -> Vec<(&'static str, Source)> {
        let tables = [("`table`", self.table), ("`csv`", self.csv), ("`parquet`", self.parquet)];
        let tables = tables.into_iter().map(|(name, file)| (name, file.map(Source::Table)));
        let all = [
            ("`digits`", self.digits.map(|NoOptions {}| Source::Digits)),
            ("`mnist`", self.mnist.map(|NoOptions {}| Source::Cached("mnist"))),
            (
                "`fashion_mnist`",
                self.fashion_mnist.map(|NoOptions {}| Source::Cached("fashion-mnist")),
            ),
            ("`idx`", self.idx.map(Source::Idx)),
            ("`images`", self.images.map(Source::Images)),
        ];
        all.into_iter().chain(tables).filter_map(|(name, it)| Some((name, it?))).collect()
    }
}

impl TryFrom<Table> for DataConfig {
    type Error = Error;

    fn try_from(table: Table) -> Result<Self, Error> {
        let Table { validation, test, order, first, label_noise, scale, .. } = table;
        let asked = validation.is_some();
        let mut sources = table.sources();
        let source = match (sources.pop(), sources.is_empty()) {
            (Some((_, source)), true) => source,
            (None, _) => return Err(Error::Sources { found: "none".to_owned() }),
            (Some((last, _)), false) => {
                let found: Vec<_> = sources.iter().map(|(name, _)| *name).chain([last]).collect();
                return Err(Error::Sources { found: found.join(" and ") });
            }
        };
        if let Source::Table(file) = &source {
            file.consistent(asked, order)?;
        }
        let split = Split { validation, test, order, first };
        let label_noise = label_noise.map_or_else(|| Fraction::new(0.0), Ok)?;
        Ok(Self { source, split, label_noise, scale })
    }
}

impl From<DataConfig> for Table {
    fn from(config: DataConfig) -> Self {
        let DataConfig { source, split, label_noise, scale } = config;
        let Split { validation, test, order, first } = split;
        let mut sources = Self::default();
        match source {
            Source::Digits => sources.digits = Some(NoOptions {}),
            Source::Cached("fashion-mnist") => sources.fashion_mnist = Some(NoOptions {}),
            Source::Cached(_) => sources.mnist = Some(NoOptions {}),
            Source::Idx(folder) => sources.idx = Some(folder),
            Source::Images(folder) => sources.images = Some(folder),
            Source::Table(file) => sources.table = Some(file),
        }
        let label_noise = Some(label_noise);
        Self { validation, test, order, first, label_noise, scale, ..sources }
    }
}

#[cfg(test)]
mod tests;
