//! A JSON file for each epoch, as AllenNLP writes: `metrics_epoch_0.json`, `metrics_epoch_1.json`, ...

use super::history::flatten;
use super::json::{Json, parse};
use super::name::{Meaning, meaning, words};
use super::number::Field;
use super::records::Records;
use super::runs::{Draft, runs};
use super::{ReadError, csv, decode, files};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Whether a file of this name and beginning is of one epoch.
pub(super) fn fits(path: &Path, head: &[u8]) -> bool {
    let measured = || {
        let json = parse(&decode::text(head)).value;
        let mut names: Vec<String> = fields(&json).into_iter().map(|field| field.0).collect();
        names.push("epoch".to_owned());
        csv::is_log(&names)
    };
    numbered(path).is_some() && measured()
}

/// Puts files together that differ in their number alone. The second list holds those that stand
/// alone and so are no log of this kind.
pub(super) fn group(files: Vec<PathBuf>) -> (Vec<(PathBuf, Vec<PathBuf>)>, Vec<PathBuf>) {
    let mut groups: BTreeMap<PathBuf, Vec<(u32, PathBuf)>> = BTreeMap::new();
    for file in files {
        if let Some((stem, number)) = numbered(&file) {
            groups.entry(file.with_file_name(stem)).or_default().push((number, file));
        }
    }
    let (mut runs, mut alone) = (Vec::new(), Vec::new());
    for (stem, mut numbered) in groups {
        numbered.sort();
        let files: Vec<PathBuf> = numbered.into_iter().map(|file| file.1).collect();
        if files.len() > 1 { runs.push((stem, files)) } else { alone.extend(files) }
    }
    (runs, alone)
}

/// The run in the files, which stand in the order of their numbers.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Draft>, ReadError> {
    let mut rows = Vec::new();
    for path in paths {
        let bytes = files::bytes(path)?;
        let json = parse(&decode::text(&bytes)).value;
        let number = numbered(path).map_or(0, |name| name.1);
        rows.push((json, Field::Number(number.into())));
    }
    let tables = Records::build(|records| {
        for (json, number) in &rows {
            let fields = fields(json);
            let counts = fields.iter().any(|field| field.0 == "epoch");
            let epoch = (!counts).then_some(("epoch", *number)).into_iter();
            let row: Vec<(&str, Field<'_>)> =
                epoch.chain(fields.iter().map(|(name, field)| (name.as_str(), *field))).collect();
            records.row(&row);
        }
    });
    Ok(tables.iter().flat_map(runs).collect())
}

fn fields(json: &Json) -> Vec<(String, Field<'_>)> {
    let mut fields = Vec::new();
    flatten(json, "", &mut fields);
    fields
}

/// The name of a file without its number, and the number: `metrics_epoch` and 3.
fn numbered(path: &Path) -> Option<(String, u32)> {
    let stem = path.file_name()?.to_str()?.strip_suffix(".json")?;
    let name = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = stem[name.len()..].parse().ok()?;
    let counts = words(name).pop().is_some_and(|last| meaning(&last) == Meaning::Epoch);
    counts.then(|| (name.trim_end_matches(['_', '-', '.']).to_owned(), number))
}
