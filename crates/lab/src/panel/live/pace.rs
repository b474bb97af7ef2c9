//! Runs side by side go epoch by epoch: the faster one waits for the other.

use super::control::{Control, LOOK, Order};
use super::lock;
use std::sync::{Condvar, Mutex};

/// Epochs that each of the runs has done; none for a run that has ended.
#[derive(Debug)]
pub struct Pace {
    epochs: Mutex<Vec<Option<u64>>>,
    moved: Condvar,
}

impl Pace {
    /// So many runs at their start.
    pub fn new(runs: usize) -> Self {
        Self { epochs: Mutex::new(vec![Some(0); runs]), moved: Condvar::new() }
    }

    /// Run `index` has done so many epochs; waits until all others have, as long as training is
    /// the order.
    pub fn reached(&self, index: usize, epoch: u64, control: &Control) {
        let mut epochs = lock(&self.epochs);
        epochs[index] = Some(epoch);
        self.moved.notify_all();
        while epochs.iter().flatten().any(|&other| other < epoch) && control.order() == Order::Train
        {
            let waited = self.moved.wait_timeout(epochs, LOOK);
            epochs = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    /// Run `index` has ended; nobody waits for it.
    pub fn ended(&self, index: usize) {
        lock(&self.epochs)[index] = None;
        self.moved.notify_all();
    }
}
