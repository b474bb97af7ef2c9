//! What a run has found, and the recipe's assignments that say the same in numbers.

use super::evidence;
use serde::Serialize;
use wellfit_core::run::{Part, Run, Series};

const SERIES: &str = "lambda/";

/// λ of one technique for one tensor of weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chosen {
    /// The technique's id.
    pub id: String,
    /// The tensor.
    pub path: String,
    /// λ, in the technique's own scale; 0 where its recipe leaves the layer alone.
    pub lambda: f64,
}

/// Name of the series of λ.
pub(super) fn series(id: &str, path: &str) -> String {
    format!("{SERIES}{id}/{path}")
}

/// Every λ on its way through a run: its name, and pairs of epoch and value.
pub fn trajectory(log: &Run) -> impl Iterator<Item = (String, Vec<(f64, f64)>)> {
    log.series.iter().filter_map(|series| {
        let name = series.metric.strip_prefix(SERIES)?;
        Some((name.replace('/', " "), series.points.clone()))
    })
}

/// The λ that a run has found by epoch `until`, from 1: of the later half of the epochs those of
/// the highest evidence where the run looks at that (or those of epoch `until`), and else their geometric means, which are less
/// noisy than the last. Empty where no λ was `"auto"`.
pub fn chosen(log: &Run, until: u64) -> Vec<Chosen> {
    let online = log.series.iter().filter(|series| series.part == Part::Online);
    let (until, likely) = (until as f64, most_likely(log, until as f64));
    let of = |series: &Series| {
        let (id, path) = series.metric.strip_prefix(SERIES)?.split_once('/')?;
        let late = |point: &&(f64, f64)| match likely {
            Some(epoch) => point.0 == epoch,
            None => late(point.0, until),
        };
        let logs: Vec<f64> = series.points.iter().filter(late).map(|point| point.1.ln()).collect();
        let lambda = (logs.iter().sum::<f64>() / logs.len().max(1) as f64).exp();
        Some(Chosen { id: id.to_owned(), path: path.to_owned(), lambda })
    };
    online.filter_map(of).collect()
}

fn late(epoch: f64, until: f64) -> bool {
    epoch > until / 2.0 && epoch <= until
}

/// The epoch of the highest evidence in the later half up to `until`; `until` itself where the run
/// looked then, for that is the λ of the model that is kept.
fn most_likely(log: &Run, until: f64) -> Option<f64> {
    let points = &log.get(Part::Train, evidence::SERIES)?.points;
    if points.iter().any(|point| point.0 == until) {
        return Some(until);
    }
    let known = points.iter().filter(|point| late(point.0, until));
    known.max_by(|a, b| a.1.total_cmp(&b.1)).map(|point| point.0)
}

/// Assignments that put numbers in the place of `"auto"`: λ = 1 times a factor for each tensor.
pub fn assignments(chosen: &[Chosen]) -> Vec<String> {
    let mut ids: Vec<&str> = chosen.iter().map(|chosen| chosen.id.as_str()).collect();
    ids.dedup();
    let of = |id: &str| {
        let own = chosen.iter().filter(|chosen| chosen.id == id);
        let layers: Vec<String> =
            own.map(|own| format!("\"{}\" = {:.3e}", own.path, own.lambda)).collect();
        [
            format!("regularize.{id}.lambda=1.0"),
            format!("regularize.{id}.layers={{ {} }}", layers.join(", ")),
        ]
    };
    ids.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_evidence_counts_where_there_is_one() {
        let mut log = Run::default();
        let looks = [(1.0, 9.0, -0.3), (4.0, 2.0, -0.5), (6.0, 3.0, -0.7)];
        for (epoch, lambda, evidence) in looks {
            log.push(Part::Online, &series("l2", "head.weight"), epoch, lambda);
            log.push(Part::Train, evidence::SERIES, epoch, evidence);
        }
        assert!((chosen(&log, 7)[0].lambda - 2.0).abs() < 1e-12, "not that of the beginning");
        assert!((chosen(&log, 6)[0].lambda - 3.0).abs() < 1e-12, "that of the kept model");
        assert!((chosen(&log, 1)[0].lambda - 9.0).abs() < 1e-12);
        assert!((chosen(&log, 9)[0].lambda - 3.0).abs() < 1e-12, "epoch 4 is in the first half");
    }

    #[test]
    fn the_later_half_counts_and_zero_stays_zero() {
        let mut log = Run::default();
        for (epoch, lambda) in [(1.0, 9.0), (2.0, 9.0), (3.0, 0.5), (4.0, 2.0), (5.0, 7.0)] {
            log.push(Part::Online, &series("l2", "head.weight"), epoch, lambda);
            log.push(Part::Online, &series("l2", "stem.weight"), epoch, 0.0);
        }
        let found = chosen(&log, 4);
        assert!((found[0].lambda - 1.0).abs() < 1e-12 && found[1].lambda == 0.0, "{found:?}");
        let layers =
            "regularize.l2.layers={ \"head.weight\" = 1.000e0, \"stem.weight\" = 0.000e0 }";
        assert_eq!(assignments(&found), ["regularize.l2.lambda=1.0", layers]);
        assert!(chosen(&Run::default(), 4).is_empty());
    }
}
