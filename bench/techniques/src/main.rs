//! What each technique alone, at its default, does to a network that overfits: the first 1,000
//! images of MNIST, 15% of their labels wrong, against the same network without it, seed by seed.
//!
//! Every arm sees the same images, the same wrong labels, the same initial weights and the same
//! order. The model of the last epoch is judged, for choosing an epoch is a technique of its own
//! (`early_stopping`, which is judged by the epoch that it chose).

// A program talks to its terminal; the libraries below it never do.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod arm;
mod paired;
mod store;
mod table;

use arm::{Arm, Setting, arms, norms};
use clap::{Parser, ValueEnum};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::error::Error;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use store::Store;

/// The allocator of the program `wellfit`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What may go wrong goes wrong for the reader of the terminal alone.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Measures what each technique does to a network that overfits.
#[derive(Parser)]
struct Cli {
    /// Which table.
    #[arg(long, value_enum, default_value = "cure")]
    table: Table,
    /// Paired runs of each technique.
    #[arg(long, default_value = "10")]
    seeds: NonZeroU64,
    /// Only this technique, by its id; may be given several times.
    #[arg(long, value_name = "ID")]
    only: Vec<String>,
    /// Folder of MNIST's four files.
    #[arg(long, default_value = "${WELLFIT_DATA}/mnist")]
    mnist: String,
    /// Finished runs, kept here so that the measurement can be interrupted.
    #[arg(long, default_value = "target/bench-techniques/runs.jsonl")]
    store: PathBuf,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Table {
    /// Each technique alone against plain.
    Cure,
    /// Norms at a batch size of 2 and of 32.
    SmallBatches,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Outcome<String> {
    let setting = Setting { mnist: cli.mnist.clone() };
    let all = if cli.table == Table::Cure { arms() } else { norms() };
    let wanted = |arm: &Arm| cli.only.is_empty() || arm.is_plain() || cli.only.contains(&arm.id);
    let chosen: Vec<Arm> = all.into_iter().filter(wanted).collect();
    // Now, and not after an hour.
    chosen.iter().try_for_each(|arm| arm.experiment(&setting, 1).map(drop))?;
    let store = Store::open(&cli.store)?;
    let seeds = 1..=cli.seeds.get();
    let pairs: Vec<(&Arm, u64)> =
        chosen.iter().flat_map(|arm| seeds.clone().map(move |seed| (arm, seed))).collect();
    let missing = |(arm, seed): &&(&Arm, u64)| store.find(&setting.recipe(arm, *seed)).is_none();
    let left = AtomicUsize::new(pairs.iter().filter(missing).count());
    pairs.into_par_iter().try_for_each(|(arm, seed)| {
        let recipe = setting.recipe(arm, seed);
        if store.find(&recipe).is_none() {
            store.add(recipe, arm.judge(&setting, seed)?)?;
            eprintln!("{} seed {seed}: {} runs to go", arm.label, left.fetch_sub(1, Relaxed) - 1);
        }
        Ok::<(), Box<dyn Error + Send + Sync>>(())
    })?;
    let of = |arm: &Arm, seed| store.find(&setting.recipe(arm, seed));
    match cli.table {
        Table::Cure => table::cure(&chosen, seeds, of),
        Table::SmallBatches => table::small_batches(&chosen, seeds, of),
    }
}
