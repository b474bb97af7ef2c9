//! Nothing is lost: a run that is killed at any moment resumes to the bits of one that was not.

use crate::desk::{Desk, timeless};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};
use wellfit::prelude::Seed;

/// Everything that a checkpoint must hold is in use: draws of two doors, momentum, running
/// statistics, an average.
const RECIPE: &str = "\
seed = 3

[data]
digits = {}
label_noise = 0.15

[model]
mlp = { widths = [48, 32] }

[train]
epochs = 16
batch_size = 32
learning_rate = 0.05
optimizer = { sgd = { momentum = 0.9 } }

[[regularize]]
dropout = { rate = 0.3 }
[[regularize]]
batch_norm = {}
[[regularize]]
input_noise = { std = 0.1 }
[[regularize]]
ema = { half_life = 20 }
";
const ROUNDS: u64 = 20;
const SIGKILL: i32 = 9;

fn args<'a>(out: &'a str, every: &'a str, resume: bool) -> Vec<&'a str> {
    let mut args = vec!["train", "recipe.toml", "--out", out, "--checkpoint-every", every];
    args.extend(resume.then_some("--resume"));
    args
}

fn start(desk: &Desk, args: &[&str]) -> Child {
    desk.command(args).spawn().unwrap()
}

/// Kills a run after `moment`; gives how long it took where it ended before.
fn kill(mut child: Child, moment: Duration) -> Option<Duration> {
    let began = Instant::now();
    while began.elapsed() < moment {
        if child.try_wait().unwrap().is_some() {
            return Some(began.elapsed());
        }
        std::thread::sleep(Duration::from_millis(1).min(moment - began.elapsed().min(moment)));
    }
    child.kill().unwrap();
    (child.wait().unwrap().signal() != Some(SIGKILL)).then(|| began.elapsed())
}

/// What a run leaves, without time and place. The last checkpoint holds the weights of the last
/// step and the optimizer's state beside the best model.
fn left(desk: &Desk, out: &str) -> (Vec<Vec<u8>>, String, String) {
    let log: Vec<String> = desk.log(out).into_iter().map(|l| timeless(l).to_string()).collect();
    let summary = serde_json::from_str(&desk.text(&format!("{out}/summary.json"))).unwrap();
    let bytes = ["model.safetensors", "checkpoint.safetensors", "curves.svg"]
        .map(|name| desk.read(&format!("{out}/{name}")));
    let events = ["train", "validation", "online"].map(|part| {
        timeless_events(&desk.read(&format!("{out}/events/{part}/events.out.tfevents.wellfit")))
    });
    ([bytes, events].concat(), log.join("\n"), timeless(summary).to_string())
}

/// The data of an event file's records without wall time, which is their first field.
fn timeless_events(file: &[u8]) -> Vec<u8> {
    let (mut rest, mut data) = (file, Vec::new());
    while !rest.is_empty() {
        let size = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
        data.extend(&rest[12 + 9..12 + size]);
        rest = &rest[12 + size + 4..];
    }
    data
}

fn files(desk: &Desk, out: &str) -> Vec<PathBuf> {
    let folder = desk.path(out);
    let mut files: Vec<PathBuf> = desk.snapshot().into_keys().collect();
    files.retain(|path| path.starts_with(&folder));
    files.iter().map(|path| path.strip_prefix(&folder).unwrap().to_owned()).collect()
}

#[test]
fn a_run_killed_at_any_moment_resumes_to_the_same_bits() {
    let desk = Desk::new();
    desk.write("recipe.toml", RECIPE);
    // A checkpoint behind every step, behind some, and none before the end.
    let mut paces = ["0", "0.02", "999"].map(|every| (every, Duration::ZERO));
    for (every, duration) in &mut paces {
        let began = Instant::now();
        desk.done(&args(&format!("whole-{every}"), every, false));
        *duration = began.elapsed();
    }
    let (whole, names) = (left(&desk, "whole-0"), files(&desk, "whole-0"));
    assert_eq!(left(&desk, "whole-999"), whole);

    let chance = Seed::new(11).stream("moment of the kill");
    let (mut killed, mut killed_again, mut from_checkpoint, mut anew) = (0, 0, 0, 0);
    for round in 0..ROUNDS {
        let (every, duration) = &mut paces[round as usize % 3];
        let uniform = chance.step(round).uniform(2, 0.0, 1.0);
        // One kill in each twentieth of the run, so that its very beginning is never left out.
        let share = (round as f64 + f64::from(uniform[0])) / ROUNDS as f64;
        // A machine that became faster ends a run before its kill; then another one is begun.
        let mut runs = (0..3).map(|attempt| format!("run-{round}-{attempt}"));
        let mut killed_run = |out: &String| {
            let ended = kill(start(&desk, &args(out, every, false)), duration.mul_f64(share));
            *duration = ended.unwrap_or(*duration).min(*duration);
            ended.is_none()
        };
        let Some(out) = &runs.find(&mut killed_run) else { continue };
        killed += 1;
        // Killed before it had a folder, there is nothing to resume: it begins.
        let resume = desk.path(out).exists();
        if round % 2 == 0 && resume {
            let rest = duration.mul_f64((1.0 - share) * f64::from(uniform[1]));
            let ended = kill(start(&desk, &args(out, every, true)), rest);
            killed_again += u32::from(ended.is_none());
        }
        let ended = desk.done(&args(out, every, resume));
        if ended.err.contains("resumed at step") {
            from_checkpoint += 1
        } else {
            anew += 1
        }
        assert_eq!(left(&desk, out), whole, "round {round}");
        assert_eq!(files(&desk, out), names, "round {round}");
    }
    let counts = format!(
        "{killed} of {ROUNDS} runs killed in the middle, {killed_again} again while they resumed; \
         {from_checkpoint} went on from a checkpoint, {anew} began anew"
    );
    eprintln!("{counts}");
    assert!(killed >= 15 && killed_again >= 2 && from_checkpoint >= 8 && anew >= 2, "{counts}");
}
