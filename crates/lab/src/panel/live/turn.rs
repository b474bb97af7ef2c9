//! Who may compute: so many runs at once that a core is left for the page, in the order of asking.

use super::lock;
use std::sync::{Condvar, Mutex};

/// The turns of all runs of a server.
#[derive(Debug)]
pub struct Turns {
    slots: u64,
    count: Mutex<Count>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Count {
    asked: u64,
    done: u64,
}

impl Turns {
    /// So many runs at once, at least one.
    pub fn new(slots: usize) -> Self {
        Self { slots: slots.max(1) as u64, count: Mutex::default(), freed: Condvar::new() }
    }

    /// All cores of the machine but one.
    pub fn of_machine() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, |cores| cores.get() - 1))
    }

    /// Waits for a turn, which ends when it is dropped.
    pub fn take(&self) -> Turn<'_> {
        let mut count = lock(&self.count);
        let number = count.asked;
        count.asked += 1;
        // All that asked before, but for as many as there are slots, are done.
        while number >= count.done + self.slots {
            count = self.freed.wait(count).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        Turn(self)
    }
}

/// A turn.
#[derive(Debug)]
pub struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.0.count).done += 1;
        self.0.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn never_more_at_once_than_slots_and_nobody_starves() {
        let (turns, now, most) = (Turns::new(2), AtomicUsize::new(0), AtomicUsize::new(0));
        let counts: Vec<AtomicUsize> = (0..5).map(|_| AtomicUsize::new(0)).collect();
        let until = std::time::Instant::now() + Duration::from_millis(300);
        std::thread::scope(|scope| {
            for count in &counts {
                scope.spawn(|| {
                    while std::time::Instant::now() < until {
                        let turn = turns.take();
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_micros(200));
                        now.fetch_sub(1, Ordering::SeqCst);
                        drop(turn);
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(most.into_inner(), 2);
        let counts: Vec<usize> = counts.into_iter().map(AtomicUsize::into_inner).collect();
        let (low, high) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        assert!(*low > 20 && high - low <= high / 2, "{counts:?}");
    }
}
