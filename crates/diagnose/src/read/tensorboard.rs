//! TensorBoard: event files of one run, in a folder or in one folder for each part of the data
//! (`train` and `validation` of Keras, `Loss_train` of `add_scalars`).

use super::curves::runs;
use super::event_file::Scalars;
use super::name::{part_word, words};
use super::runs::Draft;
use super::{Format, ReadError, files::unlike};
use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The middle of the name of every event file.
pub(super) const NAME: &str = "tfevents";

/// The runs in the event files of `files`, found below `folder`.
pub(super) fn read(folder: &Path, files: &[PathBuf]) -> Result<Vec<Draft>, ReadError> {
    let mut scalars = Scalars::default();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let read =
            File::open(path).and_then(|file| scalars.read(file, &name, &prefix(folder, path)));
        read.map_err(|source| ReadError::File { path: path.clone(), source })?;
    }
    let (tags, notes) = scalars.finish();
    if tags.is_empty() {
        let found = notes.first().cloned().unwrap_or_else(|| "none in whole records".to_owned());
        return Err(unlike(folder, Format::TensorBoard, "scalars", found));
    }
    // Keras writes the curve of validation a second time, over batches.
    let batches = |name: &str| name.contains("_vs_iterations");
    let curves: Vec<_> = tags
        .into_iter()
        .filter(|tag| !batches(&tag.name))
        .map(|tag| (tag.name, tag.points))
        .collect();
    Ok(runs(curves, notes))
}

/// What the folder of a file says beside its tags: the part of the data.
fn prefix(folder: &Path, path: &Path) -> String {
    let parent = path.parent().unwrap_or(path);
    match parent.strip_prefix(folder).ok().and_then(|below| below.to_str()) {
        None | Some("") => String::new(),
        Some(below) => {
            let part = words(below).into_iter().rev().find(|word| part_word(word).is_some());
            part.map_or_else(String::new, |part| format!("{part}/"))
        }
    }
}

/// Puts event files together that belong to one run: the folder that names it, and its files.
pub(super) fn group(files: Vec<PathBuf>) -> Vec<(PathBuf, Vec<PathBuf>)> {
    let folder = |path: &PathBuf| path.parent().map(Path::to_owned).unwrap_or_default();
    let own: HashSet<PathBuf> = files.iter().map(folder).collect();
    let mut groups: Vec<(PathBuf, Vec<PathBuf>)> = Vec::new();
    for file in files {
        let run = run_of(&folder(&file), &own);
        match groups.iter_mut().find(|group| group.0 == run) {
            Some(group) => group.1.push(file),
            None => groups.push((run, vec![file])),
        }
    }
    groups.iter_mut().for_each(|group| group.1.sort());
    groups
}

/// The folder that stands for the run: the one above `train` or `validation`; also the one above
/// `Loss_train` where it has event files of its own.
fn run_of(folder: &Path, own: &HashSet<PathBuf>) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let Some(above) = folder.parent() else { return folder.to_owned() };
    let words = words(&name);
    let is_part = |word: &String| part_word(word).is_some();
    let whole = words.len() == 1 && is_part(&words[0]) || name == "online";
    let tail = words.len() > 1 && words.last().is_some_and(is_part) && own.contains(above);
    if whole || tail { above.to_owned() } else { folder.to_owned() }
}
