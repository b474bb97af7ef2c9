//! `key=value`: changes one value of a recipe, and keeps where it came from.

use super::REGULARIZE;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

/// Keys of one assignment; a recipe has three levels.
const DEEPEST: usize = 16;

type Node<'a> = Spanned<DeValue<'a>>;
type Key<'a> = Spanned<DeString<'a>>;

/// Applies `assignment`, whose first byte has position `start` among the recipe's sources.
pub(super) fn apply<'a>(
    root: &mut DeTable<'a>,
    start: usize,
    assignment: &'a str,
) -> Result<(), String> {
    let (keys, value) = assignment.split_once('=').ok_or("expected KEY=VALUE")?;
    let span = start..start + keys.trim_end().len();
    let key = |name: &'a str| Spanned::new(span.clone(), Cow::Borrowed(name.trim()));
    let keys: Vec<Key<'a>> = keys.split('.').map(key).collect();
    if keys.len() > DEEPEST {
        return Err(format!("expected at most {DEEPEST} keys, found {}", keys.len()));
    }
    if keys.iter().any(|key| key.get_ref().is_empty()) {
        return Err("expected keys joined by dots, found an empty key".to_owned());
    }
    let value = value.trim_start();
    insert(root, &keys, parse(value.trim_end(), start + assignment.len() - value.len()))
}

/// Reads a TOML value; what is none becomes a string, so that `activation=relu` needs no quotes.
fn parse(value: &str, start: usize) -> Node<'_> {
    let parsed = DeValue::parse(value).ok().map(|node| shifted(node, start));
    let text = || DeValue::String(Cow::Borrowed(value));
    parsed.unwrap_or_else(|| Spanned::new(start..start + value.len(), text()))
}

/// Moves every span of `node` by `by`.
fn shifted(node: Node<'_>, by: usize) -> Node<'_> {
    let shift = |span: Range<usize>| span.start + by..span.end + by;
    let span = shift(node.span());
    let value = match node.into_inner() {
        DeValue::Array(items) => {
            DeValue::Array(items.into_iter().map(|item| shifted(item, by)).collect())
        }
        DeValue::Table(table) => DeValue::Table(
            table
                .into_iter()
                .map(|(key, value)| {
                    let span = shift(key.span());
                    (Spanned::new(span, key.into_inner()), shifted(value, by))
                })
                .collect(),
        ),
        plain => plain,
    };
    Spanned::new(span, value)
}

fn insert<'a>(table: &mut DeTable<'a>, keys: &[Key<'a>], value: Node<'a>) -> Result<(), String> {
    let Some((key, rest)) = keys.split_first() else { return Ok(()) };
    let name = key.get_ref().as_ref();
    if rest.is_empty() {
        // Removed first, so that an error points at the new key and not at the old one.
        table.remove(name);
        table.insert(key.clone(), value);
        return Ok(());
    }
    if name == REGULARIZE {
        return insert_technique(table, key, rest, value);
    }
    match child(table, key, DeValue::Table(DeTable::new())).get_mut() {
        DeValue::Table(child) => insert(child, rest, value),
        _ => Err(format!("`{name}` is a plain value and has no keys")),
    }
}

fn child<'a, 't>(table: &'t mut DeTable<'a>, key: &Key<'a>, new: DeValue<'a>) -> &'t mut Node<'a> {
    table.entry(key.clone()).or_insert_with(|| Spanned::new(key.span(), new))
}

/// Inserts below the technique whose id is the first of `keys`; it is appended when missing.
fn insert_technique<'a>(
    root: &mut DeTable<'a>,
    list: &Key<'a>,
    keys: &[Key<'a>],
    value: Node<'a>,
) -> Result<(), String> {
    let DeValue::Array(items) = child(root, list, DeValue::Array(DeArray::new())).get_mut() else {
        return Err("`regularize` is not a list of tables".to_owned());
    };
    let id = &keys[0];
    let known = items.iter_mut().find_map(|item| match item.get_mut() {
        DeValue::Table(table) if table.contains_key(id.get_ref().as_ref()) => Some(table),
        _ => None,
    });
    if let Some(table) = known {
        return insert(table, keys, value);
    }
    let mut table = DeTable::new();
    insert(&mut table, keys, value)?;
    items.push(Spanned::new(id.span(), DeValue::Table(table)));
    Ok(())
}
