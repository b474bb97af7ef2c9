//! Downloads that can be broken off and go on, and that count only with the right checksum.

mod attempt;
mod checksum;
mod client;
mod part;

use crate::catalogue::{Download, Set};
use crate::{Error, cache::Cache};
use attempt::{Mirror, Refusal};
use checksum::Verdict;
use client::Client;
use part::Part;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a set is fetched.
#[derive(Debug, Clone)]
pub struct Fetch {
    /// Where the files go.
    pub cache: Cache,
    /// Address or local folder with the files, in place of [`Set::mirrors`].
    pub mirror: Option<String>,
    /// How often a file is asked of one mirror while it breaks off or is busy; at least once.
    pub attempts: u32,
    /// Wait before the second attempt; it doubles with each further one.
    pub pause: Duration,
    /// Longest wait for a connection, and for the next bytes.
    pub timeout: Duration,
}

/// How far a download is, for whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Bytes that are there.
    pub done: u64,
    /// Bytes of the whole file, as the mirror says or else as published.
    pub total: u64,
}

impl Fetch {
    /// Four attempts, half a second apart at first, and half a minute of silence.
    pub fn into_cache(cache: Cache) -> Self {
        let (pause, timeout) = (Duration::from_millis(500), Duration::from_secs(30));
        Self { cache, mirror: None, attempts: 4, pause, timeout }
    }

    /// Fetches the files of `set` that the cache does not hold yet, and returns their folder.
    ///
    /// A file grows under its name with `.part` behind it, from where an earlier call left off, and
    /// gets its name when its SHA-256 is right. `watch` hears of every piece.
    ///
    /// # Errors
    /// [`Error::Write`] when the cache cannot be written, [`Error::Download`] when no mirror gave a
    /// file with the right checksum; it says what each of them did.
    pub fn set(&self, set: &Set, watch: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, Error> {
        let folder = self.cache.folder(set.name);
        fs::create_dir_all(&folder).map_err(unwritable(&folder))?;
        let client = Client::new(self.timeout);
        for file in &set.files {
            self.file(&client, set, file, watch)?;
        }
        Ok(folder)
    }

    fn file(
        &self,
        client: &Client,
        set: &Set,
        file: &Download,
        watch: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), Error> {
        let folder = self.cache.folder(set.name);
        let done = folder.join(file.name);
        if matches!(Verdict::of(&done, file), Ok(Verdict::Right)) {
            return Ok(());
        }
        let part = Part { path: folder.join(format!("{}.part", file.name)), file };
        let mut tried = Vec::new();
        let mirrors = match &self.mirror {
            Some(mirror) => vec![mirror.as_str()],
            None => set.mirrors.to_vec(),
        };
        for mirror in mirrors {
            let address = &format!("{}/{}", mirror.trim_end_matches('/'), file.name);
            let mirror = Mirror { client, address, attempts: self.attempts, pause: self.pause };
            match mirror.fetch(&part, watch) {
                Ok(()) => return fs::rename(&part.path, &done).map_err(unwritable(&done)),
                Err(Refusal::Local(error)) => return Err(error),
                Err(Refusal::Mirror(why)) => tried.push(format!("  {address}: {why}")),
            }
        }
        Err(Error::Download { name: set.name.to_owned(), tried: tried.join("\n"), folder })
    }
}

fn unwritable(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
    |error| Error::Write { path: path.into(), why: error.to_string() }
}

#[cfg(test)]
mod tests;
