//! Whether a path has changed since it was looked at.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How a path was when it was looked at.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    stamps: Vec<Stamp>,
    /// Whether it had not changed between two looks.
    pub stands_still: bool,
    /// Looks so far.
    pub looks: u64,
}

impl Seen {
    /// Counts a look where the path changed, and one more when it has stopped to: a last line
    /// without its end counts only then.
    pub fn update(&mut self, now: Vec<Stamp>) {
        let still = self.looks > 0 && self.stamps == now;
        if !(still && self.stands_still) {
            self.looks += 1;
        }
        (self.stamps, self.stands_still) = (now, still);
    }
}

/// By what a change of a file shows.
pub type Stamp = (PathBuf, u64, Option<SystemTime>);

/// The stamps of a file, or of all files in a folder.
pub fn stamps(path: &Path) -> Vec<Stamp> {
    let Ok(about) = std::fs::metadata(path) else { return Vec::new() };
    if about.is_file() {
        return vec![(path.to_owned(), about.len(), about.modified().ok())];
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut entries: Vec<PathBuf> = entries.filter(|path| !path.is_symlink()).collect();
    entries.sort();
    entries.iter().flat_map(|path| stamps(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_looked_at_and_its_end_once_more() {
        let stamp = |length| vec![(PathBuf::from("log"), length, None)];
        let mut seen = Seen::default();
        let looks: Vec<(u64, bool)> = [1, 1, 1, 2, 3, 3, 3]
            .map(|length| {
                seen.update(stamp(length));
                (seen.looks, seen.stands_still)
            })
            .to_vec();
        let expected =
            [(1, false), (2, true), (2, true), (3, false), (4, false), (5, true), (5, true)];
        assert_eq!(looks, expected);
    }
}
