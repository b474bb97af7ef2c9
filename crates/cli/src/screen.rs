//! What the terminal can do.

use console::Term;

/// Columns for text: the terminal's, within what is comfortable to read.
pub fn columns() -> usize {
    let (_, columns) = Term::stderr().size();
    usize::from(columns).clamp(60, 100)
}

/// Whether the report may use colour: a terminal, and nobody said NO_COLOR.
pub fn colour() -> bool {
    console::colors_enabled_stderr() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}
