//! `--stream`, and several files.

use super::{number, numbers, with_target};
use crate::desk::Desk;
use serde_json::Value;

/// Rows with the numbers that are missing filled.
fn filled() -> String {
    with_target("y").replace(",,", ",1.0,")
}

fn split(desk: &Desk) -> [&'static str; 2] {
    let whole = filled();
    let lines: Vec<&str> = whole.lines().collect();
    let with_head = |lines: &[&str], head: &str| format!("{head}\n{}\n", lines.join("\n"));
    desk.write("one.csv", with_head(&lines[1..25], lines[0]));
    desk.write("two.csv", with_head(&lines[25..], lines[0]));
    desk.write("whole.csv", &whole);
    ["one.csv", "two.csv"]
}

fn close(a: &Value, b: &Value, bound: f64) {
    for key in ["coefficients", "df"] {
        let flat = |value: &Value| -> Vec<f64> {
            let rows = value[key].as_array().unwrap().iter();
            rows.flat_map(|row| if row.is_array() { numbers(row) } else { vec![number(row)] })
                .collect()
        };
        let (a, b) = (flat(a), flat(b));
        assert_eq!(a.len(), b.len(), "{key}");
        for (a, b) in a.iter().zip(&b) {
            assert!((a - b).abs() <= bound * (1.0 + b.abs()), "{key}: {a} {b}");
        }
    }
    assert_eq!(a["features"], b["features"]);
}

#[test]
fn a_stream_answers_as_the_table_in_memory() {
    let desk = Desk::new();
    let [one, two] = split(&desk);
    for penalty in [&["--penalty", "ridge"][..], &["--penalty", "elastic-net"], &["--no-intercept"]]
    {
        let rest = [&["--target", "y", "--json"], penalty].concat();
        let run = |paths: &[&str]| desk.done(&[&["path"], paths, &rest].concat()).json();
        let whole = run(&["whole.csv"]);
        // Ridge is closed on both ways; descents end where the gap is small.
        let bound = if penalty.contains(&"ridge") { 1e-8 } else { 1e-5 };
        close(&run(&["whole.csv", "--stream"]), &whole, bound);
        close(&run(&[one, two, "--stream"]), &whole, bound);
        close(&run(&[one, two]), &whole, 0.0);
    }
    let stored = ["path", one, two, "--target", "y", "--stream", "--out", "run", "--select", "bic"];
    desk.done(&stored);
    let gcv =
        ["path", "whole.csv", "--target", "y", "--penalty", "ridge", "--select", "gcv", "--json"];
    let (whole, stream) = (desk.done(&gcv), desk.done(&[&gcv[..], &["--stream"]].concat()));
    assert_eq!(whole.json()["selected"], stream.json()["selected"]);
    let predicted = desk.done(&["predict", "run", "whole.csv"]).out;
    assert_eq!(predicted.lines().count(), 61);
    assert!(desk.path("run/path.png").exists());
}

#[test]
fn what_sums_cannot_do_is_refused() {
    let desk = Desk::new();
    split(&desk);
    desk.write("gap.csv", with_target("y"));
    desk.write("kind.csv", with_target("kind"));
    // Behind the first 65,536 rows, by which columns are understood.
    let (head, body) =
        filled().split_once('\n').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    desk.write("late.csv", format!("{head}\n{}1.0,word,x,3.0\n", body.repeat(1100)));
    desk.write("other.csv", "a,b,c,z\n1,2,x,3\n");
    for (args, says) in [
        (&["gap.csv", "--target", "y"][..], "2 numbers are missing"),
        (&["kind.csv", "--target", "kind"], "least squares alone"),
        (&["whole.csv", "--target", "y", "--family", "poisson"], "least squares alone"),
        (&["whole.csv", "--target", "y", "--penalty", "ridge", "--select", "loo"], "keeps sums"),
        (&["whole.csv", "--target", "y", "--select", "gcv"], "for ridge alone"),
        (&["whole.csv", "--target", "y", "--cv", "1"], "at least 2"),
        (&["whole.csv", "--target", "y", "--cv", "70"], "found 60"),
        (&["late.csv", "--target", "y"], "line 66002, column `b`"),
        (&["whole.csv", "other.csv", "--target", "y"], "no column is named `y`"),
        (&["none.csv", "--target", "y"], "none.csv"),
    ] {
        let ended = desk.run(&[&["path", "--stream"], args].concat());
        assert_eq!(ended.code, Some(1), "{args:?}: {}", ended.err);
        assert!(ended.err.contains(says), "{args:?}: {}", ended.err);
        assert_eq!(ended.out, "", "{args:?}");
    }
}
