//! Several jobs at the same time, whose results are written down as they come.

use super::{Job, Objective};
use crate::Error;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// Runs all jobs, and hands over the results that are there, by the jobs' places. Returns whether
/// all were run: after `stop` says so, none is begun, and one that was interrupted has no result.
pub(super) fn run(
    jobs: &[Job<'_>],
    objective: &dyn Objective,
    workers: NonZeroUsize,
    stop: &(dyn Fn() -> bool + Sync),
    mut keep: impl FnMut(&[(usize, f64)]) -> Result<(), Error>,
) -> Result<bool, Error> {
    // Alone, nobody has to be woken.
    if workers.get().min(jobs.len()) <= 1 {
        for (place, job) in jobs.iter().enumerate() {
            if stop() {
                return Ok(false);
            }
            let Some(value) = objective.run(job) else { return Ok(false) };
            keep(&[(place, value)])?;
        }
        return Ok(true);
    }
    let (next, halted) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = |results: mpsc::Sender<(usize, f64)>| {
        while !halted.load(Ordering::Relaxed) && !stop() {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(place) else { return };
            let Some(value) = objective.run(job) else {
                halted.store(true, Ordering::Relaxed);
                return;
            };
            if results.send((place, value)).is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        let (sender, results) = mpsc::channel();
        for _ in 0..workers.get().min(jobs.len()) {
            let sender = sender.clone();
            scope.spawn(|| work(sender));
        }
        drop(sender);
        let mut done = 0;
        while let Ok(first) = results.recv() {
            let mut batch = vec![first];
            batch.extend(results.try_iter());
            done += batch.len();
            keep(&batch).inspect_err(|_| halted.store(true, Ordering::Relaxed))?;
        }
        Ok(done == jobs.len())
    })
}
