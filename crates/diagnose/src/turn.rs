//! Has a validation curve turned for the worse while training went on getting better?

use crate::confidence::FEW;
use crate::curve::Curve;
use crate::onset::onset;
use crate::rule::too_few_points::FEWEST;
use crate::trend::{lowest, mean, mean_around};
use wellfit_core::control::{MIN_Z, MIN_Z_SHORT, Rise, SHORT, rise as rise_of};

/// Points after the onset that more than [`SHORT`] points must have: fewer may be a fluctuation.
const AFTER: usize = 3;
/// Training may lose at most this share of what validation lost, or the run became worse as a
/// whole, which is another finding.
const TRAIN_SHARE: f64 = 0.5;
/// What a short curve must show besides rising only: steps upwards, and a rise as a share of a loss
/// or a difference of a score.
struct Clear {
    steps: usize,
    rise: (f64, f64),
}

/// What a valley must show: steps down to its lowest value and up from it; what it had gained and
/// what it lost again, each as [`Clear::rise`].
const VALLEY: (usize, (f64, f64), (f64, f64)) = (2, (0.5, 0.2), (0.3, 0.12));

/// A validation curve since its best, beside training.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    /// The rise; its place counts from the first point that was judged.
    pub rise: Rise,
    /// Where the curve turned.
    pub onset: usize,
    /// The rise and its significance over what they must exceed, the smaller of the two; from 1 on
    /// the curve has turned.
    pub strength: f64,
    /// Validation minus training at the end.
    pub gap: Option<f64>,
    /// By how much training got worse since the onset; negative when it got better.
    pub train_change: Option<f64>,
    /// Whether training let the rise count.
    pub is_overfit: bool,
}

/// Judges the whole curve and, when that has not turned, what follows `segment`.
///
/// `agrees` says that another metric of the same run [leans]: then less is asked of few points.
pub(crate) fn turn(curve: &Curve, segment: usize, agrees: bool) -> Option<Turn> {
    let whole = measured(curve, 0, agrees)?;
    if whole.is_overfit || segment == 0 {
        return Some(whole);
    }
    Some(measured(curve, segment, agrees).filter(|turn| turn.is_overfit).unwrap_or(whole))
}

fn measured(curve: &Curve, from: usize, agrees: bool) -> Option<Turn> {
    let costs = &curve.validation[from..];
    let rise = with_late_noise(rise_of(costs)?, costs);
    let onset = from + onset(costs, rise.sigma);
    let at_onset = onset.max(from + rise.window / 2);
    let train = curve.train.as_deref();
    let end_of = |values: &[f64]| mean(&values[values.len() - rise.window..]);
    let train_end = train.map(end_of);
    let change = train.map(|train| end_of(train) - mean_around(train, at_onset, rise.window));
    let mut turn = Turn {
        strength: strength(curve, &rise),
        gap: train_end.map(|end| end_of(&curve.validation) - end),
        train_change: change,
        is_overfit: false,
        rise,
        onset,
    };
    if costs.len() <= SHORT && turn.strength < 1.0 && leans(curve, from, agrees) {
        turn.strength = 1.0;
    }
    let late = costs.len() > SHORT && curve.validation.len() - 1 - onset < AFTER;
    turn.is_overfit = turn.strength >= 1.0 && !late && turn.training_allows();
    Some(turn)
}

/// The rise, measured with the noise of the later part of the curve when that is smaller.
///
/// The noise of a loss mostly shrinks with it, and where it falls steeply its trend passes for
/// noise: what happened early must not hide a rise at the end. The part begins at the minimum or in
/// the middle, whichever comes first.
fn with_late_noise(rise: Rise, costs: &[f64]) -> Rise {
    let start = rise.minimum_index.min(costs.len() / 2);
    let late = &costs[start..];
    let Some(sigma) = rise_of(late).map(|late| late.sigma).filter(|_| late.len() > SHORT) else {
        return rise;
    };
    if sigma >= rise.sigma {
        return rise;
    }
    let error = sigma / (rise.window as f64).sqrt();
    let windows = rise.points as f64 / rise.window as f64;
    let most = error * (2.0 * windows.ln()).sqrt();
    let risen = rise.end - rise.minimum;
    // The bias of the minimum shrinks with the noise.
    let bias = if rise.rise > 0.0 { (risen - rise.rise) * sigma / rise.sigma } else { most };
    let corrected = (risen - bias.min(most)).max(0.0);
    let share = |a: f64, b: f64| if a == 0.0 { 0.0 } else { a / b };
    Rise {
        rise: corrected,
        relative: share(corrected, rise.minimum.abs()),
        z: share(corrected, error * std::f64::consts::SQRT_2),
        sigma,
        ..rise
    }
}

