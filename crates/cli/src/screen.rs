//! What the terminal can do, and how to write to it.

use crate::error::Failure;
use console::Term;
use std::io::{ErrorKind, Write};

/// Columns for text: the terminal's, within what is comfortable to read.
pub fn columns() -> usize {
    let (_, columns) = Term::stderr().size();
    usize::from(columns).clamp(60, 100)
}

/// Whether the report may use colour: a terminal, and nobody said NO_COLOR.
pub fn colour() -> bool {
    console::colors_enabled_stderr() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

/// Writes a line to standard error, as `eprintln!` does; but a terminal that went away, or a
/// reader such as `head` that has seen enough, does not end a run.
macro_rules! tell {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), $($text)*);
    }};
}
pub(crate) use tell;

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
