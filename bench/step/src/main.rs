//! What each technique adds to the time of one training step.
//!
//! A step is batch, forward, backward and SGD with momentum, on the multilayer perceptron
//! 784-512-512-10 with ReLU and batches of 128. Techniques take turns with the plain step in one
//! process, so that whatever else the machine does falls on both.

// A program talks to its terminal; the libraries below it never do.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod by_hand;
mod contender;
mod pytorch;
mod stopwatch;
mod table;

use bench_peer::Room;
use clap::Parser;
use contender::{Contender, Setting, contenders};
use pytorch::PyTorch;
use std::error::Error;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use table::{Row, Turn};

const ROOM: Room = Room::new(env!("CARGO_MANIFEST_DIR"), "WELLFIT_TORCH_PYTHON");

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
    /// Has PyTorch and timm take turns with the techniques that they have too.
    #[arg(long)]
    pytorch: bool,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(tables) => {
            tables.iter().for_each(|rows| println!("{}", table::markdown(rows)));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Our table, and PyTorch's where it was asked for.
fn run(cli: &Cli) -> Result<Vec<Vec<Row>>, Box<dyn Error>> {
    let setting = Setting::new(cli.steps.get())?;
    let chosen = choose(contenders()?, &cli.only)?;
    println!("{}", table::machine());
    println!("{} rounds of {} steps\n", cli.rounds, cli.steps);
    let plain = Contender::plain()?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut pytorch = cli.pytorch.then(|| PyTorch::start(threads)).transpose()?;
    let mut turns: Vec<Vec<Turn>> = vec![Vec::new(); chosen.len()];
    let mut theirs = turns.clone();
    // Round 0 warms up.
    for round in 0..=cli.rounds.get() {
        let mut before = plain.step_time(&setting)?;
        for ((contender, turns), theirs) in chosen.iter().zip(&mut turns).zip(&mut theirs) {
            let time = contender.step_time(&setting)?;
            let after = plain.step_time(&setting)?;
            if round > 0 {
                turns.push(Turn { before, time, after });
            }
            before = after;
            let peer =
                pytorch.as_mut().filter(|peer| contender.is_ours() && peer.has(contender.id));
            if let Some(peer) = peer {
                let turn = peer.turn(contender.id, cli.steps.get())?;
                theirs.extend((round > 0).then_some(turn));
                // PyTorch has had the caches since, and our threads have slept: the first run is slower.
                plain.step_time(&setting)?;
                before = plain.step_time(&setting)?;
            }
        }
    }
    let rows = chosen.iter().zip(turns).map(|(c, turns)| Row::new(&c.label, &turns)).collect();
    let measured = chosen.iter().zip(theirs).filter(|(_, turns)| !turns.is_empty());
    let theirs = pytorch.map(|peer| {
        let label = |id: &str| format!("{id}, {}", peer.name());
        measured.map(|(c, turns)| Row::new(&label(c.id), &turns)).collect()
    });
    Ok([rows].into_iter().chain(theirs).collect())
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
