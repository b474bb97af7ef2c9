use super::*;
use Field::{Number, Text};

#[test]
fn phases_become_parts_and_folds_become_runs() {
    let tables = Records::build(|records| {
        for fold in [1.0, 2.0] {
            for epoch in [1.0, 2.0] {
                for phase in ["train", "val"] {
                    records.row(&[
                        ("fold", Number(fold)),
                        ("epoch", Number(epoch)),
                        ("phase", Text(phase)),
                        ("loss", Number(0.5)),
                    ]);
                }
            }
        }
    });
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["fold 1", "fold 2"]);
    assert_eq!(tables[0].columns(), ["train/epoch", "train/loss", "val/epoch", "val/loss"]);
}

#[test]
fn rows_of_single_values_are_turned() {
    let tables = Records::build(|records| {
        records.row(&[("step", Number(1.0)), ("tag", Text("Loss/val")), ("value", Number(0.5))]);
    });
    assert_eq!(tables[0].columns(), ["step", "Loss/val"]);
}

#[test]
fn a_name_for_every_row_divides_nothing() {
    let tables = Records::build(|records| {
        for name in ["a", "b", "c"] {
            records.row(&[("name", Text(name)), ("loss", Number(0.5))]);
        }
    });
    assert_eq!((tables.len(), tables[0].rows()), (1, 3));
}
