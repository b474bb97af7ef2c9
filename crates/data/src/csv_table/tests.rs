use super::*;

fn table(text: &str) -> Result<Frame, Error> {
    parse(Path::new("t.csv"), text.as_bytes(), &[])
}

fn refused(text: &str) -> String {
    table(text).unwrap_err().to_string()
}

fn numbers(frame: &Frame, name: &str) -> Vec<Option<f64>> {
    match &frame.column(name).unwrap().cells {
        Cells::Numbers(cells) => cells.clone(),
        Cells::Words(cells) => panic!("{cells:?}"),
    }
}

fn words(frame: &Frame, name: &str) -> Vec<Option<String>> {
    match &frame.column(name).unwrap().cells {
        Cells::Words(cells) => cells.clone(),
        Cells::Numbers(cells) => panic!("{cells:?}"),
    }
}

#[test]
fn columns_keep_their_order_and_cells_their_type() {
    let frame = table("\u{feff}a,y,b\r\n1, 0.5 ,x\r\n-3,\"1e1\", 4\r\n").unwrap();
    let names: Vec<&str> = frame.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["a", "y", "b"]);
    assert_eq!(numbers(&frame, "y"), [Some(0.5), Some(10.0)]);
    assert_eq!(words(&frame, "b"), [Some("x".to_owned()), Some("4".to_owned())]);
}

#[test]
fn what_stands_for_missing_is_missing_and_none_is_a_word() {
    for cell in MISSING.iter().chain(&["", "  "]) {
        let frame = table(&format!("a,b\n1,x\n{cell},{cell}\n")).unwrap();
        assert_eq!(numbers(&frame, "a"), [Some(1.0), None], "{cell}");
        assert_eq!(words(&frame, "b"), [Some("x".to_owned()), None], "{cell}");
    }
    assert_eq!(words(&table("a\nnone\n").unwrap(), "a"), [Some("none".to_owned())]);
    let signed = table("a\n-nan\n1\n").unwrap();
    assert_eq!(words(&signed, "a")[0], Some("-nan".to_owned()), "NaN is never a number");
}

#[test]
fn the_separator_is_what_the_header_has_most_of() {
    for (text, name) in
        [("a;b,c;d\n1;2;3\n", "b,c"), ("a\tb\n1\t2\n", "b"), ("\"x;y;z\",b\n1,2\n", "b")]
    {
        let frame = table(text).unwrap();
        assert_eq!(numbers(&frame, name), [Some(2.0)], "{text}");
    }
    assert_eq!(table("a;b,c\n1;2,3\n").unwrap().columns[1].name, "c", "a comma wins a draw");
}

#[test]
fn words_that_are_asked_for_keep_their_zeros() {
    let frame = parse(Path::new("t.csv"), b"zip,n\n02134,01\nNA,2\n", &["zip"]).unwrap();
    assert_eq!(words(&frame, "zip"), [Some("02134".to_owned()), None]);
    assert_eq!(numbers(&frame, "n"), [Some(1.0), Some(2.0)]);
}

#[test]
fn lines_are_counted_through_blank_ones_and_quoted_ends() {
    let lines = |text: &str| table(text).unwrap().places;
    assert_eq!(lines("a,y\r\n1,2\r\n\r\n\r\nx,2\r\n"), Places::Lines(vec![2, 5]));
    assert_eq!(lines("a,y\n\"1\n\n2\",3\n4,5\n"), Places::Lines(vec![2, 5]));
    assert_eq!(lines("\u{feff}a,y\r\n1,2\r\n1,x\r\n"), Places::Lines(vec![2, 3]));
    let quoted = refused("a,y\n\"1\",\"\n2\"\n1,,\n");
    assert!(quoted.starts_with("t.csv, line 4: expected 2 cells"), "{quoted}");
    let ragged = "t.csv, line 4: expected 2 cells as in the header, found 3";
    assert_eq!(refused("a,y\n1,2\n\n1,2,3\n"), ragged);
}

#[test]
fn text_must_be_utf8() {
    let error = parse(Path::new("t.csv"), b"a,y\n1,2\n\xff,2\n", &[]).unwrap_err();
    let told = "t.csv, line 3: expected UTF-8 text, found other bytes (";
    assert!(error.to_string().starts_with(told), "{error}");
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
}

#[test]
fn a_missing_column_names_the_closest_one_and_all_of_them() {
    let missing = |header: &str, name: &str| {
        let row = header.replace(|c| c != ',', "");
        let frame = table(&format!("{header}\n1{row}\n")).unwrap();
        frame.column(name).unwrap_err().to_string()
    };
    let close = "t.csv: no column is named `taregt` (did you mean `Target`?); the columns are \
                 a, Target";
    assert_eq!(missing("a,Target", "taregt"), close);
    let far = "t.csv: no column is named `price`; the columns are a, b";
    assert_eq!(missing("a,b", "price"), far);
    let wide = (0..30).map(|i| format!("c{i}")).collect::<Vec<_>>().join(",");
    assert!(missing(&wide, "price").ends_with("c18, c19 and 10 more"));
}
