//! A reader that goes away, as `head` does, is no reason to fail, let alone to lose a run.

use crate::desk::Desk;
use crate::stored::with_model;
use crate::tables;
use std::fs::OpenOptions;
use std::process::Stdio;

/// A pipe that nobody reads any more.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn a_list_that_nobody_reads_to_its_end_is_no_error() {
    let desk = Desk::with_recipe();
    for args in [
        &["techniques"][..],
        &["techniques", "--json"],
        &["explain", "dropout"],
        &["explain", "--recipe", "recipe.toml"],
        &["--help"],
    ] {
        let output = desk.command(args).stdout(closed()).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), err.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn predictions_that_nobody_reads_to_their_end_are_no_error() {
    let (desk, _) = with_model(&tables::classes(), &[]);
    desk.write("t.csv", format!("a,b\n{}", "1,2\n".repeat(20_000)));
    for args in [&["predict", "o", "t.csv"][..], &["predict", "o", "t.csv", "--json"]] {
        let output = desk.command(args).stdout(closed()).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), err.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn a_run_outlives_its_terminal() {
    let desk = Desk::with_recipe();
    let mut command = desk.command(&["train", "recipe.toml", "--out", "o", "--json"]);
    let output = command.stdout(closed()).stderr(closed()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(desk.path("o/summary.json").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_standard_output_is_told() {
    let desk = Desk::new();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = desk.command(&["techniques"]).stdout(full).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.starts_with("error: cannot write to standard output: "), "{err}");
}
