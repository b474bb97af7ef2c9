//! `wellfit man`: the manual pages.

use crate::Cli;
use crate::error::Failure;
use crate::screen::{print, tell};
use clap::{Args, CommandFactory};
use clap_mangen::{Man as Page, generate_to};
use std::path::PathBuf;
use std::process::ExitCode;

/// Prints the manual page, or writes one for every command.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit man | man -l -
  wellfit man --out ~/.local/share/man/man1")]
pub struct Man {
    /// Folder to write wellfit.1, wellfit-train.1 and so on to, instead of printing the first.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let program = Cli::command();
        let Some(folder) = self.out else {
            let mut page = Vec::new();
            Page::new(program).render(&mut page).map_err(|error| {
                Failure::new(format!("cannot make the manual page: {error}"), None)
            })?;
            print(String::from_utf8_lossy(&page).trim_end())?;
            return Ok(ExitCode::SUCCESS);
        };
        let written = std::fs::create_dir_all(&folder).and_then(|()| generate_to(program, &folder));
        written.map_err(|error| {
            let message = format!("cannot write manual pages to {}: {error}", folder.display());
            Failure::new(message, None)
        })?;
        tell!("wrote wellfit.1 and a page for each command to {}", folder.display());
        Ok(ExitCode::SUCCESS)
    }
}
