//! The local page of wellfit: see what regularization does.

pub mod panel;
