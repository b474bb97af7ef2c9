//! Ctrl-C: the first asks for an end in good order, the second ends the program at once.

use crate::error::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sets `interrupt` at the first Ctrl-C.
pub fn listen(interrupt: Arc<AtomicBool>) -> Result<(), Failure> {
    let handler = move || {
        if interrupt.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Failure::new(format!("cannot listen to Ctrl-C: {error}"), None))
}
