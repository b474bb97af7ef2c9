//! All solvers on one case, in turns.

use crate::case::{Case, Task};
use crate::data::Data;
use crate::peer::Peer;
use crate::{Aim, judge, ours, search};
use bench_peer::{Outcome, median};
use serde::Serialize;
use std::path::Path;

/// What came out.
#[derive(Serialize)]
pub struct Race {
    case: &'static str,
    aim: &'static str,
    rows: Vec<Row>,
}

/// One solver.
#[derive(Serialize)]
struct Row {
    solver: &'static str,
    /// The tolerance it was given, in its own meaning.
    tolerance: f64,
    /// How far from exact it came: see [`Task`].
    distance: f64,
    /// Processor time of each turn.
    seconds: Vec<f64>,
}

impl Row {
    fn median(&self) -> f64 {
        median(&self.seconds)
    }
}

pub fn run(
    case: &'static Case,
    aim: Aim,
    python: &Path,
    (rounds, alone): (usize, bool),
) -> Outcome<Race> {
    let data = Data::made(case, python)?;
    let mut peers = vec![];
    for name in case.peers.iter().filter(|_| !alone) {
        let mut peer = Peer::start(name, python, &data)?;
        let tolerance = match aim {
            _ if case.task == Task::Ridge => Some(0.0),
            Aim::Default => Some(peer.default_tolerance()),
            Aim::Exact => search::loosest(&data.folder, name, case.task.limits().0, |tolerance| {
                peer.turn(tolerance)?;
                peer.distance(&data)
            })?,
        };
        let Some(tolerance) = tolerance else {
            eprintln!("  {name} does not come near enough");
            continue;
        };
        // The first turn may compile; the second tells which peer is fast.
        peer.turn(tolerance)?;
        let seconds = vec![peer.turn(tolerance)?];
        let distance = peer.distance(&data)?;
        peers.push((peer, Row { solver: name, tolerance, distance, seconds }));
    }
    let tolerance = ours_at(case, aim, &data, &peers)?;
    let distance = judge::distance(&data, &ours::solve(&data, tolerance)?.1)?;
    let mut own = Row { solver: "wellfit", tolerance, distance, seconds: vec![] };
    peers.iter_mut().for_each(|(_, row)| row.seconds.clear());
    for _ in 0..rounds {
        own.seconds.push(ours::solve(&data, tolerance)?.0);
        for (peer, row) in &mut peers {
            row.seconds.push(peer.turn(row.tolerance)?);
        }
    }
    let rows = std::iter::once(own).chain(peers.into_iter().map(|(_, row)| row)).collect();
    let aim = if aim == Aim::Exact { "exact" } else { "default" };
    Ok(Race { case: case.name, aim, rows })
}

/// Our tolerance: that of the task, or the loosest that is as near as the fastest of the peers.
fn ours_at(case: &Case, aim: Aim, data: &Data, peers: &[(Peer, Row)]) -> Outcome<f64> {
    let own = case.task.limits().1;
    let by_time = |a: &&(Peer, Row), b: &&(Peer, Row)| a.1.seconds[0].total_cmp(&b.1.seconds[0]);
    let fastest = peers.iter().min_by(by_time).map(|(_, row)| row.distance);
    let (name, limit) = match (aim, fastest) {
        (Aim::Default, Some(distance)) => (format!("ours-{distance:.1e}"), distance),
        _ => ("ours".to_owned(), own),
    };
    match case.task {
        Task::Ridge => Ok(own),
        // Our tolerance bounds the gap, and what is reached may be far below it.
        Task::Path if aim == Aim::Default => search::loosest_from(limit, |tolerance| {
            judge::distance(data, &ours::solve(data, tolerance)?.1)
        }),
        Task::Path => Ok(limit),
        Task::Folds => {
            let found = search::loosest(&data.folder, &name, limit, |tolerance| {
                judge::distance(data, &ours::solve(data, tolerance)?.1)
            })?;
            Ok(found.ok_or("our own curve does not come near enough")?)
        }
    }
}

impl Race {
    pub fn show(&self) {
        let others = self.rows[1..].iter().map(Row::median);
        let fastest = others.fold(f64::INFINITY, f64::min);
        println!("{} ({})", self.case, self.aim);
        for row in &self.rows {
            let (median, distance, tolerance) = (row.median(), row.distance, row.tolerance);
            let ratio = median / fastest;
            println!(
                "  {:<20} {median:>8.3} s  {ratio:>5.2} x  {distance:.1e} from exact  tolerance {tolerance:.0e}",
                row.solver
            );
        }
    }
}
