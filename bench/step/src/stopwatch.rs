//! Times the steps of a run as its watcher.

use bench_peer::median;
use std::time::Instant;
use wellfit_nn::train::{Progress, Watch, Wish};

/// Notes when each step ends, and leaves before the epoch's evaluation.
pub struct Stopwatch {
    last: Instant,
    /// Milliseconds of each step.
    times: Vec<f64>,
    wanted: usize,
}

impl Stopwatch {
    /// First steps of a run that do not count: they make the optimizer's state and fill caches.
    pub const WARM_UP: usize = 3;

    /// Waits for `steps` steps behind the warm-up.
    pub fn new(steps: usize) -> Self {
        Self { last: Instant::now(), times: Vec::new(), wanted: Self::WARM_UP + steps }
    }

    /// Milliseconds of the median step.
    pub fn median(self) -> f64 {
        median(self.times.get(Self::WARM_UP..).unwrap_or_default())
    }
}

impl Watch for Stopwatch {
    fn after_step(&mut self, _: &Progress<'_>) -> Wish {
        self.times.push(self.last.elapsed().as_secs_f64() * 1e3);
        self.last = Instant::now();
        if self.times.len() < self.wanted { Wish::Continue } else { Wish::Interrupt }
    }
}
