//! All readers of text.

#![no_main]

use fuzz_diagnose::{bounds::within_bounds, input};
use libfuzzer_sys::fuzz_target;
use wellfit_diagnose::read::read_from;

fuzz_target!(|data: &[u8]| {
    let Some((text, format)) = input::text(data) else { return };
    let _ = within_bounds(text.len(), || read_from(text, format));
});
