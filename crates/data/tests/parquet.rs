//! Parquet files of pyarrow; `golden/parquet.py` wrote them and `golden/parquet.json`.

#![allow(clippy::unwrap_used, clippy::panic)] // this is a test

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use wellfit_core::seed::Seed;
use wellfit_data::frame::{Cells, Column};
use wellfit_data::{DataConfig, Frame, load};

fn written(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/parquet/{name}.parquet"))
}

fn read(name: &str) -> Frame {
    Frame::read(&written(name), &[]).unwrap()
}

fn refused(path: &Path) -> String {
    Frame::read(path, &[]).unwrap_err().to_string()
}

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/parquet.json")).unwrap()
}

fn cells(column: &Column) -> Value {
    match &column.cells {
        Cells::Numbers(cells) => json!(cells),
        Cells::Words(cells) => json!(cells),
    }
}

#[test]
fn every_type_and_codec_means_what_python_says() {
    let golden = golden();
    let columns = golden["columns"].as_object().unwrap();
    assert_eq!(columns.len(), 39);
    for codec in ["snappy", "zstd", "gzip", "lz4", "brotli", "none"] {
        let frame = read(codec);
        assert_eq!((frame.rows(), frame.columns.len()), (4, columns.len()));
        for column in &frame.columns {
            assert_eq!(cells(column), columns[&column.name], "{codec}, {}", column.name);
        }
    }
}

#[test]
fn old_writers_are_read_as_well() {
    let golden = golden();
    let frame = read("old");
    assert_eq!(frame.columns.len(), 5);
    for column in &frame.columns {
        assert_eq!(cells(column), golden["columns"][&column.name], "{}", column.name);
    }
}

#[test]
fn row_groups_follow_each_other() {
    let frame = read("many-groups");
    let Cells::Numbers(rows) = &frame.column("row").unwrap().cells else { panic!("words") };
    assert_eq!((frame.rows(), rows.len()), (20_000, 20_000));
    assert!((0..).zip(rows).all(|(row, cell)| *cell == Some(f64::from(row))));
}

#[test]
fn a_parquet_table_is_split_and_its_errors_name_rows() {
    let recipe = "parquet = { path = \"snappy.parquet\", target = \"target\", task = \
                  \"classification\" }\norder = \"as_given\"\nvalidation = 1\ntest = 1";
    let config: DataConfig = toml::from_str(recipe).unwrap();
    let mut rng = Seed::new(1).stream("split").step(0);
    let mut noise = Seed::new(1).stream("noise").step(0);
    let folder = written("snappy").parent().unwrap().to_owned();
    let splits = load(&config, &folder, &mut rng, &mut noise).unwrap();
    assert_eq!(splits.train.features[..3], ["int8", "int8 missing", "int16"]);
    assert_eq!((splits.train.len(), splits.validation.len()), (2, 1));
    let preprocessing = splits.preprocessing.unwrap();
    let mut frame = preprocessing.read(&written("zstd")).unwrap();
    let word = frame.columns.iter_mut().find(|column| column.name == "int8").unwrap();
    word.cells = Cells::Words(vec![None, Some("x".to_owned()), None, None]);
    let text = preprocessing.apply(&frame).unwrap_err().to_string();
    assert!(
        text.contains("zstd.parquet, row 2, column `int8`: expected a finite number"),
        "{text}"
    );
}

#[test]
fn nested_columns_and_empty_tables_are_refused() {
    for (name, column) in [("list", "list"), ("struct", "pair"), ("map", "map")] {
        let text = refused(&written(name));
        let told = format!(
            "{name}.parquet: expected columns of numbers, text, dates or booleans, found \
             `{column}`, which nests others"
        );
        assert!(text.ends_with(&told), "{text}");
    }
    assert!(refused(&written("no-rows")).ends_with("no-rows.parquet: expected rows, found none"));
}

#[test]
fn a_cut_file_is_refused_and_a_flipped_byte_does_not_panic() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    let bytes = std::fs::read(written("none")).unwrap();
    for length in [4, 100, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let text = refused(&path);
        assert!(text.contains("expected a whole Parquet file, found one that is cut"), "{text}");
    }
    let small = std::fs::read(written("old")).unwrap();
    for place in 0..small.len() {
        let mut flipped = small.clone();
        flipped[place] ^= 1 << (place % 8);
        std::fs::write(&path, &flipped).unwrap();
        // Data pages have no checksum of their own here: what comes may be a table.
        let _ = Frame::read(&path, &[]);
    }
}

#[test]
fn the_content_decides_and_not_the_name() {
    let dir = tempfile::tempdir().unwrap();
    let (csv, parquet) = (dir.path().join("t.parquet"), dir.path().join("t.csv"));
    std::fs::write(&csv, "a,b\n1,x\n").unwrap();
    assert_eq!(Frame::read(&csv, &[]).unwrap().columns[1].name, "b");
    std::fs::copy(written("none"), &parquet).unwrap();
    assert_eq!(Frame::read(&parquet, &[]).unwrap().rows(), 4);
}
