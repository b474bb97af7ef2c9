//! Figures of a training run from plain numbers: SVG, PNG and text for a terminal; its report as
//! one HTML file, and diagnosed runs as one HTML file with interactive curves.
//!
//! Nothing here reads or writes files or prints: a figure is a value, and its bytes are the
//! caller's to keep. The same input gives the same bytes.
//!
//! ```
//! use wellfit_core::run::{Part, Run};
//! use wellfit_plot::{Curve, Options, learning_curve};
//!
//! let mut run = Run::new("plain");
//! for (epoch, train, validation) in [(1.0, 0.9, 1.0), (2.0, 0.5, 0.7), (3.0, 0.2, 0.8)] {
//!     run.push(Part::Train, "loss", epoch, train);
//!     run.push(Part::Validation, "loss", epoch, validation);
//! }
//! let options = Options { title: "Overfits after epoch 2".into(), ..Options::default() };
//! let figure = learning_curve(&[Curve::new(&run)], &options)?;
//! assert!(figure.svg().contains("best 2"));
//! # Ok::<(), wellfit_plot::Error>(())
//! ```

mod braille;
mod chart;
mod curve;
mod differences;
mod error;
mod figure;
mod label;
mod learning_curve;
mod page;
mod panel;
mod pen;
mod report;
mod row;
mod scale;
mod strength;
mod svg;
mod terminal;
mod trace;
mod trajectories;
mod trials;
mod weight_space;

pub use chart::{Chart, ChartLine, ChartPanel};
pub use curve::{Curve, Options};
pub use differences::{GainOptions, GainRow, gains};
pub use error::Error;
pub use figure::Figure;
pub use learning_curve::{MOST_RUNS, learning_curve};
pub use page::{Page, PageRun};
pub use report::{Block, Report, Section, Table};
pub use strength::{MOST_STRENGTHS, Strength, StrengthLine, StrengthOptions, strengths};
pub use terminal::{Terminal, terminal};
pub use trajectories::{Trajectory, trajectories};
pub use trials::{TrialDot, TrialOptions, trials};
pub use weight_space::{MOST_PLANES, WeightPlane, WeightPlaneOptions, weight_planes};
