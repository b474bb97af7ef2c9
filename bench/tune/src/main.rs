//! Proposing trials: what a trial costs, and how good the best one gets, beside Optuna's univariate
//! TPE on the same 19 parameters.
//!
//! Both take turns, study by study and trial by trial, so that whatever else the machine does falls
//! on both. Both must find the same losses.

// A program talks to its terminal; the libraries below it never do.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod ours;
mod peer;
mod surrogate;
mod table;
mod whole;

use bench_peer::{Outcome, Room};
use clap::Parser;
use ours::Ours;
use peer::Peer;
use serde::Serialize;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wellfit_tune::sampler::Observation;
use wellfit_tune::study::Durability;

/// The allocator of the program `wellfit`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Where the other side lies, and who names a Python that has it.
const ROOM: Room = Room::new(env!("CARGO_MANIFEST_DIR"), "WELLFIT_OPTUNA_PYTHON");

/// Measures both samplers.
#[derive(Parser)]
struct Cli {
    /// Seeds, a study each.
    #[arg(long, default_value = "10")]
    seeds: NonZeroUsize,
    /// Trials of a study.
    #[arg(long, default_value = "200")]
    trials: NonZeroUsize,
    /// Turns after 1,000 trials, of 5 of our trials and one of Optuna's.
    #[arg(long, default_value = "20")]
    turns: NonZeroUsize,
    /// Writes all numbers to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The lowest loss of each study after so many trials.
#[derive(Serialize)]
struct Incumbent {
    trials: usize,
    ours: Vec<f64>,
    peer: Vec<f64>,
    random: Vec<f64>,
}

/// Seconds of a trial after 1,000 others.
#[derive(Serialize, Default)]
struct Overhead {
    ours: Vec<f64>,
    sampler: Vec<f64>,
    synced: Vec<f64>,
    whole: Vec<f64>,
    peer: Vec<f64>,
}

/// All that was measured.
#[derive(Serialize)]
struct Measured {
    peer: String,
    incumbents: Vec<Incumbent>,
    overhead: Overhead,
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
    let mut peer = Peer::start(&ROOM.python()?)?;
    let folder = tempfile::tempdir()?;
    let overhead = overhead(&mut peer, folder.path(), cli.turns.get())?;
    println!("{}", table::overheads(&peer.name, &overhead));
    let incumbents = incumbents(&mut peer, folder.path(), cli)?;
    println!("{}", table::incumbents(&peer.name, &incumbents));
    let measured = Measured { peer: peer.name.clone(), incumbents, overhead };
    match &cli.json {
        Some(file) => Ok(std::fs::write(file, serde_json::to_string_pretty(&measured)? + "\n")
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?),
        None => Ok(()),
    }
}

/// The time of a trial behind the same 1,000, which our sampler has proposed.
fn overhead(peer: &mut Peer, folder: &Path, turns: usize) -> Outcome<Overhead> {
    let mut cached = Ours::new(folder, 1, Durability::Cached)?;
    let mut synced = Ours::new(folder, 2, Durability::Cached)?;
    cached.tpe(1_000)?;
    synced.tpe(1_000)?;
    synced.set_durability(Durability::Synced)?;
    agree(peer, &cached)?;
    let mut overhead = Overhead { whole: whole::seconds(folder)?, ..Overhead::default() };
    for _ in 0..turns {
        let ours = cached.tpe(5)?;
        overhead.ours.extend(ours.seconds);
        overhead.sampler.extend(ours.sampling);
        overhead.synced.extend(synced.tpe(5)?.seconds);
        overhead.peer.extend(peer.more(1)?.seconds);
    }
    Ok(overhead)
}

/// Hands our trials to the other side, and refuses to compare two different losses.
fn agree(peer: &mut Peer, ours: &Ours) -> Outcome<()> {
    let (space, tried) = ours.tried();
    let tried: Vec<&Observation> = tried.collect();
    let named = tried.iter().map(|trial| surrogate::named(space, &trial.configuration));
    let theirs = peer.grow(named.collect())?;
    for (trial, theirs) in tried.iter().zip(theirs) {
        if (theirs - trial.value).abs() > 1e-12 {
            return Err(format!("our loss is {}, theirs {theirs}", trial.value).into());
        }
    }
    Ok(())
}

fn incumbents(peer: &mut Peer, folder: &Path, cli: &Cli) -> Outcome<Vec<Incumbent>> {
    let trials = cli.trials.get();
    let lengths = [trials / 4, trials / 2, trials];
    let mut found: Vec<Incumbent> = lengths
        .iter()
        .map(|&trials| Incumbent { trials, ours: vec![], peer: vec![], random: vec![] })
        .collect();
    for seed in 0..cli.seeds.get() as u64 {
        let ours = Ours::new(folder, 10_000 + seed, Durability::Cached)?.tpe(trials)?.values;
        let random = Ours::new(folder, 20_000 + seed, Durability::Cached)?.random(trials)?.values;
        let theirs = peer.study(seed, trials)?.values;
        for at in &mut found {
            let lowest =
                |values: &[f64]| values[..at.trials].iter().copied().fold(f64::NAN, f64::min);
            at.ours.push(lowest(&ours));
            at.peer.push(lowest(&theirs));
            at.random.push(lowest(&random));
        }
    }
    Ok(found)
}
