//! How fast a run goes, and when there is something to say about it.

use std::time::Duration;

/// Runs that are over before this get no estimate.
const LONG: Duration = Duration::from_secs(10);
/// The least and the most time between two lines in a pipe.
const LINES: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(60));

/// The pace of a run from its first step on. Times count from the end of that step.
#[derive(Debug, Default)]
pub struct Pace {
    first: Option<u64>,
    estimated: bool,
    last_line: Duration,
}

impl Pace {
    /// What is left, once: when the first steps have shown it, and where it is long.
    pub fn estimate(&mut self, elapsed: Duration, step: u64, steps: u64) -> Option<Duration> {
        let done = step - *self.first.get_or_insert(step);
        let enough = done >= 20 && elapsed >= LONG / 20 || done >= 2 && elapsed >= LONG / 2;
        if self.estimated || !enough {
            return None;
        }
        self.estimated = true;
        self.left(elapsed, step, steps).filter(|left| *left > LONG)
    }

    /// What is left, by the mean of all steps so far; none before there are two.
    pub fn left(&self, elapsed: Duration, step: u64, steps: u64) -> Option<Duration> {
        let done = step.checked_sub(self.first?).filter(|done| *done > 0)?;
        let seconds = elapsed.as_secs_f64() * steps.saturating_sub(step) as f64 / done as f64;
        Duration::try_from_secs_f64(seconds).ok()
    }

    /// Whether it is time for a line: more seldom, the longer a run goes.
    pub fn line_due(&mut self, elapsed: Duration) -> bool {
        let due = elapsed >= self.last_line + (elapsed / 10).clamp(LINES.0, LINES.1);
        if due {
            self.last_line = elapsed;
        }
        due
    }
}

/// A duration as people say it.
pub fn words(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().round() as u64;
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn long_work_is_estimated_once_after_its_first_steps() {
        let mut pace = Pace::default();
        // Resumed at step 1000; 50 ms a step.
        let told: Vec<(u64, Duration)> = (0..100)
            .filter_map(|k| Some((k, pace.estimate(ms(50 * k), 1000 + k, 3000)?)))
            .collect();
        assert_eq!(told, [(20, ms(50 * 1980))]);
        let mut slow = Pace::default();
        assert_eq!(slow.estimate(ms(0), 1, 100), None);
        assert_eq!(slow.estimate(ms(4000), 2, 100), None);
        assert_eq!(slow.estimate(ms(8000), 3, 100), Some(ms(4000 * 97)));
    }

    #[test]
    fn short_work_is_not() {
        let mut pace = Pace::default();
        assert!((0..200).all(|k| pace.estimate(ms(50 * k), 1 + k, 200).is_none()));
    }

    #[test]
    fn lines_become_rare() {
        let mut pace = Pace::default();
        let due: Vec<u64> = (0..4000).filter(|s| pace.line_due(ms(1000 * s))).collect();
        assert_eq!(due[..3], [5, 10, 15]);
        let pauses: Vec<u64> = due.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(pauses.is_sorted(), "{pauses:?}");
        assert_eq!((pauses.last(), due.len() < 110), (Some(&60), true), "{due:?}");
    }

    #[test]
    fn durations_in_words() {
        let said = [0, 61, 119, 120, 3599, 7199, 7200, 90_000].map(|s| words(ms(1000 * s)));
        let expected =
            ["0 s", "61 s", "119 s", "2 min", "60 min", "120 min", "2 h 0 min", "25 h 0 min"];
        assert_eq!(said, expected);
    }
}
