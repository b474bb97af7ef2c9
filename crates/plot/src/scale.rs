//! Axes: which range of numbers is shown, where each number lies on it, and its tick labels.

/// The largest magnitude that is drawn; beyond it a range would overflow, so such a value counts
/// as infinite.
const HUGE: f64 = 1e300;
/// Ranges below this share of their values are rounding noise and are drawn as a constant.
const FLAT: f64 = 1e-6;
/// The ratio of largest to smallest value above which an axis may turn logarithmic.
const DECADES: f64 = 1e3;

/// Whether a value has a place on some axis.
pub fn drawable(value: f64) -> bool {
    value.is_finite() && value.abs() < HUGE
}

/// One axis. `low` and `high` are decimal logarithms when `log` is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    /// Whether the axis is logarithmic.
    pub log: bool,
    /// Whether ticks stay on whole numbers.
    whole: bool,
}

impl Scale {
    /// The axis of `values`, with some air around them; none when no value is drawable.
    /// With `may_log` it is logarithmic when positive values span more than three decades.
    pub fn of_values(values: impl Iterator<Item = f64>, may_log: bool) -> Option<Self> {
        let (low, high) = range(values)?;
        let axis = |low, high, log| Some(Self { low, high, log, whole: false });
        if may_log && low > 0.0 && high / low > DECADES {
            let (low, high) = (low.log10(), high.log10());
            let air = 0.05 * (high - low);
            return axis(low - air, high + air, true);
        }
        let air = air(low, high);
        // A loss below 0 or an accuracy above 1 must not look possible where none was logged.
        let floor = if low >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
        let ceiling = if low >= 0.0 && high <= 1.0 { 1.0 } else { f64::INFINITY };
        axis((low - air).max(floor), (high + air).min(ceiling), false)
    }

    /// The axis of `epochs`, from the first to the last; none when no epoch is drawable.
    pub fn of_epochs(epochs: &[f64]) -> Option<Self> {
        let (low, high) = range(epochs.iter().copied())?;
        let whole = epochs.iter().filter(|e| drawable(**e)).all(|e| e.fract() == 0.0);
        if high - low <= FLAT * high.abs() {
            return Some(Self { low: low - 0.5, high: high + 0.5, log: false, whole });
        }
        Some(Self { low, high, log: false, whole })
    }

    /// The logarithmic axis of `strengths` above 0, from end to end; none when there is none.
    pub fn of_strengths(strengths: impl Iterator<Item = f64>) -> Option<Self> {
        let (low, high) = range(strengths.filter(|strength| *strength > 0.0))?;
        let (low, high) = (low.log10(), high.log10());
        // A lone one stands in the middle.
        let air = if high - low < FLAT { 0.5 } else { 0.0 };
        Some(Self { low: low - air, high: high + air, log: true, whole: false })
    }

    /// The place of `value`: 0 at the low end, 1 at the high end.
    pub fn place(&self, value: f64) -> f64 {
        let value = if self.log { value.log10() } else { value };
        (value - self.low) / (self.high - self.low)
    }

    /// At most about `most` round values on the axis, with their labels.
    pub fn ticks(&self, most: usize) -> Vec<(f64, String)> {
        let step = self.step(most);
        let first = (self.low / step - 1e-9).ceil();
        let count = ((self.high / step + 1e-9).floor() - first).max(0.0) as usize + 1;
        let ends = self.low.abs().max(self.high.abs());
        if self.log && count < 2 {
            // Less than a decade: both ends are told.
            let ends = [self.low, self.high].map(|at| 10f64.powf(at));
            return ends.map(|end| (end, format!("{end:.2e}"))).to_vec();
        }
        let round = (0..count).map(|i| (first + i as f64) * step);
        let start = Some(self.low).filter(|low| self.starts(*low, first * step - low, step));
        start
            .into_iter()
            .chain(round)
            .map(|at| match self.log {
                true => (10f64.powf(at), decade(at)),
                false => (at, label(at, step, ends)),
            })
            .collect()
    }

    /// Whether the first epoch has room for a label of its own before the first round one.
    fn starts(&self, low: f64, room: f64, step: f64) -> bool {
        self.whole && low.fract() == 0.0 && room > 0.6 * step
    }

