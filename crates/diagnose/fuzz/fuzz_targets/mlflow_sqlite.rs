//! The reader of MLflow's SQLite store.

#![no_main]

use fuzz_diagnose::bounds::within_bounds;
use libfuzzer_sys::fuzz_target;
use wellfit_diagnose::read::{Format, read_from};

fuzz_target!(|data: &[u8]| {
    let _ = within_bounds(data.len(), || read_from(data, Some(Format::MlflowSqlite)));
});
