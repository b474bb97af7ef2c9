//! The program `wellfit`.

mod command;
mod error;
mod screen;

use clap::Parser;
use std::process::ExitCode;

/// Training steps allocate much and often; this allocator takes a fifth off their time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tells whether a model overfits, and trains it with the regularization that cures it.
#[derive(Parser)]
#[command(name = "wellfit", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "\
First steps:
  wellfit train examples/digits.toml          a plain network that overfits
  wellfit train examples/digits-cured.toml    the same network, cured
  wellfit explain dropout                     what a technique does, when, and its paper

Exit codes: 0 done, 1 error in recipe or data, 2 wrong usage, 130 interrupted by Ctrl-C.")]
struct Cli {
    #[command(subcommand)]
    command: command::Command,
}

fn main() -> ExitCode {
    match Cli::parse().command.run() {
        Ok(code) => code,
        Err(error) => {
            error.print();
            ExitCode::from(1)
        }
    }
}
