//! What nanoGPT prints: `step 500: train loss 2.0049, val loss 2.0904` at every evaluation, and
//! `iter 510: loss 1.9, time 50ms` between them.

use super::table::Table;

/// Whether a line is of an evaluation.
pub(super) fn fits(line: &str) -> bool {
    line.starts_with("step ") && line.contains(": train loss ") && line.contains(", val loss ")
}

/// The runs in the lines.
pub(super) fn tables(text: &str) -> Vec<Table> {
    super::text::tables(text)
}
