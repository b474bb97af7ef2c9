//! What people get wrong, from the recipe down to the message.

#![allow(clippy::unwrap_used)] // this is a test

use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::path::Path;
use wellfit_core::seed::Seed;
use wellfit_data::{DataConfig, Error, Splits, load};

fn open(recipe: &str, base: &Path) -> Result<Splits, Error> {
    let config: DataConfig = toml::from_str(recipe).unwrap();
    let mut split = Seed::new(1).stream("split").step(0);
    let mut noise = Seed::new(1).stream("noise").step(0);
    load(&config, base, &mut split, &mut noise)
}

/// What is said of a table with these bytes and a target `y`, without the folder's name.
fn table(bytes: &[u8], more: &str) -> Result<Splits, String> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("t.csv"), bytes).unwrap();
    let recipe = format!("table = {{ path = \"t.csv\", target = \"y\" {more} }}");
    let folder = format!("{}/", dir.path().display());
    open(&recipe, dir.path()).map_err(|error| error.to_string().replace(&folder, ""))
}

/// A table of 40 rows below `x,y`.
fn rows(row: impl Fn(usize) -> String) -> Vec<u8> {
    let rows: String = (0..40).map(|i| row(i) + "\n").collect();
    format!("x,y\n{rows}").into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn tables_that_are_none_are_told_in_one_paragraph() {
    let good = rows(|i| format!("{i}.5,{}", i % 2));
    assert_eq!(table(&good, "").unwrap().train.len(), 24);
    let (packed, frame) = (gzip(&good), zstd::encode_all(good.as_slice(), 1).unwrap());
    for (bytes, told) in [
        (&b""[..], "t.csv: expected a header line, found an empty file"),
        (b"x,y\n", "t.csv: expected rows below the header, found none"),
        (
            b"x,y,x\n1,2,3\n",
            "t.csv: expected a different name for every column, found `x` for columns 1 and 3",
        ),
        (b"x,y\n1,0\n1,0,7\n", "t.csv, line 3: expected 2 cells as in the header, found 3"),
        (b"x,y\n1\n", "t.csv, line 2: expected 2 cells as in the header, found 1"),
        (
            b"x,y\n\xe9t\xe9,1\n",
            "t.csv, line 2: expected UTF-8 text, found other bytes (spreadsheets save it as `CSV \
             UTF-8`)",
        ),
        (
            b"\xff\xfex\0,\0y\0\n\0",
            "t.csv: expected a table in CSV or Parquet, found UTF-16 text; save it as UTF-8",
        ),
        (
            b"PK\x03\x04\x14\0",
            "t.csv: expected a table in CSV or Parquet, found an Excel or zip file",
        ),
        (b"a,b\n1,2\n", "t.csv: no column is named `y`; the columns are a, b"),
    ] {
        assert_eq!(table(bytes, "").unwrap_err(), told);
    }
    for (cut, format) in
        [(&packed[..packed.len() - 9], "gzip"), (&frame[..frame.len() - 3], "zstd")]
    {
        let told = format!("t.csv: expected a whole {format} file, found a cut or damaged one (");
        let text = table(cut, "").unwrap_err();
        assert!(text.starts_with(&told) && !text.contains('\n'), "{text}");
    }
}

#[test]
fn targets_that_cannot_be_learnt_are_told() {
    for (bytes, more, told) in [
        (
            rows(|i| format!("{i},{}", if i == 7 { "NaN" } else { "1" })),
            "",
            "t.csv, line 9, column `y`: expected a value, found a missing one",
        ),
        (
            rows(|i| format!("{i},")),
            "",
            "t.csv, line 2, column `y`: expected a value, found a missing one",
        ),
        (
            rows(|i| format!("{i}.5,{}", if i == 7 { "inf" } else { "1" })),
            ", task = \"regression\"",
            "t.csv, line 9, column `y`: expected a finite number (text needs `task = \
             \"classification\"`), found `inf`",
        ),
        (
            rows(|i| format!("{i},yes")),
            "",
            "cannot split 40 examples: classification needs at least two classes, found `yes` alone",
        ),
        (
            rows(|i| format!("{i},{i}.25")),
            ", task = \"classification\"",
            "cannot split 40 examples: 40 classes are more than the 24 examples that train takes; \
             enlarge that part or merge classes; if the target is a quantity, `task = \
             \"regression\"` says so",
        ),
        (
            rows(|i| format!("{i},{}", if i == 0 { "rare" } else { "often" })),
            "",
            "cannot split 40 examples: class `rare`, with 1 example in all, has none in the 8 that \
             validation takes; enlarge that part, or merge or drop the class",
        ),
    ] {
        assert_eq!(table(&bytes, more).unwrap_err(), told);
    }
}

#[test]
fn a_column_without_any_value_is_dropped_and_told() {
    let cells: String = (0..40).map(|i| format!("{i}.5,,{}\n", i % 2)).collect();
    let splits = table(format!("x,gone,y\n{cells}").as_bytes(), "").unwrap();
    assert_eq!(splits.train.features, ["x"]);
    let told = "column `gone` is dropped: it has no value in any row; ";
    assert!(splits.warnings.iter().any(|text| text.starts_with(told)), "{:?}", splits.warnings);
}

#[test]
fn files_and_folders_that_cannot_be_read_are_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "x").unwrap();
    let folder = format!("{}/", dir.path().display());
    let says =
        |recipe: &str| open(recipe, dir.path()).unwrap_err().to_string().replace(&folder, "");
    let table = |path: &str| says(&format!("table = {{ path = \"{path}\", target = \"y\" }}"));
    assert!(table("no.csv").starts_with("no.csv: cannot be read: "));
    assert!(table(".").contains(": cannot be read: "));
    let images = |path: &str| says(&format!("images = {{ dir = \"{path}\" }}"));
    assert!(images("none").starts_with("none: cannot be read: "));
    assert!(images("file/below").starts_with("file/below: cannot be read: "));
    let text = images("file");
    assert!(text.starts_with("file: expected a folder or a whole tar file of pictures"), "{text}");
    let text = says("idx = { dir = \"none\" }");
    assert!(text.starts_with("none: expected the file train-images-idx3-ubyte"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let closed = dir.path().join("cat");
    std::fs::create_dir(&closed).unwrap();
    let allow = |mode| std::fs::set_permissions(&closed, PermissionsExt::from_mode(mode)).unwrap();
    allow(0o000);
    // Whoever is root may read it all the same, and then finds no picture.
    let root = std::fs::read_dir(&closed).is_ok();
    let text = open("images = { dir = \".\" }", dir.path()).unwrap_err().to_string();
    allow(0o755);
    let told = if root { "found no picture" } else { "cat: cannot be read: " };
    assert!(text.contains(told), "{text}");
}

#[test]
fn shares_of_parts_that_the_folder_brings_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for part in ["train", "val", "test"] {
        for class in ["a", "b"] {
            let folder = dir.path().join("pictures").join(part).join(class);
            std::fs::create_dir_all(&folder).unwrap();
            let mut bytes = Vec::new();
            let mut writer = png::Encoder::new(&mut bytes, 2, 2).write_header().unwrap();
            writer.write_image_data(&[part.len() as u8; 4]).unwrap();
            writer.finish().unwrap();
            std::fs::write(folder.join("1.png"), bytes).unwrap();
        }
    }
    let source = "images = { dir = \"pictures\" }";
    let splits = open(source, dir.path()).unwrap();
    assert_eq!((splits.train.len(), splits.validation.len()), (2, 2));
    for part in ["validation", "test"] {
        let text = open(&format!("{source}\n{part} = 1"), dir.path()).unwrap_err().to_string();
        let told = format!(
            "cannot split 2 examples: the source brings its own {part} set: leave `{part}` out"
        );
        assert_eq!(text, told);
    }
}
