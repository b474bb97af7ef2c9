//! What is odd about the data, in sentences.

use crate::frame::{Cells, Column};
use crate::schema::Role;
use crate::{Dataset, Frame, Schema, Target};
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

/// Share of training rows that one value may fill before its column counts as constant.
const CONSTANT: f64 = 0.99;
/// How many times the largest class may be the smallest before that is told.
const UNEVEN: usize = 4;
/// Columns that one sentence names.
const NAMED: usize = 5;

/// Warns of examples that are in two parts, and of uneven classes.
pub(crate) fn of_parts(
    train: &Dataset,
    validation: &Dataset,
    test: Option<&Dataset>,
) -> Vec<String> {
    let known = rows(train);
    let chosen = rows(validation);
    let leak = |part: &str, data: &Dataset, other: &str, seen: &HashSet<u64>| {
        let count = (0..data.len()).filter(|&row| seen.contains(&hash(data.row(row)))).count();
        (count > 0).then(|| {
            format!(
                "{count} of {} {part} examples have exactly the inputs of a {other} example: \
                 {part} results may flatter",
                data.len()
            )
        })
    };
    let leaks = [
        leak("validation", validation, "training", &known),
        test.and_then(|test| leak("test", test, "training", &known)),
        test.and_then(|test| leak("test", test, "validation", &chosen)),
    ];
    leaks.into_iter().flatten().chain(uneven(&train.target)).collect()
}

fn rows(data: &Dataset) -> HashSet<u64> {
    (0..data.len()).map(|row| hash(data.row(row))).collect()
}

/// 64 bits: two different rows of a million meet by chance once in 30 million tables.
fn hash(row: &[f32]) -> u64 {
    let mut hasher = DefaultHasher::new();
    // Adding zero turns -0 into 0.
    row.iter().for_each(|x| (x + 0.0).to_bits().hash(&mut hasher));
    hasher.finish()
}

fn uneven(target: &Target) -> Option<String> {
    let Target::Classes { labels, names } = target else { return None };
    let mut counts = vec![0; names.len()];
    labels.iter().for_each(|&label| counts[label as usize] += 1);
    let (most, largest) = counts.iter().zip(names).max_by_key(|(count, _)| **count)?;
    let (least, smallest) = counts.iter().zip(names).min_by_key(|(count, _)| **count)?;
    (*most > UNEVEN * least).then(|| {
        format!(
            "classes are uneven: {most} training examples of `{largest}`, {least} of \
             `{smallest}`; accuracy alone flatters"
        )
    })
}

/// Warns of features that hold one value in nearly all training `rows`.
pub(crate) fn constant_columns(frame: &Frame, schema: &Schema, rows: &[usize]) -> Option<String> {
    let feature = |role: &Role| matches!(role, Role::Number | Role::Category);
    let columns = frame.columns.iter().zip(&schema.columns);
    let names: Vec<String> = columns
        .filter(|(_, told)| feature(&told.role))
        .filter(|(column, _)| top(column, rows) as f64 >= CONSTANT * rows.len() as f64)
        .map(|(column, _)| format!("`{}`", column.name))
        .collect();
    let more = match names.len() {
        0 => return None,
        count if count > NAMED => format!(" and {} more", count - NAMED),
        _ => String::new(),
    };
    let named = names[..names.len().min(NAMED)].join(", ");
    Some(format!("nearly all training rows have one value in {named}{more}: it can tell little"))
}

/// How many of `rows` hold the most frequent cell.
fn top(column: &Column, rows: &[usize]) -> usize {
    fn most<T: Hash + Eq>(cells: impl Iterator<Item = T>) -> usize {
        let mut counts: HashMap<T, usize> = HashMap::new();
        cells.for_each(|cell| *counts.entry(cell).or_default() += 1);
        counts.into_values().max().unwrap_or(0)
    }
    match &column.cells {
        Cells::Numbers(cells) => {
            most(rows.iter().map(|&row| cells[row].map(|x| (x + 0.0).to_bits())))
        }
        Cells::Words(cells) => most(rows.iter().map(|&row| &cells[row])),
    }
}

#[cfg(test)]
mod tests;
