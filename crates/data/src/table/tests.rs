use super::*;
use crate::Target;

fn table(text: &str) -> Result<Dataset, Error> {
    parse(Path::new("t.csv"), text.as_bytes(), "y", None)
}

fn refused(text: &str) -> String {
    table(text).unwrap_err().to_string()
}

#[test]
fn features_keep_their_order_around_the_target() {
    let data = table("\u{feff}a,y,b\r\n1, 0.5 ,2e1\r\n-3,\"1.5\",4\r\n").unwrap();
    assert_eq!(data.features, ["a", "b"]);
    assert_eq!((data.inputs, data.shape), (vec![1., 20., -3., 4.], vec![2]));
    assert_eq!(data.target, Target::Values(vec![0.5, 1.5]));
}

#[test]
fn a_bad_cell_is_told_by_line_and_column() {
    let start = "a,b,y\n1,2,0\n";
    let number = "expected a finite number of at most 3.4e38, found";
    for (cell, at) in [("abc", "abc"), ("nan", "nan"), ("-inf", "-inf"), ("1e39", "1e39")] {
        let text = refused(&format!("{start}1,{cell},0\n"));
        assert_eq!(text, format!("t.csv, line 3, column `b`: {number} `{at}`"));
    }
    let missing = "t.csv, line 3, column `a`: expected a value, found an empty cell";
    assert_eq!(refused(&format!("{start}  ,2,0\n")), missing);
    let no_target = "t.csv, line 3, column `y`: expected a value, found an empty cell";
    assert_eq!(refused(&format!("{start}1,2,\n")), no_target);
    let word = "t.csv, line 3, column `y`: expected a finite number (text needs `task = \
                \"classification\"`), found `low`";
    assert_eq!(refused(&format!("{start}1,2,low\n")), word);
}

#[test]
fn lines_are_counted_through_blank_ones() {
    let text = refused("a,y\r\n1,2\r\n\r\n\r\nx,2\r\n");
    assert!(text.starts_with("t.csv, line 5, column `a`"), "{text}");
    let quoted = refused("a,y\n\"1\",\"\n2\"\n1,,\n");
    assert!(quoted.starts_with("t.csv, line 4: expected 2 cells"), "{quoted}");
    let marked = refused("\u{feff}a,y\r\n1,2\r\n1,x\r\n");
    assert!(marked.starts_with("t.csv, line 3, column `y`"), "{marked}");
    let ragged = "t.csv, line 4: expected 2 cells as in the header, found 3";
    assert_eq!(refused("a,y\n1,2\n\n1,2,3\n"), ragged);
}

#[test]
fn text_must_be_utf8() {
    let error = parse(Path::new("t.csv"), b"a,y\n1,2\n\xff,2\n", "y", None).unwrap_err();
    assert_eq!(error.to_string(), "t.csv, line 3: expected UTF-8 text, found other bytes");
}

#[test]
fn a_bad_header_is_refused() {
    assert_eq!(refused(""), "t.csv: expected a header line, found an empty file");
    assert_eq!(refused("a,y\n"), "t.csv: expected rows below the header, found none");
    let twice = "t.csv: expected a different name for every column, found `a` for columns 1 \
                 and 3";
    assert_eq!(refused("a,y, a\n"), twice);
    let unnamed = "t.csv: expected a name for every column, found none for column 1 (a row \
                   index?)";
    assert_eq!(refused(",a,y\n0,1,2\n"), unnamed);
    let alone = "t.csv: expected a target column and at least one feature, found `a;y` alone; \
                 cells are separated by commas";
    assert_eq!(refused("a;y\n1;2\n"), alone);
}

#[test]
fn a_missing_target_names_the_closest_column_and_all_of_them() {
    let missing = |header: &str, target: &str| {
        parse(Path::new("t.csv"), header.as_bytes(), target, None).unwrap_err().to_string()
    };
    let close = "t.csv: no column is named `taregt` (did you mean `Target`?); the columns are \
                 a, Target";
    assert_eq!(missing("a,Target\n", "taregt"), close);
    let far = "t.csv: no column is named `price`; the columns are a, b";
    assert_eq!(missing("a,b\n", "price"), far);
    let wide = (0..30).map(|i| format!("c{i}")).collect::<Vec<_>>().join(",");
    assert!(missing(&wide, "price").ends_with("c18, c19 and 10 more"));
}
