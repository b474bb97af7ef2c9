//! A folder for the one file that a reader of files wants, gone with its owner.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use tempfile::TempDir;

/// A folder with one file, or with none.
#[derive(Debug)]
pub struct Scratch(TempDir);

impl Scratch {
    /// Makes the folder and its file.
    ///
    /// # Errors
    /// The disk refuses, in a sentence.
    pub fn with(name: &str, bytes: &[u8]) -> Result<Self, String> {
        let scratch = Self::empty()?;
        std::fs::write(scratch.file(name), bytes)
            .map_err(|error| format!("cannot keep the file: {error}"))?;
        Ok(scratch)
    }

    /// An empty folder.
    ///
    /// # Errors
    /// As [`Self::with`].
    pub fn empty() -> Result<Self, String> {
        let made = TempDir::with_prefix("wellfit-lab-");
        made.map(Self).map_err(|error| format!("cannot make a folder: {error}"))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The file of that name.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Copies the files of a folder into one of its own.
    ///
    /// # Errors
    /// The disk refuses, in a sentence.
    pub fn take(&self, from: &Path, name: &str) -> Result<(), String> {
        let copied = std::fs::create_dir(self.file(name)).and_then(|()| {
            std::fs::read_dir(from)?.try_for_each(|entry| {
                let entry = entry?;
                let to = self.file(name).join(entry.file_name());
                std::fs::copy(entry.path(), to).map(|_| ())
            })
        });
        copied.map_err(|error| format!("cannot keep the model: {error}"))
    }

    /// A message without the folder's name, which is nobody's business.
    pub fn hide(&self, message: &str) -> String {
        message.replace(&format!("{}{MAIN_SEPARATOR}", self.0.path().display()), "")
    }
}

/// The text of a table that was sent. Packed tables and Parquet are refused, for a few bytes could
/// unfold beyond all bounds.
///
/// # Errors
/// It is no plain text, in a sentence.
pub fn plain_table(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.starts_with("PAR1"));
    text.ok_or_else(|| "expected a table as plain CSV in UTF-8, found other bytes".to_owned())
}
