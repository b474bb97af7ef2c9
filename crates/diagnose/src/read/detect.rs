//! Which format some bytes are.

use super::json::{Json, parse};
use super::number::{Field, field};
use super::{Format, decode, event_file, sqlite};
use super::{
    boosting, csv, detectron2, fastai, history, hugging_face, json_lines, keras, nanogpt, sklearn,
    text,
};
use super::{wandb, wellfit, yolo};

/// The format of a file that begins with `bytes`. None where it is no log.
pub(super) fn format(bytes: &[u8]) -> Option<Format> {
    if event_file::is_head(bytes) {
        return Some(Format::TensorBoard);
    }
    if bytes.starts_with(sqlite::MAGIC) {
        return Some(Format::MlflowSqlite);
    }
    if is_binary(bytes) {
        return None;
    }
    let all = decode::text(bytes);
    let text = all.trim_start();
    let json = if text.starts_with(['{', '[']) { json(text) } else { None };
    json.or_else(|| table(text)).or_else(|| printed(&all))
}

/// What to call a file that is no log.
pub(super) fn looks_like(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "an empty file".to_owned();
    }
    if is_binary(bytes) {
        return "binary data that are no event file and no SQLite store".to_owned();
    }
    let text = decode::text(bytes);
    let first: String =
        text.trim_start().lines().next().unwrap_or_default().chars().take(60).collect();
    format!("no metrics over epochs or steps; it begins with `{first}`")
}

/// Text of any encoding that is read has hardly a zero byte, but for UTF-16, which has a mark, and
/// what Darknet prints has some. Compressed data have one byte of nine among the control characters.
fn is_binary(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = head.iter().filter(|&&byte| byte == 0).count();
    let controls = head.iter().filter(|byte| matches!(byte, 0..=6 | 14..=26 | 28..=31)).count();
    !marked && (zeros * 100 > head.len() || controls * 20 > head.len())
}

fn json(text: &str) -> Option<Format> {
    let several = text.lines().filter(|line| !line.trim().is_empty()).nth(1).is_some();
    if several && json_lines::fits(text) {
        return Some(lines(text));
    }
    let value = parse(text).value;
    if sklearn::fits(&value) {
        return Some(Format::Sklearn);
    }
    if hugging_face::entries(&value).is_some_and(hugging_face::fits) {
        return Some(Format::HuggingFace);
    }
    if let Some(format) = boosting::fits(&value) {
        return Some(format);
    }
    let is_log = |table: &super::table::Table| csv::is_log(table.columns());
    if history::tables(&value, 0.0).iter().any(is_log) {
        return Some(Format::History);
    }
    json_lines::fits(text)
        .then(|| lines(text))
        .filter(|_| several || matches!(value, Json::Map(_)) && is_row(&value))
}

/// One line that measures something is a log of one line.
fn is_row(json: &Json) -> bool {
    let mut fields = Vec::new();
    history::flatten(json, "", &mut fields);
    csv::is_log(&fields.into_iter().map(|field| field.0).collect::<Vec<_>>())
}

fn lines(text: &str) -> Format {
    let first = parse(text.lines().next().unwrap_or_default()).value;
    match first {
        first if wellfit::fits(&first) => Format::Wellfit,
        first if detectron2::fits(&first) => Format::Detectron2,
        _ => Format::JsonLines,
    }
}

fn table(text: &str) -> Option<Format> {
    let names = csv::header(text)?;
    let printed = |name: &String| name.contains([':', '=', '[', '{']);
    if text.starts_with('|')
        || names.iter().any(printed)
        || !csv::is_log(&names)
        || !has_numbers(text, names.len())
    {
        return None;
    }
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    Some(match &names {
        names if yolo::fits(names) => Format::Yolo,
        names if fastai::fits(names) => Format::Fastai,
        names if wandb::fits(names) => Format::Wandb,
        names if keras::fits(names) => Format::Keras,
        _ if has("epoch") && has("step") => Format::Lightning,
        _ => Format::Csv,
    })
}

/// Whether the line under the names is one of numbers, or there is none yet.
fn has_numbers(text: &str, columns: usize) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.skip(1).take(1).all(|line| {
        let fields: Vec<Field<'_>> = line.split([',', ';', '\t', '|']).map(field).collect();
        let words = fields.iter().filter(|field| matches!(field, Field::Text(_))).count();
        fields.len() + 1 >= columns && words * 2 <= fields.len() + 1
    })
}

fn printed(text: &str) -> Option<Format> {
    let mut lines = text.lines().take(200);
    let special = lines.find_map(|line| {
        boosting::printed(line).or_else(|| nanogpt::fits(line).then_some(Format::NanoGpt))
    });
    special.or_else(|| text::is_log(&text::tables(text)).then_some(Format::Text))
}
