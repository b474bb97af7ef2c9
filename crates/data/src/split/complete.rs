//! Whether the parts hold what training and measuring need.

use super::Parts;
use crate::Target;

pub(super) fn two_classes(target: &Target) -> Result<(), String> {
    match target {
        Target::Classes { names, .. } if names.len() < 2 => {
            let found = names.first().map_or("none".to_owned(), |name| format!("`{name}` alone"));
            Err(format!("classification needs at least two classes, found {found}"))
        }
        _ => Ok(()),
    }
}

pub(super) fn enough_groups(parts: &Parts, sizes: [usize; 3], groups: usize) -> Result<(), String> {
    let empty =
        parts.named().into_iter().zip(sizes).find(|((_, rows), size)| *size > 0 && rows.is_empty());
    empty.map_or(Ok(()), |((part, _), _)| {
        Err(format!("{groups} groups, kept whole, leave none for {part}"))
    })
}

/// Refuses a part that lacks a class; an empty part was not asked for.
pub(super) fn every_class(
    parts: &[(&str, &Vec<usize>)],
    labels: &[u32],
    names: &[String],
) -> Result<(), String> {
    for (part, rows) in parts.iter().filter(|(_, rows)| !rows.is_empty()) {
        let mut seen = vec![false; names.len()];
        rows.iter().for_each(|&row| seen[labels[row] as usize] = true);
        if names.len() > rows.len() {
            return Err(too_many(names.len(), part, rows.len(), labels.len()));
        }
        if let Some(class) = seen.iter().position(|&seen| !seen) {
            let count = labels.iter().filter(|&&label| label as usize == class).count();
            return Err(format!(
                "class `{}`, with {} in all, has none in the {} that {part} takes; enlarge that \
                 part, or merge or drop the class",
                names[class],
                examples(count),
                rows.len()
            ));
        }
    }
    Ok(())
}

fn too_many(classes: usize, part: &str, rows: usize, all: usize) -> String {
    let rows = examples(rows);
    // So few examples of each hardly were meant as classes.
    let quantity = if 2 * classes > all {
        "; if the target is a quantity, `task = \"regression\"` says so"
    } else {
        ""
    };
    format!(
        "{classes} classes are more than the {rows} that {part} takes; enlarge that part or merge \
         classes{quantity}"
    )
}

fn examples(count: usize) -> String {
    if count == 1 { "1 example".to_owned() } else { format!("{count} examples") }
}
