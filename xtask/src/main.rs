//! The tools of the house: `cargo xtask check | layers | docs | page | golden | faults`.
#![allow(clippy::print_stdout, reason = "these tools talk to the person who called them")]

mod check;
mod command;
mod docs;
mod faults;
mod golden;
mod layers;
mod page;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// The tools of the house.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    tool: Tool,
}

#[derive(Subcommand)]
enum Tool {
    /// Everything that must hold before a change is offered; stops at the first failure.
    Check {
        /// Leave the tests out, for a caller that runs them itself.
        #[arg(long)]
        no_test: bool,
    },
    /// Which crate of the workspace uses which: fails on an arrow that is not in the table.
    Layers,
    /// Writes the table of techniques in README.md from the method cards.
    Docs {
        /// Change nothing; fail when the table is stale.
        #[arg(long)]
        check: bool,
        /// Read the cards from a file that `wellfit techniques --json` wrote.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// Fails when the lab's built page is not what web/ says.
    Page,
    /// Makes the golden numbers again: runs every script in a tests/golden folder.
    Golden {
        /// Change nothing; fail when a number differs from the committed one.
        #[arg(long)]
        check: bool,
    },
    /// Puts known faults into a copy of the sources, asks the tests to notice each, and writes
    /// docs/faults.md.
    Faults {
        /// Only those whose name holds this word; nothing is written.
        #[arg(value_name = "WORD")]
        only: Option<String>,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().tool {
        Tool::Check { no_test } => check::run_all(no_test),
        Tool::Layers => layers::run(),
        Tool::Docs { check, from } => docs::run(check, from.as_deref()),
        Tool::Page => page::run().map(|_| ()),
        Tool::Golden { check } => golden::run(check),
        Tool::Faults { only } => faults::run(only.as_deref()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("\nerror: {message}");
            ExitCode::FAILURE
        }
    }
}
