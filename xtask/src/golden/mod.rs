//! Golden numbers: what other programs compute, with the script that made them beside them.
//!
//! A script's docstring names the JSON that it writes, and the script writes it beside itself or
//! prints it. It runs on a copy of its folder, so that a check leaves the committed file alone.

mod compare;

use crate::command::{Outcome, output, program, read, root, show, write};
use compare::first_difference;
use std::path::{Path, PathBuf};

const REQUIREMENTS: &str = "xtask/golden-requirements.txt";

/// Names the folder of data that is not in the repository.
const DATA: &str = "WELLFIT_DATA";

/// How one script ended.
#[derive(PartialEq)]
enum End {
    Same,
    Wrote,
    Differs,
    Skipped,
}

/// Runs every golden script; with `check` compares, else writes what changed.
pub fn run(check: bool) -> Outcome {
    let scripts = scripts(&root().join("crates"))?;
    if scripts.is_empty() {
        return Err("no script in crates/*/tests/golden".to_owned());
    }
    let python = python()?;
    let mut ends = Vec::new();
    for script in &scripts {
        ends.push(golden(&python, script, check)?);
    }
    let count = |end: End| ends.iter().filter(|found| **found == end).count();
    let (skipped, differ) = (count(End::Skipped), count(End::Differs));
    println!("\n{} scripts, {} written, {skipped} skipped", ends.len(), count(End::Wrote));
    match differ {
        0 => Ok(()),
        _ => Err(format!("{differ} golden files are not what their scripts make")),
    }
}

/// crates/*/tests/golden/*.py, sorted.
fn scripts(crates: &Path) -> Outcome<Vec<PathBuf>> {
    let folders = entries(crates)?.into_iter().map(|path| path.join("tests/golden"));
    let mut scripts = Vec::new();
    for folder in folders.filter(|folder| folder.is_dir()) {
        scripts.extend(entries(&folder)?);
    }
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    Ok(scripts)
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let told = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(told)?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<_, _>>().map_err(told)?;
    paths.sort();
    Ok(paths)
}

/// The interpreter of a virtual environment that holds exactly the required versions.
fn python() -> Outcome<PathBuf> {
    let folder = root().join("target/golden-venv");
    let (python, stamp) = (folder.join("bin/python"), folder.join("requirements.txt"));
    let wanted = read(&root().join(REQUIREMENTS))?;
    if read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let folder = folder.to_string_lossy();
    show(program("python3").args(["-m", "venv", "--clear", &folder]))?;
    show(program(&python).args(["-m", "pip", "install", "--quiet", "-r", REQUIREMENTS]))?;
    write(&stamp, &wanted)?;
    Ok(python)
}

fn golden(python: &Path, script: &Path, check: bool) -> Outcome<End> {
    let shown = script.strip_prefix(root()).unwrap_or(script).display();
    let text = read(script)?;
    if text.contains(DATA) && std::env::var_os(DATA).is_none() {
        println!("SKIPPED {shown}: it reads data from ${DATA}, which is not set");
        return Ok(End::Skipped);
    }
    let name = named_json(&text)
        .ok_or_else(|| format!("{shown}: its docstring names no JSON file to write"))?;
    let fresh = made(python, script, name)?;
    let committed = script.with_file_name(name);
    let old = read(&committed).unwrap_or_else(|_| "null".to_owned());
    match (first_difference(&old, &fresh).map_err(|error| format!("{shown}: {error}"))?, check) {
        (None, _) => println!("same    {shown}"),
        (Some(difference), true) => {
            println!("DIFFERS {shown}: {difference}");
            return Ok(End::Differs);
        }
        (Some(difference), false) => {
            write(&committed, &fresh)?;
            println!("wrote   {shown}: {difference}");
            return Ok(End::Wrote);
        }
    }
    Ok(End::Same)
}

/// The first `*.json` in the script's docstring.
fn named_json(script: &str) -> Option<&str> {
    let docstring = script.split("\"\"\"").nth(1)?;
    let name_end = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-' || c == '.');
    let words = docstring.split(name_end).map(|word| word.trim_end_matches('.'));
    words.into_iter().find(|word| word.len() > 5 && word.ends_with(".json"))
}

/// What the script makes, from a copy of its folder without the JSON.
fn made(python: &Path, script: &Path, name: &str) -> Outcome<String> {
    let folder = root().join("target/golden-scratch");
    let lost = |error: std::io::Error| format!("cannot copy to {}: {error}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(lost)?;
    }
    std::fs::create_dir_all(&folder).map_err(lost)?;
    let parent = script.parent().unwrap_or(script);
    for file in entries(parent)?.iter().filter(|path| path.is_file()) {
        let copy = folder.join(file.file_name().unwrap_or_default());
        std::fs::copy(file, copy).map_err(lost)?;
    }
    let (copy, json) = (folder.join(script.file_name().unwrap_or_default()), folder.join(name));
    std::fs::remove_file(&json).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(lost(error)),
    })?;
    let printed = output(program(python).arg(copy))?;
    if json.exists() { read(&json) } else { Ok(printed) }
}

#[cfg(test)]
mod tests {
    use super::named_json;

    #[test]
    fn the_docstring_names_the_file() {
        let written = "\"\"\"Writes penalty.json: models, for tests/penalty.rs.\n\"\"\"\nimport x";
        assert_eq!(named_json(written), Some("penalty.json"));
        let printed = "\"\"\"Numbers of real data, written to data.json.\n\"\"\"";
        assert_eq!(named_json(printed), Some("data.json"));
        assert_eq!(named_json("\"\"\"Nothing.\"\"\"\nopen('a.json')"), None);
        assert_eq!(named_json("open('a.json')"), None);
    }
}
