//! Which folder a run goes to, and how to come back to it.

use crate::error::Failure;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Where runs go that name no folder.
const RUNS: &str = "runs";

/// Makes the next folder for a run of recipe `name`: runs/NAME, runs/NAME-2, ... Runs that begin
/// at the same moment get folders of their own.
pub fn claim(name: &str) -> Result<PathBuf, Failure> {
    let refused = |path: &Path, error: &io::Error| {
        Failure::new(format!("cannot create {}: {error}", path.display()), None)
    };
    fs::create_dir_all(RUNS).map_err(|error| refused(Path::new(RUNS), &error))?;
    let mut k = newest_number(name).unwrap_or(0);
    loop {
        k += 1;
        let path = numbered(name, k);
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refused(&path, &error)),
        }
    }
}

/// The folder that [`claim`] made last for recipe `name`, or the first it would make.
pub fn newest(name: &str) -> PathBuf {
    numbered(name, newest_number(name).unwrap_or(1))
}

fn numbered(name: &str, k: u32) -> PathBuf {
    Path::new(RUNS).join(if k == 1 { name.to_owned() } else { format!("{name}-{k}") })
}

fn newest_number(name: &str) -> Option<u32> {
    let number = |entry: io::Result<fs::DirEntry>| {
        let entry = entry.ok()?.file_name();
        match entry.to_str()?.strip_prefix(name)? {
            "" => Some(1),
            rest => rest.strip_prefix('-')?.parse().ok(),
        }
    };
    fs::read_dir(RUNS).ok()?.filter_map(number).max()
}

/// `word` as a shell takes it for one word.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
