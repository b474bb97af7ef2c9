//! Data that are not there, broken, or not what the recipe says.

use super::refused_with;
use crate::desk::Desk;
use crate::tables;

fn csv(name: &str) -> String {
    format!("data={{ csv = {{ path = \"{name}.csv\", target = \"y\" }} }}")
}

#[test]
fn tables_that_are_broken() {
    let desk = Desk::with_recipe();
    for (name, text, says) in [
        (
            "ragged",
            "a,b,y\n1,2,3\n1,2\n",
            "ragged.csv, line 3: expected 3 cells as in the header, found 2",
        ),
        (
            "text",
            &format!("{}1,dog,2\n", tables::regression()),
            "text.csv, line 62, column `b`: expected a number as in 60 of 61 cells",
        ),
        (
            "infinite",
            &format!("{}1,inf,2\n", tables::regression()),
            "infinite.csv, line 62, column `b`: expected a finite number",
        ),
        (
            "gap",
            "a,b,y\n1,2,3\n1,2,\n",
            "gap.csv, line 3, column `y`: expected a value, found a missing one",
        ),
        ("hollow", &format!("a,y\n{}", ",1.5\n,2.5\n".repeat(30)), "found no feature"),
        ("empty", "", "empty.csv: expected a header line, found an empty file"),
        ("header", "a,b,y\n", "header.csv: expected rows below the header, found none"),
        ("colons", "a:b:y\n1:2:3\n", "no column is named `y`; the columns are a:b:y"),
        ("twice", "a,a,y\n1,2,3\n", "found `a` for columns 1 and 2"),
        ("short", "a,b,y\n1,2,3\n2,3,4\n", "cannot split 2 examples"),
        ("one", &tables::one_class(), "needs at least two classes, found `yes` alone"),
        ("bytes", "a,b,y\n1,2,\u{1}\n", "bytes.csv, line 2, column `y`: expected a finite number"),
    ] {
        desk.write(&format!("{name}.csv"), text);
        refused_with(&desk, &csv(name), &[says]);
    }
    refused_with(&desk, &csv("missing"), &["missing.csv: cannot be read: No such file"]);
}

#[test]
fn a_target_that_does_not_fit() {
    let desk = Desk::with_recipe();
    desk.write("numbers.csv", tables::regression());
    desk.write("words.csv", tables::classes());
    let target = |name: &str, y: &str| csv(name).replace("\"y\"", y);
    for (sets, says) in [
        (target("numbers", "\"Y\""), ["no column is named `Y`", "did you mean `y`?"]),
        (target("numbers", "\"price\""), ["no column is named `price`", "the columns are a, b, y"]),
        (target("words", "\"y\", task = \"regression\""), ["line 2, column `y`", "finite number"]),
        (target("words", "\"y\", task = \"regress\""), ["`regress`", "did you mean `regression`?"]),
        (csv("numbers") + "; data.label_noise=0.1", ["`label_noise` swaps classes", "set it to 0"]),
    ] {
        refused_with(&desk, &sets, &says);
    }
    let two = "data.csv={ path = \"words.csv\", target = \"y\" }";
    refused_with(&desk, two, &["expected exactly one of", "found `digits` and `csv`"]);
}

#[test]
fn a_loss_and_a_metric_for_another_kind_of_target() {
    let desk = Desk::with_recipe();
    desk.write("numbers.csv", tables::regression());
    for (set, says) in [
        ("train.loss=sigmoid_cross_entropy", ["needs classes", "the target is a number"]),
        ("train.monitor=validation.accuracy", ["no series `validation.accuracy`", "validation.r2"]),
    ] {
        refused_with(&desk, &format!("{}; {set}", csv("numbers")), &says);
    }
}

#[test]
fn folders_of_images_that_are_broken() {
    let desk = Desk::with_recipe();
    let images = "train-images-idx3-ubyte";
    desk.write("magic/train-images-idx3-ubyte", b"PK\x03\x04 a zip archive");
    desk.write("magic/train-labels-idx1-ubyte", b"PK\x03\x04 a zip archive");
    desk.write("cut/train-images-idx3-ubyte.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x63\x60");
    desk.write("cut/train-labels-idx1-ubyte", b"\0\0\x08\x01\0\0\0\x01\0");
    desk.write("half/train-images-idx3-ubyte", b"\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02\0\0\0");
    desk.write("half/train-labels-idx1-ubyte", b"\0\0\x08\x01\0\0\0\x02\0\x01");
    for (dir, says) in [
        ("nowhere", [images, "nowhere: expected the file"]),
        ("magic", ["magic 00 00 08", "found the bytes 50 4b 03 04"]),
        ("cut", ["cut/train-images-idx3-ubyte.gz: expected a whole gzip file", "cut or damaged"]),
        ("half", ["expected 24 bytes for a shape of 2 x 2 x 2", "found 19 bytes"]),
        ("${WELLFIT_DATA}/mnist", ["`WELLFIT_DATA` is not set", "write the path itself"]),
    ] {
        refused_with(&desk, &format!("data={{ idx = {{ dir = \"{dir}\" }} }}"), &says);
    }
}
