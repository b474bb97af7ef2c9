//! Another reader as a process, which sleeps while it is not its turn.

use crate::{Outcome, place};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Steps and values under each tag.
pub type Curves = BTreeMap<String, Vec<(f64, f64)>>;

/// A process at the other end of two pipes.
pub struct Peer {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Name and version.
    pub name: String,
}

impl Peer {
    /// Starts the reader `kind` of `folder` and waits until it is ready.
    pub fn start(python: &Path, kind: &str, folder: &Path) -> Outcome<Self> {
        let mut command = Command::new(python);
        command.arg(place::peer("read.py")).arg(kind).arg(folder);
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child =
            spawned.map_err(|error| format!("{} did not start: {error}", python.display()))?;
        let requests = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().ok_or("a process without stdout")?);
        let name = answer(&mut answers)?;
        Ok(Self { child, requests, answers, name })
    }

    /// Has it read, and returns the seconds that took.
    pub fn turn(&mut self) -> Outcome<f64> {
        self.ask("")
    }

    /// Has it read and write what it found into `file`.
    pub fn curves(&mut self, file: &Path) -> Outcome<Curves> {
        self.ask(&file.to_string_lossy())?;
        curves(&std::fs::read(file)?)
    }

    fn ask(&mut self, request: &str) -> Outcome<f64> {
        if let Some(requests) = &mut self.requests {
            writeln!(requests, "{request}")?;
            requests.flush()?;
        }
        answer(&mut self.answers)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.requests = None;
        let _ = self.child.wait();
    }
}

fn answer<T: serde::de::DeserializeOwned>(answers: &mut impl BufRead) -> Outcome<T> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    let wrong = |error| format!("expected an answer, found `{}`: {error}", line.trim());
    Ok(serde_json::from_str(&line).map_err(wrong)?)
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
