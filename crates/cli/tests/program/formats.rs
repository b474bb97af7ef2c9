//! The forms in which `predict` and `evaluate` take examples, and those that `predict` writes.

use crate::desk::Desk;
use crate::pictures;
use crate::stored::{lines, with_model};
use crate::tables;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

/// A table of CSV as a Parquet file: columns are numbers where all their cells are.
fn parquet(csv: &str) -> Vec<u8> {
    let rows = lines(csv);
    let columns = rows[0].iter().enumerate().map(|(place, name)| {
        let cells = rows[1..].iter().map(|row| row[place].as_str());
        let numbers: Result<Float64Array, _> =
            cells.clone().map(str::parse::<f64>).map(|cell| cell.map(Some)).collect();
        let array: ArrayRef = match numbers {
            Ok(numbers) => Arc::new(numbers),
            Err(_) => Arc::new(cells.map(Some).collect::<StringArray>()),
        };
        (name, array)
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 3).unwrap()
}

/// The same table in every form, by the name of its file.
fn packed(csv: &str) -> [(&'static str, Vec<u8>); 3] {
    [("n.csv.gz", gzip(csv)), ("n.csv.zst", zstd(csv)), ("n.parquet", parquet(csv))]
}

#[test]
fn a_table_says_the_same_in_every_packing() {
    for table in [tables::classes(), tables::regression()] {
        let (desk, _) = with_model(&table, &[]);
        let predicted = desk.done(&["predict", "o", "t.csv"]).out;
        let evaluated = desk.done(&["evaluate", "o", "t.csv", "--json"]).out;
        assert_eq!(predicted.lines().count(), 16);
        for (name, bytes) in packed(&desk.text("t.csv")) {
            desk.write(name, bytes);
            assert_eq!(desk.done(&["predict", "o", name]).out, predicted, "{name}");
            assert_eq!(desk.done(&["evaluate", "o", name, "--json"]).out, evaluated, "{name}");
        }
    }
}

#[test]
fn a_packed_table_of_other_columns_is_refused_by_name() {
    let (desk, _) = with_model(&tables::classes(), &[]);
    let refused = |verb: &str, name: &str, says: &str| {
        let ended = desk.run(&[verb, "o", name]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{verb} {name}");
        assert!(ended.err.contains(says), "{verb} {name}: no {says:?} in {}", ended.err);
    };
    for (name, bytes) in packed("p,q,y\n1,2,yes\n") {
        desk.write(name, bytes);
        for verb in ["predict", "evaluate"] {
            refused(verb, name, "none for `a`, `b`");
        }
    }
    for (name, bytes) in packed("b,y\n1,yes\n") {
        desk.write(name, bytes);
        refused("predict", name, "no column is named `a`");
    }
    for (name, bytes) in packed("b,a\n1,2\n") {
        desk.write(name, bytes);
        refused("evaluate", name, "no column is named `y`");
        let alone = desk.done(&["predict", "o", name]).out;
        assert_eq!(alone.lines().count(), 2, "{alone}");
    }
    for (name, bytes) in packed(&desk.text("t.csv")) {
        desk.write(name, &bytes[..bytes.len() / 2]);
        refused("predict", name, name);
    }
}

#[test]
fn a_tar_of_pictures_says_what_its_folder_says() {
    let desk = Desk::with_recipe();
    for (part, k) in
        ["train", "validation", "test"].into_iter().flat_map(|p| (0..12).map(move |k| (p, k)))
    {
        let (class, ink) = if k % 2 == 0 { ("dark", 20) } else { ("light", 200) };
        desk.write(&format!("p/{part}/{class}/{k}.png"), pictures::plain(4, ink + k));
    }
    let mut tar = tar::Builder::new(File::create(desk.path("test.tar")).unwrap());
    tar.append_dir_all(".", desk.path("p/test")).unwrap();
    tar.finish().unwrap();
    let data = "data={ images = { dir = \"p\" } }";
    desk.done(&["train", "recipe.toml", "--out", "o", "--set", data]);
    let folder = desk.done(&["predict", "o", "p/test"]).out;
    assert_eq!(folder.lines().count(), 13);
    assert_eq!(desk.done(&["predict", "o", "test.tar"]).out, folder);
    let folder = desk.done(&["evaluate", "o", "p/test", "--json"]).out;
    assert_eq!(desk.done(&["evaluate", "o", "test.tar", "--json"]).out, folder);
    desk.write("half.tar", &desk.read("test.tar")[..700]);
    let refused = desk.run(&["predict", "o", "half.tar"]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    assert!(refused.err.contains("half.tar"), "{}", refused.err);
}

/// The columns of a Parquet file, text or numbers as text.
fn read(desk: &Desk, name: &str) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let file = File::open(desk.path(name)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let names = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut columns = Vec::new();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        columns.resize(batch.num_columns(), Vec::new());
        for (column, array) in columns.iter_mut().zip(batch.columns()) {
            match array.as_string_opt::<i32>() {
                Some(text) => column.extend(text.iter().map(|cell| cell.map(str::to_owned))),
                None => {
                    let numbers = array.as_primitive::<Float64Type>();
                    column.extend(numbers.iter().map(|cell| cell.map(|x| format!("{x:?}"))));
                }
            }
        }
    }
    (names, columns)
}

#[test]
fn a_file_called_parquet_is_one_with_the_cells_of_csv() {
    let (desk, _) = with_model(&tables::classes(), &[]);
    let text: Vec<String> = desk.text("t.csv").lines().map(|row| format!("{row},")).collect();
    // More rows than one part has, and an `id` that the first lacks.
    let rows = std::iter::repeat_n(&text[1..], 100).flatten();
    let numbered = rows.enumerate().map(|(n, row)| match n {
        0 => row.clone(),
        n => format!("{row}row {n}"),
    });
    let all = numbered.collect::<Vec<_>>().join("\n");
    desk.write("k.csv", format!("a,b,y,id\n{all}\n"));
    let csv = lines(&desk.done(&["predict", "o", "k.csv", "--keep", "id"]).out);
    let out = ["predict", "o", "k.csv", "--keep", "id", "--out", "P.Parquet"];
    assert_eq!(desk.done(&out).out, "");
    let (names, columns) = read(&desk, "P.Parquet");
    assert_eq!(names, csv[0]);
    assert_eq!(columns[0][0], None, "a missing cell stays missing");
    for (place, column) in columns.iter().enumerate() {
        let expected: Vec<&str> = csv[1..].iter().map(|row| row[place].as_str()).collect();
        let found: Vec<&str> =
            column.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
        assert_eq!((found.len(), found), (1500, expected), "{}", names[place]);
    }
    // It is a table as any other.
    desk.done(&["predict", "o", "t.csv", "--keep", "a", "--out", "q.parquet"]);
    assert_eq!(read(&desk, "q.parquet").1[0].len(), 15);
    let (desk, _) = with_model(&tables::regression(), &[]);
    desk.done(&["predict", "o", "t.csv", "--out", "v.parquet"]);
    let csv = lines(&desk.done(&["predict", "o", "t.csv"]).out);
    let (names, columns) = read(&desk, "v.parquet");
    assert_eq!((names.len(), columns[0][14].as_ref()), (1, Some(&csv[15][0])));
}
