//! One run in a thread of its own.
//!
//! Whatever a page wants, to wait, to go on with other strengths, to end, interrupts the run behind
//! a checkpoint; it goes on from there as `wellfit train --resume` does, with the same bits.

use super::control::{Control, Order};
use super::lock;
use super::pace::Pace;
use super::snapshot::{Moment, Observer};
use super::turn::{Turn, Turns};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch::Sender;
use wellfit::Experiment;
use wellfit::nn::train::{Checkpoint, Progress, StoppedBy, Watch, Wish};

/// How often a page is told of a run, at most.
pub const TELL: Duration = Duration::from_millis(100);

/// Where a changed experiment waits for the end of an epoch; the newest replaces all others.
pub type Mailbox = Arc<Mutex<Option<Arc<Experiment>>>>;

/// What a run has in common with others, and what it has of its own.
pub struct Runner {
    /// Its place among the runs of its page.
    pub index: usize,
    /// What the page wants.
    pub control: Arc<Control>,
    /// The other runs of the page.
    pub pace: Arc<Pace>,
    /// All runs of the server.
    pub turns: Arc<Turns>,
    /// Strengths to go on with.
    pub mailbox: Mailbox,
    /// Who is told; the newest moment replaces the one before.
    pub tell: Sender<Arc<Moment>>,
}

impl Runner {
    /// Trains to the end, and tells of it whatever that is.
    pub fn run(self, experiment: Arc<Experiment>) {
        let message = match catch_unwind(AssertUnwindSafe(|| self.train(experiment))) {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("the training broke down, a defect of wellfit".to_owned()),
        };
        self.pace.ended(self.index);
        let last = self.tell.borrow().as_ref().clone();
        let (state, ended) = match message {
            Some(message) => ("error", Some(message)),
            None if last.ended.is_some() => (last.state, last.ended.clone()),
            None => ("interrupt", Some(StoppedBy::Interrupt.to_string())),
        };
        self.tell.send_replace(Arc::new(Moment { state, ended, ..last }));
    }

    fn train(&self, mut experiment: Arc<Experiment>) -> Result<(), wellfit::Error> {
        let mut from: Option<Checkpoint> = None;
        let mut changes = Vec::new();
        while self.control.wait() {
            let per_epoch = self.tell.borrow().per_epoch.max(1);
            let step = from.as_ref().map_or(0, |checkpoint| checkpoint.step);
            if step.is_multiple_of(per_epoch)
                && let Some(next) = lock(&self.mailbox).take()
            {
                if let Some(checkpoint) = &mut from {
                    changes.push(step / per_epoch);
                    forget_lambda(checkpoint, &experiment, &next);
                }
                experiment = next;
            }
            from = self.stretch(&experiment, from, &changes)?;
            if from.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Trains until the next interruption, and gives where to go on from; none at the end.
    fn stretch(
        &self,
        experiment: &Experiment,
        from: Option<Checkpoint>,
        changes: &[u64],
    ) -> Result<Option<Checkpoint>, wellfit::Error> {
        let now = Instant::now();
        let mut watching = Watching {
            runner: self,
            observer: Observer::new(experiment)?,
            changes,
            turn: Some(self.turns.take()),
            told: now,
            epoch_began: now,
            since: (now, from.as_ref().map_or(0, |checkpoint| checkpoint.step)),
            speed: 0.0,
            leaving: None,
            left_at: None,
        };
        experiment.train(from, &mut watching)?;
        Ok(watching.left_at)
    }
}

/// λ that a run finds for itself is found anew where other techniques take part.
fn forget_lambda(checkpoint: &mut Checkpoint, before: &Experiment, next: &Experiment) {
    if before.doors.ids() != next.doors.ids() {
        checkpoint.lambda = None;
    }
}

/// Looks on while a run goes.
struct Watching<'a> {
    runner: &'a Runner,
    observer: Observer<'a>,
    changes: &'a [u64],
    turn: Option<Turn<'a>>,
    told: Instant,
    epoch_began: Instant,
    /// Since when the speed is measured, and the step then.
    since: (Instant, u64),
    speed: f64,
    /// The state in which the run is left.
    leaving: Option<&'static str>,
    left_at: Option<Checkpoint>,
}

impl Watch for Watching<'_> {
    fn after_step(&mut self, progress: &Progress<'_>) -> Wish {
        self.turn = None;
        let ends_epoch = progress.step.is_multiple_of(progress.per_epoch);
        let Runner { control, pace, mailbox, .. } = self.runner;
        if ends_epoch {
            control.linger(self.epoch_began);
            self.epoch_began = Instant::now();
            pace.reached(self.runner.index, progress.step / progress.per_epoch, control);
        }
        self.leaving = match control.order() {
            Order::Wait => Some("paused"),
            Order::End => Some("interrupt"),
            Order::Train if ends_epoch && lock(mailbox).is_some() => Some("training"),
            Order::Train => None,
        };
        if self.leaving.is_some() {
            return Wish::Interrupt;
        }
        self.turn = Some(self.runner.turns.take());
        if self.told.elapsed() >= TELL { Wish::Save } else { Wish::Continue }
    }

    fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), wellfit::nn::Error> {
        self.measure(checkpoint.step);
        let ended = &checkpoint.stopped_by;
        let mut moment = self.observer.at(checkpoint, ended.is_some() || self.leaving.is_some())?;
        moment.changes = self.changes.to_vec();
        moment.speed = self.speed;
        moment.state = match ended {
            Some(stopped_by) => stopped_by.id(),
            None => self.leaving.unwrap_or("training"),
        };
        moment.ended = ended.as_ref().map(ToString::to_string);
        if self.leaving.is_some() && ended.is_none() {
            self.left_at = Some(checkpoint.clone());
        }
        self.runner.tell.send_replace(Arc::new(moment));
        self.told = Instant::now();
        Ok(())
    }
}

impl Watching<'_> {
    /// Steps in a second, over the last second or so.
    fn measure(&mut self, step: u64) {
        let (since, first) = self.since;
        let seconds = since.elapsed().as_secs_f64();
        if seconds > 0.0 {
            self.speed = step.saturating_sub(first) as f64 / seconds;
        }
        if seconds > 1.0 {
            self.since = (Instant::now(), step);
        }
    }
}
