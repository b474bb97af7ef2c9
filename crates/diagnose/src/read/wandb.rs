//! CSV of Weights & Biases: the export of a chart, with `Step` and a column `<run> - <metric>` for
//! every run, or of `run.history()`, with `_step`, `_runtime` and `_timestamp`.

use super::table::Table;

/// Between the name of a run and that of its metric.
const BETWEEN: &str = " - ";

/// Whether columns of these names are written by it.
pub(super) fn fits(names: &[String]) -> bool {
    let of_run = names.iter().any(|name| name.contains(BETWEEN) && name.ends_with("__MIN"));
    names.iter().any(|name| name == "_step") || of_run
}

/// A table for every run.
pub(super) fn tables(text: &str) -> Option<Vec<Table>> {
    let tables = super::csv::tables(text)?;
    Some(tables.iter().flat_map(by_run).collect())
}

fn by_run(table: &Table) -> Vec<Table> {
    let split: Vec<Option<(&str, &str)>> =
        table.columns().iter().map(|name| name.rsplit_once(BETWEEN)).collect();
    let mut names: Vec<&str> = Vec::new();
    for (run, _) in split.iter().flatten() {
        if !names.contains(run) {
            names.push(run);
        }
    }
    if names.is_empty() {
        return vec![table.clone()];
    }
    let mut runs: Vec<Table> = names.iter().map(|&name| Table::new(name)).collect();
    for row in table.by_row() {
        for (name, run) in names.iter().zip(&mut runs) {
            let own = |at: u32| split[at as usize].is_none_or(|(run, _)| run == *name);
            let cells: Vec<_> = row.iter().filter(|cell| own(cell.column)).collect();
            // A step that the run did not log has no row in it.
            if cells.iter().all(|cell| split[cell.column as usize].is_none()) {
                continue;
            }
            run.begin_row();
            for cell in cells {
                let column = split[cell.column as usize]
                    .map_or(table.columns()[cell.column as usize].as_str(), |s| s.1);
                run.put(column, cell.value);
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_of_a_chart_has_its_table() {
        let text = "\"Step\",\"a-1 - val_loss\",\"a-1 - val_loss__MIN\",\"b - val_loss\",\"b - val_loss__MIN\"\n\
            \"0\",\"0.5\",\"0.5\",\"\",\"\"\n\"1\",\"0.25\",\"0.25\",\"0.75\",\"0.75\"\n";
        let tables = tables(text).unwrap();
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["a-1", "b"]);
        assert_eq!((tables[0].rows(), tables[1].rows()), (2, 1));
        assert_eq!(tables[1].columns(), ["Step", "val_loss", "val_loss__MIN"]);
    }
}
