use super::*;
use crate::csv_table;
use std::collections::BTreeMap;
use std::path::Path;

fn part(inputs: &[f32]) -> Dataset {
    Dataset::new(inputs.to_vec(), vec![1], Target::Values(vec![0.0; inputs.len()]), vec![]).unwrap()
}

#[test]
fn examples_in_two_parts_are_counted() {
    let (train, test) = (part(&[1.0, 2.0, -0.0]), part(&[0.0, 3.0, 3.0]));
    let warnings = of_parts(&train, &part(&[2.0, 2.0, 3.0, 5.0]), Some(&test));
    let expected = [
        "2 of 4 validation examples have exactly the inputs of a training example: validation \
         results may flatter",
        "1 of 3 test examples have exactly the inputs of a training example: test results may \
         flatter",
        "2 of 3 test examples have exactly the inputs of a validation example: test results may \
         flatter",
    ];
    assert_eq!(warnings, expected);
    assert_eq!(of_parts(&train, &part(&[5.0]), None), [""; 0]);
}

#[test]
fn uneven_classes_are_told_from_five_to_one() {
    let target = |few: usize| Target::Classes {
        labels: [vec![1; few], vec![0; 20]].concat(),
        names: vec!["a".into(), "b".into()],
    };
    assert_eq!(uneven(&target(5)), None);
    let text = "classes are uneven: 20 training examples of `a`, 4 of `b`; accuracy alone flatters";
    assert_eq!(uneven(&target(4)).unwrap(), text);
    assert_eq!(uneven(&Target::Values(vec![1.0])), None);
}

#[test]
fn nearly_constant_features_are_named_once() {
    let rows: String =
        (0..200).map(|row| format!("1,{},{},{},0\n", row / 198, row / 197, row % 9)).collect();
    let text = format!("one,rare,less,many,y\n{rows}");
    let frame = csv_table::parse(Path::new("t.csv"), text.as_bytes(), &[]).unwrap();
    let schema = Schema::infer(&frame, "y", &[], &BTreeMap::new()).unwrap();
    let all: Vec<usize> = (0..200).collect();
    let told = constant_columns(&frame, &schema, &all).unwrap();
    let expected = "nearly all training rows have one value in `one`, `rare`: it can tell little";
    assert_eq!(told, expected);
    assert!(constant_columns(&frame, &schema, &all[190..]).unwrap().contains("`one`:"));
}
