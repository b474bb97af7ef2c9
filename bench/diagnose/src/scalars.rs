//! One event file of many scalars: our reader and the others in turns.

use crate::ROOM;
use crate::peer::{Curves, Peer};
use bench_peer::{Outcome, show};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use wellfit_diagnose::read::read;

/// The readers beside ours.
const PEERS: [&str; 2] = ["event_accumulator", "tbparse"];

/// The seconds of all turns of a reader.
#[derive(Debug, Serialize)]
pub struct Reader {
    /// Name and version.
    pub name: String,
    /// Of each round.
    pub seconds: Vec<f64>,
}

/// What was read, and how long it took; our reader stands first.
#[derive(Debug, Serialize)]
pub struct Scalars {
    /// Number of points.
    pub points: usize,
    /// Size of the file.
    pub bytes: u64,
    /// All readers.
    pub readers: Vec<Reader>,
}

/// Writes the file where it is not there yet, checks that all read the same, and measures.
pub fn measure(python: &Path, scalars: usize, rounds: usize) -> Outcome<Scalars> {
    let folder = event_file(python, scalars)?;
    let scratch = ROOM.scratch("read")?;
    let ours = curves(&folder)?;
    let mut peers = Vec::new();
    for kind in PEERS {
        let mut peer = Peer::start(python, kind, &folder)?;
        same(&ours, &peer.curves(&scratch.join(kind))?, &peer.name)?;
        eprintln!("{}: the same {} points", peer.name, points(&ours));
        peers.push(peer);
    }
    let reader = |name: &str| Reader { name: name.to_owned(), seconds: Vec::new() };
    let mut readers = vec![reader(&format!("wellfit {}", env!("CARGO_PKG_VERSION")))];
    readers.extend(peers.iter().map(|peer| reader(&peer.name)));
    for round in 0..rounds {
        let begin = Instant::now();
        let found = read(&folder, None);
        readers[0].seconds.push(begin.elapsed().as_secs_f64());
        drop(found);
        for (peer, reader) in peers.iter_mut().zip(&mut readers[1..]) {
            reader.seconds.push(peer.turn()?);
        }
        eprintln!("round {} of {rounds}", round + 1);
    }
    Ok(Scalars { points: points(&ours), bytes: size(&folder)?, readers })
}

/// The folder of an event file with so many scalars.
pub fn event_file(python: &Path, scalars: usize) -> Outcome<PathBuf> {
    let folder = ROOM.scratch(&format!("scalars-{scalars}"))?;
    // Made under another name and renamed, so that half a file is none.
    if std::fs::read_dir(&folder)?.next().is_none() {
        let half = ROOM.scratch("half")?;
        std::fs::remove_dir_all(&half)?;
        let mut write = Command::new(python);
        write.arg(ROOM.script("write.py")).arg(&half).arg(scalars.to_string());
        show(&mut write)?;
        std::fs::rename(half, &folder)?;
    }
    Ok(folder)
}

/// What our reader makes of the folder, under the names of the file.
fn curves(folder: &Path) -> Outcome<Curves> {
    let logs: Vec<_> = read(folder, None).into_iter().collect::<Result<_, _>>()?;
    let [log] = &logs[..] else {
        return Err(format!("expected a run, found {}", logs.len()).into());
    };
    let series = log.run.series.iter().map(|series| series.points.clone());
    Ok(log.columns.iter().cloned().zip(series).collect())
}

/// Fails where a point is missing or another.
fn same(ours: &Curves, theirs: &Curves, name: &str) -> Outcome<()> {
    if ours == theirs {
        return Ok(());
    }
    let (ours, theirs) = (points(ours), points(theirs));
    Err(format!("{name} reads other points: {theirs} and we {ours}").into())
}

fn points(curves: &Curves) -> usize {
    curves.values().map(Vec::len).sum()
}

fn size(folder: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}
