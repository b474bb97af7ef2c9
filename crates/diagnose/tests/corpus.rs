//! What the fuzzer found worth keeping, through the readers once more: none crashes, and none holds
//! more than 100 times its input. `fuzz/README.md` tells how the corpus is made.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]
#![allow(unsafe_code, reason = "an allocator that counts cannot be written without it")]

#[path = "../fuzz/src/bounds.rs"]
mod bounds;
#[path = "../fuzz/src/input.rs"]
mod input;

use bounds::within_bounds;
use std::path::{Path, PathBuf};
use wellfit_diagnose::read::{Format, read_from};

fn corpus(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

// One test, since memory is counted for the whole process.
#[test]
fn no_input_of_the_corpus_brings_a_reader_down() {
    let greedy = || within_bounds(1, || vec![0_u8; 1 << 20]);
    assert!(std::panic::catch_unwind(greedy).is_err(), "the bound binds");
    let (mut read_as_log, mut inputs) = (0, 0);
    for path in corpus("text") {
        let data = std::fs::read(path).unwrap();
        let Some((text, format)) = input::text(&data) else { continue };
        let found = within_bounds(text.len(), || read_from(text, format));
        (read_as_log, inputs) = (read_as_log + usize::from(found.is_ok()), inputs + 1);
    }
    for path in corpus("event_file") {
        let Some(file) = input::event_file(&std::fs::read(path).unwrap()) else { continue };
        let read = || read_from(&file[..], Some(Format::TensorBoard));
        let found = within_bounds(file.len(), read);
        (read_as_log, inputs) = (read_as_log + usize::from(found.is_ok()), inputs + 1);
    }
    for path in corpus("mlflow_sqlite") {
        let data = std::fs::read(path).unwrap();
        let read = || read_from(&data[..], Some(Format::MlflowSqlite));
        let found = within_bounds(data.len(), read);
        (read_as_log, inputs) = (read_as_log + usize::from(found.is_ok()), inputs + 1);
    }
    assert!(inputs > 500 && read_as_log > 100, "{read_as_log} logs of {inputs} inputs");
}