    /// The round distance between ticks: 1, 2 or 5 times a power of ten.
    fn step(&self, most: usize) -> f64 {
        let raw = (self.high - self.low) / most as f64;
        if self.log {
            return raw.ceil().max(1.0);
        }
        let power = 10f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0].map(|m| m * power).into_iter().find(|s| *s >= raw * 0.999);
        let step = step.unwrap_or(10.0 * power);
        if self.whole { step.max(1.0) } else { step }
    }
}

/// Smallest and largest drawable value.
fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|v| drawable(*v)).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((v.min(low), v.max(high))),
    })
}

/// The empty space left beyond the values on each side.
fn air(low: f64, high: f64) -> f64 {
    let size = low.abs().max(high.abs());
    let span = high - low;
    if span > FLAT * size && span > 1.0 / HUGE {
        return 0.05 * span;
    }
    if size > 1.0 / HUGE { 0.05 * size } else { 0.5 }
}

/// A power of ten in words: plain near one, scientific elsewhere.
fn decade(exponent: f64) -> String {
    match exponent as i32 {
        e @ 0..=4 => format!("{}", 10i32.pow(e as u32)),
        e @ -3..=-1 => format!("{:.*}", e.unsigned_abs() as usize, 10f64.powi(e)),
        e => format!("1e{e}"),
    }
}

/// A tick label with just the digits that tell it from its neighbours.
fn label(value: f64, step: f64, ends: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let last = (step.log10() + 1e-9).floor() as i32;
    if ends < 1e6 && last >= -7 {
        return format!("{value:.*}", (-last).max(0) as usize);
    }
    let digits = (value.abs().log10() + 1e-9).floor() as i32 - last;
    format!("{value:.*e}", digits.max(0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(values: &[f64], may_log: bool) -> Vec<String> {
        let scale = Scale::of_values(values.iter().copied(), may_log).unwrap();
        scale.ticks(7).into_iter().map(|t| t.1).collect()
    }

    #[test]
    fn ticks_are_round_and_short() {
        assert_eq!(labels(&[0.0, 1.0], false), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&[-40.0, 60.0], false), ["-40", "-20", "0", "20", "40", "60"]);
        assert_eq!(labels(&[1e6, 3e6], false), ["1.0e6", "1.5e6", "2.0e6", "2.5e6", "3.0e6"]);
        assert_eq!(labels(&[0.01, 100.0], true), ["0.01", "0.1", "1", "10", "100"]);
        assert_eq!(labels(&[1e-9, 1e6], true), ["1e-9", "1e-6", "0.001", "1", "1000", "1e6"]);
    }

    #[test]
    fn only_three_decades_of_positive_values_turn_logarithmic() {
        let log = |values: [f64; 2]| Scale::of_values(values.into_iter(), true).unwrap().log;
        assert!(log([1e-3, 1.1]) && !log([1e-3, 0.9]));
        assert!(!log([0.0, 1e9]) && !log([-1.0, 1e9]));
    }

    #[test]
    fn every_range_has_finite_places_inside_the_axis() {
        for values in [
            [0.0, 0.0],
            [1.0, 1.0],
            [-1e299, 1e299],
            [1e16, 1e16 + 2.0],
            [5e-324, 1e-310],
            [5e-324, 9e299],
            [1.0, 1.000_001_1],
        ] {
            let scale = Scale::of_values(values.into_iter(), true).unwrap();
            for value in values {
                assert!((0.0..=1.0).contains(&scale.place(value)), "{values:?}");
            }
            let ticks = scale.ticks(7);
            assert!((2..=9).contains(&ticks.len()), "{values:?}: {ticks:?}");
            assert!(ticks.iter().all(|t| t.1.len() <= 10), "{values:?}: {ticks:?}");
        }
        assert_eq!(Scale::of_values([f64::NAN, f64::INFINITY].into_iter(), true), None);
    }

    #[test]
    fn epochs_tick_on_whole_numbers_only() {
        let ticks = Scale::of_epochs(&[1.0, 2.0, 3.0]).unwrap().ticks(8);
        assert_eq!(ticks.iter().map(|t| t.1.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
        let one = Scale::of_epochs(&[7.0]).unwrap();
        assert_eq!((one.ticks(8), one.place(7.0)), (vec![(7.0, "7".to_owned())], 0.5));
    }
}
