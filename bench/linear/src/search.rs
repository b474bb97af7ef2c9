//! The loosest tolerance at which a solver is near enough to exact.

use bench_peer::Outcome;
use std::path::Path;

/// Half decades from 1e-3 down.
const STEPS: u32 = 23;

fn tolerance(step: u32) -> f64 {
    10_f64.powf(-3.0 - 0.5 * f64::from(step))
}

/// Halves the range of tolerances by `distance`, which falls as they do; what it found is kept in
/// `folder` for the next run. `None` where even the tightest is not near enough.
pub fn loosest(
    folder: &Path,
    name: &str,
    limit: f64,
    mut distance: impl FnMut(f64) -> Outcome<f64>,
) -> Outcome<Option<f64>> {
    let file = folder.join(format!("{name}.tolerance"));
    let kept = std::fs::read_to_string(&file).ok();
    if let Some(known) = kept.and_then(|text| text.trim().parse::<f64>().ok()) {
        return Ok((known > 0.0).then_some(known));
    }
    let (mut loose, mut tight) = (0, STEPS);
    while loose < tight {
        let middle = loose.midpoint(tight);
        let found = distance(tolerance(middle))?;
        eprintln!("  {name} at {:.0e}: {found:.1e} from exact", tolerance(middle));
        if found <= limit { tight = middle } else { loose = middle + 1 }
    }
    let found = if tight == STEPS { 0.0 } else { tolerance(tight) };
    std::fs::write(file, format!("{found:e}"))?;
    Ok((found > 0.0).then_some(found))
}

/// The loosest tolerance at which a gap is within `limit`, for a solver whose tolerance bounds its
/// gap: `limit` or above it, by steps of a tenth. At 1 the null model is near enough: no further.
pub fn loosest_from(limit: f64, mut distance: impl FnMut(f64) -> Outcome<f64>) -> Outcome<f64> {
    let mut found = limit;
    loop {
        let next = found * 1.1;
        if next > 1.0 || distance(next)? > limit {
            return Ok(found);
        }
        found = next;
    }
}
