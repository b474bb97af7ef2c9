//! CSV that TensorBoard's page downloads: `Wall time,Step,Value`, a file for every curve. The file's
//! name says what was measured: `run-exp1_train-tag-epoch_loss.csv`, or what a person made of it.

use super::curves::{Curve, runs};
use super::name::{part_word, words};
use super::number::{Field, field};
use super::runs::Draft;
use super::{ReadError, decode, files};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wellfit_core::run::Direction;

/// Whether bytes begin like such a file.
pub(super) fn fits(bytes: &[u8]) -> bool {
    let head = decode::text(&bytes[..bytes.len().min(64)]);
    let first = head.lines().next().unwrap_or_default().to_ascii_lowercase();
    first.split(',').map(str::trim).eq(["wall time", "step", "value"])
}

/// Puts files together that are curves of one run: those in one folder whose names differ in the part
/// of the data and the metric alone.
pub(super) fn group(files: Vec<PathBuf>) -> Vec<(PathBuf, Vec<PathBuf>)> {
    let mut groups: BTreeMap<(PathBuf, String), Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        groups.entry((folder, run(&stem(&file)))).or_default().push(file);
    }
    let path = |(folder, run): (PathBuf, String), files: &[PathBuf]| match files {
        [only] => only.clone(),
        _ => folder.join(run),
    };
    groups.into_iter().map(|(key, files)| (path(key, &files), files)).collect()
}

/// The runs in the files: one, or one for each evaluation set.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Draft>, ReadError> {
    let mut curves = Vec::new();
    for path in paths {
        curves.push(curve(path, &decode::text(&files::bytes(path)?)));
    }
    Ok(runs(curves, Vec::new()))
}

/// The curve in a file's text.
pub(super) fn curve(path: &Path, text: &str) -> Curve {
    let mut points = Vec::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split(',').skip(1).map(field);
        if let (Some(Field::Number(step)), Some(Field::Number(value))) =
            (fields.next(), fields.next())
        {
            points.push((step, value));
        }
    }
    points.sort_by(|a: &(f64, f64), b| a.0.total_cmp(&b.0));
    (name(&stem(path)), points)
}

fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split(".csv").next().unwrap_or_default().to_owned()
}

/// What a file measured, with the part of the data that its run names.
fn name(stem: &str) -> String {
    let Some((run, tag)) = split(stem) else { return stem.to_owned() };
    let part = words(run).into_iter().rev().find(|word| part_word(word).is_some());
    part.map_or_else(|| tag.to_owned(), |part| format!("{part}/{tag}"))
}

/// What is left of a name without the part and the metric.
fn run(stem: &str) -> String {
    let telling = |word: &String| part_word(word).is_none();
    let named = split(stem).map_or(stem, |(run, _)| run);
    let tagged = split(stem).is_some();
    let measured = |word: &String| Direction::known(word).is_some() || word == "epoch";
    let left = words(named).into_iter().filter(telling).filter(|word| tagged || !measured(word));
    left.collect::<Vec<_>>().join("_")
}

/// Run and tag of `run-<run>-tag-<tag>`.
fn split(stem: &str) -> Option<(&str, &str)> {
    stem.strip_prefix("run-").unwrap_or(stem).split_once("-tag-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_part_metric_and_run() {
        for (stem, measured, of) in [
            ("run-exp1_train-tag-epoch_loss", "train/epoch_loss", "exp1"),
            ("run-exp1_validation-tag-epoch_loss", "validation/epoch_loss", "exp1"),
            ("run-.-tag-Loss_val", "Loss_val", ""),
            ("exp2_train_loss", "exp2_train_loss", "exp2"),
            ("val_acc", "val_acc", ""),
        ] {
            assert_eq!((name(stem).as_str(), run(stem).as_str()), (measured, of), "{stem}");
        }
    }

    #[test]
    fn curves_of_one_run_stand_together() {
        let files = ["a/train_loss.csv", "a/val_loss.csv", "b/val_loss.csv"].map(PathBuf::from);
        let groups = group(files.to_vec());
        assert_eq!(groups.iter().map(|group| group.1.len()).collect::<Vec<_>>(), [2, 1]);
    }
}
