//! The logs in a folder.

use super::source::{Kind, Source};
use super::{
    Format, ReadError, burn, catboost, detect, epoch_files, files, mlflow, tensorboard,
    tensorboard_csv,
};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Folders below folders that are searched; deeper ones are no longer where people put logs.
const DEEPEST: usize = 16;
/// Bytes by which the format of a file is found.
const HEAD: u64 = 1 << 16;
/// Ends of names of files that may be logs.
const ENDS: &[&str] = &[
    "csv", "tsv", "json", "jsonl", "ndjson", "log", "txt", "out", "md", "db", "sqlite", "sqlite3",
];
/// Names that say nothing of the run: the folder does.
const COMMON: &[&str] = &[
    "metrics",
    "results",
    "log",
    "logs",
    "history",
    "trainer_state",
    "training_log",
    "training",
    "evals_result",
    "output",
    "train",
    "progress",
    "stdout",
];

/// Lists the logs below `root`, by path.
pub(super) fn search(root: &Path, format: Option<Format>) -> Result<Vec<Source>, ReadError> {
    let mut found = Found::default();
    found
        .folder(root, root, 0)
        .map_err(|source| ReadError::File { path: root.to_owned(), source })?;
    let events = tensorboard::group(std::mem::take(&mut found.events));
    found.sources.extend(events.into_iter().map(|(folder, files)| Source {
        name: name(root, &folder),
        path: folder,
        kind: Kind::Events(files),
    }));
    let curves = tensorboard_csv::group(std::mem::take(&mut found.curves));
    found.sources.extend(curves.into_iter().map(|(path, files)| Source {
        name: name(root, &path.with_extension("")),
        path,
        kind: Kind::Curves(files),
    }));
    let (epochs, alone) = epoch_files::group(std::mem::take(&mut found.epochs));
    for path in alone {
        let head = head(&path).unwrap_or_default();
        found.alone(root, path, &head);
    }
    found.sources.extend(epochs.into_iter().map(|(path, files)| Source {
        name: name(root, &path),
        path,
        kind: Kind::Epochs(files),
    }));
    let mut sources = latest_checkpoints(found.sources);
    if let Some(format) = format {
        sources.retain(|source| source.format() == Some(format));
    }
    if sources.is_empty() {
        return Err(ReadError::NothingFound { path: root.to_owned(), files: found.files });
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

#[derive(Default)]
struct Found {
    sources: Vec<Source>,
    events: Vec<PathBuf>,
    /// Downloads of TensorBoard's page.
    curves: Vec<PathBuf>,
    /// Files of one epoch.
    epochs: Vec<PathBuf>,
    files: usize,
}

impl Found {
    fn folder(&mut self, root: &Path, folder: &Path, depth: usize) -> std::io::Result<()> {
        for (fits, format) in [
            (burn::fits as fn(&Path) -> bool, Format::Burn),
            (mlflow::fits, Format::Mlflow),
            (catboost::fits, Format::CatBoost),
        ] {
            if fits(folder) {
                let kind = Kind::Folder(format);
                self.sources.push(Source {
                    name: name(root, folder),
                    path: folder.to_owned(),
                    kind,
                });
                if format != Format::CatBoost {
                    return Ok(());
                }
            }
        }
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        let catboost = catboost::fits(folder);
        let ours = folder.join("metrics.jsonl").is_file();
        for path in entries {
            let called = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                // The event files there repeat what the log beside them says.
                let repeats = catboost && matches!(called.as_str(), "learn" | "test" | "tmp")
                    || ours && called == "events";
                let foreign = called.starts_with('.')
                    || matches!(called.as_str(), "node_modules" | "__pycache__" | "site-packages");
                let linked = path.is_symlink();
                if !repeats && !foreign && !linked && depth < DEEPEST {
                    // A folder that may not be read hides its logs and no others.
                    self.folder(root, &path, depth + 1).unwrap_or_default();
                }
                continue;
            }
            self.files += 1;
            if called.contains(tensorboard::NAME) {
                self.events.push(path);
            } else if !(catboost
                && (catboost::is_file(&path) || called == "catboost_training.json"))
            {
                self.file(root, path);
            }
        }
        Ok(())
    }

    fn file(&mut self, root: &Path, path: PathBuf) {
        let plain = plain(&path);
        let end = plain.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if !ENDS.contains(&end.as_str()) {
            return;
        }
        let Ok(head) = head(&path) else { return };
        if tensorboard_csv::fits(&head) {
            return self.curves.push(path);
        }
        if epoch_files::fits(&path, &head) {
            return self.epochs.push(path);
        }
        self.alone(root, path, &head);
    }

    /// A file that may be a log by itself.
    fn alone(&mut self, root: &Path, path: PathBuf, head: &[u8]) {
        if let Some(format) = detect::format(head) {
            let kind = Kind::File(Some(format));
            self.sources.push(Source {
                name: name(root, &plain(&path).with_extension("")),
                path,
                kind,
            });
        }
    }
}

impl Source {
    fn format(&self) -> Option<Format> {
        match self.kind {
            Kind::File(format) => format,
            Kind::Events(_) => Some(Format::TensorBoard),
            Kind::Curves(_) => Some(Format::Csv),
            Kind::Epochs(_) => Some(Format::JsonLines),
            Kind::Folder(format) => Some(format),
        }
    }
}

/// The path without what says that a file is packed.
fn plain(path: &Path) -> PathBuf {
    let packed = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
    if packed { path.with_extension("") } else { path.to_owned() }
}

fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut bytes)?;
    let mut head = files::unpacked(bytes)?;
    head.truncate(HEAD as usize);
    Ok(head)
}

/// The path from the root, without a last part that every run has.
fn name(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let last = below.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let telling = match below.parent() {
        Some(above) if COMMON.contains(&last.as_str()) && above != Path::new("") => above,
        _ => below,
    };
    let name = telling.to_string_lossy().into_owned();
    if name.is_empty() {
        root.file_name().unwrap_or_default().to_string_lossy().into_owned()
    } else {
        name
    }
}

/// Every checkpoint of Hugging Face's Trainer repeats the log up to it: the last one tells all.
fn latest_checkpoints(sources: Vec<Source>) -> Vec<Source> {
    let checkpoint = |source: &Source| -> Option<(PathBuf, u64)> {
        let folder = source.path.parent()?;
        let step = folder.file_name()?.to_str()?.strip_prefix("checkpoint-")?.parse().ok()?;
        (source.path.file_name()? == "trainer_state.json")
            .then(|| folder.parent().map(|run| (run.to_owned(), step)))?
    };
    let known: Vec<(PathBuf, u64)> = sources.iter().filter_map(checkpoint).collect();
    let whole =
        |run: &Path| sources.iter().any(|source| source.path == run.join("trainer_state.json"));
    let keeps = |source: &Source| match checkpoint(source) {
        Some((run, step)) => {
            !whole(&run) && !known.iter().any(|(other, later)| *other == run && *later > step)
        }
        None => true,
    };
    let kept: Vec<bool> = sources.iter().map(keeps).collect();
    sources.into_iter().zip(kept).filter_map(|(source, keep)| keep.then_some(source)).collect()
}
