//! `--stream`: least squares on tables larger than memory, by sums over their rows.

mod read;

use crate::error::Failure;
use crate::screen::tell;
use read::{Reading, progress};
use std::path::PathBuf;
use wellfit::core::number::Fraction;
use wellfit::data::{Parts, Preprocessing};
use wellfit::linear::moments::{Moments, cross_validate, cross_validate_ridge};
use wellfit::linear::penalty::Mix;
use wellfit::linear::{Design, Fit, Problem};
use wellfit::linear_path::{Ask, Family, Point, Solved, Table};

/// Bytes that sums may take.
const MOST: usize = 300 << 20;
/// Non-zeros up to which degrees of freedom are worth their time.
const COUNTED: usize = 500;

/// Reads the rows of `paths` once, or twice where there are categories, and fits their sums.
pub fn solve(
    paths: &[PathBuf],
    target: &str,
    family: Option<Family>,
    ask: &Ask,
) -> Result<(Table, Solved), Failure> {
    let reading = Reading::begin(paths, target, family)?;
    reading.notes().iter().for_each(|note| tell!("note: {note}"));
    let steps = reading.steps()?;
    let sums = sums(&reading, &steps, ask)?;
    let rows = sums.iter().map(Moments::rows).sum();
    let ask = ask.clone().reaching(Family::Gaussian, (rows, steps.width()));
    let (mix, settings) = (Mix(ask.ratio), &ask.settings);
    let found = match ask.ratio == Fraction::ZERO {
        true => cross_validate_ridge(&sums, &ask.lambdas, settings),
        false => cross_validate(&sums, &mix, &ask.lambdas, settings),
    };
    let found = found.map_err(wellfit::Error::from)?;
    let mut whole = Moments::new(steps.width());
    sums.iter().for_each(|part| whole.merge(part));
    let df = |fit: &Fit| match fit.nonzero() <= COUNTED {
        true => whole.degrees_of_freedom(fit, ask.ratio, settings),
        false => Ok(f64::NAN),
    };
    let fits = &found.path.fits;
    let df = fits.iter().map(df).collect::<Result<Vec<f64>, _>>().map_err(wellfit::Error::from)?;
    let n = rows as f64;
    let bic = fits.iter().zip(&df).map(|(fit, df)| n * whole.mse(fit).ln() + n.ln() * df);
    let gcv = fits.iter().zip(&df).map(|(fit, df)| whole.mse(fit) / (1.0 - df / n).powi(2));
    let mut others: Vec<(&'static str, Vec<f64>)> = vec![("bic", bic.collect())];
    if ask.ratio == Fraction::ZERO {
        others.push(("gcv", gcv.collect()));
    }
    let mut solved = Solved {
        others,
        points: fits.iter().map(Point::from).collect(),
        selected: found.curve.min,
        curve: found.curve,
        solver: "sums, read in parts".to_owned(),
        warnings: vec![],
        df,
        rows,
    };
    solved.choose(ask.select);
    let table = Table {
        features: steps.features(),
        x: vec![],
        y: vec![],
        rows,
        deviations: whole.deviations(),
        family: Family::Gaussian,
        classes: vec![],
        steps,
    };
    Ok((table, solved))
}

/// Sums for each fold; rows are dealt to them like cards.
fn sums(reading: &Reading, steps: &Preprocessing, ask: &Ask) -> Result<Vec<Moments>, Failure> {
    let (width, folds) = (steps.width(), ask.folds);
    // The folds, all of them together, all but one, and the products of a part.
    let bytes = (folds + 4).saturating_mul(width * width * 8);
    if bytes > MOST {
        let message = format!(
            "sums of {width} features for {folds} folds would take {} MiB, and --stream keeps to {}",
            bytes >> 20,
            MOST >> 20
        );
        let hint = "fewer folds by --cv, or fewer features".to_owned();
        return Err(Failure::new(message, Some(hint)));
    }
    let mut sums = vec![Moments::new(width); folds];
    let bar = progress("sums");
    let mut parts: Parts = reading.parts();
    let mut seen = 0;
    while let Some(frame) = parts.next().transpose().map_err(wellfit::Error::from)? {
        let y = reading.target(&frame)?;
        let x = steps.matrix(&frame).map_err(wellfit::Error::from)?;
        for (fold, sums) in sums.iter_mut().enumerate() {
            let first = (fold + folds - seen % folds) % folds;
            let rows = || (first..y.len()).step_by(folds);
            let some: Vec<f64> =
                rows().flat_map(|row| &x[row * width..(row + 1) * width]).copied().collect();
            let target: Vec<f64> = rows().map(|row| y[row]).collect();
            if !target.is_empty() {
                let design = Design::from_rows(&some, width).map_err(wellfit::Error::from)?;
                sums.add(&Problem::new(design, &target)).map_err(wellfit::Error::from)?;
            }
        }
        seen += y.len();
        bar.at(parts.share(), seen);
    }
    bar.end();
    Ok(sums)
}

/// Refuses what sums cannot do.
pub fn refuse(select: super::Select, ratio: Fraction) -> Result<(), Failure> {
    use super::Select::{Gcv, Loo};
    let message = match select {
        Loo => "--stream keeps sums and no rows, and leave-one-out needs each row",
        Gcv if ratio != Fraction::ZERO => "GCV is for ridge alone",
        _ => return Ok(()),
    };
    Err(Failure::new(message, Some("choose --select min, one-se or bic".to_owned())))
}
