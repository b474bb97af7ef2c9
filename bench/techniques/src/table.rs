//! The tables as they stand in the documentation.

use crate::Outcome;
use crate::arm::{Arm, Judged};
use crate::paired::{Difference, mean};
use std::fmt::Write;
use std::ops::RangeInclusive;

/// Each technique against its network without it.
pub fn cure(
    arms: &[Arm],
    seeds: RangeInclusive<u64>,
    of: impl Fn(&Arm, u64) -> Option<Judged>,
) -> Outcome<String> {
    let mut text = String::from(
        "| technique | accuracy | difference | NLL | difference | gap | difference |\n\
         |---|--:|--:|--:|--:|--:|--:|\n",
    );
    for arm in arms {
        let plain = arms.iter().find(|a| a.is_plain() && a.network == arm.network);
        let plain = plain.ok_or("a network without its plain arm")?;
        let runs = |arm: &Arm, value: fn(Judged) -> f64| -> Vec<f64> {
            seeds.clone().filter_map(|seed| of(arm, seed)).map(value).collect()
        };
        let label = match arm.is_plain() {
            true => format!("plain, {}", arm.network.words()),
            false => format!("`{}`", arm.label),
        };
        write!(text, "| {label} ")?;
        let values: [fn(Judged) -> f64; 3] = [|j| j.accuracy, |j| j.nll, |j| j.gap];
        for value in values {
            let (own, plain) = (runs(arm, value), runs(plain, value));
            write!(text, "| {:.3} ", mean(&own))?;
            if arm.is_plain() {
                write!(text, "| ")?;
                continue;
            }
            let pairs: Vec<f64> = own.iter().zip(&plain).map(|(own, plain)| own - plain).collect();
            let difference = Difference::of(&pairs);
            let (mark, Difference { mean, half }) =
                (if difference.is_clear() { "**" } else { "" }, difference);
            write!(text, "| {mark}{mean:+.3} ± {half:.3}{mark} ")?;
        }
        writeln!(text, "|")?;
    }
    Ok(text)
}

/// Norms by size of batch.
pub fn small_batches(
    arms: &[Arm],
    seeds: RangeInclusive<u64>,
    of: impl Fn(&Arm, u64) -> Option<Judged>,
) -> Outcome<String> {
    let mut text = String::from("| norm | network | accuracy | NLL |\n|---|---|--:|--:|\n");
    for arm in arms {
        let runs = |value: fn(Judged) -> f64| -> String {
            let values: Vec<f64> =
                seeds.clone().filter_map(|seed| of(arm, seed)).map(value).collect();
            // The interval of the mean itself.
            let Difference { mean, half } = Difference::of(&values);
            format!("{mean:.3} ± {half:.3}")
        };
        let (accuracy, nll) = (runs(|j| j.accuracy), runs(|j| j.nll));
        writeln!(text, "| {} | {} | {accuracy} | {nll} |", arm.id, arm.network.words())?;
    }
    Ok(text)
}
