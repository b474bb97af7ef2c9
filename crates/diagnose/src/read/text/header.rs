//! Names over the columns of a printed table, in full.

use crate::read::name::{Meaning, meaning};
use crate::read::number::{Field, field};
use wellfit_core::run::Direction;

/// A column that is not read.
const LEFT_OUT: &str = "";

/// The names in the cells of a line, when it is one of names.
pub(super) fn names(cells: &[&str]) -> Option<Vec<String>> {
    let named = |name: fn(&str) -> String| cells.iter().map(|cell| name(cell)).collect();
    match cells {
        ["E", "#", ..] | ["Itn", ..] => Some(named(spacy)),
        ["Class", "Images", ..] if cells.len() > 4 => Some(named(ultralytics)),
        _ => is_names(cells).then(|| named(str::to_owned)),
    }
}

/// The cells of a line, where all of them are words and so may be names of two lines.
pub(super) fn words(cells: &[&str]) -> Vec<String> {
    let no_number = |cell: &&str| !matches!(field(cell), Field::Number(_));
    let all = cells.len() > 2 && cells.iter().all(no_number);
    if all { cells.iter().map(|cell| (*cell).to_owned()).collect() } else { Vec::new() }
}

/// The names of two lines of words, one below the other; MATLAB calls the part that it trains on a
/// mini-batch.
pub(super) fn below(above: &[String], cells: &[&str]) -> Option<Vec<String>> {
    if above.len() != cells.len() {
        return None;
    }
    let joined = above.iter().zip(cells).map(|(above, below)| {
        format!("{above} {below}").trim().replace("Mini-batch", "train").replace(" (hh:mm:ss)", "")
    });
    let joined: Vec<String> = joined.collect();
    let cells: Vec<&str> = joined.iter().map(String::as_str).collect();
    is_names(&cells).then(|| joined.clone())
}

/// Something counts, something is measured, and nothing is a number.
fn is_names(cells: &[&str]) -> bool {
    let words = |cell: &&str| {
        matches!(field(cell), Field::Text(_) | Field::Missing) && !cell.contains([':', '='])
    };
    let counts = |cell: &&str| matches!(meaning(cell), Meaning::Epoch | Meaning::Step);
    let measures = |cell: &&str| Direction::known(cell).is_some();
    cells.len() > 1
        && cells.iter().all(words)
        && cells.iter().any(|cell| !cell.is_empty() && counts(cell))
        && cells.iter().any(measures)
}

/// spaCy: `E  #  LOSS TOK2VEC  LOSS NER  ENTS_F  ENTS_P  ENTS_R  SCORE`, and `Itn  NER Loss  NER P  NER R
/// NER F  Token %` before version 3; scores are of the dev set.
fn spacy(cell: &str) -> String {
    match cell {
        "E" | "Itn" => "epoch".to_owned(),
        "#" => "step".to_owned(),
        "SPEED" | "WORDS/SEC" | "Token %" | "CPU WPS" | "GPU WPS" => LEFT_OUT.to_owned(),
        loss if loss.starts_with("LOSS") || loss.ends_with("Loss") => format!("train {loss}"),
        "NER P" => "dev precision".to_owned(),
        "NER R" => "dev recall".to_owned(),
        "NER F" => "dev f1".to_owned(),
        score => format!("dev {score}"),
    }
}

/// Ultralytics: `Class  Images  Instances  Box(P  R  mAP50  mAP50-95)`, measured on validation.
fn ultralytics(cell: &str) -> String {
    match cell.trim_end_matches([')', ':']) {
        "Box(P" | "P" => "val precision",
        "R" => "val recall",
        "mAP50" | "mAP@.5" | "mAP@0.5" => "val mAP50",
        "mAP50-95" | "mAP@.5:.95" | "mAP@0.5:0.95" => "val mAP50-95",
        _ => LEFT_OUT,
    }
    .to_owned()
}
