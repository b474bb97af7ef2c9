//! The learning curve as text keeps its size and says the same with and without colour.
#![allow(clippy::unwrap_used)]

mod runs;

use runs::overfitting;
use wellfit_core::run::{Part, Run};
use wellfit_plot::{Curve, Options, Terminal, terminal};

fn draw(run: &Run, metric: &str, target: Terminal) -> String {
    let options =
        Options { title: "Überfits".into(), metric: metric.into(), ..Options::default() };
    terminal(&Curve::new(run), &options, &target).unwrap()
}

fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
}

#[test]
fn text_fills_the_terminal_and_no_more() {
    let run = overfitting("plain", 60, 0.02);
    for (width, height) in [(80, 24), (120, 40), (40, 16), (61, 33)] {
        for ascii in [false, true] {
            let text = draw(&run, "accuracy", Terminal { width, height, color: false, ascii });
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
            assert!((height - 1..=height).contains(&text.lines().count()), "{text}");
        }
    }
    let smallest = draw(&run, "accuracy", Terminal { width: 0, height: 0, ..Default::default() });
    assert!(smallest.lines().all(|line| line.chars().count() <= 40));
}

#[test]
fn colour_adds_nothing_but_colour() {
    let run = overfitting("plain", 60, 0.02);
    let with = draw(&run, "accuracy", Terminal { color: true, ..Default::default() });
    let without = draw(&run, "accuracy", Terminal::default());
    assert!(with.contains("\u{1b}[36m") && with.contains("\u{1b}[33m"));
    assert_eq!(plain(&with), without);
}

#[test]
fn ascii_mode_draws_in_ascii() {
    let run = overfitting("plain", 60, 0.02);
    let text = draw(&run, "accuracy", Terminal { ascii: true, ..Default::default() });
    let drawing = text.split_once('\n').unwrap().1;
    assert!(drawing.is_ascii() && drawing.contains("* train") && drawing.contains("o validation"));
}

/// A falling line starts in the upper left corner and ends in the lower right one, and each tick
/// label stands in the row of its value.
#[test]
fn letters_stand_where_the_numbers_are() {
    let mut run = Run::new("line");
    for epoch in 0..=10 {
        run.push(Part::Train, "loss", f64::from(epoch), 1.0 - f64::from(epoch) / 10.0);
    }
    let target = Terminal { width: 60, height: 15, color: false, ascii: true };
    let text = draw(&run, "", target);
    let rows: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('|')).collect();
    assert_eq!(rows.len(), 11);
    assert!(rows[0].1.starts_with('*') && rows[10].1.trim_end().ends_with("* train"));
    let last = rows[10].1.find(" * train").unwrap() - 1;
    for (label, share) in [("0.8", 0.2), ("0.4", 0.6), ("0.2", 0.8)] {
        let row = rows.iter().find(|row| row.0.trim() == label).unwrap().1;
        let drawn = row.find('*').unwrap()..=row.rfind('*').unwrap();
        assert!(drawn.contains(&((last as f64 * share) as usize)), "{label}\n{text}");
    }
}

#[test]
fn lost_points_are_marked_and_the_best_epoch_is_named() {
    let mut run = overfitting("plain", 30, 0.0);
    run.push(Part::Train, "loss", 31.0, f64::NAN);
    let text = draw(&run, "", Terminal::default());
    assert!(text.lines().nth(2).unwrap().contains('×'), "{text}");
    assert!(text.contains("best 8"), "{text}");
    let mut lost = Run::new("lost");
    lost.push(Part::Train, "loss", 1.0, f64::NAN);
    assert!(draw(&lost, "", Terminal::default()).contains("no points"));
}
