//! New rows for a model of tables.

use super::{Examples, Inputs, Kept, Reader, wrong};
use crate::frame::{Cells, Column, Places};
use crate::preprocessing::Step;
use crate::{Error, Frame, Preprocessing, Target, target};
use std::ops::Range;
use std::path::Path;

pub(super) fn open<'a>(
    reader: Reader<'a>,
    preprocessing: &'a Preprocessing,
    path: &Path,
    labelled: bool,
    keep: &[String],
) -> Result<Examples<'a>, Error> {
    let steps = &preprocessing.columns;
    let categories = steps.iter().filter(|step| !is_number(step)).map(Step::name);
    let words = categories.chain(keep.iter().map(String::as_str));
    let words: Vec<&str> = words.chain([preprocessing.target.name.as_str()]).collect();
    let mut frame = Frame::read(path, &words)?;
    columns(&frame, preprocessing)?;
    for step in steps.iter().filter(|step| is_number(step)) {
        // Found now, and not behind the first predictions.
        frame.column(step.name())?.numbers(&frame)?;
    }
    let target = labelled.then(|| targets(&frame, preprocessing)).transpose()?;
    let kept = keep.iter().map(|name| kept(frame.column(name)?)).collect::<Result<_, _>>()?;
    let notes = unused(&frame, preprocessing, keep).into_iter().collect();
    frame.columns.retain(|column| steps.iter().any(|step| step.name() == column.name));
    Ok(Examples { reader, inputs: Inputs::Table(preprocessing, frame), target, kept, notes })
}

fn is_number(step: &Step) -> bool {
    matches!(step, Step::Number { .. })
}

fn kept(column: &Column) -> Result<Kept, Error> {
    let cells = column.words().into_iter().map(Option::unwrap_or_default).collect();
    Ok(Kept { name: column.name.clone(), cells })
}

fn targets(frame: &Frame, preprocessing: &Preprocessing) -> Result<Target, Error> {
    let column = frame.column(&preprocessing.target.name)?;
    match &preprocessing.target.classes {
        None => target::values(frame, column),
        Some(names) => target::labels(frame, column, names),
    }
}

/// Refuses a table that lacks columns of the model, and names all of them.
fn columns(frame: &Frame, preprocessing: &Preprocessing) -> Result<(), Error> {
    let names = preprocessing.columns.iter().map(Step::name);
    let lacks = |name: &str| frame.column(name).err().map(|error| (name.to_owned(), error));
    let mut lacking: Vec<(String, Error)> = names.filter_map(lacks).collect();
    if lacking.len() < 2 {
        return lacking.pop().map_or(Ok(()), |(_, error)| Err(error));
    }
    let shown = |(name, error): &(String, Error)| match error {
        Error::NoColumn { hint, .. } => format!("`{name}`{hint}"),
        _ => format!("`{name}`"),
    };
    let mut found: Vec<String> = lacking.iter().take(20).map(shown).collect();
    if lacking.len() > 20 {
        found.push(format!("{} more", lacking.len() - 20));
    }
    let all = match &lacking[0].1 {
        Error::NoColumn { columns, .. } => columns.as_str(),
        _ => "",
    };
    let found = format!("none for {}; the columns are {all}", found.join(", "));
    Err(wrong(&frame.path, "the columns that the model was trained on", found))
}

/// A sentence about columns that nothing reads.
fn unused(frame: &Frame, preprocessing: &Preprocessing, keep: &[String]) -> Option<String> {
    let used = |name: &String| {
        let read = preprocessing.columns.iter().any(|step| step.name() == name);
        read || keep.contains(name) || *name == preprocessing.target.name
    };
    let names = frame.columns.iter().map(|column| &column.name).filter(|name| !used(name));
    let names: Vec<&str> = names.map(String::as_str).collect();
    let more = names.len().saturating_sub(10);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = names[..names.len().min(10)].join(", ");
    (!names.is_empty()).then(|| format!("columns that the model does not read: {shown}{more}"))
}

/// Some rows of a table.
pub(super) fn slice(frame: &Frame, rows: Range<usize>) -> Frame {
    let column = |Column { name, cells }: &Column| {
        let cells = match cells {
            Cells::Numbers(cells) => Cells::Numbers(cells[rows.clone()].to_vec()),
            Cells::Words(cells) => Cells::Words(cells[rows.clone()].to_vec()),
        };
        Column { name: name.clone(), cells }
    };
    let places = match &frame.places {
        Places::Lines(lines) => Places::Lines(lines[rows.clone()].to_vec()),
        Places::Rows(_) | Places::Part { .. } => Places::Rows(rows.len()),
    };
    Frame { path: frame.path.clone(), columns: frame.columns.iter().map(column).collect(), places }
}