fn strength(curve: &Curve, rise: &Rise) -> f64 {
    let min_z = if rise.points <= SHORT { MIN_Z_SHORT } else { MIN_Z };
    let smallest = curve.smallest_rise(rise.minimum);
    let size = if rise.rise > 0.0 { rise.rise / smallest } else { 0.0 };
    size.min(rise.z / min_z)
}

/// Whether a short curve, which has no good noise estimate, shows nothing but a turn: after its
/// lowest value it only rises, and far, while training only gets better. One metric alone must rise
/// further, or for longer, than one that another agrees with.
pub(crate) fn leans(curve: &Curve, from: usize, agrees: bool) -> bool {
    let costs = &curve.validation[from..];
    if costs.len() > SHORT || costs.len() < FEWEST {
        return false;
    }
    let minimum = lowest(costs);
    let after = &costs[minimum..];
    let clear = match (costs.len() < FEW, agrees) {
        (true, true) => Clear { steps: 1, rise: (0.1, 0.06) },
        (false, true) => Clear { steps: 2, rise: (0.1, 0.06) },
        (true, false) => Clear { steps: 1, rise: (0.25, 0.2) },
        (false, false) => Clear { steps: 3, rise: (0.2, 0.12) },
    };
    let rises = after.len() > clear.steps && after.windows(2).all(|pair| pair[1] > pair[0]);
    let far = after[after.len() - 1] - after[0] >= curve.part_of(after[0], clear.rise);
    let improves = curve
        .train
        .as_deref()
        .is_some_and(|train| train[from + minimum..].windows(2).all(|pair| pair[1] < pair[0]));
    far && rises && improves || is_valley(curve, from, minimum)
}

/// Whether a short curve is one valley: it falls ever less to `minimum` and rises ever more after
/// it, both far, while training falls all along. Noise hardly ever draws that.
fn is_valley(curve: &Curve, from: usize, minimum: usize) -> bool {
    let (costs, (steps, gained, lost)) = (&curve.validation[from..], VALLEY);
    let bends = costs.windows(3).all(|three| three[1] - three[0] < three[2] - three[1]);
    let trains = |train: &[f64]| train.windows(2).all(|pair| pair[1] < pair[0]);
    let (last, lowest) = (costs.len() - 1, costs[minimum]);
    minimum.min(last - minimum) >= steps
        && bends
        && costs[0] - lowest >= curve.part_of(lowest, gained)
        && costs[last] - lowest >= curve.part_of(lowest, lost)
        && curve.train.as_deref().is_some_and(|train| trains(&train[from..]))
}

impl Turn {
    /// Overfitting asks that validation ends worse than training and that training did not get
    /// worse itself. Without a training series the rise speaks alone.
    fn training_allows(&self) -> bool {
        let above = self.gap.is_none_or(|gap| gap > 0.0);
        above && self.train_change.is_none_or(|change| change <= TRAIN_SHARE * self.rise.rise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curve::curves;
    use wellfit_core::run::{Part, Run};

    fn few(validation: [f64; 5], train: [f64; 5]) -> bool {
        let mut run = Run::new("few");
        for (at, (validation, train)) in validation.into_iter().zip(train).enumerate() {
            run.push(Part::Train, "loss", at as f64, train);
            run.push(Part::Validation, "loss", at as f64, validation);
        }
        leans(&curves(&run).0.unwrap(), 0, false)
    }

    #[test]
    fn a_valley_of_five_losses_turns() {
        let falling = [0.9, 0.6, 0.4, 0.3, 0.2];
        assert!(few([0.95, 0.7, 0.6, 0.65, 0.8], falling));
        assert!(!few([0.95, 0.7, 0.6, 0.65, 0.66], falling), "it hardly rises");
        assert!(!few([0.65, 0.62, 0.6, 0.65, 0.8], falling), "it had hardly fallen");
        assert!(!few([0.95, 0.6, 0.59, 0.78, 0.8], falling), "a step, as noise makes");
        assert!(!few([0.95, 0.7, 0.6, 0.65, 0.8], [0.9, 0.6, 0.7, 0.3, 0.2]));
    }
}
