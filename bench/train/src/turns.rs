//! Our side as a process: a training run that goes on for as many steps as it is asked for, tells
//! how long each took, and sleeps until it is asked again.

use crate::case::Case;
use crate::setting::Setting;
use crate::side::{Answer, Hello};
use bench_peer::Outcome;
use std::io::{BufRead, Write};
use std::time::Instant;
use wellfit_core::run::Run;
use wellfit_nn::train::{Progress, Watch, Wish};

/// Trains `case` in turns until the requests end.
pub fn serve(case: Case, mut requests: impl BufRead, mut answers: impl Write) -> Outcome<()> {
    let setting = Setting::endless(case)?;
    let name = format!("wellfit {}", env!("CARGO_PKG_VERSION"));
    send(&mut answers, &Hello { name, threads: rayon::current_num_threads() })?;
    let Some(wanted) = request(&mut requests)? else { return Ok(()) };
    let mut turns = Turns { requests, answers, clock: TurnClock::start(wanted), failed: None };
    setting.train(&mut turns)?;
    turns.failed.map_or(Ok(()), Err)
}

/// Sends one line of JSON.
pub fn send(answers: &mut impl Write, answer: &impl serde::Serialize) -> Outcome<()> {
    writeln!(answers, "{}", serde_json::to_string(answer)?)?;
    Ok(answers.flush()?)
}

/// The next number of steps; none where the requests end.
fn request(requests: &mut impl BufRead) -> Outcome<Option<usize>> {
    let mut line = String::new();
    if requests.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let wrong = |_| format!("expected a number of steps, found `{}`", line.trim());
    Ok(Some(line.trim().parse().map_err(wrong)?))
}

/// The times of one turn.
struct TurnClock {
    wanted: usize,
    milliseconds: Vec<f64>,
    last: Instant,
    epoch_ended: bool,
}

impl TurnClock {
    fn start(wanted: usize) -> Self {
        Self { wanted, milliseconds: Vec::new(), last: Instant::now(), epoch_ended: false }
    }

    /// Notes a step, but for one that an evaluation followed; tells whether the turn is over.
    fn step(&mut self) -> bool {
        if !std::mem::take(&mut self.epoch_ended) {
            self.milliseconds.push(self.last.elapsed().as_secs_f64() * 1e3);
        }
        self.last = Instant::now();
        self.milliseconds.len() >= self.wanted
    }
}

struct Turns<R, W> {
    requests: R,
    answers: W,
    clock: TurnClock,
    failed: Option<Box<dyn std::error::Error>>,
}

impl<R: BufRead, W: Write> Turns<R, W> {
    /// Answers, and waits for the next request.
    fn hand_over(&mut self) -> Outcome<Wish> {
        let milliseconds = std::mem::take(&mut self.clock.milliseconds);
        send(&mut self.answers, &Answer { milliseconds, losses: Vec::new() })?;
        let Some(wanted) = request(&mut self.requests)? else { return Ok(Wish::Interrupt) };
        self.clock = TurnClock::start(wanted);
        Ok(Wish::Continue)
    }
}

impl<R: BufRead, W: Write> Watch for Turns<R, W> {
    fn after_step(&mut self, _: &Progress<'_>) -> Wish {
        if !self.clock.step() {
            return Wish::Continue;
        }
        self.hand_over().unwrap_or_else(|error| {
            self.failed = Some(error);
            Wish::Interrupt
        })
    }

    fn after_epoch(&mut self, _: &Run, _: u64) {
        self.clock.epoch_ended = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_has_as_many_steps_as_were_asked_for() {
        let case = Case::named("table").unwrap().with_examples(640);
        let mut answers = Vec::new();
        // Ten steps are an epoch: the second turn meets its end.
        serve(case, "3\n12\n".as_bytes(), &mut answers).unwrap();
        let answers = String::from_utf8(answers).unwrap();
        let lines: Vec<&str> = answers.lines().collect();
        let hello: Hello = serde_json::from_str(lines[0]).unwrap();
        assert_eq!(hello.threads, rayon::current_num_threads());
        let steps = |line: &str| {
            let answer: Answer = serde_json::from_str(line).unwrap();
            assert!(answer.milliseconds.iter().all(|&time| time > 0.0));
            answer.milliseconds.len()
        };
        assert_eq!(lines[1..].iter().map(|line| steps(line)).collect::<Vec<_>>(), [3, 12]);
    }

    #[test]
    fn a_step_with_an_evaluation_behind_it_does_not_count() {
        let mut clock = TurnClock::start(2);
        assert!(!clock.step());
        clock.epoch_ended = true;
        assert!(!clock.step());
        assert_eq!(clock.milliseconds.len(), 1);
        assert!(clock.step());
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let case = Case::named("table").unwrap().with_examples(640);
        let error = serve(case, "3\nmany\n".as_bytes(), Vec::new()).unwrap_err().to_string();
        assert_eq!(error, "expected a number of steps, found `many`");
    }
}
