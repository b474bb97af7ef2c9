//! What a search does must not depend on interruptions, workers or other programs.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use std::fs;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use wellfit_core::card::Scale;
use wellfit_core::number::Fraction;
use wellfit_core::seed::{Draw, Seed};
use wellfit_tune::Error;
use wellfit_tune::halving::Ladder;
use wellfit_tune::sampler::{History, Sampler, Tpe};
use wellfit_tune::search::{Ended, Job, NoRules, Objective, Rules, Search, Settings};
use wellfit_tune::space::{Configuration, Domain, Space};
use wellfit_tune::study::{Direction, Durability, Journal, Operation, Study};

fn space() -> Space {
    let mut space = Space::default();
    let on = space.add("dropout", Domain::switch()).unwrap();
    let rate = Domain::Float { low: 0.05, high: 0.7, scale: Scale::Linear };
    space.add_under(on, 1.0, "dropout.rate", rate).unwrap();
    let lambda = Domain::Float { low: 1e-3, high: 1e2, scale: Scale::Log };
    space.add("l2.lambda", lambda).unwrap();
    space.add("patience", Domain::Integer { low: 5, high: 50, scale: Scale::Log }).unwrap();
    space
}

/// A learning curve: strong regularizers begin badly and end well. One in 13 trials breaks.
fn curve(configuration: &Configuration, trial: u64, epochs: u64) -> f64 {
    if trial % 13 == 5 {
        return f64::NAN;
    }
    let rate = configuration.get(1).unwrap_or(0.0);
    let lambda = (configuration.get(2).unwrap() / 0.1).log10();
    let limit = (rate - 0.4).powi(2) + 0.05 * lambda * lambda;
    limit + (1.0 + 3.0 * rate) / epochs as f64
}

/// Trains for no time, and notes what it was asked for.
#[derive(Default)]
struct Curve {
    jobs: Mutex<Vec<(u64, u64, u64)>>,
    sign: f64,
    uneven: bool,
}

impl Curve {
    fn new() -> Self {
        Self { sign: 1.0, ..Self::default() }
    }
}

impl Objective for Curve {
    fn run(&self, job: &Job<'_>) -> Option<f64> {
        self.jobs.lock().unwrap().push((job.trial, job.from, job.to));
        if self.uneven {
            // Later trials are ready first.
            std::thread::sleep(std::time::Duration::from_micros(300 * (9 - job.trial % 9)));
        }
        Some(self.sign * curve(job.configuration, job.trial, job.to))
    }
}

/// Heavy is who drops much; patience is even.
struct Even;

impl Rules for Even {
    fn settle(&self, mut configuration: Configuration, draw: &mut Draw) -> Configuration {
        let step = if draw.unit() < 0.5 { 1.0 } else { -1.0 };
        let patience = configuration.values[3].unwrap();
        if patience % 2.0 == 1.0 {
            configuration.values[3] = Some((patience + step).clamp(6.0, 50.0));
        }
        configuration
    }

    fn heaviness(&self, configuration: &Configuration) -> f64 {
        configuration.get(1).unwrap_or(0.0)
    }
}

fn settings() -> Settings {
    let (epochs, rungs) = (NonZeroU64::new(27).unwrap(), NonZeroU64::new(3).unwrap());
    let plain = Configuration { values: vec![Some(0.0), None, Some(1e-3), Some(10.0)] };
    let dropout = Configuration { values: vec![Some(1.0), Some(0.5), Some(1e-2), Some(10.0)] };
    Settings {
        study: "test".to_owned(),
        seed: Seed::new(11),
        direction: Direction::Minimize,
        ladder: Ladder::new(epochs, rungs, 3).unwrap(),
        cohort: NonZeroUsize::new(9).unwrap(),
        cohorts: 3,
        quota: Fraction::new(0.3).unwrap(),
        portfolio: vec![plain, dropout],
    }
}

/// Runs a search to its end and returns what it did.
fn finished(path: &Path, settings: Settings, objective: &dyn Objective, workers: usize) -> String {
    let (space, sampler) = (space(), Tpe::default());
    let journal = Journal::open(path, Durability::Cached).unwrap();
    let mut search = Search::open(settings, &space, &sampler, &Even, journal).unwrap();
    let workers = NonZeroUsize::new(workers).unwrap();
    assert_eq!(search.run(objective, workers, &|| false).unwrap(), Ended::Done);
    let study = search.journal().studies().named("test").unwrap();
    format!("{}\n{:?}\n{:?}", shown(study), search.best().unwrap(), search.foresight().unwrap())
}

