//! What was measured, as Markdown.

use crate::{Incumbent, Overhead};
use bench_peer::median;
use std::fmt::Write;

/// One line for each side, at each length of a study.
pub fn incumbents(name: &str, incumbents: &[Incumbent]) -> String {
    let mut text = "| trials | univariate TPE, ours | ".to_owned();
    // Writing into a string cannot fail.
    let _ = writeln!(text, "{name} | random search | ours lower on |\n|--:|--:|--:|--:|--:|");
    for Incumbent { trials, ours, peer, random } in incumbents {
        let lower = ours.iter().zip(peer).filter(|(ours, peer)| ours < peer).count();
        let _ = writeln!(
            text,
            "| {trials} | {} | {} | {} | {lower} of {} |",
            mean(ours),
            mean(peer),
            mean(random),
            ours.len()
        );
    }
    text
}

/// Mean and its standard error.
fn mean(values: &[f64]) -> String {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    format!("{mean:.4} ± {:.4}", (squares / (n - 1.0) / n).sqrt())
}

/// Medians of the times of a trial.
pub fn overheads(name: &str, overhead: &Overhead) -> String {
    let ours = median(&overhead.ours);
    let mut text =
        "| after 1,000 trials | median, ms a trial | times ours |\n|---|--:|--:|\n".to_owned();
    for (row, seconds) in [
        ("ours, with its study file (not synced)", &overhead.ours),
        ("ours, the sampler alone", &overhead.sampler),
        ("ours, a whole search in cohorts of 9 on 3 rungs (not synced)", &overhead.whole),
        ("ours, with its study file (synced)", &overhead.synced),
        (&format!("{name}, in memory"), &overhead.peer),
    ] {
        let median = median(seconds);
        let _ = writeln!(text, "| {row} | {:.3} | {:.1} |", 1e3 * median, median / ours);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_compared() {
        let incumbent = Incumbent {
            trials: 200,
            ours: vec![0.25, 0.75],
            peer: vec![0.5, 0.5],
            random: vec![1.0, 1.0],
        };
        let text = incumbents("they", &[incumbent]);
        let last = text.lines().last().unwrap();
        assert_eq!(last, "| 200 | 0.5000 ± 0.2500 | 0.5000 ± 0.0000 | 1.0000 ± 0.0000 | 1 of 2 |");
        let overhead = Overhead {
            ours: vec![0.001, 0.002, 0.001],
            sampler: vec![0.0005],
            synced: vec![0.01],
            whole: vec![0.002],
            peer: vec![0.2, 0.1],
        };
        let text = overheads("they", &overhead);
        assert_eq!(text.lines().last().unwrap(), "| they, in memory | 150.000 | 150.0 |");
    }
}
