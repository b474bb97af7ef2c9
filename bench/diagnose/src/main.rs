//! Reading logs: an event file of a million scalars beside TensorBoard's own reader and tbparse, and a
//! folder of a thousand runs.
//!
//! All readers check the checksums, run on one thread and take turns, so that whatever else the
//! machine does falls on all. Before that, all must have read the same points.

// A program talks to its terminal; the libraries below it never do.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod peer;
mod runs;
mod scalars;
mod table;

use bench_peer::{Outcome, Room};
use clap::Parser;
use serde::Serialize;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

/// The allocator of the program `wellfit`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Where the other side lies, and who names a Python that has it.
const ROOM: Room = Room::new(env!("CARGO_MANIFEST_DIR"), "WELLFIT_TENSORBOARD_PYTHON");

/// Measures the readers of event files.
#[derive(Parser)]
struct Cli {
    /// Scalars in the event file.
    #[arg(long, default_value = "1000000")]
    scalars: NonZeroUsize,
    /// Turns of each reader.
    #[arg(long, default_value = "5")]
    rounds: NonZeroUsize,
    /// Runs in the folder, each of 1,000 scalars.
    #[arg(long, default_value = "1000")]
    runs: NonZeroUsize,
    /// Writes all numbers to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Be the process that reads a folder: the measuring process calls itself so.
    #[arg(long, hide = true, value_name = "FOLDER")]
    read: Option<PathBuf>,
}

/// All that was measured.
#[derive(Serialize)]
struct Measured {
    scalars: scalars::Scalars,
    runs: runs::Used,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.read {
        Some(folder) => read(folder.clone()),
        None => measure(&cli),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read(folder: PathBuf) -> Outcome<()> {
    println!("{}", serde_json::to_string(&runs::read(&folder)?)?);
    Ok(())
}

fn measure(cli: &Cli) -> Outcome<()> {
    let python = ROOM.python()?;
    let scalars = scalars::measure(&python, cli.scalars.get(), cli.rounds.get())?;
    let runs = runs::measure(&python, cli.runs.get())?;
    println!("{} rounds\n\n{}\n{}", cli.rounds, table::scalars(&scalars), table::runs(&runs));
    let measured = Measured { scalars, runs };
    match &cli.json {
        Some(file) => Ok(std::fs::write(file, serde_json::to_string_pretty(&measured)? + "\n")
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?),
        None => Ok(()),
    }
}
