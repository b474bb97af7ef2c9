//! `wellfit diagnose` on logs that people have: its words, its JSON, its files, its exit codes.

use crate::desk::Desk;
use serde_json::Value;
use std::fs::File;
use std::io::Write;
use std::process::Stdio;

mod watch;

/// The table of the textbook: training goes on to 99%, validation falls after epoch 5.
const TEXTBOOK: &str = "\
epoch,accuracy,loss,val_accuracy,val_loss
1,0.70,0.60,0.68,0.62
5,0.95,0.20,0.72,0.58
10,0.99,0.10,0.65,0.75
";

/// A log whose validation loss turns at epoch 20, or never.
fn log(epochs: u32, turns: bool) -> String {
    let row = |epoch: u32| {
        let e = f64::from(epoch);
        let turn = if turns { 0.01 * (e - 20.0).max(0.0) } else { 0.0 };
        // Small and without chance, so that no two values are the same.
        let wobble = 0.002 * (e * 12.9898).sin();
        let (train, validation) = (0.9 / e.sqrt(), 0.5 + 1.0 / e + turn + wobble);
        format!("{epoch},{train:.5},{validation:.5}\n")
    };
    let rows: String = (1..=epochs).map(row).collect();
    format!("epoch,loss,val_loss\n{rows}")
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn sorted(words: &str) -> Vec<&str> {
    let mut words: Vec<&str> = words.split_whitespace().collect();
    words.sort_unstable();
    words
}

#[test]
fn the_textbook_is_overfit_since_epoch_5_and_told_what_to_try() {
    let desk = Desk::new();
    desk.write("textbook.csv", TEXTBOOK);
    let text = desk.done(&["diagnose", "textbook.csv"]).out;
    assert!(text.starts_with("overfit since epoch 5, confidence 0.50, weak"), "{text}");
    for words in [
        "best epoch 5: keep that checkpoint",
        "best and onset 5",
        "has risen by 29.3% since epoch 5",
    ] {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
    for technique in ["early_stopping", "dropout = { rate = ", "l2 = { lambda = ", "flip"] {
        assert!(text.contains(technique), "no {technique} in {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn the_json_has_the_promised_keys_and_epochs_as_in_the_log() {
    let desk = Desk::new();
    desk.write("textbook.csv", TEXTBOOK);
    desk.write("empty.csv", "");
    let ended = desk.done(&["diagnose", "textbook.csv", "empty.csv", "--json"]);
    assert_eq!(ended.out.lines().count(), 1);
    let json = ended.json();
    assert_eq!(keys(&json), sorted("schema runs errors"));
    let run = &json["runs"][0];
    let expected = "name path format verdict confidence best_epoch onset_epoch epochs series \
                    symptoms prescription warnings";
    assert_eq!(keys(run), sorted(expected));
    assert_eq!(keys(&run["series"]), sorted("train validation metric"));
    assert_eq!(keys(&run["symptoms"][0]), sorted("id summary evidence"));
    assert_eq!(keys(&run["prescription"][0]), sorted("technique reason start source recipe"));
    assert_eq!((&run["schema"], &json["schema"]), (&Value::Null, &1.into()));
    assert_eq!((&run["name"], &run["path"]), (&"textbook".into(), &"textbook.csv".into()));
    assert_eq!((&run["verdict"], &run["format"]), (&"overfit".into(), &"keras".into()));
    assert_eq!(
        (run["best_epoch"].to_string(), run["onset_epoch"].to_string()),
        ("5".into(), "5".into())
    );
    assert_eq!((&run["epochs"], &run["series"]["validation"]), (&3.into(), &"val_loss".into()));
    let confidence = run["confidence"].as_f64().unwrap();
    assert!(confidence > 0.0 && confidence <= 0.5, "{confidence}");
    let tried = run["prescription"].as_array().unwrap();
    let technique = |id: &str| tried.iter().find(|remedy| remedy["technique"] == id).unwrap();
    assert_eq!(
        technique("dropout")["recipe"].as_str().unwrap().lines().next(),
        Some("[[regularize]]")
    );
    assert!(technique("flip")["recipe"].is_string());
    assert_eq!(keys(&json["errors"][0]), sorted("path message"));
    assert_eq!(json["errors"][0]["path"], "empty.csv");
    assert!(ended.err.starts_with("error: empty.csv: ") && ended.err.lines().count() == 1);
}

/// What is printed is accepted as a recipe: the promise of "lines to paste".
#[test]
fn the_prescribed_lines_train() {
    let desk = Desk::with_recipe();
    desk.write("textbook.csv", TEXTBOOK);
    let json = desk.done(&["diagnose", "textbook.csv", "--json"]).json();
    let lines = json["runs"][0]["prescription"].as_array().unwrap().iter();
    let lines: Vec<&str> = lines.filter_map(|remedy| remedy["recipe"].as_str()).collect();
    assert!(lines.len() >= 3, "{lines:?}");
    for (number, recipe) in lines.iter().enumerate() {
        desk.write("recipe.toml", format!("{}\n{recipe}", crate::desk::RECIPE));
        desk.done(&["train", "recipe.toml", "--out", &number.to_string()]);
    }
}

#[test]
fn several_logs_get_a_line_each_and_a_summary() {
    let desk = Desk::new();
    for (name, turns) in [("a", true), ("b", true), ("c", false)] {
        desk.write(&format!("runs/{name}/history.csv"), log(60, turns));
    }
    let text = desk.done(&["diagnose", "runs"]).out;
    let lines: Vec<&str> = text.lines().collect();
    let starts = ["verdict ", "overfit ", "overfit ", "good "];
    assert!(lines.iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{text}");
    assert!(lines[1].ends_with("  a") && lines[3].ends_with("  c"), "{text}");
    assert!(text.contains("3 runs: 1 good, 2 overfit") && text.contains("together: "), "{text}");
}

#[test]
fn many_logs_show_progress_and_quiet_does_not() {
    let desk = Desk::new();
    (0..60).for_each(|number| desk.write(&format!("runs/{number}.csv"), log(30, number % 2 == 0)));
    let ended = desk.done(&["diagnose", "runs"]);
    assert!(ended.err.starts_with("read 6 of 60 logs\n"), "{}", ended.err);
    assert!(ended.out.contains("60 runs: 30 good, 30 overfit"), "{}", ended.out);
    assert_eq!(desk.done(&["diagnose", "runs", "-q"]).err, "");
}

#[test]
fn fail_on_ends_with_3_when_it_holds_and_with_0_otherwise() {
    let desk = Desk::new();
    desk.write("overfit.csv", log(60, true));
    desk.write("good.csv", log(60, false));
    let code = |args: &[&str]| desk.run(&[&["diagnose"], args].concat()).code;
    assert_eq!(code(&["overfit.csv", "--fail-on", "overfit,diverged"]), Some(3));
    assert_eq!(code(&["good.csv", "--fail-on", "overfit,diverged"]), Some(0));
    assert_eq!(code(&["good.csv", "overfit.csv", "--fail-on", "overfit"]), Some(3));
    assert_eq!(code(&["good.csv", "--fail-on", "good"]), Some(3));
    assert_eq!(code(&["good.csv", "--fail-on", "bad"]), Some(2));
}

#[test]
fn what_cannot_be_read_is_one_line_and_the_others_go_on() {
    let desk = Desk::new();
    desk.write("good.csv", log(60, false));
    desk.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0");
    let ended = desk.done(&["diagnose", "missing.csv", "picture.png", "good.csv"]);
    let lines: Vec<&str> = ended.err.lines().collect();
    assert!(lines[0].starts_with("error: missing.csv: cannot be read: "), "{}", ended.err);
    assert!(lines[1].starts_with("error: picture.png: expected a training log, found binary"));
    assert_eq!(lines.len(), 2);
    assert!(ended.out.starts_with("good, confidence "), "{}", ended.out);
    let none = desk.run(&["diagnose", "missing.csv", "--json"]);
    assert_eq!((none.code, none.json()["runs"].as_array().unwrap().len()), (Some(1), 0));
    let none = desk.run(&["diagnose", "missing.csv"]);
    assert_eq!((none.code, none.out.as_str()), (Some(1), ""));
    desk.write("folder/readme.md", "nothing here");
    let none = desk.run(&["diagnose", "folder"]);
    assert!(none.err.starts_with("error: folder: no training log found among 1 files"));
    assert_eq!(desk.run(&["diagnose"]).code, Some(2));
}

#[test]
fn a_forced_format_must_fit() {
    let desk = Desk::new();
    desk.write("log.csv", log(60, true));
    let forced = desk.done(&["diagnose", "log.csv", "--format", "csv", "--json"]).json();
    assert_eq!(forced["runs"][0]["format"], "csv");
    let wrong = desk.run(&["diagnose", "log.csv", "--format", "sklearn"]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("read as sklearn: expected"), "{}", wrong.err);
    let unknown = desk.run(&["diagnose", "log.csv", "--format", "nope"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("lightning"), "{}", unknown.err);
}

#[test]
fn a_dash_reads_standard_input() {
    let desk = Desk::new();
    let mut command = desk.command(&["diagnose", "-", "--json"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(log(60, true).as_bytes()).unwrap();
    let ended: crate::desk::Ended = child.wait_with_output().unwrap().into();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let run = &ended.json()["runs"][0];
    assert_eq!((&run["path"], &run["verdict"]), (&"-".into(), &"overfit".into()));
    let command = desk.command(&["diagnose", "-"]).stdin(File::open("/dev/null").unwrap()).output();
    let nothing: crate::desk::Ended = command.unwrap().into();
    assert_eq!(nothing.code, Some(1));
    assert!(nothing.err.contains("-: expected a training log, found an empty file"));
}

#[test]
fn the_plot_is_drawn_as_its_ending_says() {
    let desk = Desk::new();
    desk.write("log.csv", log(60, true));
    desk.done(&["diagnose", "log.csv", "--plot", "curves.svg"]);
    let svg = desk.text("curves.svg");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let words: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    for expected in ["log", "train", "validation"] {
        assert!(words.contains(&expected), "no {expected} in {words:?}");
    }
    let marks = |word: &str| words.iter().any(|text| text.contains(word));
    assert!(marks("best") && marks("onset") && marks("overfit since epoch"), "{words:?}");
    desk.done(&["diagnose", "log.csv", "log.csv", "--plot", "curves.PNG"]);
    assert!(desk.read("curves.PNG").starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(desk.run(&["diagnose", "log.csv", "--plot", "curves.pdf"]).code, Some(2));
    let seven = [&["diagnose"][..], &["log.csv"; 7], &["--plot", "seven.svg"]].concat();
    let refused = desk.run(&seven);
    assert!(refused.err.contains("at most 6 runs in one figure, found 7"), "{}", refused.err);
}

#[test]
fn the_page_holds_everything_and_asks_for_nothing() {
    let desk = Desk::new();
    desk.write("turned.csv", TEXTBOOK);
    desk.write("steady.csv", log(60, false));
    desk.done(&["diagnose", "turned.csv", "steady.csv", "missing.csv", "--html", "page.html"]);
    let page = desk.text("page.html");
    let outside = page.replace("http://www.w3.org/2000/svg", "");
    for word in ["http://", "https://", "src=", "url(", "@import", "<link", "import("] {
        assert!(!outside.contains(word), "{word}");
    }
    for word in ["default-src 'none'", "overfit since epoch 5", "early_stopping", "missing.csv"] {
        assert!(page.contains(word), "no {word:?}");
    }
    let data = page.split_once("application/json\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["marks"].to_string(), r#"[["best and onset 5",5.0]]"#);
    let validation = &data["panels"][0]["lines"][1];
    assert_eq!(validation["name"], "validation");
    assert_eq!(validation["points"].to_string(), "[[1.0,0.62],[5.0,0.58],[10.0,0.75]]");
    assert_eq!(data["panels"][1]["title"], "accuracy");
    let unwritable = desk.run(&["diagnose", "turned.csv", "--html", "no/such/page.html"]);
    assert_eq!(unwritable.code, Some(1));
    assert!(unwritable.err.starts_with("error: cannot write no/such/page.html: "));
}

#[test]
fn a_log_of_test_scores_alone_and_one_without_validation_are_answered() {
    let desk = Desk::new();
    let table = |column: &str, value: fn(f64) -> f64| {
        let rows = (1..=30).map(|epoch| format!("{epoch},{:.4}\n", value(f64::from(epoch))));
        format!("epoch,{column}\n{}", rows.collect::<String>())
    };
    desk.write("test.csv", table("test_accuracy", |e| 0.9 - 0.5 / e));
    let text = desk.done(&["diagnose", "test.csv", "--plot", "a.svg", "--html", "a.html"]).out;
    assert!(text.contains("30 validation values of test_accuracy"), "{text}");
    desk.write("train.csv", table("loss", |e| 0.1 + 0.5 / e));
    let text = desk.done(&["diagnose", "train.csv", "--plot", "b.svg", "--html", "b.html"]).out;
    let start = "cannot tell, confidence 0.00\nno series on validation";
    assert!(text.starts_with(start), "{text}");
}

#[test]
fn a_run_of_ours_is_diagnosed_as_training_said() {
    let desk = Desk::with_recipe();
    let set = ["--set", "train.epochs=40", "--set", "train.learning_rate=0.5"];
    let trained =
        desk.done(&[&["train", "recipe.toml", "--out", "o", "--json"][..], &set].concat());
    let read = desk.done(&["diagnose", "o", "--json"]).json();
    let run = &read["runs"][0];
    assert_eq!(run["format"], "wellfit");
    assert_eq!(run["verdict"], trained.json()["verdict"], "{run}");
    assert_eq!(run["onset_epoch"], trained.json()["onset_epoch"]);
}
