//! Readers of training logs: 21 formats, told apart by content and name.
//!
//! [`read`] takes a file or a folder. A folder is searched; [`sources`] lists what it holds, so that
//! a program can show its progress through many. What gzip packed is unpacked. What cannot be read
//! is one [`ReadError`] for that source, and the others go on. A damaged or cut-off part keeps what
//! came before it and is named in [`Log::warnings`].
//!
//! How series are chosen: names fall into words at `_ - . /`, spaces and capitals. `val`, `valid`,
//! `validation`, `eval`, `dev`, `holdout` mean validation, `test` does so only where none of these
//! is there; `train`, `learn`, `fit` mean training, and so does a name without a part that has a
//! twin on validation. A repeated epoch counts once, by its last value, or by the mean of its
//! training batches. Where the epoch falls back to the first, a new run begins.

mod boosting;
mod burn;
mod catboost;
mod count;
mod csv;
mod curves;
mod decode;
mod detect;
mod detectron2;
mod epoch_files;
mod error;
mod event_file;
mod fastai;
mod files;
mod format;
mod history;
mod hugging_face;
mod json;
mod json_lines;
mod keras;
mod keyed;
mod language;
mod lightning;
mod log;
mod mlflow;
mod mlflow_sqlite;
mod name;
mod nanogpt;
mod number;
mod open;
mod openmmlab;
mod place;
mod records;
mod runs;
mod search;
mod sklearn;
mod source;
mod sqlite;
mod table;
mod tensorboard;
mod tensorboard_csv;
mod text;
mod wandb;
mod wellfit;
mod yolo;

pub use error::ReadError;
pub use format::Format;
pub use log::{Axis, Log};
pub use source::{Source, read, read_from, sources};
