//! The reader of TensorBoard's event files.

#![no_main]

use fuzz_diagnose::{bounds::within_bounds, input};
use libfuzzer_sys::fuzz_target;
use wellfit_diagnose::read::{Format, read_from};

fuzz_target!(|data: &[u8]| {
    let Some(file) = input::event_file(data) else { return };
    let _ = within_bounds(file.len(), || read_from(&file[..], Some(Format::TensorBoard)));
});
