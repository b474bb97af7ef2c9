//! Everything that must hold before a change is offered, cheap things first.

use crate::command::{Outcome, cargo, show, succeeds};
use crate::page::Checked;
use crate::{docs, layers, page};
use std::time::Instant;

/// How a step ended that did not fail.
enum Done {
    Passed,
    /// It could not be made here; why.
    Skipped(&'static str),
}

type Step = (&'static str, fn() -> Outcome<Done>);

/// The steps in order. All that compile do so in release, so that Burn is built once.
#[rustfmt::skip]
const STEPS: &[Step] = &[
    ("formatting",            || run(&["fmt", "--all", "--check"])),
    ("arrows between crates", || layers::run().map(|()| Done::Passed)),
    ("the lab's built page",  built_page),
    ("lints",                 || run(&["clippy", "--workspace", "--all-targets", "--release", "--", "-D", "warnings"])),
    (TESTS,                   || run(&["test", "--release", "--workspace"])),
    ("tables from the cards", || docs::run(true, None).map(|()| Done::Passed)),
    ("documentation",         documentation),
    ("licences and sources",  licences),
];

const TESTS: &str = "tests";

/// Runs all steps and stops at the first that fails.
pub fn run_all(no_test: bool) -> Outcome {
    let steps: Vec<&Step> = STEPS.iter().filter(|step| !(no_test && step.0 == TESTS)).collect();
    let mut skipped = Vec::new();
    for (number, (name, step)) in steps.iter().enumerate() {
        println!("\n=== {} of {}: {name} ===", number + 1, steps.len());
        let start = Instant::now();
        if let Done::Skipped(why) = step().map_err(|error| format!("{name}: {error}"))? {
            println!("SKIPPED: {why}");
            skipped.push(format!("SKIPPED {name}: {why}"));
        }
        println!("({:.0} s)", start.elapsed().as_secs_f64());
    }
    println!("\n{} of {} checks passed", steps.len() - skipped.len(), steps.len());
    skipped.iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn run(arguments: &[&str]) -> Outcome<Done> {
    show(&mut cargo(arguments)).map(|()| Done::Passed)
}

/// Libraries only: the facade and the program share the name `wellfit`, and so a page.
fn documentation() -> Outcome<Done> {
    let mut doc = cargo(&["doc", "--workspace", "--lib", "--no-deps", "--release"]);
    show(doc.env("RUSTDOCFLAGS", "-D warnings")).map(|()| Done::Passed)
}

fn built_page() -> Outcome<Done> {
    Ok(match page::run()? {
        Checked::Built => Done::Passed,
        Checked::Sources => Done::Skipped(
            "its sources are those in web/; to build it again, run `npm ci` there (Node 20 or later)",
        ),
    })
}

fn licences() -> Outcome<Done> {
    if !succeeds(&mut cargo(&["deny", "--version"])) {
        return Ok(Done::Skipped(
            "cargo-deny is not installed: `cargo install --locked cargo-deny`",
        ));
    }
    run(&["deny", "check", "bans", "licenses", "sources"])
}
