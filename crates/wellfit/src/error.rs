//! What can go wrong on the way from a recipe to a trained model.

use std::path::PathBuf;

/// An error of wellfit: what was wrong, what was expected, what was found, where.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The recipe is wrong.
    #[error(transparent)]
    Core(#[from] wellfit_core::Error),
    /// The data are wrong.
    #[error(transparent)]
    Data(#[from] wellfit_data::Error),
    /// A linear model cannot be fitted.
    #[error(transparent)]
    Linear(#[from] wellfit_linear::Error),
    /// Model, techniques and data do not fit together, or a stored model is wrong.
    #[error(transparent)]
    Nn(#[from] wellfit_nn::Error),
    /// A search cannot be made, or its study file is wrong.
    #[error(transparent)]
    Tune(#[from] wellfit_tune::Error),
    /// A figure could not be drawn.
    #[error(transparent)]
    Plot(#[from] wellfit_plot::Error),
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// `read`, `write` or `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder of a new run holds one already.
    #[error("{} holds a run already", .0.display())]
    Occupied(PathBuf),
    /// A stored model is not there, is damaged, or is not asked for what it can do.
    #[error("{}: {message}", path.display())]
    Model {
        /// The model's folder or one of its files.
        path: PathBuf,
        /// What was expected and what was found.
        message: String,
    },
    /// A number is out of its range.
    #[error("{key}: expected {expected}, found {found}")]
    Range {
        /// What it is of.
        key: String,
        /// The range.
        expected: String,
        /// The number.
        found: f64,
    },
    /// Something could not be written down; a defect of wellfit.
    #[error("cannot write {what}: {message}")]
    Format {
        /// What was to be written.
        what: &'static str,
        /// What the library said.
        message: String,
    },
}
