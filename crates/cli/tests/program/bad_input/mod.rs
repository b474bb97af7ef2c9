//! What a person gets wrong, and what the program answers.
//!
//! Every answer names what was wrong, what was expected and where, ends with the right exit code,
//! and leaves every file as it was.

mod data;
mod folder;
mod model;
mod recipe;
mod usage;

use crate::desk::Desk;

/// Words of Rust and of its libraries; people who write recipes need not know them.
const JARGON: [&str; 13] = [
    "panicked",
    "RUST_BACKTRACE",
    "unwrap",
    "f32",
    "f64",
    "u64",
    "usize",
    "struct ",
    "newtype",
    "unit variant",
    "a sequence",
    "exactly 1 element",
    "Some(",
];

/// Runs `wellfit args` and checks the answer.
fn refused(desk: &Desk, args: &[&str], code: i32, says: &[&str]) {
    let before = desk.snapshot();
    let ended = desk.run(args);
    let (what, err) = (args.join(" "), &ended.err);
    eprintln!("$ wellfit {what}\n{err}");
    assert_eq!(ended.code, Some(code), "{what}: {err}");
    assert_eq!(ended.out, "", "{what}: standard output is for results");
    for words in says {
        assert!(err.contains(words), "{what}: no {words:?} in {err}");
    }
    let jargon: Vec<_> = JARGON.iter().filter(|word| err.contains(*word)).collect();
    assert!(jargon.is_empty(), "{what}: {jargon:?} in {err}");
    assert!(err.starts_with("error: ") && err.lines().count() <= 12, "{what}: {err}");
    assert!(desk.snapshot() == before, "{what}: files were left behind or changed");
}

/// `wellfit train recipe.toml --out out` with changes as `--set` takes them, joined by `; `.
fn refused_with(desk: &Desk, sets: &str, says: &[&str]) {
    let mut args = vec!["train", "recipe.toml", "--out", "out"];
    args.extend(sets.split("; ").flat_map(|set| ["--set", set]));
    refused(desk, &args, 1, says);
}
