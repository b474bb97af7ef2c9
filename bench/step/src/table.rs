//! What was measured, as a Markdown table.

use bench_peer::median;
use std::fmt::Write;

/// Milliseconds of a step: one technique's, and the plain one's just before and after.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    pub before: f64,
    pub time: f64,
    pub after: f64,
}

impl Turn {
    /// Against the mean of both plain runs, a machine that slowly gets faster or slower cancels.
    fn ratio(self) -> f64 {
        self.time / (0.5 * (self.before + self.after))
    }
}

/// One technique's line.
pub struct Row {
    label: String,
    median_time: f64,
    median_ratio: f64,
    lowest: f64,
    highest: f64,
}

impl Row {
    /// Sums up all turns of one technique.
    pub fn new(label: &str, turns: &[Turn]) -> Self {
        let times: Vec<f64> = turns.iter().map(|turn| turn.time).collect();
        let ratios: Vec<f64> = turns.iter().map(|turn| turn.ratio()).collect();
        Self {
            label: label.to_owned(),
            median_time: median(&times),
            median_ratio: median(&ratios),
            lowest: ratios.iter().copied().fold(f64::INFINITY, f64::min),
            highest: ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

/// The table; ratios are to the plain step.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = "| technique | ms per step | ratio to plain | lowest | highest |\n\
                    |---|--:|--:|--:|--:|\n"
        .to_owned();
    for row in rows {
        let Row { label, median_time, median_ratio, lowest, highest } = row;
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "| {label} | {median_time:.2} | {median_ratio:.3} | {lowest:.3} | {highest:.3} |"
        );
    }
    text
}

/// The processor and how many of its cores this process may use.
pub fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model} ({}), {cores} cores", std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_slows_down_evenly_does_not_change_the_ratio() {
        let turn = Turn { before: 1.0, time: 1.2 * 2.0, after: 3.0 };
        assert_eq!(turn.ratio(), 1.2);
    }

    #[test]
    fn a_row_holds_medians_and_extremes() {
        let turn = |time| Turn { before: 2.0, time, after: 2.0 };
        let row = Row::new("l2", &[turn(2.0), turn(8.0), turn(3.0)]);
        let line = markdown(&[row]).lines().last().unwrap().to_owned();
        assert_eq!(line, "| l2 | 3.00 | 1.500 | 1.000 | 4.000 |");
    }
}
