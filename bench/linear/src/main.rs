//! Whole paths beside glmnet, adelie, celer and scikit-learn: one λ grid, one thread, processor time,
//! and duality gaps that are computed here from the coefficients of each.
//!
//! Solvers take turns, so that whatever else the machine does falls on all.

// A program talks to its terminal; the libraries below it never do.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod case;
mod gap;
mod ours;
mod peer;
mod place;
mod python;

use case::{CASES, Data};
use clap::Parser;
use serde::Serialize;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

/// The allocator of the program `wellfit`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What may go wrong goes wrong for the reader of the terminal alone.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures paths.
#[derive(Parser)]
struct Cli {
    /// Only cases whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Turns of each solver.
    #[arg(long, default_value = "3")]
    rounds: usize,
    /// Writes all numbers to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// One solver on one case.
#[derive(Serialize)]
struct Row {
    case: &'static str,
    solver: String,
    /// The tolerance it was given, in its own meaning.
    tolerance: f64,
    /// Largest duality gap on the path over P(0), the objective of the model without features.
    gap: f64,
    /// Processor time of each turn.
    seconds: Vec<f64>,
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
    let python = python::found_or_made()?;
    let mut rows = vec![];
    for case in CASES.iter().filter(|case| case.name.contains(&cli.only)) {
        let data = Data::made(case, &python)?;
        let mut peers = peer::fast_enough(case, &data, &python)?;
        let mut own = Row {
            case: case.name,
            solver: "wellfit".to_owned(),
            tolerance: ours::TOLERANCE,
            gap: gap::worst(&data, &ours::solve(&data)?.1),
            seconds: vec![],
        };
        for _ in 0..cli.rounds {
            own.seconds.push(ours::solve(&data)?.0);
            for (peer, row) in &mut peers {
                row.seconds.push(peer.turn(row.tolerance)?);
            }
        }
        show(&own);
        peers.iter().for_each(|(_, row)| show(row));
        rows.push(own);
        rows.extend(peers.into_iter().map(|(_, row)| row));
    }
    match &cli.json {
        Some(file) => Ok(std::fs::write(file, serde_json::to_string_pretty(&rows)? + "\n")?),
        None => Ok(()),
    }
}

fn show(row: &Row) {
    let mut sorted = row.seconds.clone();
    sorted.sort_by(f64::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN);
    println!(
        "{:<44} {:<13} {median:>9.3} s  gap {:.1e}  tolerance {:.0e}",
        row.case, row.solver, row.gap, row.tolerance
    );
}
