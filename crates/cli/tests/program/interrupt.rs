//! Ctrl-C: the run leaves a checkpoint and tells how to go on.

use crate::desk::{Desk, Ended};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const RECIPE: &str = "a 'recipe' of mine.toml";
const MONITOR: &str = "train.monitor=\"validation.f1\"";

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
}

/// Waits until the run has logged an epoch, so that it listens to Ctrl-C.
fn wait_for_an_epoch(log: &Path) {
    let began = Instant::now();
    while std::fs::read_to_string(log).unwrap_or_default().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(60), "no epoch was logged");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The command that the program printed, as a person pastes it into a shell.
fn paste(desk: &Desk, err: &str) -> Ended {
    let line = err.lines().find_map(|line| line.strip_prefix("go on with: ")).unwrap();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", line]).env_clear().current_dir(desk.path(""));
    shell.output().unwrap().into()
}

#[test]
fn ctrl_c_leaves_a_checkpoint_and_the_command_to_go_on_works() {
    let desk = Desk::new();
    desk.write(RECIPE, crate::desk::RECIPE);
    let rest = ["--set", "train.epochs=1500", "--set", MONITOR, "--seed", "5"];
    let run =
        |out| [&["train", RECIPE, "--out", out, "--checkpoint-every", "999"][..], &rest].concat();
    let child = desk.command(&run("a folder")).spawn().unwrap();
    wait_for_an_epoch(&desk.path("a folder/metrics.jsonl"));
    interrupt(&child);
    let stopped: Ended = child.wait_with_output().unwrap().into();
    assert_eq!(stopped.code, Some(130), "{}", stopped.err);
    assert!(stopped.err.contains("the checkpoint is saved"), "{}", stopped.err);
    assert!(desk.path("a folder/checkpoint.safetensors").exists());
    let so_far = desk.path("a folder/model.safetensors");
    assert!(so_far.exists(), "the best model so far is kept");
    std::fs::remove_file(so_far).unwrap();

    let ended = paste(&desk, &stopped.err);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.err.contains("resumed at step"), "{}", ended.err);
    desk.done(&run("whole"));
    let model = |out: &str| desk.read(&format!("{out}/model.safetensors"));
    assert_eq!(model("a folder"), model("whole"));
}

#[test]
fn resume_without_a_folder_takes_the_newest_run_of_the_recipe() {
    let desk = Desk::with_recipe();
    desk.done(&["train", "recipe.toml"]);
    // The second run is another one, by its seed, and stops in the middle.
    let more = ["train", "recipe.toml", "--set", "train.epochs=3000", "--seed", "2"];
    let child = desk.command(&more).spawn().unwrap();
    wait_for_an_epoch(&desk.path("runs/recipe-2/metrics.jsonl"));
    interrupt(&child);
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    let resumed = desk.done(&[&more[..], &["--resume"]].concat());
    assert!(resumed.err.contains("resumed at step"), "{}", resumed.err);
    assert!(resumed.err.contains("wrote runs/recipe-2: "), "{}", resumed.err);
    // What stands in the way of the newest run does not hide it.
    std::fs::remove_dir_all(desk.path("runs/recipe")).unwrap();
    let again = desk.done(&[&more[..], &["--resume", "--json"]].concat());
    assert_eq!(again.json()["out"], "runs/recipe-2");
}
