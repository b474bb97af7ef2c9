//! Choosing techniques: which of them fight.
//!
//! This room knows techniques by id and by the values that a recipe gives them, and never sees a
//! tensor.

pub mod conflict;
