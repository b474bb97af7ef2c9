//! A folder for the one file that a reader of files wants, gone with its owner.

use std::path::Path;
use tempfile::TempDir;

/// A folder with one file.
#[derive(Debug)]
pub struct Scratch(TempDir);

impl Scratch {
    /// Makes the folder and its file.
    ///
    /// # Errors
    /// The disk refuses, in a sentence.
    pub fn with(name: &str, text: &str) -> Result<Self, String> {
        let made = || {
            let folder = TempDir::with_prefix("wellfit-lab-")?;
            std::fs::write(folder.path().join(name), text)?;
            Ok(Self(folder))
        };
        made().map_err(|error: std::io::Error| format!("cannot keep the table: {error}"))
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

    /// A message without the folder's name, which means nothing to whoever sent the table.
    pub fn hide(&self, message: &str) -> String {
        message.replace(&format!("{}/", self.0.path().display()), "")
    }
}
