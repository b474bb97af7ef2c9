//! wellfit beside PyTorch on the same processor: training steps of five models, and a whole run.
//!
//! Each side is a process of its own. They take turns, so that whatever else the machine does falls
//! on both, and the one that waits sleeps.

// A program talks to its terminal; the libraries below it never do.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod agreement;
mod case;
mod machine;
mod mnist;
mod python;
mod setting;
mod side;
mod statistics;
mod steps;
mod table;
mod turns;

use bench_peer::{Outcome, Room};
use case::{CASES, Case};
use clap::Parser;
use serde::Serialize;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

/// The allocator of the program `wellfit`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Where the other side lies, and who names a Python that has it.
const ROOM: Room = Room::new(env!("CARGO_MANIFEST_DIR"), "WELLFIT_TORCH_PYTHON");

/// Measures wellfit beside PyTorch.
#[derive(Parser)]
struct Cli {
    /// Only these cases: mlp, nielsen, table, lenet, resnet8, mnist (a whole run).
    #[arg(long, value_name = "ID,..", value_delimiter = ',')]
    cases: Vec<String>,
    /// Turns of each side.
    #[arg(long, default_value = "20")]
    rounds: NonZeroUsize,
    /// Whole runs of each side, in the case mnist.
    #[arg(long, default_value = "3")]
    runs: NonZeroUsize,
    /// Threads of each side; as many as there are cores unless told otherwise.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// Writes all numbers to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Be our side of a case: the measuring process calls itself so.
    #[arg(long, hide = true)]
    side: Option<String>,
}

/// All that was measured.
#[derive(Serialize)]
struct Measured {
    machine: String,
    threads: usize,
    steps: Vec<steps::Steps>,
    /// Ours and PyTorch's.
    mnist: Option<[Vec<mnist::Whole>; 2]>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.side {
        Some(case) => be_our_side(case),
        None => measure(&cli).and_then(|measured| report(&cli, &measured)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn be_our_side(case: &str) -> Outcome<()> {
    let (requests, answers) = (std::io::stdin().lock(), std::io::stdout().lock());
    match Case::named(case) {
        Some(case) => turns::serve(case, requests, answers),
        None if case == mnist::ID => mnist::serve(answers),
        None => Err(unknown(case).into()),
    }
}

fn measure(cli: &Cli) -> Outcome<Measured> {
    let known = |id: &&String| Case::named(id).is_some() || *id == mnist::ID;
    if let Some(id) = cli.cases.iter().find(|id| !known(id)) {
        return Err(unknown(id).into());
    }
    let wanted = |id: &str| cli.cases.is_empty() || cli.cases.iter().any(|case| case == id);
    let threads = cli.threads.map_or_else(machine::cores, NonZeroUsize::get);
    let python = python::found_or_made()?;
    let mut steps = Vec::new();
    for case in CASES.iter().filter(|case| wanted(case.id)) {
        let difference = agreement::check(*case, &python)?;
        eprintln!("{}: both compute the same, losses differ by {difference:.0e}", case.id);
        steps.push(steps::measure(*case, difference, &python, threads, cli.rounds.get())?);
    }
    let run = || mnist::measure(&python, threads, cli.runs.get());
    let mnist = wanted(mnist::ID).then(run).transpose()?;
    Ok(Measured { machine: machine::machine(), threads, steps, mnist })
}

fn report(cli: &Cli, measured: &Measured) -> Outcome<()> {
    println!("{}, {} threads for each side\n", measured.machine, measured.threads);
    if let Some(case) = measured.steps.first() {
        for side in &case.sides {
            println!("* {}, {} threads", side.name, side.threads);
        }
        println!("\n{} rounds\n\n{}", cli.rounds, table::steps(&measured.steps));
    }
    if let Some([ours, theirs]) = &measured.mnist {
        println!("{} runs\n\n{}", cli.runs, table::mnist(ours, theirs));
    }
    match &cli.json {
        Some(file) => Ok(std::fs::write(file, serde_json::to_string_pretty(measured)? + "\n")
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?),
        None => Ok(()),
    }
}

fn unknown(id: &str) -> String {
    let ids: Vec<&str> = CASES.iter().map(|case| case.id).chain([mnist::ID]).collect();
    format!("--cases: no `{id}`, expected some of {}", ids.join(", "))
}