/// All of a study but the times.
fn shown(study: &Study) -> String {
    let lines = study.trials.iter().map(|trial| {
        let mut trial = trial.clone();
        (trial.started, trial.ended) = (None, None);
        format!("{trial:?}\n")
    });
    lines.collect()
}

fn whole() -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.log");
    let shown = finished(&path, settings(), &Curve::new(), 1);
    (shown, fs::read_to_string(path).unwrap())
}

#[test]
fn trials_climb_and_the_best_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, curve) = (folder.path().join("study.log"), Curve::new());
    finished(&path, settings(), &curve, 1);
    let journal = Journal::open(&path, Durability::Cached).unwrap();
    let study = journal.studies().named("test").unwrap();
    assert_eq!(study.trials.len(), settings().trials());
    // Of 9 trials 3 reach the second rung and 1 the last; of the portfolio's 2, 1 and 1.
    let reached =
        |epochs| study.trials.iter().filter(|t| t.intermediate.contains_key(&epochs)).count();
    assert_eq!((reached(3), reached(9), reached(27)), (29, 10, 4));
    let jobs = curve.jobs.lock().unwrap();
    assert_eq!(jobs.len(), 29 + 10 + 4);
    assert!(jobs.iter().all(|job| [(0, 3), (3, 9), (9, 27)].contains(&(job.1, job.2))));
    assert!(study.trials.iter().all(|trial| trial.state.is_ended()));
    assert!(study.trials.iter().skip(2).all(|trial| trial.parameters["patience"].0 % 2.0 == 0.0));
}

/// Killed after every line, and in the middle of every line.
#[test]
fn a_killed_search_goes_on_to_the_same_end() {
    let (expected, text) = whole();
    let folder = tempfile::tempdir().unwrap();
    let ends: Vec<usize> =
        text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1).collect();
    assert!(ends.len() > 80);
    for (number, &end) in ends.iter().enumerate() {
        let torn = if number % 2 == 0 { end } else { end - 7 };
        let path = folder.path().join(format!("{number}.log"));
        fs::write(&path, &text[..torn]).unwrap();
        let curve = Curve::new();
        assert_eq!(finished(&path, settings(), &curve, 1), expected, "killed at line {number}");
        let before = number.checked_sub(1).map_or(0, |line| ends[line]);
        let known =
            text[..if torn < end { before } else { end }].matches("\"intermediate_value\"").count();
        let jobs = curve.jobs.lock().unwrap().len();
        assert_eq!(jobs + known, 43, "what was trained is not trained again");
    }
}

#[test]
fn workers_change_nothing() {
    let (expected, _) = whole();
    let folder = tempfile::tempdir().unwrap();
    for workers in [2, 4, 7] {
        let path = folder.path().join(format!("{workers}.log"));
        let curve = Curve { uneven: true, ..Curve::new() };
        assert_eq!(finished(&path, settings(), &curve, workers), expected, "{workers} workers");
    }
}

#[test]
fn more_cohorts_go_on_where_fewer_ended() {
    let (expected, _) = whole();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.log");
    for cohorts in [0, 1, 3] {
        let shown = finished(&path, Settings { cohorts, ..settings() }, &Curve::new(), 2);
        assert_eq!(shown == expected, cohorts == 3);
    }
}

#[test]
fn stopped_in_the_middle_it_goes_on() {
    let (expected, _) = whole();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.log");
    let (space, sampler, asked) = (space(), Tpe::default(), AtomicUsize::new(0));
    let journal = Journal::open(&path, Durability::Cached).unwrap();
    let mut search = Search::open(settings(), &space, &sampler, &Even, journal).unwrap();
    let stop = || asked.fetch_add(1, Ordering::Relaxed) >= 17;
    let one = NonZeroUsize::MIN;
    assert_eq!(search.run(&Curve::new(), one, &stop).unwrap(), Ended::Stopped);
    // The same search, and another that reads its file.
    assert_eq!(search.run(&Curve::new(), one, &|| true).unwrap(), Ended::Stopped);
    drop(search);
    assert_eq!(finished(&path, settings(), &Curve::new(), 1), expected);
}

