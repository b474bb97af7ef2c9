//! Laws of the engine, on the digits and on shapes.

use super::control::Order;
use super::registry::{PAGES, Registry};
use super::session::Session;
use super::turn::Turns;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wellfit::Experiment;
use wellfit::core::recipe::Recipe;
use wellfit::core::run::{Part, Run};

const LONG: Duration = Duration::from_secs(60);

fn registry(grace: Duration) -> Registry {
    Registry::new(Turns::new(2), grace)
}

fn digits(epochs: u64) -> Value {
    json!({
        "seed": 5,
        "data": { "digits": {}, "validation": 0.3, "first": 300, "label_noise": 0.1 },
        "model": { "mlp": { "widths": [24] } },
        "train": { "epochs": epochs, "batch_size": 32, "learning_rate": 0.01, "optimizer": "adam" },
        "regularize": [{ "l2": { "lambda": 0.3 } }, { "dropout": { "rate": 0.2 } }],
    })
}

fn spiral(epochs: u64) -> Value {
    json!({
        "seed": 5,
        "data": { "shape": { "kind": "spiral", "n": 120, "noise": 0.1 }, "validation": 0.4 },
        "model": { "mlp": { "widths": [8], "activation": "tanh" } },
        "train": { "epochs": epochs, "batch_size": 16, "learning_rate": 0.1 },
    })
}

