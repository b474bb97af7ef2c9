//! What the terminal can do, and how to write to it.

use crate::error::Failure;
use console::Term;
use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether only errors are told. It is settled once, before anything is told.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Settles what the screen gets: nothing but errors, and no colour, where that is asked for.
pub fn settle(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
    if no_colour() {
        // Also where CLICOLOR_FORCE asks for them: the refusal wins.
        console::set_colors_enabled(false);
        console::set_colors_enabled_stderr(false);
    }
}

/// Whether only errors are told.
pub fn quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Columns for text: the terminal's, within what is comfortable to read.
pub fn columns() -> usize {
    let (_, columns) = Term::stderr().size();
    usize::from(columns).clamp(60, 100)
}

/// Whether the report may use colour: a terminal, and nobody said NO_COLOR.
pub fn colour() -> bool {
    console::colors_enabled_stderr() && !no_colour()
}

/// The same for what goes to standard output.
pub fn colour_of_output() -> bool {
    console::colors_enabled() && !no_colour()
}

fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// Writes a line to standard error, as `eprintln!` does; but a terminal that went away, or a
/// reader such as `head` that has seen enough, does not end a run. With --quiet it writes nothing.
macro_rules! tell {
    ($($text:tt)*) => {
        if !$crate::screen::quiet() {
            $crate::screen::complain!($($text)*);
        }
    };
}
pub(crate) use tell;

/// Writes a line to standard error even with --quiet.
macro_rules! complain {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), $($text)*);
    }};
}
pub(crate) use complain;

/// Writes `text` and a line end to standard output. A reader that has seen enough is no error.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write to standard output: {error}"), None))
        }
        _ => Ok(()),
    }
}
