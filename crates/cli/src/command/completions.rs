//! `wellfit completions`: what a shell completes behind the word `wellfit`.

use crate::Cli;
use crate::error::Failure;
use crate::screen::print;
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};
use std::process::ExitCode;

/// Prints a script that lets a shell complete commands and options.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit completions bash > ~/.local/share/bash-completion/completions/wellfit
  wellfit completions zsh > \"${fpath[1]}/_wellfit\"
  wellfit completions fish > ~/.config/fish/completions/wellfit.fish
  wellfit completions powershell >> $PROFILE")]
pub struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let mut script = Vec::new();
        generate(self.shell, &mut Cli::command(), "wellfit", &mut script);
        print(String::from_utf8_lossy(&script).trim_end())?;
        Ok(ExitCode::SUCCESS)
    }
}
