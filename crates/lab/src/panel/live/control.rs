//! What a page wants of its runs, and whether it is still there.

use super::lock;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// How long runs go on that nobody listens to: a reload of the page is back by then.
pub const GRACE: Duration = Duration::from_secs(5);
/// How often a run that waits looks whether its page is still there.
pub const LOOK: Duration = Duration::from_millis(50);

/// An epoch never lasts longer for its own sake.
const SLOWEST: Duration = Duration::from_secs(2);

/// What a run is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Train.
    Train,
    /// Wait.
    Wait,
    /// End.
    End,
}

/// The wishes of one page, shared with the threads of its runs.
#[derive(Debug)]
pub struct Control {
    wanted: Mutex<Wanted>,
    changed: Condvar,
    grace: Duration,
}

#[derive(Debug)]
struct Wanted {
    order: Order,
    listeners: usize,
    alone_since: Instant,
    /// How long an epoch takes at least.
    epoch: Duration,
}

impl Control {
    /// A page that has just asked and is about to listen; runs end `grace` after it has left.
    pub fn new(order: Order, grace: Duration) -> Self {
        let (listeners, alone_since, epoch) = (0, Instant::now(), Duration::ZERO);
        let wanted = Wanted { order, listeners, alone_since, epoch };
        Self { wanted: Mutex::new(wanted), changed: Condvar::new(), grace }
    }

    /// Gives an order; one to end is the last.
    pub fn give(&self, order: Order) {
        let mut wanted = lock(&self.wanted);
        if wanted.order != Order::End {
            wanted.order = order;
        }
        self.changed.notify_all();
    }

    /// The order that holds. A page that has left wants its runs to end.
    pub fn order(&self) -> Order {
        let wanted = lock(&self.wanted);
        let left = wanted.listeners == 0 && wanted.alone_since.elapsed() > self.grace;
        if left { Order::End } else { wanted.order }
    }

    /// Waits as long as that is the order; false at the end.
    pub fn wait(&self) -> bool {
        loop {
            match self.order() {
                Order::Train => return true,
                Order::End => return false,
                Order::Wait => {
                    let wanted = lock(&self.wanted);
                    if wanted.order == Order::Wait {
                        drop(self.changed.wait_timeout(wanted, LOOK));
                    }
                }
            }
        }
    }

    /// Lets runs go at so many epochs a second at most, for eyes to follow; none for no bound.
    pub fn slow_down(&self, epochs_per_second: Option<f64>) {
        let second = |epochs: f64| Duration::try_from_secs_f64(1.0 / epochs).ok();
        let epoch = epochs_per_second.filter(|epochs| *epochs > 0.0).and_then(second);
        lock(&self.wanted).epoch = epoch.unwrap_or_default().min(SLOWEST);
        self.changed.notify_all();
    }

    /// Waits at the end of an epoch that began then, while training is the order.
    pub fn linger(&self, began: Instant) {
        while self.order() == Order::Train {
            let wanted = lock(&self.wanted);
            let left = wanted.epoch.saturating_sub(began.elapsed());
            if left.is_zero() {
                return;
            }
            drop(self.changed.wait_timeout(wanted, left.min(LOOK)));
        }
    }

    /// Says that a page listens, until what comes back is dropped.
    pub fn listen(self: &Arc<Self>) -> Listening {
        lock(&self.wanted).listeners += 1;
        Listening(Arc::clone(self))
    }

    /// Whether any page listens.
    pub fn is_heard(&self) -> bool {
        lock(&self.wanted).listeners > 0
    }
}

/// A page that listens.
#[derive(Debug)]
pub struct Listening(Arc<Control>);

impl Drop for Listening {
    fn drop(&mut self) {
        let mut wanted = lock(&self.0.wanted);
        wanted.listeners -= 1;
        wanted.alone_since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_leaves_ends_its_runs_after_a_while() {
        let control = Arc::new(Control::new(Order::Train, Duration::from_millis(30)));
        let (one, two) = (control.listen(), control.listen());
        std::thread::sleep(Duration::from_millis(60));
        assert_eq!(control.order(), Order::Train);
        drop(one);
        std::thread::sleep(Duration::from_millis(60));
        assert_eq!(control.order(), Order::Train, "another page listens");
        drop(two);
        assert_eq!(control.order(), Order::Train, "it may come back");
        std::thread::sleep(Duration::from_millis(60));
        assert_eq!(control.order(), Order::End);
        drop(control.listen());
        assert_eq!(control.order(), Order::Train, "a page that came back in time");
    }

    #[test]
    fn a_run_that_waits_is_woken_and_the_end_is_final() {
        let control = Arc::new(Control::new(Order::Wait, GRACE));
        let other = Arc::clone(&control);
        let waiting = std::thread::spawn(move || other.wait());
        std::thread::sleep(Duration::from_millis(20));
        assert!(!waiting.is_finished());
        control.give(Order::Train);
        assert!(waiting.join().unwrap());
        control.give(Order::End);
        control.give(Order::Train);
        assert!(!control.wait());
    }
}
