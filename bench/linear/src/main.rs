//! Whole paths, cross-validation and ridge beside glmnet, adelie, celer, skglm and scikit-learn: one
//! λ grid, one thread, processor time, and the distance from exact computed here from the answer of
//! each.
//!
//! Solvers take turns, so that whatever else the machine does falls on all.

// A program talks to its terminal; the libraries below it never do.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod case;
mod data;
mod gap;
mod judge;
mod ours;
mod peer;
mod race;
mod scaling;
mod search;

use bench_peer::{Outcome, Room};
use case::CASES;
use clap::{Parser, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// The allocator of the program `wellfit`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Where the other side lies, and who names a Python that has it.
const ROOM: Room = Room::new(env!("CARGO_MANIFEST_DIR"), "WELLFIT_LINEAR_PYTHON");

/// How exact the solvers are to be.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Aim {
    /// Peers at the loosest tolerance whose worst gap is at most 3e-5 P(0), we at most 1e-6 P(0).
    Exact,
    /// Peers as they come, we as far from exact as the fastest of them.
    Default,
}

/// Measures paths, cross-validation, ridge and how they scale.
#[derive(Parser)]
struct Cli {
    /// Only cases whose name contains this; `scaling` for time over n and p.
    #[arg(long, default_value = "")]
    only: String,
    /// Only this aim.
    #[arg(long)]
    aim: Option<Aim>,
    /// Turns of each solver.
    #[arg(long, default_value = "5")]
    rounds: usize,
    /// Ourselves alone.
    #[arg(long)]
    alone: bool,
    /// Names the cases.
    #[arg(long)]
    list: bool,
    /// Writes all numbers to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn main() -> ExitCode {
    match measure(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(cli: &Cli) -> Outcome<()> {
    // Folds run here, where the clock is, one after the other.
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global()?;
    if cli.list {
        CASES.iter().for_each(|case| println!("{}", case.name));
        println!("scaling");
        return Ok(());
    }
    let python = ROOM.python()?;
    let mut races = vec![];
    for case in CASES.iter().filter(|case| case.name.contains(&cli.only)) {
        for aim in [Aim::Exact, Aim::Default] {
            // Ridge is solved exactly by all.
            let apart = aim == Aim::Exact || case.task != case::Task::Ridge;
            if apart && cli.aim.is_none_or(|only| only == aim) {
                let race = race::run(case, aim, &python, (cli.rounds, cli.alone))?;
                race.show();
                races.push(race);
            }
        }
    }
    let scaling =
        if "scaling".contains(&cli.only) { scaling::measured(cli.rounds)? } else { vec![] };
    let Some(file) = &cli.json else { return Ok(()) };
    let all = serde_json::json!({ "races": races, "scaling": scaling });
    Ok(std::fs::write(file, serde_json::to_string_pretty(&all)? + "\n")?)
}
