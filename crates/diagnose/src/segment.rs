//! The last stretch of a run at one learning rate: a drop puts the minimum right behind it.

use crate::curve::Curve;
use crate::trend::mean;
use wellfit_core::run::Run;

/// A drop to at most this share is a step of a schedule; a smooth one shrinks less from epoch to
/// epoch.
const DROP: f64 = 0.5;
/// Fewest points that are judged by themselves.
const SHORTEST: usize = 11;
/// Points before and after that tell a step of the training loss from noise.
const SIDE: usize = 5;
/// Standard errors by which such a step exceeds noise.
const MIN_Z: f64 = 8.0;
/// Share of the training loss that such a step takes off.
const MIN_STEP: f64 = 0.1;

/// Place of the first point after the last drop of the learning rate, 0 where there was none or
/// where too few points follow it.
///
/// The drop is read from a learning-rate column, or where none was logged from a sudden, lasting
/// fall of the training loss.
pub(crate) fn last_segment(run: &Run, curve: &Curve) -> usize {
    let start = match rates(run, &curve.epochs) {
        Some(rates) => last_drop(&rates),
        None => curve.train.as_deref().and_then(last_step),
    };
    start.filter(|&start| curve.epochs.len() - start >= SHORTEST).unwrap_or(0)
}

/// The learning rate that held at each epoch.
fn rates(run: &Run, epochs: &[f64]) -> Option<Vec<f64>> {
    let is_rate = |name: &str| matches!(name, "lr" | "learning_rate") || name.starts_with("lr-");
    let series = run.series.iter().find(|series| is_rate(&series.metric))?;
    let at = |&epoch: &f64| {
        let known = series.points.partition_point(|point| point.0 <= epoch);
        Some(series.points.get(known.saturating_sub(1))?.1)
    };
    epochs.iter().map(at).collect()
}

fn last_drop(rates: &[f64]) -> Option<usize> {
    let dropped = |&at: &usize| rates[at] > 0.0 && rates[at] <= DROP * rates[at - 1];
    (1..rates.len()).rev().find(dropped)
}

/// The last place at which a training loss fell at once and stayed down. The first tenth does not
/// count: there losses fall steeply by themselves.
fn last_step(train: &[f64]) -> Option<usize> {
    let falls: Vec<f64> = train.windows(2).map(|pair| pair[0] - pair[1]).collect();
    let first = (train.len() / 10).max(SIDE);
    let stepped = |&at: &usize| {
        let (before, after) = (&train[at - SIDE..at], &train[at..at + SIDE]);
        let around = falls[at - SIDE..at - 1].iter().chain(&falls[at..at + SIDE - 1]);
        let usual = around.map(|fall| fall * fall).sum::<f64>() / (2 * SIDE - 2) as f64;
        let fall = falls[at - 1];
        let lasting = mean(before) - mean(after) > 0.5 * fall;
        fall > MIN_STEP * mean(before).abs() && fall > MIN_Z * usual.sqrt() && lasting
    };
    (first..train.len().saturating_sub(SIDE)).rev().find(stepped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curve::curves;
    use wellfit_core::run::Part;

    fn start(train: impl Fn(f64) -> f64, rate: Option<fn(f64) -> f64>) -> usize {
        let mut run = Run::new("r");
        for epoch in (1..=60).map(f64::from) {
            run.push(Part::Train, "loss", epoch, train(epoch));
            run.push(Part::Validation, "loss", epoch, 1.0);
            if let Some(rate) = rate {
                run.push(Part::Online, "learning_rate", epoch, rate(epoch));
            }
        }
        last_segment(&run, &curves(&run).0.unwrap())
    }

    #[test]
    fn a_column_tells_the_drop() {
        let smooth = |e: f64| 1.0 / e;
        assert_eq!(start(smooth, Some(|e| if e > 30.0 { 0.01 } else { 0.1 })), 30);
        assert_eq!(start(smooth, Some(|e| if e > 55.0 { 0.01 } else { 0.1 })), 0, "too short");
        assert_eq!(start(smooth, Some(|e| 0.1 * 0.95_f64.powf(e))), 0, "a smooth schedule");
    }

    #[test]
    fn a_step_of_the_training_loss_tells_the_drop() {
        let wobble = |e: f64| 0.005 * (e * 7.0).sin();
        let stepped = |e: f64| if e > 30.0 { 0.3 } else { 0.6 } + wobble(e);
        assert_eq!(start(stepped, None), 30);
        let smooth = |e: f64| 0.3 + (-0.1 * e).exp() + wobble(e);
        assert_eq!(start(smooth, None), 0);
        let spike = |e: f64| if e == 30.0 { 2.0 } else { 0.6 } + wobble(e);
        assert_eq!(start(spike, None), 0, "a spike does not last");
    }
}
