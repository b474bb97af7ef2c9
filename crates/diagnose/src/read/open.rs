//! A file or folder of a known format, or one that is found out, into runs.

use super::files::unlike;
use super::json::{Json, Parsed, parse};
use super::runs::{Draft, runs};
use super::table::Table;
use super::{Format, ReadError, decode, detect};
use super::{
    boosting, burn, catboost, csv, curves, detectron2, event_file, fastai, history, hugging_face,
};
use super::{
    json_lines, keras, lightning, mlflow, mlflow_sqlite, nanogpt, sklearn, tensorboard_csv, text,
    wandb, wellfit, yolo,
};
use std::path::Path;

/// Reads the bytes of a file.
pub(super) fn file(
    path: &Path,
    bytes: &[u8],
    format: Option<Format>,
) -> Result<(Format, Vec<Draft>), ReadError> {
    let found = match format {
        Some(format) => Some(format),
        None if catboost::is_file(path) => Some(Format::CatBoost),
        None => detect::format(bytes),
    };
    let Some(format) = found else {
        return Err(ReadError::Unknown { path: path.to_owned(), found: detect::looks_like(bytes) });
    };
    let drafts = match format {
        Format::TensorBoard => events(path, bytes)?,
        Format::MlflowSqlite => mlflow_sqlite::read(path, bytes)
            .map_err(|found| unlike(path, format, "MLflow's table `metrics`", found))?,
        Format::CatBoost | Format::Mlflow | Format::Burn => {
            return Ok((format, folder(path.parent().unwrap_or(path), format)?));
        }
        Format::Csv if tensorboard_csv::fits(bytes) => {
            let curve = tensorboard_csv::curve(path, &decode::text(bytes));
            curves::runs(vec![curve], Vec::new())
        }
        Format::Wellfit => vec![wellfit::run(&decode::text(bytes))],
        _ => tables(path, &decode::text(bytes), format)?.iter().flat_map(runs).collect(),
    };
    Ok((format, drafts.into_iter().filter(|draft| !draft.run.series.is_empty()).collect()))
}

/// Reads a folder that is a log as a whole.
pub(super) fn folder(path: &Path, format: Format) -> Result<Vec<Draft>, ReadError> {
    let failed = |source| ReadError::File { path: path.to_owned(), source };
    match format {
        Format::CatBoost if catboost::fits(path) => Ok(runs(&catboost::table(path)?)),
        Format::Mlflow if mlflow::fits(path) => mlflow::read(path).map_err(failed),
        Format::Burn if burn::fits(path) => Ok(runs(&burn::table(path).map_err(failed)?)),
        _ => Err(unlike(path, format, format.what(), "a folder without them")),
    }
}

fn events(path: &Path, bytes: &[u8]) -> Result<Vec<Draft>, ReadError> {
    let mut scalars = event_file::Scalars::default();
    let failed = |source| ReadError::File { path: path.to_owned(), source };
    scalars.read(bytes, "the file", "").map_err(failed)?;
    let (tags, notes) = scalars.finish();
    if tags.is_empty() {
        let found = notes.first().cloned().unwrap_or_else(|| "none".to_owned());
        return Err(unlike(path, Format::TensorBoard, "scalars in whole records", found));
    }
    Ok(curves::runs(tags.into_iter().map(|tag| (tag.name, tag.points)).collect(), notes))
}

/// The tables in a text.
fn tables(path: &Path, text: &str, format: Format) -> Result<Vec<Table>, ReadError> {
    let found = match format {
        Format::Keras => keras::tables(text),
        Format::Lightning => lightning::tables(text),
        Format::Yolo => yolo::tables(text),
        Format::Fastai => fastai::tables(text),
        Format::Wandb => wandb::tables(text),
        Format::Csv => csv::tables(text),
        Format::JsonLines => Some(json_lines::tables(text)),
        Format::Detectron2 => Some(detectron2::tables(text)),
        Format::NanoGpt => Some(nanogpt::tables(text)),
        Format::Text => Some(text::tables(text)),
        Format::XgBoost | Format::LightGbm
            if text.lines().any(|line| boosting::printed(line).is_some()) =>
        {
            Some(text::tables(text))
        }
        _ => return document(path, text, format),
    };
    found.ok_or_else(|| {
        let line: String = text.lines().next().unwrap_or_default().chars().take(60).collect();
        unlike(path, format, "a first line with the names of the columns", format!("`{line}`"))
    })
}

/// The tables in a JSON document. Where it ends early, what came before stays.
fn document(path: &Path, text: &str, format: Format) -> Result<Vec<Table>, ReadError> {
    let Parsed { value, broken } = parse(text.trim_start());
    let mut tables = match format {
        Format::HuggingFace => {
            hugging_face::entries(&value).map(hugging_face::tables).unwrap_or_default()
        }
        Format::Sklearn => sklearn::tables(&value),
        Format::XgBoost | Format::LightGbm => boosting::tables(&value, format),
        _ => history::tables(&value, 0.0),
    };
    if tables.is_empty() {
        let found = broken.unwrap_or_else(|| shape(&value).to_owned());
        return Err(unlike(path, format, "a JSON document with lists of values", found));
    }
    if let Some(why) = broken {
        let note = format!("the document ends early ({why}); what came before is kept");
        tables.iter_mut().for_each(|table| table.notes.push(note.clone()));
    }
    Ok(tables)
}

fn shape(json: &Json) -> &'static str {
    match json {
        Json::Nothing => "nothing",
        Json::Number(_) => "a number",
        Json::Text(_) => "a text",
        Json::List(_) => "a list without records of metrics",
        Json::Map(_) => "an object without lists of numbers",
    }
}
