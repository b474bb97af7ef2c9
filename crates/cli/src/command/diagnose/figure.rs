//! The learning curves of diagnosed logs, for a file or a terminal.

use super::line::plain;
use crate::error::Failure;
use crate::screen::{colour_of_output, columns};
use std::path::{Path, PathBuf};
use wellfit::plot::{Curve, Figure, Options, Terminal, learning_curve, terminal};
use wellfit::prelude::{Part, Run};
use wellfit::{Diagnosed, SeriesName};

/// Pixels of a PNG for each pixel of the SVG.
const PNG_SCALE: f32 = 2.0;

/// Takes the name of a file that can be drawn into.
pub fn file(text: &str) -> Result<PathBuf, String> {
    match ending(Path::new(text)).as_str() {
        "svg" | "png" => Ok(PathBuf::from(text)),
        _ => Err(format!("expected a name that ends in .svg or .png, found {text}")),
    }
}

fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// The curves of all logs side by side, as its ending says.
pub fn bytes(found: &[Diagnosed], path: &Path) -> Result<Vec<u8>, Failure> {
    let figure = figure(&found.iter().collect::<Vec<_>>())?;
    match ending(path).as_str() {
        "png" => Ok(figure.png(PNG_SCALE).map_err(wellfit::Error::from)?),
        _ => Ok(figure.svg().as_bytes().to_vec()),
    }
}

/// The curves of some logs side by side.
pub fn figure(found: &[&Diagnosed]) -> Result<Figure, wellfit::Error> {
    let runs: Vec<Run> = found.iter().map(|found| drawn(found)).collect();
    let curves: Vec<Curve> =
        found.iter().zip(&runs).map(|(found, run)| found.marked(run)).collect();
    let options = match found {
        [one] => Options {
            title: plain(&one.diagnosis.name),
            verdict: format!("{}: {}", one.headline(), one.diagnosis.sentence()),
            ..options(one)
        },
        [first, ..] => options(first),
        [] => Options::default(),
    };
    Ok(learning_curve(&curves, &options)?)
}

/// The curves of a log as text.
pub fn text(found: &Diagnosed, height: usize) -> Result<String, wellfit::Error> {
    let run = drawn(found);
    let screen = Terminal { width: columns(), height, color: colour_of_output(), ascii: false };
    Ok(terminal(&found.marked(&run), &options(found), &screen)?)
}

/// What is to be seen: the judged metrics.
fn options(found: &Diagnosed) -> Options {
    let metrics = found.metrics();
    let name = |at: usize| metrics.get(at).map_or(String::new(), |metric| (*metric).to_owned());
    Options {
        loss: name(0),
        metric: name(1),
        axis: found.axis.name().to_owned(),
        ..Options::default()
    }
}

/// The run as it is drawn: where test examples stand in for validation, their series does too.
fn drawn(found: &Diagnosed) -> Run {
    let mut run = found.run.clone();
    run.name = plain(&run.name);
    let judged = found.diagnosis.series.validation.as_deref().and_then(SeriesName::of);
    if judged.is_some_and(|judged| judged.part == Part::Test) {
        run.series.retain(|series| series.part != Part::Validation);
        for series in run.series.iter_mut().filter(|series| series.part == Part::Test) {
            series.part = Part::Validation;
        }
    }
    run
}
