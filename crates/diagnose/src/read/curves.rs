//! From curves that count their own steps, as event files and MLflow keep them, to runs.

use super::log::Axis;
use super::name::{Role, resolve};
use super::runs::{Draft, LEARNING_RATE, named, sets};
use wellfit_core::run::{Part, Run, Series};

/// A name and its points, by rising step.
pub(super) type Curve = (String, Vec<(f64, f64)>);

/// The runs in a set of curves: one, or one for each evaluation set.
pub(super) fn runs(curves: Vec<Curve>, notes: Vec<String>) -> Vec<Draft> {
    let names: Vec<String> = curves.iter().map(|curve| curve.0.clone()).collect();
    let (roles, mut warnings) = resolve(&names);
    warnings.splice(0..0, notes);
    let mut drafts = Vec::new();
    for set in sets(&roles) {
        let mut draft = Draft {
            name: set.to_owned(),
            run: Run::default(),
            axis: Axis::Step,
            columns: Vec::new(),
            warnings: warnings.clone(),
        };
        for (role, (column, points)) in roles.iter().zip(&curves) {
            let Some((part, metric)) = named(role, set) else { continue };
            if *role == Role::LearningRate && draft.run.get(part, metric).is_some() {
                continue;
            }
            draft.run.series.push(Series {
                part,
                metric: metric.to_owned(),
                points: points.clone(),
            });
            draft.columns.push(column.clone());
        }
        if draft.run.series.iter().any(|series| series.metric != LEARNING_RATE) {
            count(&mut draft);
            drafts.push(draft);
        }
    }
    drafts
}

/// Decides what the steps are. Validation that counts 0, 1, 2, ... counts epochs; training that
/// then counts batches is brought to epochs.
fn count(draft: &mut Draft) {
    let of = |part: Part| draft.run.series.iter().filter(move |series| series.part == part);
    let longest =
        |part: Part| of(part).map(|series| &series.points).max_by_key(|points| points.len());
    let Some(judged) = longest(Part::Validation).or(longest(Part::Train)) else { return };
    let by_one = judged.windows(2).all(|pair| pair[1].0 - pair[0].0 == 1.0);
    if !by_one || judged.len() < 2 {
        draft
            .warnings
            .push("the log counts steps, not epochs: all epochs named here are steps".to_owned());
        return;
    }
    draft.axis = Axis::Epoch;
    let (first, last) = (judged[0].0, judged[judged.len() - 1].0);
    let mut scaled = Vec::new();
    for series in
        draft.run.series.iter_mut().filter(|s| matches!(s.part, Part::Train | Part::Online))
    {
        let end = series.points.last().map_or(0.0, |point| point.0);
        if first <= 1.0 && end > 3.0 * (last + 1.0) {
            // The last batch ends with the last epoch.
            series.points.iter_mut().for_each(|point| point.0 *= last / end);
            scaled.push(series.name());
        }
    }
    if !scaled.is_empty() {
        let note = format!(
            "{} count batches and validation counts epochs: batches are spread evenly over epochs",
            scaled.join(", ")
        );
        draft.warnings.push(note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(name: &str, xs: impl Iterator<Item = u32>) -> Curve {
        (name.to_owned(), xs.map(|x| (f64::from(x), 0.5)).collect())
    }

    #[test]
    fn steps_are_epochs_where_validation_counts_them() {
        let drafts = runs(vec![curve("Loss/train", 0..400), curve("Loss/val", 0..5)], Vec::new());
        let train = &drafts[0].run.series[0].points;
        assert_eq!((drafts[0].axis, train.len(), train[399].0), (Axis::Epoch, 400, 4.0));
        let steps = runs(vec![curve("val_loss", (100..600).step_by(100))], Vec::new());
        assert_eq!((steps[0].axis, steps[0].warnings.len()), (Axis::Step, 1));
    }
}
