//! The subcommands, one file each.

mod explain;
mod techniques;
mod train;

use crate::error::Failure;
use clap::Subcommand;
use std::process::ExitCode;

/// A subcommand with its arguments.
#[derive(Subcommand)]
pub enum Command {
    Train(train::Train),
    Explain(explain::Explain),
    Techniques(techniques::Techniques),
}

impl Command {
    /// Runs it.
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Self::Train(train) => train.run(),
            Self::Explain(explain) => explain.run(),
            Self::Techniques(techniques) => techniques.run(),
        }
    }
}