fn until(what: &str, reached: impl Fn() -> bool) {
    let began = Instant::now();
    while !reached() {
        assert!(began.elapsed() < LONG, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn log(session: &Session, side: usize) -> Run {
    session.sides[side].told.borrow().log.clone()
}

fn step(session: &Session) -> u64 {
    session.sides[0].told.borrow().step
}

/// All numbers of a log, to the last bit; NaN too.
fn bits(log: &Run) -> Vec<(String, Vec<(u64, u64)>)> {
    let points = |series: &wellfit::core::run::Series| {
        series.points.iter().map(|p| (p.0.to_bits(), p.1.to_bits())).collect()
    };
    log.series.iter().map(|series| (series.name(), points(series))).collect()
}

/// What `wellfit train` logs for a recipe whose table lies in `base`.
fn trained(recipe: &str, base: &Path) -> Run {
    let recipe = Recipe::parse("copied.toml", recipe).unwrap();
    Experiment::new(recipe, base).unwrap().train(None, &mut ()).unwrap().log
}

#[test]
fn the_copied_recipe_gives_the_same_numbers() {
    let runs = registry(LONG);
    for sent in [digits(4), spiral(6)] {
        let (_, session) = runs.start(sent, false, Order::Train).unwrap();
        until("the end", || session.has_ended());
        let folder = tempfile::tempdir().unwrap();
        if let Some((name, text)) = session.asked().file() {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let again = trained(&session.sides[0].experiment.canonical, folder.path());
        assert_eq!(bits(&log(&session, 0)), bits(&again));
        let moment = session.sides[0].told.borrow().clone();
        let last = again.get(Part::Validation, "accuracy").unwrap().points.last().unwrap().1;
        assert_eq!((moment.state, moment.gaps[1].validation), ("epochs", last));
    }
}

#[test]
fn pauses_and_changes_to_the_same_values_change_no_bit() {
    let runs = registry(LONG);
    let (_, session) = runs.start(digits(120), false, Order::Train).unwrap();
    until("the end", || session.has_ended());
    let plain = bits(&log(&session, 0));

    let (id, disturbed) = runs.start(digits(120), false, Order::Wait).unwrap();
    // However long a busy machine takes, this page does not leave.
    let _listening = disturbed.control.listen();
    let state = || disturbed.sides[0].told.borrow().state;
    let mut pauses = BTreeSet::new();
    while !disturbed.has_ended() {
        assert!(runs.change(id, digits(120)).is_ok() || disturbed.has_ended());
        disturbed.control.give(Order::Train);
        std::thread::sleep(Duration::from_millis(20));
        disturbed.control.give(Order::Wait);
        // A busy machine may not have begun it yet.
        until("it waits", || ["ready", "paused"].contains(&state()) || disturbed.has_ended());
        pauses.insert(step(&disturbed));
    }
    let (changes, pauses) = (disturbed.sides[0].told.borrow().changes.len(), pauses.len());
    assert!(changes > 2 && pauses > 3, "{changes} changes, {pauses} pauses");
    assert_eq!(bits(&log(&disturbed, 0)), plain);
}

#[test]
fn a_strength_that_changes_while_the_run_goes_shows_in_its_weights() {
    let runs = registry(LONG);
    let (id, session) = runs.start(digits(1000), false, Order::Train).unwrap();
    let squares = || session.sides[0].told.borrow().layers[0].squares;
    until("some epochs are done", || step(&session) > 50);
    let before = squares();
    let mut strong = digits(1000);
    strong["regularize"][0]["l2"]["lambda"] = 30.into();
    strong["train"]["learning_rate"] = 0.005.into();
    let asked = step(&session);
    runs.change(id, strong).unwrap();
    let changes = || session.sides[0].told.borrow().changes.clone();
    until("the change", || !changes().is_empty());
    let per_epoch = session.sides[0].told.borrow().per_epoch;
    assert!(changes()[0] >= asked / per_epoch, "at an end of an epoch that was still to come");
    until("the weights shrink", || squares() < before / 2.0);
    assert!(!session.has_ended(), "it was no restart");
    let log = log(&session, 0);
    let rates = &log.get(Part::Online, "learning_rate").unwrap().points;
    let of = |epoch: u64| rates.iter().find(|point| point.0 == epoch as f64).unwrap().1;
    assert_eq!((of(changes()[0]), of(changes()[0] + 1)), (0.01, 0.005));
    session.control.give(Order::End);
    until("the end", || session.has_ended());
    assert_eq!(session.sides[0].told.borrow().state, "interrupt");
}

#[test]
fn what_is_no_strength_cannot_change_and_the_run_goes_on() {
    let runs = registry(LONG);
    let (id, session) = runs.start(digits(1000), false, Order::Train).unwrap();
    let change = |change: &dyn Fn(&mut Value)| {
        let mut sent = digits(1000);
        change(&mut sent);
        runs.change(id, sent).unwrap_err().1
    };
    assert!(change(&|s| s["train"]["batch_size"] = 8.into()).contains("start anew"));
    assert!(change(&|s| s["model"]["mlp"]["widths"] = json!([25])).contains("start anew"));
    assert!(change(&|s| s["train"] = "fast".into()).contains("start anew"));
    let norm = json!([{ "batch_norm": {} }]);
    assert!(change(&|s| s["regularize"] = norm.clone()).contains("adds tensors"));
    assert!(change(&|s| s["regularize"][0]["l2"]["lambda"] = (-1).into()).contains("lambda"));
    let seen = step(&session);
    until("it goes on", || step(&session) > seen + 20);
    assert!(runs.change(99, digits(5)).is_err());
    drop(runs);
    until("the end with the server", || session.has_ended());
}

#[test]
fn a_run_goes_as_slowly_as_is_asked() {
    let runs = registry(LONG);
    let (_, session) = runs.start(spiral(5000), false, Order::Wait).unwrap();
    session.control.slow_down(Some(20.0));
    let epochs = || step(&session) / session.sides[0].told.borrow().per_epoch;
    session.control.give(Order::Train);
    let began = Instant::now();
    until("some epochs are done", || epochs() >= 15);
    assert!(began.elapsed() >= Duration::from_millis(700), "{:?}", began.elapsed());
    session.control.slow_down(None);
    let (began, seen) = (Instant::now(), epochs());
    until("it runs", || epochs() > seen + 200);
    assert!(began.elapsed() < Duration::from_secs(8));
}

#[test]
fn a_pause_holds_and_a_page_that_leaves_ends_its_run() {
    let runs = registry(Duration::from_millis(200));
    let (_, session) = runs.start(spiral(5000), false, Order::Wait).unwrap();
    let listening = session.control.listen();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!((step(&session), session.sides[0].told.borrow().state), (0, "ready"));
    session.control.give(Order::Train);
    until("it trains", || step(&session) > 20);
    session.control.give(Order::Wait);
    until("it waits", || session.sides[0].told.borrow().state == "paused");
    let waiting = step(&session);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(step(&session), waiting);
    session.control.give(Order::Train);
    until("it goes on", || step(&session) > waiting);
    drop(listening);
    until("the end", || session.has_ended());
    assert!(step(&session) < 5000 * 5, "it ended because the page had left");
}

#[test]
fn side_by_side_the_run_without_techniques_is_its_own_and_in_step() {
    let runs = registry(LONG);
    let (id, session) = runs.start(digits(1000), true, Order::Train).unwrap();
    until("some epochs are done", || session.sides.iter().all(|s| s.told.borrow().step > 30));
    let mut changed = digits(1000);
    changed["train"]["learning_rate"] = 0.02.into();
    runs.change(id, changed).unwrap();
    let both = || session.sides.iter().all(|side| !side.told.borrow().changes.is_empty());
    until("both take the learning rate", both);
    session.control.give(Order::Wait);
    let paused = || session.sides.iter().all(|side| side.told.borrow().state == "paused");
    until("both wait", paused);
    let epochs =
        [0, 1].map(|side| log(&session, side).get(Part::Train, "loss").unwrap().points.len());
    assert!(epochs[0].abs_diff(epochs[1]) <= 1, "{epochs:?}");

    // The first epochs of the run without are those of a plain recipe.
    let mut plain = digits(3);
    plain["regularize"] = json!([]);
    let (_, alone) = runs.start(plain, false, Order::Train).unwrap();
    until("the end", || alone.has_ended());
    let points = |run: &Run| run.get(Part::Validation, "loss").unwrap().points[..3].to_vec();
    assert_eq!(points(&log(&session, 1)), points(&log(&alone, 0)));
    assert_ne!(points(&log(&session, 0)), points(&log(&alone, 0)));
}

#[test]
fn pages_are_counted_and_those_that_have_ended_make_room() {
    let runs = registry(LONG);
    let start = || runs.start(spiral(5000), false, Order::Wait);
    let sessions: Vec<(u64, Arc<Session>)> = (0..PAGES).map(|_| start().unwrap()).collect();
    let refusal = start().err().unwrap();
    assert_eq!(refusal.0.as_u16(), 429);
    assert!(refusal.1.contains("at most 8 pages"), "{}", refusal.1);
    sessions[3].1.control.give(Order::End);
    until("one has ended", || sessions[3].1.has_ended());
    assert!(start().is_ok() && start().is_err());
    let wrong = runs.start(json!({ "data": {} }), false, Order::Train).err().unwrap();
    assert_eq!(wrong.0.as_u16(), 429, "bounds come first");
}

#[test]
fn a_table_of_the_user_s_own_is_trained_and_a_diverging_run_tells() {
    let runs = registry(LONG);
    let rows: String =
        (0..60).map(|i| format!("{},{},{}\n", i % 7, i % 5, i % 7 + 2 * (i % 5))).collect();
    let upload = runs.upload(format!("a,b,sum\n{rows}").as_bytes()).unwrap();
    let sent = |rate: f64| {
        let mut sent = spiral(30);
        let upload = json!({ "id": upload.id, "target": "sum", "task": "regression" });
        sent["data"] = json!({ "upload": upload, "validation": 0.3 });
        sent["train"]["learning_rate"] = rate.into();
        sent["model"]["mlp"]["activation"] = "relu".into();
        sent
    };
    let (_, session) = runs.start(sent(0.05), false, Order::Train).unwrap();
    until("the end", || session.has_ended());
    let moment = session.sides[0].told.borrow().clone();
    assert!(moment.gaps[1].metric == "r2" && moment.gaps[1].validation > 0.9, "{:?}", moment.gaps);
    assert!(moment.surface.as_ref().is_some_and(|s| s.class.is_none() && s.level.contains(&0)));
    let (_, session) = runs.start(sent(1e6), false, Order::Train).unwrap();
    until("the end", || session.has_ended());
    assert_eq!(session.sides[0].told.borrow().state, "diverged");
}