/// Less of the negative is more.
#[test]
fn maximizing_is_minimizing_the_negative() {
    let folder = tempfile::tempdir().unwrap();
    let configurations = |direction, sign| {
        let path = folder.path().join(format!("{direction:?}.log"));
        let curve = Curve { sign, ..Curve::new() };
        finished(&path, Settings { direction, ..settings() }, &curve, 1);
        let journal = Journal::open(&path, Durability::Cached).unwrap();
        let study = journal.studies().named("test").unwrap();
        let trials = study.trials.iter().map(|trial| (trial.parameters.clone(), trial.state));
        trials.collect::<Vec<_>>()
    };
    let least = configurations(Direction::Minimize, 1.0);
    assert_eq!(configurations(Direction::Maximize, -1.0), least);
}

/// Notes how many trials it is told of.
#[derive(Default)]
struct Told(Mutex<Vec<(u64, usize, usize)>>);

impl Sampler for Told {
    fn sample(&self, space: &Space, seed: Seed, trial: u64, history: History<'_>) -> Configuration {
        self.0.lock().unwrap().push((trial, history.ended.len(), history.running.len()));
        Tpe::default().sample(space, seed, trial, history)
    }
}

#[test]
fn a_trial_knows_the_cohorts_before_and_its_elder_siblings() {
    let folder = tempfile::tempdir().unwrap();
    let (space, sampler) = (space(), Told::default());
    let journal = Journal::open(&folder.path().join("study.log"), Durability::Cached).unwrap();
    let mut search = Search::open(settings(), &space, &sampler, &Even, journal).unwrap();
    search.run(&Curve::new(), NonZeroUsize::MIN, &|| false).unwrap();
    let expected: Vec<(u64, usize, usize)> =
        (0..27).map(|k| (k as u64 + 2, 2 + k / 9 * 9, k % 9)).collect();
    assert_eq!(*sampler.0.lock().unwrap(), expected);
}

#[test]
fn other_seeds_and_other_programs() {
    let (expected, text) = whole();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.log");
    let other = finished(&path, Settings { seed: Seed::new(12), ..settings() }, &Curve::new(), 1);
    assert_ne!(other, expected);
    // A trial of another program stands between ours and changes none of them.
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let path = folder.path().join("shared.log");
    fs::write(&path, lines[..20].concat()).unwrap();
    let mut journal = Journal::open(&path, Durability::Cached).unwrap();
    journal.append(&[Operation::CreateTrial(Box::default())]).unwrap();
    drop(journal);
    let strip = |shown: &str| -> Vec<String> {
        let parameters = |line: &str| Some(line.split_once("parameters")?.1.to_owned());
        shown.lines().filter(|line| line.contains("wellfit:trial")).filter_map(parameters).collect()
    };
    let shared = finished(&path, settings(), &Curve::new(), 1);
    assert_eq!((strip(&shared).len(), strip(&shared)), (29, strip(&expected)));
}

#[test]
fn a_study_of_other_settings_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.log");
    finished(&path, settings(), &Curve::new(), 1);
    let (space, sampler) = (space(), Tpe::default());
    let refused = |settings: Settings| {
        let journal = Journal::open(&path, Durability::Cached).unwrap();
        match Search::open(settings, &space, &sampler, &NoRules, journal) {
            Err(Error::Study { message, .. }) => message,
            _ => panic!("expected a refusal"),
        }
    };
    assert!(refused(Settings { seed: Seed::new(1), ..settings() }).contains("other settings"));
    let maximize = Settings { direction: Direction::Maximize, ..settings() };
    assert!(refused(maximize).contains("another direction"));
    let stranger = Configuration { values: vec![None; 4] };
    let journal = Journal::open(&path, Durability::Cached).unwrap();
    let bad = Settings { portfolio: vec![stranger], ..settings() };
    assert!(Search::open(bad, &space, &sampler, &NoRules, journal).is_err());
}

#[test]
fn the_file_holds_one_line_for_each_thing_that_happened() {
    let (_, text) = whole();
    let count = |word: &str| text.lines().filter(|line| line.contains(word)).count();
    assert_eq!(count("\"op_code\":4"), 29);
    assert_eq!(count("\"op_code\":6"), 29);
    assert_eq!(count("\"op_code\":7"), 43);
    assert_eq!(text.lines().count(), 2 + 29 + 29 + 43);
}
