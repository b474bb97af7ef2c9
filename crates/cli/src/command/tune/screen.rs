//! What a person sees of a search: what runs, the best so far, and the answer.

use crate::command::train::pace::words;
use crate::screen::tell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use wellfit::Experiment;
use wellfit::core::run::Direction;
use wellfit::cure::{Answer, Difference, Event, Observer, Settings};

/// Tells what happens, a line each at most so often.
pub struct Screen {
    interrupt: Arc<AtomicBool>,
    epochs: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    direction: Option<Direction>,
    trials: usize,
    best: Option<(f64, String)>,
    raced: usize,
    told: Option<Instant>,
}

/// Between two lines that are not news.
const PAUSE: Duration = Duration::from_secs(5);

impl Screen {
    /// For runs of so many epochs.
    pub fn new(epochs: u64) -> Self {
        Self { interrupt: Arc::default(), epochs, state: Mutex::default() }
    }

    /// What ends the search once it is set.
    pub fn interrupt(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.interrupt)
    }

    /// What is about to be done.
    pub fn begin(&self, experiment: &Experiment, out: &Path) {
        let Ok(settings) = Settings::of(experiment) else { return };
        let metric = settings.metric(experiment);
        self.state().direction = Some(Direction::of(&metric));
        let data = &experiment.data;
        let test = data.test.as_ref().map_or(0, |test| test.len());
        tell!(
            "data     {} training, {} validation, {test} test rows",
            data.train.len(),
            data.validation.len()
        );
        tell!(
            "plan     plain on {} pairs of seed and split; {} trials at most; {} finalists on the \
               same pairs; compared by {metric}",
            settings.seeds,
            settings.trials,
            settings.finalists
        );
        tell!("folder   {}", out.display());
    }

    /// The answer.
    pub fn end(&self, answer: &Answer) {
        let metric = &answer.baseline.metric;
        tell!("\n{:<40} {:>10} {:>9} {:>21} {:>8}", metric, "mean", "gain", "95% interval", "p");
        tell!("{:<40} {:>10.4}", "plain", answer.baseline.mean.0);
        for one in &answer.finalists {
            let Difference { mean, low, high, p, .. } = one.difference;
            let interval = format!("{:+.4} to {:+.4}", low.0, high.0);
            let name = shortened(&one.name, 40);
            tell!("{name:<40} {:>10.4} {:>+9.4} {interval:>21} {:>8.4}", one.mean.0, mean.0, p.0);
        }
        if let Some(test) = answer.test {
            tell!(
                "test rows, opened once: plain {:.4}, chosen {:.4}, finalists together {:.4}",
                test.baseline.0,
                test.chosen.0,
                test.ensemble.0
            );
        }
        tell!("\n{}", answer.sentence());
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A long name's beginning.
fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let start: String = name.chars().take(most - 3).collect();
    format!("{start}...")
}

impl Observer for Screen {
    fn see(&self, event: &Event<'_>) {
        let mut state = self.state();
        let due = state.told.is_none_or(|told| told.elapsed() >= PAUSE);
        match event {
            Event::Raced { name, pair, value, seconds } => {
                state.raced += 1;
                if due {
                    tell!("race     {name}, pair {pair}: {value:.4} ({seconds:.1} s)");
                }
            }
            Event::Diagnosed(found) => {
                tell!("plain    {}: {}", found.verdict, found.sentence());
                return;
            }
            Event::Estimate { search, race } => {
                let of = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or_default();
                tell!(
                    "takes    about {} for the search and {} for the race at most",
                    words(of(*search)),
                    words(of(*race))
                );
                return;
            }
            Event::Trial { number, name, epochs, value, .. } => {
                state.trials += 1;
                let direction = state.direction.unwrap_or(Direction::Lower);
                let better =
                    |best: &(f64, String)| direction.as_cost(*value) < direction.as_cost(best.0);
                let whole = *epochs == self.epochs && value.is_finite();
                if whole && state.best.as_ref().is_none_or(better) {
                    state.best = Some((*value, (*name).to_owned()));
                    tell!("best     {value:.4}  trial {number}: {name}");
                } else if due {
                    tell!("trial    {number}, epoch {epochs}: {value:.4}  {name}");
                }
            }
            Event::Finalists(names) => {
                tell!("race     of {} against plain: {}", names.len(), names.join("; "));
            }
            _ => return,
        }
        if due {
            state.told = Some(Instant::now());
        }
    }

    fn stop(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }
}
