//! What the names of a log mean: which column is training, which validation, which the epoch.

mod canonical;
mod meaning;
mod resolve;
mod words;

pub(super) use meaning::{Meaning, PartWord, meaning};
pub(super) use resolve::{Role, resolve};
pub(super) use words::{part_word, words};
