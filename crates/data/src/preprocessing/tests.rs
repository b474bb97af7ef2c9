use super::*;
use crate::{ColumnType, Task, csv_table};
use std::collections::BTreeMap;

const TABLE: &str = "age,sex,y\n1,f,no\n,m,yes\n3,,no\n8,f,yes\n100,x,no\n";

fn frame(text: &str) -> Frame {
    csv_table::parse(Path::new("t.csv"), text.as_bytes(), &["sex", "y"]).unwrap()
}

/// Fitted on the first four rows of `TABLE`.
fn fit(scaling: Scaling, categories: Categories) -> Preprocessing {
    let frame = frame(TABLE);
    let schema = Schema::infer(&frame, "y", &[], &BTreeMap::new()).unwrap();
    let target = target::read(&frame, "y", Some(Task::Classification)).unwrap();
    Preprocessing::fit(&frame, &schema, &target, &[0, 1, 2, 3], scaling, categories).unwrap()
}

#[test]
fn missing_numbers_become_the_median_of_the_training_part() {
    let raw = fit(Scaling::None, Categories::OneHot);
    let data = raw.apply(&frame(TABLE)).unwrap();
    assert_eq!(data.features, ["age", "age missing", "sex=f", "sex=m", "sex missing"]);
    assert_eq!(data.row(0), [1.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(data.row(1), [3.0, 1.0, 0.0, 1.0, 0.0], "3 is the median of 1, 3, 8");
    assert_eq!(data.row(2), [3.0, 0.0, 0.0, 0.0, 1.0], "missing is a level of its own");
    assert_eq!(data.row(4), [100.0, 0.0, 0.0, 0.0, 0.0], "an unknown level is all zeros");
}

#[test]
fn a_matrix_has_every_bit_of_the_file() {
    let raw = fit(Scaling::None, Categories::OneHot);
    let frame = frame("age,sex\n0.1,m\n,f\n");
    let expected = [0.1, 0.0, 0.0, 1.0, 0.0, 3.0, 1.0, 1.0, 0.0, 0.0];
    assert_eq!(raw.matrix(&frame).unwrap(), expected);
    let single: Vec<f32> = expected.iter().map(|number| *number as f32).collect();
    assert_eq!(raw.apply(&frame).unwrap().inputs, single);
}

#[test]
fn scales_are_those_after_imputation_and_leave_levels_alone() {
    // 1, 3, 3, 8: mean 3.75, variance 6.6875.
    let data = fit(Scaling::Standard, Categories::OneHot).apply(&frame(TABLE)).unwrap();
    let std = 6.6875_f64.sqrt();
    assert_eq!(data.row(3)[0], (4.25 / std) as f32);
    assert_eq!(data.row(4)[..2], [(96.25 / std) as f32, 0.0]);
    let data = fit(Scaling::Unit, Categories::OneHot).apply(&frame(TABLE)).unwrap();
    assert_eq!((data.row(0)[0], data.row(0)[2]), (0.125, 1.0));
}

#[test]
fn embedded_levels_count_from_one_and_zero_is_unknown() {
    let data = fit(Scaling::None, Categories::Embedding).apply(&frame(TABLE)).unwrap();
    let sex: Vec<f32> = (0..5).map(|row| data.row(row)[2]).collect();
    assert_eq!(sex, [1.0, 2.0, 0.0, 1.0, 0.0]);
    assert_eq!(data.embedded, [Embedded { column: 2, levels: 3 }]);
    assert_eq!(data.features, ["age", "age missing", "sex"]);
}

#[test]
fn new_tables_may_lack_the_target_and_have_other_columns_in_any_order() {
    let fitted = fit(Scaling::None, Categories::OneHot);
    let whole = fitted.apply(&frame(TABLE)).unwrap();
    assert!(whole.is_labelled());
    let new = fitted.apply(&frame("extra,sex,age\nq,m,\n")).unwrap();
    assert_eq!((new.row(0), new.is_labelled()), (whole.row(1), false));
    let empty = fitted.apply(&frame("sex,age,y\nm,,\n")).unwrap();
    assert!(!empty.is_labelled() && empty.len() == 1);
    let refused = |text: &str| fitted.apply(&frame(text)).unwrap_err().to_string();
    let lacking = "t.csv: no column is named `sex`; the columns are age, y";
    assert_eq!(refused("age,y\n1,no\n"), lacking);
    let word =
        "t.csv, line 3, column `age`: expected a finite number of at most 3.4e38, found `old`";
    assert_eq!(refused("age,sex\n1,f\nold,f\n"), word);
    assert!(refused("age,sex\n-inf,f\n").ends_with("found `-inf`"));
    assert!(refused("age,sex\n1e39,f\n").contains("line 2, column `age`"));
    let class = "t.csv, line 2, column `y`: expected one of the classes no, yes, found `maybe`";
    assert_eq!(refused("age,sex,y\n1,f,maybe\n"), class);
    let gap = "t.csv, line 3, column `y`: expected a value, found a missing one";
    assert_eq!(refused("age,sex,y\n1,f,no\n1,f,\n"), gap);
}

#[test]
fn it_survives_toml_and_another_version_is_refused() {
    for categories in [Categories::OneHot, Categories::Embedding] {
        let fitted = fit(Scaling::Standard, categories);
        let text = toml::to_string(&fitted).unwrap();
        assert_eq!(toml::from_str::<Preprocessing>(&text).unwrap(), fitted, "{text}");
        let other = text.replacen("version = 1", "version = 2", 1);
        let error = toml::from_str::<Preprocessing>(&other).unwrap_err();
        let expected = "expected preprocessing of version 1, found version 2";
        assert!(error.message().contains(expected), "{error}");
    }
}

#[test]
fn a_number_that_is_told_to_be_a_category_is_read_alike_from_any_file() {
    let frame = frame("zip,y\n2,0\n10,1\n2,1\n");
    let told = [("zip".to_owned(), ColumnType::Category)].into();
    let schema = Schema::infer(&frame, "y", &[], &told).unwrap();
    let values = Target::Values(vec![0.0; 3]);
    let rows = [0, 1, 2];
    let (scaling, categories) = (Scaling::Standard, Categories::OneHot);
    let fitted = Preprocessing::fit(&frame, &schema, &values, &rows, scaling, categories).unwrap();
    let data = fitted.apply(&frame).unwrap();
    assert_eq!(data.features, ["zip=10", "zip=2"]);
    assert_eq!(data.inputs, [0.0, 1.0, 1.0, 0.0, 0.0, 1.0]);
    assert_eq!(data.target, Target::Values(vec![0.0, 1.0, 1.0]));
}

#[test]
fn a_table_without_features_is_refused() {
    let frame = frame("gone,y\n,0\n,1\n");
    let schema = Schema::infer(&frame, "y", &[], &BTreeMap::new()).unwrap();
    let target = Target::Values(vec![0.0; 2]);
    let (scaling, categories) = (Scaling::Standard, Categories::OneHot);
    let error =
        Preprocessing::fit(&frame, &schema, &target, &[0], scaling, categories).unwrap_err();
    let text = "t.csv: expected a target column and at least one feature, found no feature";
    assert_eq!(error.to_string(), text);
}
