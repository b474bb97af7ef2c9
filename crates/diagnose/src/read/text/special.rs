//! Lines of programs that print numbers before their names.

use super::line::Reading;

/// What a line says that only a known program prints.
pub(super) fn special(line: &str) -> Option<Reading> {
    darknet(line).or_else(|| columns(line)).or_else(|| right_of(line))
}

/// Whether training is over: Ultralytics measures its best weights again behind this line.
pub(super) fn ends(line: &str) -> bool {
    line.starts_with("Optimizer stripped from")
}

/// Whether the next line repeats the best one: boosting libraries do so when they stop early.
pub(super) fn announces_best(line: &str) -> bool {
    line.trim_end().ends_with(':') && line.to_ascii_lowercase().contains("best iteration")
}

/// Darknet: ` 100: 2.345000, 2.400000 avg loss, 0.001000 rate, 5.0 seconds, 6400 images`.
fn darknet(line: &str) -> Option<Reading> {
    let (step, rest) = line.trim().split_once(": ")?;
    let (_, rest) = rest.split_once(", ")?;
    let (loss, rest) = rest.split_once(" avg")?;
    let (_, rest) = rest.split_once(", ")?;
    let (rate, _) = rest.split_once(" rate")?;
    let values = vec![
        ("train avg loss".to_owned(), loss.trim().parse().ok()?),
        ("rate lr".to_owned(), rate.trim().parse().ok()?),
    ];
    Some(Reading { step: Some(step.parse().ok()?), values, ..Reading::default() })
}

/// `250 val 5.9`, as minimal training scripts write to a file.
fn columns(line: &str) -> Option<Reading> {
    let mut words = line.split_whitespace();
    let (step, part, value) = (words.next()?, words.next()?, words.next()?);
    let known = matches!(part, "train" | "val" | "test") && words.next().is_none();
    let step = step.parse::<u32>().ok().filter(|_| known)?;
    let values = vec![(format!("{part} loss"), value.parse().ok()?)];
    Some(Reading { step: Some(step.into()), values, ..Reading::default() })
}

/// `Epoch 3: 9120 / 10000`, as the code of Nielsen's book counts correct answers.
fn right_of(line: &str) -> Option<Reading> {
    let (epoch, rest) = line.strip_prefix("Epoch ")?.split_once(": ")?;
    let (right, all) = rest.split_once(" / ")?;
    let (right, all): (u32, u32) = (right.parse().ok()?, all.trim().parse().ok()?);
    let share = f64::from(right) / f64::from(all.max(1));
    let values = vec![("test accuracy".to_owned(), share)];
    Some(Reading { epoch: Some(epoch.parse().ok()?), values, ..Reading::default() })
}
