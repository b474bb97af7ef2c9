//! Completions, manual pages, --quiet, NO_COLOR, and what a pipe gets.

use crate::desk::Desk;
use std::process::Stdio;

#[test]
fn completions_know_the_commands_and_the_shell_accepts_them() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = desk.done(&["completions", shell]).out;
        for word in [
            "train",
            "path",
            "predict",
            "evaluate",
            "explain",
            "techniques",
            "prove",
            "resume",
            "quiet",
        ] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
    desk.write("wellfit.bash", desk.done(&["completions", "bash"]).out);
    let ask = "source wellfit.bash; COMP_WORDS=(wellfit train --re); COMP_CWORD=2; \
               _wellfit wellfit --re train; echo \"${COMPREPLY[@]}\"";
    let bash =
        std::process::Command::new("bash").args(["-c", ask]).current_dir(desk.path("")).output();
    match bash {
        Ok(output) => assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "--resume"),
        Err(error) => eprintln!("SKIPPED: no bash to complete with: {error}"),
    }
    assert_eq!(desk.run(&["completions", "dos"]).code, Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let desk = Desk::new();
    let page = desk.done(&["man"]).out;
    assert!(page.contains(".TH wellfit 1") && page.contains("wellfit\\-train(1)"), "{page}");
    desk.done(&["man", "--out", "man/man1"]);
    for command in [
        "",
        "-train",
        "-path",
        "-predict",
        "-evaluate",
        "-explain",
        "-techniques",
        "-prove",
        "-completions",
        "-man",
    ] {
        let page = desk.text(&format!("man/man1/wellfit{command}.1"));
        assert!(page.contains(".SH SYNOPSIS"), "{command}: {page}");
    }
    desk.write("file", "");
    let refused = desk.run(&["man", "--out", "file"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.err.starts_with("error: cannot write manual pages to file: "),
        "{}",
        refused.err
    );
}

#[test]
fn quiet_tells_nothing_but_errors_and_the_line_of_json() {
    let desk = Desk::with_recipe();
    let ended = desk.done(&["train", "recipe.toml", "--quiet", "--out", "a"]);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    let ended = desk.done(&["-q", "train", "recipe.toml", "--json", "--out", "b"]);
    assert_eq!((ended.out.lines().count(), ended.err.as_str()), (1, ""));
    assert_eq!(ended.json()["out"], "b");
    let refused = desk.run(&["train", "recipe.toml", "-q", "--out", "a"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.starts_with("error: a holds a run already\nhint: "), "{}", refused.err);
    assert!(!desk.done(&["techniques", "-q"]).out.is_empty(), "what was asked for is printed");
}

#[test]
fn a_pipe_gets_no_control_characters_unless_colour_is_forced() {
    let desk = Desk::with_recipe();
    let err = |out: &str, no_colour: &str, force: bool| {
        let mut command = desk.command(&["train", "recipe.toml", "--out", out]);
        command.env("NO_COLOR", no_colour);
        if force {
            command.env("CLICOLOR_FORCE", "1");
        }
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    let control = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
    assert!(!control(&err("a", "", false)));
    assert!(!control(&err("b", "1", true)), "NO_COLOR wins");
    assert!(err("c", "", true).contains("\u{1b}[36m"), "colour was asked for");
}

/// The estimate stands in front of long work, and a pipe gets a line every few seconds.
#[test]
#[cfg(unix)]
fn long_work_is_estimated_and_a_pipe_sees_it_go_on() {
    use std::io::{BufRead, BufReader};
    let desk = Desk::with_recipe();
    let args = ["train", "recipe.toml", "--out", "o", "--set", "train.epochs=1000000"];
    let mut child = desk.command(&args).stdout(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let needs = lines.find(|line| line.starts_with("needs ")).unwrap();
    let mib =
        needs.strip_prefix("needs   about ").and_then(|rest| rest.strip_suffix(" MiB of memory"));
    let mib: u64 = mib.unwrap().parse().unwrap();
    assert!((30..120).contains(&mib), "{needs}");
    let estimate = lines.find(|line| line.starts_with("takes ")).unwrap();
    assert!(estimate.contains(" more steps at most"), "{estimate}");
    assert!(
        !cfg!(target_os = "linux") || estimate.ends_with(" MiB of memory so far"),
        "{estimate}"
    );
    let progress = lines.next().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(progress.starts_with("  0%, about ") && progress.contains("gap"), "{progress}");
}
