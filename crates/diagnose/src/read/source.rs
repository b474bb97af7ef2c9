//! What a path holds, and reading it.

use super::runs::Draft;
use super::{Format, Log, ReadError, epoch_files, files, open, search, tensorboard_csv};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A file or folder that holds one log or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
}

/// How a source is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// One file; its format is found from its content where it is none.
    File(Option<Format>),
    /// The event files of one run, below the folder `path`.
    Events(Vec<PathBuf>),
    /// The curves of one run that TensorBoard's page downloaded.
    Curves(Vec<PathBuf>),
    /// The files of one run, one for each epoch.
    Epochs(Vec<PathBuf>),
    /// A folder that is a log as a whole: of CatBoost, MLflow or Burn.
    Folder(Format),
}

impl Source {
    /// The file or folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the logs.
    ///
    /// # Errors
    /// The file cannot be read or is not what its format asks for.
    pub fn read(&self) -> Result<Vec<Log>, ReadError> {
        let (format, drafts) = match &self.kind {
            Kind::File(format) => open::file(&self.path, &files::bytes(&self.path)?, *format)?,
            Kind::Events(files) => {
                (Format::TensorBoard, super::tensorboard::read(&self.path, files)?)
            }
            Kind::Curves(files) => (Format::Csv, tensorboard_csv::read(files)?),
            Kind::Epochs(files) => (Format::JsonLines, epoch_files::read(files)?),
            Kind::Folder(format) => (*format, open::folder(&self.path, *format)?),
        };
        logs(&self.name, &self.path, format, drafts)
    }

    /// Reads the logs of a job that is still writing: the end of a last line may be missing, so
    /// that line is left out where the format is one of lines.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_growing(&self) -> Result<Vec<Log>, ReadError> {
        let Kind::File(forced) = &self.kind else { return self.read() };
        let bytes = files::bytes(&self.path)?;
        let ended = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let (format, drafts) = open::file(&self.path, &bytes, *forced)?;
        let (format, drafts) = match format.is_of_lines() && ended < bytes.len() {
            true => open::file(&self.path, &bytes[..ended], Some(format))?,
            false => (format, drafts),
        };
        logs(&self.name, &self.path, format, drafts)
    }
}

/// Lists what `path` holds: itself where it is a file, what a search finds where it is a folder.
/// `format` forces one; in a folder it leaves out the others.
///
/// # Errors
/// The path cannot be read, or a folder holds no log.
pub fn sources(path: &Path, format: Option<Format>) -> Result<Vec<Source>, ReadError> {
    let about = std::fs::metadata(path)
        .map_err(|source| ReadError::File { path: path.to_owned(), source })?;
    if about.is_dir() {
        return search::search(path, format);
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(vec![Source { name, path: path.to_owned(), kind: Kind::File(format) }])
}

/// Reads a file, or all logs in a folder: each log, or why there is none.
pub fn read(path: &Path, format: Option<Format>) -> Vec<Result<Log, ReadError>> {
    match sources(path, format) {
        Ok(sources) => sources.iter().flat_map(each).collect(),
        Err(error) => vec![Err(error)],
    }
}

fn each(source: &Source) -> Vec<Result<Log, ReadError>> {
    match source.read() {
        Ok(logs) => logs.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// Reads a stream, such as standard input; its path is `-`.
///
/// # Errors
/// The stream cannot be read or is no log, or `format` is one of folders.
pub fn read_from(mut stream: impl Read, format: Option<Format>) -> Result<Vec<Log>, ReadError> {
    let path = Path::new("-");
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes).and_then(|_| files::unpacked(bytes));
    let bytes = read.map_err(|source| ReadError::File { path: path.to_owned(), source })?;
    let (format, drafts) = open::file(path, &bytes, format)?;
    logs("standard input", path, format, drafts)
}

fn logs(
    name: &str,
    path: &Path,
    format: Format,
    drafts: Vec<Draft>,
) -> Result<Vec<Log>, ReadError> {
    if drafts.is_empty() {
        return Err(files::unlike(
            path,
            format,
            "at least one metric over epochs or steps",
            "none",
        ));
    }
    let log = |mut draft: Draft| {
        let parts = [name, draft.name.as_str()].into_iter().filter(|part| !part.is_empty());
        let name = parts.collect::<Vec<_>>().join(": ");
        draft.run.name.clone_from(&name);
        Log {
            name,
            path: path.to_owned(),
            format,
            run: draft.run,
            axis: draft.axis,
            columns: draft.columns,
            warnings: draft.warnings,
        }
    };
    Ok(drafts.into_iter().map(log).collect())
}
