//! How optima are found, and how they are proved.

mod block;
mod certificate;
mod cholesky;
mod coordinate;
mod descent;
mod extrapolation;
mod gram;
mod model;
mod newton;
mod part;
mod symmetric;

pub(crate) use block::{Block, Residual};
pub(crate) use certificate::{Certificate, Slope, certify};
pub(crate) use descent::Stop;
pub(crate) use gram::{Gram, State};
pub(crate) use model::Model;
