//! A schema as text, for people.

use super::{ColumnSchema, Role, Schema};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

impl Role {
    /// What it is called, alone and before "columns".
    fn words(&self) -> [&'static str; 2] {
        match self {
            Self::Number => ["number", "numeric"],
            Self::Category => ["category", "categorical"],
            Self::Target => ["target", "target"],
            Self::Split => ["split", "split"],
            Self::Dropped(_) => ["dropped", "dropped"],
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary(usize::MAX))
    }
}

impl Schema {
    /// The columns in at most `lines` lines below the head, at least two for each role: a line for
    /// each column, or for the first of each role, and then a line for all others of it.
    pub fn summary(&self, lines: usize) -> String {
        let ranked = self.ranked();
        let each = each(&ranked, lines);
        let shown = || ranked.iter().filter(|(rank, _)| *rank < each).map(|(_, column)| *column);
        let names = shown().map(|column| column.name.chars().count());
        let width = names.max().unwrap_or(0).max("column".len());
        let head = format!("{:width$}  {:<8}  {:>7}  {:>6}", "column", "type", "missing", "levels");
        let mut rest: BTreeMap<&str, Vec<&ColumnSchema>> = BTreeMap::new();
        for (_, column) in ranked.iter().filter(|(rank, _)| *rank >= each) {
            rest.entry(column.role.words()[1]).or_default().push(column);
        }
        let rest = rest.iter().map(|(word, columns)| others(word, columns));
        let rows = shown().map(|column| column.line(width));
        [head].into_iter().chain(rows).chain(rest).map(|line| line + "\n").collect()
    }

    /// The columns, each behind the number of those before it that have its role.
    fn ranked(&self) -> Vec<(usize, &ColumnSchema)> {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let rank = |column: &ColumnSchema| {
            let count = seen.entry(column.role.words()[0]).or_default();
            *count += 1;
            *count - 1
        };
        self.columns.iter().map(rank).zip(&self.columns).collect()
    }
}

/// How many columns of each role have a line of their own, so that all is said in `lines`.
fn each(ranked: &[(usize, &ColumnSchema)], lines: usize) -> usize {
    if ranked.len() <= lines {
        return ranked.len();
    }
    // One more line for a role of which there are more.
    let taken = |each: usize| ranked.iter().filter(|(rank, _)| *rank <= each).count();
    (1..).take_while(|&each| taken(each) <= lines).last().unwrap_or(1)
}

impl ColumnSchema {
    fn line(&self, width: usize) -> String {
        let Self { name, role, missing, levels, .. } = self;
        let why = if let Role::Dropped(why) = role { why } else { "" };
        let role = role.words()[0];
        let line = format!("{name:width$}  {role:<8}  {missing:>7}  {levels:>6}  {why}");
        line.trim_end().to_owned()
    }
}

/// `... and 44 more numeric columns: missing 0 to 3, levels 2 to 17`
fn others(word: &str, columns: &[&ColumnSchema]) -> String {
    let range = |number: fn(&ColumnSchema) -> usize| {
        let numbers = || columns.iter().map(|column| number(column));
        spoken(numbers().min().unwrap_or(0)..=numbers().max().unwrap_or(0))
    };
    let (missing, levels) = (range(|column| column.missing), range(|column| column.levels));
    let plural = if columns.len() == 1 { "" } else { "s" };
    let count = columns.len();
    format!("... and {count} more {word} column{plural}: missing {missing}, levels {levels}")
}

fn spoken(range: RangeInclusive<usize>) -> String {
    let (least, most) = range.into_inner();
    if least == most { least.to_string() } else { format!("{least} to {most}") }
}
