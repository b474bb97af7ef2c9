//! `--watch` beside a thread that writes a log.

use super::{TEXTBOOK, log};
use crate::desk::{Desk, Ended};
use serde_json::Value;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::thread::{sleep, spawn};
use std::time::Duration;

/// Appends the lines of a log, a few at a time and not always whole.
fn write_slowly(path: PathBuf, text: String) {
    let bytes = text.into_bytes();
    for part in bytes.chunks(101) {
        let mut file = OpenOptions::new().create(true).append(true).open(&path).unwrap();
        file.write_all(part).unwrap();
        sleep(Duration::from_millis(25));
    }
}

/// Watches a log while it is written.
fn watched(desk: &Desk, text: String, args: &[&str]) -> Ended {
    let path = desk.path("log.csv");
    let writer = spawn(move || write_slowly(path, text));
    let watch = ["diagnose", "log.csv", "--watch", "--every", "0.02", "--timeout", "3"];
    let ended = desk.run(&[&watch[..], args].concat());
    writer.join().unwrap();
    ended
}

fn events(out: &str, kind: &str) -> Vec<Value> {
    let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|event| event["event"] == kind).collect()
}

#[test]
fn the_turn_of_a_running_job_is_told_once_with_the_checkpoint_to_keep() {
    let desk = Desk::new();
    let exec = "echo $WELLFIT_PATH $WELLFIT_EPOCH $WELLFIT_BEST_EPOCH >> stopped.txt; echo told";
    let args = ["--json", "--exec", exec, "--fail-on", "overfit"];
    let ended = watched(&desk, log(80, true), &args);
    assert_eq!(ended.code, Some(3), "{}{}", ended.out, ended.err);
    let stops = events(&ended.out, "stop");
    assert_eq!(stops.len(), 1, "{}", ended.out);
    let (epoch, best) = (&stops[0]["epoch"], stops[0]["best_epoch"].as_u64().unwrap());
    assert!((18..=23).contains(&best), "{}", stops[0]);
    assert!((best + 1..best + 25).contains(&epoch.as_u64().unwrap()), "{}", stops[0]);
    assert_eq!(desk.text("stopped.txt"), format!("log.csv {epoch} {best}\n"));
    assert!(ended.err.contains("told"), "the command's words go to standard error: {}", ended.err);
    let verdicts = events(&ended.out, "verdict");
    let words: Vec<&str> =
        verdicts.iter().map(|event| event["verdict"].as_str().unwrap()).collect();
    assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "only changes are told: {words:?}");
    assert_eq!(words.last(), Some(&"overfit"));
}

#[test]
fn a_steady_job_is_left_alone() {
    let desk = Desk::new();
    let ended =
        watched(&desk, log(80, false), &["--exec", "touch stopped", "--fail-on", "overfit"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.err);
    assert!(!ended.out.contains("stopping now") && !desk.path("stopped").exists(), "{}", ended.out);
    assert!(ended.out.lines().last().unwrap().contains(": good - "), "{}", ended.out);
}

#[test]
fn every_criterion_can_be_asked_for() {
    let desk = Desk::new();
    desk.write("log.csv", log(120, true));
    for criterion in ["gl:10", "pq", "up:4", "patience:10"] {
        let watch =
            ["diagnose", "log.csv", "--watch", "--timeout", "0.1", "--criterion", criterion];
        let out = desk.done(&watch).out;
        assert!(out.contains("stopping now keeps the best model, that of epoch 2"), "{out}");
    }
    let wrong = desk.run(&["diagnose", "log.csv", "--watch", "--criterion", "gl:no"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("noise-aware, gl:PERCENT"), "{}", wrong.err);
}

#[test]
fn a_last_line_without_its_end_waits_until_the_log_stands_still() {
    let desk = Desk::new();
    desk.write("log.csv", TEXTBOOK.trim_end());
    let watch = ["diagnose", "log.csv", "--watch", "--json", "--every", "0.05", "--timeout", "0.5"];
    let out = desk.done(&watch).out;
    let told: Vec<String> =
        events(&out, "verdict").iter().map(|event| event["epoch"].to_string()).collect();
    assert_eq!(told, ["5", "10"], "{out}");
}

#[test]
fn what_never_comes_and_what_cannot_be_watched_is_said() {
    let desk = Desk::new();
    let never = desk.run(&["diagnose", "no.csv", "--watch", "--every", "0.05", "--timeout", "0.2"]);
    assert_eq!(never.code, Some(1));
    assert_eq!(never.err.matches("waiting: no.csv: cannot be read").count(), 1, "{}", never.err);
    assert!(never.err.contains("error: no log appeared"), "{}", never.err);
    let dash = desk.run(&["diagnose", "-", "--watch"]);
    assert_eq!(dash.code, Some(1));
    assert!(dash.err.contains("standard input cannot be watched"), "{}", dash.err);
    assert_eq!(desk.run(&["diagnose", "x", "--exec", "true"]).code, Some(2));
    assert_eq!(desk.run(&["diagnose", "x", "--watch", "--every", "0"]).code, Some(2));
}
