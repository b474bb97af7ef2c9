//! Whether the tests bite: puts known faults into a copy of the sources, one at a time, and asks
//! the tests of `wellfit-nn` to notice each.

mod list;

use crate::command::{Outcome, output, program, read, root, write};
use list::{FAULTS, Fault};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Tries every fault and writes docs/faults.md; with `only`, those whose name holds the word.
pub fn run(only: Option<&str>) -> Outcome {
    let tree = copy()?;
    if let Some(test) = failures(&tree, &[])?.first() {
        return Err(format!("{test} fails without any fault"));
    }
    let wanted = |fault: &&Fault| only.is_none_or(|word| fault.name.contains(word));
    let faults: Vec<&Fault> = FAULTS.iter().filter(wanted).collect();
    let mut rows = Vec::new();
    let mut missed = Vec::new();
    for (number, fault) in faults.iter().enumerate() {
        println!("{} of {}: {}", number + 1, faults.len(), fault.name);
        let began = Instant::now();
        let failed = tried(&tree, fault)?;
        println!("  {} ({:.0} s)", failed.join(", "), began.elapsed().as_secs_f64());
        if failed.is_empty() {
            missed.push(fault.name);
        }
        rows.push(row(fault, &failed));
    }
    if only.is_none() {
        write(&root().join("docs/faults.md"), &page(&rows))?;
    }
    match missed.is_empty() {
        true => Ok(()),
        false => Err(format!("no test notices: {}", missed.join("; "))),
    }
}

/// All files that git knows, as they are now, in a folder that git does not.
fn copy() -> Outcome<PathBuf> {
    let tree = root().join("target/faults");
    for path in output(program("git").args(["ls-files"]))?.lines() {
        let (from, to) = (root().join(path), tree.join(path));
        let Ok(new) = std::fs::read(&from) else { continue };
        // What is the same keeps its time, so that cargo builds nothing for it.
        if std::fs::read(&to).is_ok_and(|old| old == new) {
            continue;
        }
        let made = to.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(&to, new))
            .map_err(|error| format!("cannot copy {path}: {error}"))?;
    }
    Ok(tree)
}

/// The tests that fail while the fault is there.
fn tried(tree: &Path, fault: &Fault) -> Outcome<Vec<String>> {
    let path = tree.join(fault.file);
    let sound = read(&path)?;
    let broken = broken(fault, &sound)?;
    write(&path, &broken)?;
    let failed = noticed(tree);
    write(&path, &sound)?;
    failed
}

/// The file of a fault with the fault in it.
fn broken(fault: &Fault, sound: &str) -> Outcome<String> {
    fault.changes.iter().try_fold(sound.to_owned(), |text, (old, new)| {
        match text.matches(old).count() {
            1 => Ok(text.replacen(old, new, 1)),
            count => Err(format!("{}: `{old}` stands {count} times in {}", fault.name, fault.file)),
        }
    })
}

/// The laws first, which are few and fast; where they notice nothing, the unit tests.
fn noticed(tree: &Path) -> Outcome<Vec<String>> {
    let failed = failures(tree, &["--test", "laws"])?;
    if failed.is_empty() { failures(tree, &["--lib"]) } else { Ok(failed) }
}

fn failures(tree: &Path, which: &[&str]) -> Outcome<Vec<String>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let target =
        std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), Into::into);
    let mut test = std::process::Command::new(cargo);
    test.current_dir(tree).env("CARGO_TARGET_DIR", target).env("RUST_BACKTRACE", "0");
    // Sixteen builds of one crate: what is built quickly is fast enough here.
    test.args(["--config", "profile.release.package.wellfit-nn.opt-level=1"]);
    test.args(["test", "--release", "-p", "wellfit-nn"]).args(which);
    let ended = test.output().map_err(|error| format!("cargo did not start: {error}"))?;
    let told = String::from_utf8_lossy(&ended.stdout);
    let failed: Vec<String> = told.lines().filter_map(failed_test).collect();
    if failed.is_empty() && !ended.status.success() {
        let why = String::from_utf8_lossy(&ended.stderr);
        return Err(format!("the broken sources do not build:\n{why}"));
    }
    Ok(failed.into_iter().chain(told.lines().filter_map(broken_law)).collect())
}

/// `test norms::apart ... FAILED`
fn failed_test(line: &str) -> Option<String> {
    let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
    // It tells which laws are broken by itself.
    (!name.contains("every_law_holds")).then(|| name.to_owned()).or(Some("laws".to_owned()))
}

/// `l2, textbook_lambda: 1e0, at most 1e-6`
fn broken_law(line: &str) -> Option<String> {
    let (law, measured) = line.split_once(": ")?;
    let (technique, law) = law.split_once(", ")?;
    let is_word = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_law = measured.contains(", at most ") && is_word(technique) && is_word(law);
    is_law.then(|| format!("law `{law}` of `{technique}`"))
}

/// Tests named in a row; the others are counted.
const NAMED: usize = 4;

fn row(fault: &Fault, failed: &[String]) -> String {
    let mut named: Vec<String> =
        failed.iter().filter(|name| *name != "laws").take(NAMED).map(|name| shown(name)).collect();
    let others = failed.iter().filter(|name| *name != "laws").count().saturating_sub(NAMED);
    if others > 0 {
        named.push(format!("and {others} more"));
    }
    let named = if named.is_empty() { "**none**".to_owned() } else { named.join(", ") };
    let file = fault.file.trim_start_matches("crates/nn/src/");
    format!("| {} | `{file}` | {named} |", fault.name)
}

fn shown(name: &str) -> String {
    if name.starts_with("law ") { name.to_owned() } else { format!("`{name}`") }
}

fn page(rows: &[String]) -> String {
    format!(
        "# The tests bite\n\n\
         `cargo xtask faults` puts each of these faults into a copy of the sources and runs the tests of\n\
         `wellfit-nn`: the laws first and, where they notice nothing, the unit tests. The last run:\n\n\
         | Fault | File | What fails |\n|---|---|---|\n{}\n",
        rows.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So that who changes a line that a fault changes hears of it at once.
    #[test]
    fn every_fault_finds_its_place_in_the_sources() {
        for fault in FAULTS {
            let sound = read(&root().join(fault.file)).unwrap();
            assert_ne!(broken(fault, &sound).unwrap(), sound, "{}", fault.name);
        }
    }
}
