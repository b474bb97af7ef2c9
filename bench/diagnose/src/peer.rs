//! Another reader as a process.

use crate::ROOM;
use bench_peer::{Outcome, Process};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Steps and values under each tag.
pub type Curves = BTreeMap<String, Vec<(f64, f64)>>;

/// Another reader.
pub struct Peer {
    process: Process,
    /// Name and version.
    pub name: String,
}

impl Peer {
    /// Starts the reader `kind` of `folder` and waits until it is ready.
    pub fn start(python: &Path, kind: &str, folder: &Path) -> Outcome<Self> {
        let mut command = Command::new(python);
        command.arg(ROOM.script("read.py")).arg(kind).arg(folder);
        let (process, name) = Process::start(command)?;
        Ok(Self { process, name })
    }

    /// Has it read, and returns the seconds that took.
    pub fn turn(&mut self) -> Outcome<f64> {
        self.process.ask("")
    }

    /// Has it read and write what it found into `file`.
    pub fn curves(&mut self, file: &Path) -> Outcome<Curves> {
        self.process.ask::<f64>(file.display())?;
        curves(&std::fs::read(file)?)
    }
}

/// What a peer wrote: tags with the number of their points as JSON, then pairs of 64-bit floats.
fn curves(bytes: &[u8]) -> Outcome<Curves> {
    let end = bytes.iter().position(|&byte| byte == b'\n').ok_or("a file without a first line")?;
    // Points come in the order of their tags, as a sorted map has them.
    let counts: BTreeMap<String, usize> = serde_json::from_slice(&bytes[..end])?;
    let (floats, _) = bytes[end + 1..].as_chunks::<8>();
    let mut pairs = floats
        .chunks_exact(2)
        .map(|pair| (f64::from_le_bytes(pair[0]), f64::from_le_bytes(pair[1])));
    let taken = counts.into_iter().map(|(tag, count)| (tag, pairs.by_ref().take(count).collect()));
    Ok(taken.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_belong_to_their_tags() {
        let mut bytes = b"{\"a\": 1, \"b\": 2}\n".to_vec();
        for number in [0.0, 0.5, 1.0, 0.25, 2.0, 0.125_f64] {
            bytes.extend(number.to_le_bytes());
        }
        let curves = curves(&bytes).unwrap();
        assert_eq!(curves["a"], [(0.0, 0.5)]);
        assert_eq!(curves["b"], [(1.0, 0.25), (2.0, 0.125)]);
    }
}
