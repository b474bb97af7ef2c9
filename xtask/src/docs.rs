//! The table of techniques in README.md, written from the method cards.

use crate::command::{Outcome, cargo, output, read, root, write};
use serde::Deserialize;
use std::path::Path;

const BEGIN: &str = "<!-- techniques: begin -->";
const END: &str = "<!-- techniques: end -->";

/// What `wellfit techniques --json` prints.
#[derive(Deserialize)]
struct Shelf {
    techniques: Vec<Card>,
}

/// The parts of a method card that the table shows.
#[derive(Deserialize)]
struct Card {
    id: String,
    name: String,
    door: String,
    one_line: String,
    formula: String,
    paper: String,
}

/// Writes the table, or with `check` says whether it is what the cards say.
pub fn run(check: bool, from: Option<&Path>) -> Outcome {
    let readme = root().join("README.md");
    let (old, cards) = (read(&readme)?, cards(from)?);
    let new = with_table(&old, &table(&cards))?;
    match (new == old, check) {
        (true, _) => println!("README.md: the {} techniques are up to date", cards.len()),
        (false, false) => {
            write(&readme, &new)?;
            println!("README.md: wrote {} techniques", cards.len());
        }
        (false, true) => {
            let advice = "run `cargo xtask docs` and commit what it changes";
            return Err(format!(
                "the techniques in README.md are not what the cards say: {advice}"
            ));
        }
    }
    Ok(())
}

fn cards(from: Option<&Path>) -> Outcome<Vec<Card>> {
    let run = ["run", "--release", "--quiet", "-p", "wellfit-cli", "--", "techniques", "--json"];
    let json = match from {
        Some(path) => read(path)?,
        None => output(&mut cargo(&run))?,
    };
    let shelf: Shelf = serde_json::from_str(&json)
        .map_err(|error| format!("the list of techniques is not what was expected: {error}"))?;
    Ok(shelf.techniques)
}

/// The table, techniques in the order of the cards: door by door along the training step.
fn table(cards: &[Card]) -> String {
    let head = "| Technique | Door | What it does | Formula | Source |\n|---|---|---|---|---|\n";
    let row = |card: &Card| {
        let Card { id, name, door, one_line, formula, paper } = card;
        let cells = [
            format!("{name} `{id}`"),
            door.clone(),
            one_line.clone(),
            format!("`{formula}`"),
            paper.clone(),
        ];
        format!("| {} |\n", cells.map(|cell| in_cell(&cell)).join(" | "))
    };
    cards.iter().map(row).fold(head.to_owned(), |table, row| table + &row)
}

/// A bar ends a cell, even in code; a line break ends the table.
fn in_cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// `page` with `table` between the two marks.
fn with_table(page: &str, table: &str) -> Outcome<String> {
    let missing = |mark: &str| format!("README.md has no line `{mark}`: the table has no place");
    let (before, rest) = page.split_once(BEGIN).ok_or_else(|| missing(BEGIN))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| missing(END))?;
    Ok(format!("{before}{BEGIN}\n{table}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"techniques": [
        {"id": "l1", "name": "L1 penalty", "door": "penalty", "family": "weight_based",
         "one_line": "Adds `λ/n` times the sum of absolute weights.", "formula": "λ/n Σ|w|",
         "paper": "Tibshirani 1996", "when": "-", "watch_out": "-", "example": "-", "off": null}
    ]}"#;

    fn one_table() -> String {
        table(&serde_json::from_str::<Shelf>(JSON).unwrap().techniques)
    }

    #[test]
    fn a_card_becomes_a_row_whose_bars_are_escaped() {
        let row = "| L1 penalty `l1` | penalty | Adds `λ/n` times the sum of absolute weights. \
                   | `λ/n Σ\\|w\\|` | Tibshirani 1996 |";
        assert_eq!(one_table().lines().nth(2), Some(row));
    }

    #[test]
    fn only_what_stands_between_the_marks_changes() {
        let page = format!("# Title\n\n{BEGIN}\nold\n{END}\n\nThe end.\n");
        let new = with_table(&page, &one_table()).unwrap();
        let expected = format!("# Title\n\n{BEGIN}\n{}{END}\n\nThe end.\n", one_table());
        assert_eq!(new, expected);
        assert_eq!(with_table(&new, &one_table()).unwrap(), new);
    }

    #[test]
    fn a_page_without_marks_is_refused_with_the_missing_mark() {
        assert!(with_table("# Title\n", "").unwrap_err().contains(BEGIN));
        assert!(with_table(&format!("{BEGIN}\n"), "").unwrap_err().contains(END));
        assert!(with_table(&format!("{END}\n{BEGIN}\n"), "").unwrap_err().contains(END));
    }
}
