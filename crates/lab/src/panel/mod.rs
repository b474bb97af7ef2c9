//! The panels: one room each, with its routes under `/api/`.

pub mod diagnose;
pub mod equivalence;
pub mod linear;
pub mod live;
pub mod study;
pub mod weight_space;
