//! Arrows between the crates of the workspace point one way, and Burn is reached through one door.

use crate::command::{Outcome, cargo, output};
use serde::Deserialize;

/// Who may use whom. A room is a crate without the `wellfit-` of its name.
///
/// Siblings do not import each other; who needs two of them stands above both.
#[rustfmt::skip]
const MAY_USE: &[(&str, &[&str])] = &[
    ("core",     &[]),
    ("data",     &["core"]),
    ("linear",   &["core"]),
    ("nn",       &["core", "data"]),
    ("diagnose", &["core"]),
    ("tune",     &["core"]),
    ("plot",     &["core"]),
    ("wellfit",  &["core", "data", "linear", "nn", "diagnose", "tune", "plot"]),
    ("lab",      &["wellfit"]),
    ("cli",      &["wellfit", "lab"]),
    ("xtask",    &[]),
    ("bench-peer", &[]),
    ("bench-diagnose", &["bench-peer", "diagnose"]),
    ("bench-linear", &["bench-peer", "core", "linear"]),
    ("bench-step", &["bench-peer", "wellfit", "core", "data", "nn"]),
    ("bench-train", &["bench-peer", "wellfit", "core", "data", "nn"]),
    ("bench-techniques", &["wellfit"]),
    ("bench-tune", &["bench-peer", "core", "tune"]),
];

/// The only room that names Burn: it changes fast, and whoever names it changes with it.
const KNOWS_BURN: &str = "nn";

/// What `cargo metadata --no-deps` tells: the crates of the workspace.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    /// The crate's own name, also where it is renamed.
    name: String,
    /// `None` for plain ones, `dev` or `build` for the others. All count.
    kind: Option<String>,
}

/// Checks the workspace.
pub fn run() -> Outcome {
    let text = output(&mut cargo(&["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: Metadata =
        serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let wrong = wrong(&metadata.packages);
    if wrong.is_empty() {
        println!("{} crates, all arrows point the right way", metadata.packages.len());
        return Ok(());
    }
    Err(format!("{}\n(who may use whom: xtask/src/layers.rs)", wrong.join("\n       ")))
}

fn room(package: &str) -> &str {
    package.strip_prefix("wellfit-").unwrap_or(package)
}

/// What is wrong with the arrows, one sentence each.
fn wrong(packages: &[Package]) -> Vec<String> {
    packages.iter().flat_map(|package| wrong_of(package, packages)).collect()
}

fn wrong_of(package: &Package, workspace: &[Package]) -> Vec<String> {
    let user = room(&package.name);
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == user) else {
        return vec![format!("{} is not in the table: add a row that says what it may use", user)];
    };
    let ours = |name: &str| workspace.iter().any(|other| other.name == name);
    let refuse = |dependency: &Dependency| {
        let (name, used) = (dependency.name.as_str(), room(&dependency.name));
        if is_burn(name) && user != KNOWS_BURN {
            return Some(format!("{user} depends on {name}: only {KNOWS_BURN} may name Burn"));
        }
        let test_of_core_words = dependency.kind.as_deref() == Some("dev") && used == "core";
        if !ours(name) || allowed.contains(&used) || test_of_core_words {
            return None;
        }
        let kind = dependency.kind.as_deref().map(|kind| format!(" ({kind}-dependency)"));
        let allowed = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
        Some(format!("{user} uses {used}{}: it may use {allowed}", kind.unwrap_or_default()))
    };
    package.dependencies.iter().filter_map(refuse).collect()
}

fn is_burn(package: &str) -> bool {
    package == "burn" || package.starts_with("burn-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace from lines like `nn: core burn dev=data`; rooms get their full names.
    fn complaints(lines: &[&str]) -> Vec<String> {
        let full = |name: &str| match MAY_USE.iter().any(|(room, _)| *room == name) {
            true if name != "wellfit" && name != "xtask" => format!("wellfit-{name}"),
            _ => name.to_owned(),
        };
        let dependency = |word: &str| match word.split_once('=') {
            Some((kind, name)) => Dependency { name: full(name), kind: Some(kind.to_owned()) },
            None => Dependency { name: full(word), kind: None },
        };
        let package = |line: &&str| {
            let (name, uses) = line.split_once(':').unwrap();
            let dependencies = uses.split_whitespace().map(dependency).collect();
            Package { name: full(name), dependencies }
        };
        wrong(&lines.iter().map(package).collect::<Vec<_>>())
    }

    #[test]
    fn the_house_as_it_is_drawn_passes() {
        let house = [
            "core: serde",
            "data: core csv",
            "linear: core",
            "nn: core data burn burn-flex",
            "diagnose: core",
            "tune: core",
            "plot: core resvg",
            "wellfit: core data linear nn diagnose tune plot",
            "lab: wellfit",
            "cli: wellfit lab clap",
            "xtask: serde",
        ];
        assert_eq!(complaints(&house), Vec::<String>::new());
    }

    #[test]
    fn siblings_do_not_import_each_other() {
        let wrong = complaints(&["core:", "tune: core", "plot: core tune"]);
        assert_eq!(wrong, ["plot uses tune: it may use core"]);
    }

    #[test]
    fn nobody_reaches_up() {
        let wrong = complaints(&["core: data", "data: core"]);
        assert_eq!(wrong, ["core uses data: it may use nothing"]);
    }

    #[test]
    fn the_program_goes_through_the_facade() {
        let wrong = complaints(&["nn:", "wellfit: nn", "cli: wellfit nn"]);
        assert_eq!(wrong, ["cli uses nn: it may use wellfit, lab"]);
    }

    #[test]
    fn burn_is_reached_through_nn_only() {
        let wrong = complaints(&["data: burn", "wellfit: dev=burn-tensor", "nn: burn"]);
        assert_eq!(wrong[0], "data depends on burn: only nn may name Burn");
        assert_eq!(wrong[1], "wellfit depends on burn-tensor: only nn may name Burn");
        assert_eq!(wrong.len(), 2);
    }

    #[test]
    fn a_name_that_only_begins_like_burn_is_no_burn() {
        assert!(complaints(&["data: burnished"]).is_empty());
    }

    #[test]
    fn dev_and_build_dependencies_count_but_tests_may_use_core() {
        let wrong = complaints(&["core:", "data:", "plot: dev=data build=data", "cli: dev=core"]);
        let expected = [
            "plot uses data (dev-dependency): it may use core",
            "plot uses data (build-dependency): it may use core",
        ];
        assert_eq!(wrong, expected);
        assert_eq!(complaints(&["core:", "cli: build=core"]).len(), 1);
    }

    #[test]
    fn an_unknown_crate_is_asked_into_the_table() {
        let wrong = complaints(&["cellar: serde"]);
        assert_eq!(wrong, ["cellar is not in the table: add a row that says what it may use"]);
    }
}
