//! Folder of a Burn learner: `{train,valid}/epoch-N/<Metric>.log`.
//!
//! A line is a value, a value and the number of items it is a mean over, or `value,final` for the
//! whole epoch. What is final counts, else the mean over items.

use super::name::{Meaning, meaning};
use super::table::Table;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Whether a folder is of a learner: it has `train/epoch-1` or `valid/epoch-1`.
pub(super) fn fits(folder: &Path) -> bool {
    ["train", "valid"].iter().any(|part| folder.join(part).join("epoch-1").is_dir())
}

/// The run in the folder.
pub(super) fn table(folder: &Path) -> std::io::Result<Table> {
    let mut epochs: BTreeMap<u64, Vec<(String, f64)>> = BTreeMap::new();
    let mut table = Table::default();
    for part in ["train", "valid", "test"] {
        for (epoch, path) in numbered(&folder.join(part))? {
            for file in logs(&path)? {
                let metric =
                    file.file_stem().unwrap_or_default().to_string_lossy().replace('_', " ");
                let (value, bad) = value(&String::from_utf8_lossy(&std::fs::read(&file)?));
                if bad > 0 && value.is_some() {
                    table.notes.push(format!(
                        "{part}/epoch-{epoch}, {metric}: {bad} lines are no numbers"
                    ));
                }
                if let Some(value) = value {
                    epochs.entry(epoch).or_default().push((format!("{part}/{metric}"), value));
                }
            }
        }
    }
    for (epoch, values) in epochs {
        table.begin_row();
        table.put("epoch", epoch as f64);
        values.iter().for_each(|(name, value)| table.put(name, *value));
    }
    Ok(table)
}

/// Folders `epoch-N` and their numbers.
fn numbered(folder: &Path) -> std::io::Result<Vec<(u64, PathBuf)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.extend(name.strip_prefix("epoch-").and_then(|n| n.parse().ok()).map(|n| (n, path)));
    }
    found.sort();
    Ok(found)
}

fn logs(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().replace('_', " ");
        let is_log = path.extension().is_some_and(|extension| extension == "log");
        if is_log && matches!(meaning(&name), Meaning::Metric { .. } | Meaning::LearningRate) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What the lines amount to, and how many of them are no numbers.
fn value(text: &str) -> (Option<f64>, usize) {
    let (mut sum, mut items, mut last, mut bad) = (0.0, 0.0, None, 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (value, count) = line.split_once(',').unwrap_or((line, "1"));
        match (value.trim().parse::<f64>(), count.trim().parse::<f64>()) {
            (Ok(value), _) if count.trim() == "final" => last = Some(value),
            (Ok(value), Ok(count)) => {
                sum += value * count;
                items += count;
            }
            _ => bad += 1,
        }
    }
    (last.or_else(|| (items > 0.0).then_some(sum / items)), bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_counts_and_finals() {
        assert_eq!(value("1\n2\n"), (Some(1.5), 0));
        assert_eq!(value("1,3\n2,1\n"), (Some(1.25), 0));
        assert_eq!(value("1,3\n2,1\n0.5,final\n"), (Some(0.5), 0));
        assert_eq!(value("1\n2,\nx"), (Some(1.0), 2));
        assert_eq!(value(""), (None, 0));
    }
}
