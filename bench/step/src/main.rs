//! What each technique adds to the time of one training step.
//!
//! A step is batch, forward, backward and SGD with momentum, on the multilayer perceptron
//! 784-512-512-10 with ReLU and batches of 128. Techniques take turns with the plain step in one
//! process, so that whatever else the machine does falls on both.

// A program talks to its terminal; the libraries below it never do.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod by_hand;
mod contender;
mod stopwatch;
mod table;

use clap::Parser;
use contender::{Contender, Setting, contenders};
use std::error::Error;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use table::{Row, Turn};

/// The allocator of the program `wellfit`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures what each technique adds to the time of one training step.
#[derive(Parser)]
struct Cli {
    /// Turns of each technique; each is one short run between two plain ones.
    #[arg(long, default_value = "30")]
    rounds: NonZeroUsize,
    /// Measured steps of one run.
    #[arg(long, default_value = "10")]
    steps: NonZeroUsize,
    /// Only this technique, by its id; may be given several times.
    #[arg(long, value_name = "ID")]
    only: Vec<String>,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(rows) => {
            print!("{}", table::markdown(&rows));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<Vec<Row>, Box<dyn Error>> {
    let setting = Setting::new(cli.steps.get())?;
    let chosen = choose(contenders()?, &cli.only)?;
    println!("{}", table::machine());
    println!("{} rounds of {} steps\n", cli.rounds, cli.steps);
    let plain = Contender::plain()?;
    let mut turns: Vec<Vec<Turn>> = vec![Vec::new(); chosen.len()];
    // Round 0 warms up.
    for round in 0..=cli.rounds.get() {
        let mut before = plain.step_time(&setting)?;
        for (contender, turns) in chosen.iter().zip(&mut turns) {
            let time = contender.step_time(&setting)?;
            let after = plain.step_time(&setting)?;
            if round > 0 {
                turns.push(Turn { before, time, after });
            }
            before = after;
        }
    }
    Ok(chosen.iter().zip(turns).map(|(c, turns)| Row::new(&c.label, &turns)).collect())
}

/// The contenders whose id is in `only`; all where it is empty.
fn choose(all: Vec<Contender>, only: &[String]) -> Result<Vec<Contender>, String> {
    if let Some(unknown) = only.iter().find(|&id| all.iter().all(|c| c.id != *id)) {
        let mut ids: Vec<&str> = all.iter().map(|c| c.id).collect();
        ids.dedup();
        return Err(format!("--only: no `{unknown}`, expected one of {}", ids.join(", ")));
    }
    let wanted = |c: &Contender| only.is_empty() || only.iter().any(|id| c.id == id);
    Ok(all.into_iter().filter(wanted).collect())
}
