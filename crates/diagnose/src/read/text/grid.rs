//! Tables among printed lines: columns by bars, by tabs or by two spaces and more, under a line of
//! names. Model cards, notebooks and verbose estimators write them.

use super::header;
use crate::read::number::{Field, field};

/// The table that the lines are in, if any.
#[derive(Default)]
pub(super) struct Grid {
    names: Vec<String>,
    /// Where the columns stand, where spaces divide them.
    spans: Vec<(usize, usize)>,
    /// The words of the line before, where names may go on below.
    above: Vec<String>,
}

impl Grid {
    /// The cells of a line of the table with their names; an inner none for a line of names or a
    /// rule under it, an outer none for a line that is no part of a table.
    pub fn read<'a>(&mut self, line: &'a str) -> Option<Option<Vec<(String, Field<'a>)>>> {
        let cells = match line.trim_start().strip_prefix('#') {
            // NumPy and DeePMD mark the line of names so.
            Some(names) => names.split_whitespace().collect(),
            None => cells(without_bar(line)),
        };
        let remark = line.starts_with("# ") && !line.contains(|c: char| c.is_ascii_digit());
        if !self.names.is_empty() && (is_rule(line) || remark) {
            return Some(None);
        }
        let above = std::mem::replace(&mut self.above, header::words(&cells));
        if let Some(names) = header::names(&cells).or_else(|| header::below(&above, &cells)) {
            self.names = names;
            self.spans = spans(line);
            return Some(None);
        }
        let cells =
            self.below_their_names(line, &cells).unwrap_or_else(|| self.fitting(&cells).to_vec());
        let fields: Vec<Field<'a>> = cells.iter().map(|cell| field(cell)).collect();
        let numbers = fields.iter().filter(|field| matches!(field, Field::Number(_))).count();
        if numbers > 1 && numbers == fields.len() && fields.len() < self.names.len() {
            // A row that leaves out we do not know what.
            return Some(None);
        }
        if self.names.is_empty() || fields.len() != self.names.len() || numbers < 2 {
            self.names.clear();
            return None;
        }
        Some(Some(self.names.iter().cloned().zip(fields).collect()))
    }
}

impl Grid {
    /// The cells of a line that leaves some out, which stand below or above the names of others.
    fn below_their_names<'a>(&self, line: &'a str, cells: &[&str]) -> Option<Vec<&'a str>> {
        let fewer = cells.len() > 2 && cells.len() < self.names.len();
        if !fewer || self.spans.len() != self.names.len() {
            return None;
        }
        let mut placed = vec![""; self.names.len()];
        for (begin, end) in spans(line) {
            let meets = |span: &(usize, usize)| begin < span.1 && span.0 < end;
            let column = self.spans.iter().position(meets)?;
            let free = placed[column].is_empty();
            placed[column] = line.get(begin..end).filter(|_| free)?;
        }
        Some(placed)
    }

    /// The cells below the names: without the number of the row that data frames print before them,
    /// and without a time in brackets behind them.
    fn fitting<'a, 'b>(&self, cells: &'b [&'a str]) -> &'b [&'a str] {
        match cells {
            [] => cells,
            _ if cells.len() != self.names.len() + 1 => cells,
            [rest @ .., last] if last.starts_with('(') => rest,
            [first, rest @ ..] if first.parse::<u64>().is_ok() => rest,
            _ => cells,
        }
    }
}

/// The line up to its progress bar: `20  640: 100%|####| 10/10` ends with `640:`.
fn without_bar(line: &str) -> &str {
    line.find("%|").map_or(line, |at| line[..at].trim_end_matches(|c: char| c.is_ascii_digit()))
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    if line.contains('|') {
        return line.trim_matches('|').split('|').map(str::trim).collect();
    }
    if line.contains('\t') {
        return line.split('\t').map(str::trim).collect();
    }
    let wide = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    let wide: Vec<&str> = wide.collect();
    // Single spaces are enough between numbers.
    let numbers = || {
        line.split_whitespace()
            .all(|cell| !matches!(field(cell), Field::Text(text) if !text.contains(':')))
    };
    if numbers() { line.split_whitespace().collect() } else { wide }
}

/// Begin and end of the words of a line of ASCII that spaces divide; empty for other lines.
fn spans(line: &str) -> Vec<(usize, usize)> {
    if !line.is_ascii() || line.contains(['|', '\t']) {
        return Vec::new();
    }
    let begin = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    line.split_whitespace().map(|word| (begin(word), begin(word) + word.len())).collect()
}

fn is_rule(line: &str) -> bool {
    ["--", "==", "__"].iter().any(|run| line.contains(run))
        && line.chars().all(|c| "-|:+=_ \t".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_below_their_names() {
        let mut grid = Grid::default();
        for line in [
            "    Iteration    Epoch    LearnRate    TrainingLoss    ValidationLoss",
            "    _________    _____    _________    ____________    ______________",
        ] {
            assert_eq!(grid.read(line), Some(None), "{line}");
        }
        let row = grid.read("           50        1         0.01                             0.9");
        let row: Vec<_> = row.flatten().unwrap().into_iter().map(|cell| cell.1).collect();
        let number = Field::Number;
        assert_eq!(row, [number(50.0), number(1.0), number(0.01), Field::Missing, number(0.9)]);
    }
}
