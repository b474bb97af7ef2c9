//! The other side of a benchmark: where its scripts lie, the Python that has its packages, and a
//! process that works when it is its turn and sleeps meanwhile.

// A benchmark talks to its terminal.
#![allow(clippy::print_stderr)]

mod process;
mod python;
mod room;
mod torch;

pub use process::Process;
pub use python::show;
pub use room::Room;
pub use torch::install_torch;

use std::error::Error;

/// What may go wrong goes wrong for the reader of the terminal alone.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// The middle value, or the mean of the two in the middle; NaN of nothing.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n => 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_stands_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
        assert!(median(&[]).is_nan());
    }
}
