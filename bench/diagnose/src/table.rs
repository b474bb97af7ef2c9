//! What was measured, as Markdown.

use crate::runs::Used;
use crate::scalars::Scalars;
use bench_peer::median;
use std::fmt::Write;

/// One line for each reader.
pub fn scalars(measured: &Scalars) -> String {
    let Scalars { points, bytes, readers } = measured;
    let mib = *bytes as f64 / f64::from(1 << 20);
    let mut text = format!(
        "| {points} scalars, {mib:.1} MiB | median, s | lowest | highest | times ours |\n\
         |---|--:|--:|--:|--:|\n"
    );
    let ours = readers.first().map_or(f64::NAN, |ours| median(&ours.seconds));
    for reader in readers {
        let seconds = &reader.seconds;
        let lowest = seconds.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = seconds.iter().copied().fold(0.0, f64::max);
        let middle = median(seconds);
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {middle:.3} | {lowest:.3} | {highest:.3} | {:.1} |",
            reader.name,
            middle / ours
        );
    }
    text
}

/// One line for the folder of runs.
pub fn runs(used: &Used) -> String {
    let peak = used.peak_mib.map_or("unknown".to_owned(), |mib| format!("{mib:.0}"));
    format!(
        "| runs | points | seconds | peak memory, MiB |\n|--:|--:|--:|--:|\n| {} | {} | {:.2} | {peak} |\n",
        used.runs, used.points, used.seconds
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalars::Reader;

    #[test]
    fn medians_are_compared() {
        let reader = |name: &str, seconds: &[f64]| Reader {
            name: name.to_owned(),
            seconds: seconds.to_vec(),
        };
        let readers = vec![reader("we", &[0.5, 0.25, 1.0]), reader("they", &[4.0, 8.0])];
        let text = scalars(&Scalars { points: 10, bytes: 1 << 20, readers });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], "| we | 0.500 | 0.250 | 1.000 | 1.0 |");
        assert_eq!(lines[3], "| they | 6.000 | 4.000 | 8.000 | 12.0 |");
    }
}
