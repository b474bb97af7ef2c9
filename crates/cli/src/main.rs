//! The program `wellfit`.

mod command;
mod error;
mod interrupt;
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
  wellfit diagnose log.csv                    does it overfit? any framework's training log
  wellfit train examples/digits.toml          a plain network that overfits
  wellfit train examples/digits-cured.toml    the same network, cured
  wellfit tune examples/digits.toml           finds the cure, and proves that it worked
  wellfit path table.csv --target COLUMN      ridge, lasso, elastic net, lambda by validation
  wellfit explain dropout                     what a technique does, when, and its paper

Exit codes: 0 done, 1 error in recipe or data, 2 wrong usage, 3 the condition of
--fail-on holds, 130 interrupted by Ctrl-C.")]
struct Cli {
    #[command(subcommand)]
    command: command::Command,
    /// Tell nothing but errors; what goes to standard output still does.
    #[arg(long, short, global = true)]
    quiet: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    screen::settle(cli.quiet);
    match cli.command.run() {
        Ok(code) => code,
        Err(error) => {
            error.print();
            ExitCode::from(1)
        }
    }
}
