//! A table with a column for each metric, as people and most libraries write it.

use super::name::{Meaning, meaning};
use super::number::{Field, field};
use super::records::Records;
use super::table::Table;
use wellfit_core::run::Direction;

/// The names of the columns, when the first line of `text` is such a line.
pub(super) fn header(text: &str) -> Option<Vec<String>> {
    let text = body(text);
    let line = text.lines().next()?;
    let mut reader = reader(line, delimiter(line)?);
    let mut record = ::csv::StringRecord::new();
    reader.read_record(&mut record).ok()?;
    let names: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
    let words = |name: &String| matches!(field(name), Field::Text(_)) || name.is_empty();
    (names.len() > 1 && names.iter().all(words) && names.iter().any(|name| !name.is_empty()))
        .then_some(names)
}

/// Whether columns of these names can be those of a log: something counts, or a metric has a part.
pub(super) fn is_log(names: &[String]) -> bool {
    let counts = |name: &String| matches!(meaning(name), Meaning::Epoch | Meaning::Step);
    let has_part = |name: &String| matches!(meaning(name), Meaning::Metric { part: Some(_), .. });
    let known = |name: &String| Direction::known(name).is_some();
    let tagged = names.iter().any(|name| name.eq_ignore_ascii_case("value"));
    names.iter().any(|name| known(name) && has_part(name))
        || names.iter().any(counts)
            && (tagged || names.iter().any(|name| known(name) || has_part(name)))
}

/// The runs of a table. None where there is no line of names.
pub(super) fn tables(text: &str) -> Option<Vec<Table>> {
    let names = header(text)?;
    let body = body(text);
    let separator = delimiter(body.lines().next()?)?;
    let (mut sections, mut begin) = (Vec::new(), 0);
    // A second line of names begins another run.
    let first = body.lines().next()?;
    for (at, _) in body.match_indices('\n') {
        let line = body[at + 1..].lines().next().unwrap_or_default();
        if line == first {
            sections.push(&body[begin..at]);
            begin = at + 1;
        }
    }
    sections.push(&body[begin..]);
    let several = sections.len() > 1;
    let mut tables = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        for mut table in rows(section, separator, &names) {
            if several {
                table.name = format!("run {} {}", number + 1, table.name).trim_end().to_owned();
            }
            tables.push(table);
        }
    }
    Some(tables)
}

fn rows(text: &str, separator: u8, names: &[String]) -> Vec<Table> {
    Records::build(|records| {
        let mut reader = reader(text, separator);
        let mut record = ::csv::StringRecord::new();
        let (mut first, mut odd) = (true, 0);
        // Text never fails to be read as records; the loop ends with it.
        while reader.read_record(&mut record).unwrap_or(false) {
            if std::mem::take(&mut first) {
                continue;
            }
            let comment = record.get(0).is_some_and(|cell| cell.starts_with('#'));
            if comment || record.len() == 1 && names.len() > 1 {
                odd += usize::from(!comment);
                continue;
            }
            let fields: Vec<(&str, Field<'_>)> =
                names.iter().map(String::as_str).zip(record.iter().map(field)).collect();
            records.row(&fields);
        }
        if odd > 0 {
            records.note(&format!("{odd} lines are no rows of the table and are left out"));
        }
    })
}

fn reader(text: &str, separator: u8) -> ::csv::Reader<&[u8]> {
    ::csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes())
}

/// Without blank lines and comments before the names.
fn body(text: &str) -> &str {
    let mut rest = text;
    while let Some(line) = rest.lines().next() {
        let skip = line.trim().is_empty() || line.starts_with('#') && !line.contains(',');
        if !skip {
            break;
        }
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

/// The separator that divides a line of names into most.
fn delimiter(line: &str) -> Option<u8> {
    let count = |separator: &u8| line.bytes().filter(|byte| byte == separator).count();
    let best = *[b'|', b';', b'\t', b','].iter().max_by_key(|separator| count(separator))?;
    (count(&best) > 0).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_comments_and_repeated_names() {
        let tables = tables(
            "# a run\nepoch;loss;val_loss\n1;0,5;0,75\n2;0,25;NA\nepoch;loss;val_loss\n1;1;1\n",
        )
        .unwrap();
        assert_eq!(tables.len(), 2);
        assert_eq!(tables[0].columns(), ["epoch", "loss", "val_loss"]);
        let values: Vec<f64> = tables[0].cells().iter().map(|cell| cell.value).collect();
        assert_eq!(values, [1.0, 0.5, 0.75, 2.0, 0.25]);
        assert_eq!(tables[1].name, "run 2");
    }

    #[test]
    fn a_table_of_data_is_no_log() {
        let is = |text: &str| header(text).is_some_and(|names| is_log(&names));
        assert!(!is("sepal_length,sepal_width,species\n1,2,a"));
        assert!(!is("1,2,3\n4,5,6"));
        assert!(is("epoch,loss\n1,2"));
        assert!(is(",train-rmse-mean,test-rmse-mean\n0,1,2"));
    }
}
