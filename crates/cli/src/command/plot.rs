//! `wellfit plot`: figures that explain.

mod weight_space;

use crate::error::Failure;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Draws figures that explain what regularization does.
#[derive(Args)]
pub struct Plot {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    WeightSpace(weight_space::WeightSpaceArgs),
}

impl Plot {
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.what {
            What::WeightSpace(figure) => figure.run(),
        }
    }
}
