//! The reader of MLflow's SQLite store, which opens its file by name.

#![no_main]

use fuzz_diagnose::bounds::within_bounds;
use libfuzzer_sys::fuzz_target;
use std::io::Write;
use std::path::Path;
use wellfit_diagnose::read::{Format, read};

fuzz_target!(|data: &[u8]| {
    // A file in memory: a disk would wear out.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let mut file = tempfile::NamedTempFile::new_in(folder).expect("a file can be made");
    file.write_all(data).expect("a file can be written");
    // SQLite's own memory is not Rust's: `-malloc_limit_mb` watches it.
    let _ = within_bounds(data.len(), || read(file.path(), Some(Format::MlflowSqlite)));
});
