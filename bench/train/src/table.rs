//! What was measured, as Markdown.

use crate::mnist::Whole;
use crate::statistics::{pairwise, quartiles};
use crate::steps::Steps;
use bench_peer::median;
use std::fmt::Write;

/// One line for each case.
pub fn steps(cases: &[Steps]) -> String {
    let mut text = "| case | step | wellfit, ms | PyTorch, ms | ratio | quartiles of the ratio |\n\
                    |---|---|--:|--:|--:|--:|\n"
        .to_owned();
    for case in cases {
        let (ours, theirs) = (median(&case.ours), median(&case.pytorch));
        let [low, high] = quartiles(&case.ratios());
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {ours:.3} | {theirs:.3} | {:.2} | {low:.2} to {high:.2} |",
            case.id,
            case.label,
            ours / theirs
        );
    }
    text
}

/// One line for each side, and their ratio.
pub fn mnist(ours: &[Whole], theirs: &[Whole]) -> String {
    let of = |runs: &[Whole], value: fn(&Whole) -> f64| median(&all(runs, value));
    let mut text =
        "| ten epochs of MNIST | whole process, s | of it training, s | peak memory, MiB \
                    | test accuracy |\n|---|--:|--:|--:|--:|\n"
            .to_owned();
    for (name, runs) in [("wellfit", ours), ("PyTorch", theirs)] {
        let [seconds, training] = [of(runs, |r| r.seconds), of(runs, |r| r.training_seconds)];
        let [memory, accuracy] = [of(runs, |r| r.peak_mib), of(runs, |r| r.test_accuracy)];
        let _ = writeln!(
            text,
            "| {name} | {seconds:.2} | {training:.2} | {memory:.0} | {:.2}% |",
            100.0 * accuracy
        );
    }
    let ratio = |value: fn(&Whole) -> f64| of(ours, value) / of(theirs, value);
    let [low, high] = quartiles(&pairwise(&all(ours, |r| r.seconds), &all(theirs, |r| r.seconds)));
    let _ = writeln!(
        text,
        "| ratio | {:.2} ({low:.2} to {high:.2}) | {:.2} | {:.2} | |",
        ratio(|r| r.seconds),
        ratio(|r| r.training_seconds),
        ratio(|r| r.peak_mib)
    );
    text
}

fn all(runs: &[Whole], value: fn(&Whole) -> f64) -> Vec<f64> {
    runs.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::side::Hello;

    fn last(text: &str) -> &str {
        text.lines().last().unwrap()
    }

    #[test]
    fn the_ratio_is_of_the_medians_and_its_quartiles_of_the_rounds() {
        let hello = || Hello { name: String::new(), threads: 1 };
        let case = Steps {
            id: "mlp",
            label: "perceptron",
            loss_difference: 0.0,
            ours: vec![3.0, 2.0, 10.0, 4.0, 5.0],
            pytorch: vec![2.0, 2.0, 2.0, 1.0, 20.0],
            sides: [hello(), hello()],
        };
        assert_eq!(case.ratios(), [1.5, 1.0, 5.0, 4.0, 0.25]);
        let line = "| `mlp` | perceptron | 4.000 | 2.000 | 2.00 | 1.00 to 4.00 |";
        assert_eq!(last(&steps(&[case])), line);
    }

    #[test]
    fn whole_runs_stand_side_by_side() {
        let run = |seconds, peak_mib| Whole {
            seconds,
            training_seconds: seconds / 2.0,
            peak_mib,
            test_accuracy: 0.98,
        };
        let text = mnist(&[run(8.0, 300.0)], &[run(10.0, 600.0)]);
        assert_eq!(text.lines().nth(2).unwrap(), "| wellfit | 8.00 | 4.00 | 300 | 98.00% |");
        assert_eq!(last(&text), "| ratio | 0.80 (0.80 to 0.80) | 0.80 | 0.50 | |");
    }
}
