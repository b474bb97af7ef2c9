//! Folders that a run cannot go to, or cannot go on from.

use super::refused;
use crate::desk::Desk;
use std::fs;

const TRAIN: [&str; 3] = ["train", "recipe.toml", "--out"];

/// A desk with a finished run in `run`.
fn with_a_run() -> Desk {
    let desk = Desk::with_recipe();
    desk.done(&[&TRAIN[..], &["run"]].concat());
    desk
}

fn resume(out: &str) -> Vec<&str> {
    [&TRAIN[..], &[out, "--resume"]].concat()
}

#[test]
fn a_place_where_no_folder_can_be() {
    let desk = Desk::with_recipe();
    desk.write("file", "");
    refused(&desk, &[&TRAIN[..], &["file"]].concat(), 1, &["cannot create file", "a file"]);
    let below = ["cannot create file/out", "Not a directory"];
    refused(&desk, &[&TRAIN[..], &["file/out"]].concat(), 1, &below);
    desk.write("runs", "");
    refused(&desk, &TRAIN[..2], 1, &["cannot create runs"]);
}

#[test]
fn a_folder_that_holds_a_run_is_not_written_over() {
    let desk = with_a_run();
    let says = ["run holds a run already", "--resume", "--out"];
    refused(&desk, &[&TRAIN[..], &["run"]].concat(), 1, &says);
}

#[test]
fn nothing_to_resume() {
    let desk = Desk::with_recipe();
    desk.write("photos/cat.jpg", "");
    refused(&desk, &resume("nowhere"), 1, &["no run to resume in nowhere", "without --resume"]);
    refused(&desk, &resume("photos"), 1, &["photos: it holds no run", "leave out --resume"]);
    let by_name = ["train", "recipe.toml", "--resume"];
    refused(&desk, &by_name, 1, &["no run to resume in runs/recipe", "without --resume"]);
}

#[test]
fn a_run_goes_on_with_its_own_recipe_alone() {
    let desk = with_a_run();
    let says = ["run/checkpoint.safetensors: ", "another recipe", "the seed that began the run"];
    for change in [["--seed", "9"], ["--set", "train.epochs=4"]] {
        refused(&desk, &[&resume("run")[..], &change].concat(), 1, &says);
    }
    // Killed before its first checkpoint, a run is told by its copy of the recipe.
    fs::remove_file(desk.path("run/checkpoint.safetensors")).unwrap();
    let says = ["run/recipe.toml: this run was begun with another recipe", "leave out --resume"];
    refused(&desk, &[&resume("run")[..], &["--seed", "9"]].concat(), 1, &says);
}

#[test]
fn a_broken_checkpoint_is_named() {
    let desk = with_a_run();
    let whole = desk.read("run/checkpoint.safetensors");
    let noise: Vec<u8> =
        (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let foreign = desk.read("run/model.safetensors");
    let half = &whole[..whole.len() / 2];
    for bytes in [half, &whole[..500], &[], &noise, &foreign] {
        desk.write("run/checkpoint.safetensors", bytes);
        let says = ["run/checkpoint.safetensors: ", "leave out --resume"];
        refused(&desk, &resume("run"), 1, &says);
    }
}

/// A limit on the size of files stands for a full disk: writing fails in the middle of a file.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_half_file_and_the_run_goes_on_when_there_is_room() {
    let desk = with_a_run();
    let program = desk.command(&[]).get_program().to_owned();
    let mut limited = std::process::Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" train recipe.toml --out full";
    limited.args(["-c", script]).arg(program).current_dir(desk.path(""));
    let ended: crate::desk::Ended = limited.output().unwrap().into();
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.err.contains("error: cannot write full/"), "{}", ended.err);
    let half = |path: &std::path::PathBuf| path.to_string_lossy().ends_with(".part");
    assert!(!crate::desk::entries(&desk.path("full")).iter().any(half));
    desk.done(&resume("full"));
    assert_eq!(desk.read("full/model.safetensors"), desk.read("run/model.safetensors"));
}
