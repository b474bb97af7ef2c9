//! The report of a run on standard error.

use crate::error::Failure;
use crate::screen::{colour, columns, tell};
use std::path::Path;
use wellfit::data::Target;
use wellfit::diagnose::Remedy;
use wellfit::nn::model::{Model, ModelConfig};
use wellfit::nn::parameter::Zeros;
use wellfit::nn::train::Trained;
use wellfit::plot::{Curve, Options, Terminal, terminal};
use wellfit::prelude::{Experiment, Part};
use wellfit::tune::conflict::Severity;
use wellfit::{Error, Metrics, Parts, Summary};

/// What is trained on what.
pub fn beginning(experiment: &Experiment, out: &Path, resumed_at: Option<u64>) {
    let data = &experiment.data;
    let test = data.test.as_ref().map_or(0, |test| test.len());
    let target = match &data.train.target {
        Target::Classes { names, .. } => format!("{} classes", names.len()),
        Target::Values(_) => "one value".to_owned(),
    };
    tell!(
        "data    {} training, {} validation, {test} test examples; {} inputs, {target}",
        data.train.len(),
        data.validation.len(),
        experiment.inputs()
    );
    if data.flipped > 0 {
        tell!("        {} training labels were made wrong (label_noise)", data.flipped);
    }
    if let Some(schema) = &data.schema {
        tell!("\n{}", schema.summary(20));
    }
    data.warnings.iter().for_each(|text| tell!("warning: {text}"));
    tell!("model   {}", model(experiment));
    tell!("on      {}", techniques(experiment));
    let warnings = experiment.findings.iter().filter(|f| f.severity == Severity::Warning);
    warnings.for_each(|finding| tell!("warning: {}", finding.sentence()));
    if let Some(step) = resumed_at {
        tell!("resumed at step {step} from {}", out.display());
    }
}

fn model(experiment: &Experiment) -> String {
    let kind = match &experiment.model {
        ModelConfig::Linear(_) => "linear".to_owned(),
        ModelConfig::Mlp(mlp) => {
            let widths = mlp.widths.iter().map(|width| format!("-{width}"));
            format!("mlp {}{}", experiment.inputs(), widths.collect::<String>())
        }
        ModelConfig::Lenet(_) => "lenet".to_owned(),
        ModelConfig::Resnet(resnet) => format!("resnet {}", resnet.depth),
    };
    let count = experiment.parameter_count().unwrap_or_default();
    format!("{kind}-{}, {count} parameters, seed {}", experiment.outputs(), experiment.seed.get())
}

fn techniques(experiment: &Experiment) -> String {
    let ids = experiment.doors.ids();
    if ids.is_empty() { "no technique: the plain network".to_owned() } else { ids.join(", ") }
}

/// Curves, table, verdict, files.
pub fn end(
    experiment: &Experiment,
    trained: &Trained<Model>,
    summary: &Summary,
    files: &[&str],
    name: &str,
) -> Result<(), Failure> {
    let found = experiment.diagnose(&trained.log);
    tell!("\n{}", curves(experiment, trained, name)?);
    table(experiment, trained, summary);
    let since = found.onset_epoch.map(|epoch| format!(" since epoch {epoch}"));
    let (verdict, since) = (found.verdict, since.unwrap_or_default());
    tell!("\nverdict: {verdict}{since} - {}", found.sentence());
    let (sure, seconds) = (found.confidence, summary.seconds);
    tell!("         confidence {sure:.2}; {seconds:.1} s, {}", trained.stopped_by);
    if !summary.lambda.is_empty() {
        let each = summary.lambda.iter().map(|l| format!("{} {} {:.3}", l.id, l.path, l.lambda));
        tell!("lambda   {}", each.collect::<Vec<_>>().join(", "));
    }
    if !summary.zeros.is_empty() {
        tell!("zeros    {}", zeros(&summary.zeros));
    }
    let tries: Vec<String> = found.prescription.iter().take(3).map(remedy).collect();
    if !tries.is_empty() {
        tell!("try      {}", tries.join(", "));
    }
    tell!("wrote {}: {}", summary.out.display(), files.join(", "));
    Ok(())
}

/// Exact zeros in all, and of each layer.
fn zeros(layers: &[Zeros]) -> String {
    let share = |zeros: usize, of: usize| 100.0 * zeros as f64 / of.max(1) as f64;
    let (zero, of) = layers.iter().fold((0, 0), |(z, n), layer| (z + layer.zeros, n + layer.of));
    let each = layers.iter().map(|l| format!("{} {:.1}%", l.path, share(l.zeros, l.of)));
    let each = each.collect::<Vec<_>>().join(", ");
    let fewer = of as f64 / (of - zero).max(1) as f64;
    let all = share(zero, of);
    format!("{zero} of {of} weights are exactly zero ({all:.1}%, {fewer:.1}x fewer left): {each}")
}

fn remedy(remedy: &Remedy) -> String {
    format!("{} = {{ {} }}", remedy.technique, remedy.start)
}

fn curves(experiment: &Experiment, trained: &Trained<Model>, name: &str) -> Result<String, Error> {
    let mut curve = Curve::new(&trained.log);
    if let Some(best) = trained.best_epoch {
        curve = curve.best(best as f64);
    }
    let options = Options {
        title: name.to_owned(),
        verdict: String::new(),
        metric: experiment.metric().to_owned(),
        ..Options::default()
    };
    let screen = Terminal { width: columns(), height: 20, color: colour(), ascii: false };
    Ok(terminal(&curve, &options, &screen)?)
}

fn table(experiment: &Experiment, trained: &Trained<Model>, summary: &Summary) {
    let best = match trained.best_epoch {
        Some(epoch) => format!("best model, epoch {epoch} (by {})", experiment.config.monitor),
        None => "last model (no epoch had a finite monitored value)".to_owned(),
    };
    let best = match (summary.threshold, experiment.config.threshold) {
        (Some(found), Some(by)) => {
            format!("{best}, decided at probability {:.4} (by {by} on validation)", found.value)
        }
        _ => best,
    };
    rows(&best, &summary.best);
    if trained.best_epoch != Some(trained.epochs) {
        rows(&format!("last model, epoch {}", trained.epochs), &summary.last);
    }
    if let Some(told) = summary.refit_told() {
        tell!("stored model: {told}");
    }
    if let Some(test) = summary.refit.as_ref().and_then(|refit| refit.test.as_ref()) {
        let names: Vec<&str> = test.iter().map(|(name, _)| name).collect();
        row(&names, "test", test);
    }
    if let Some(penalty) = trained.log.get(Part::Train, "penalty").and_then(|s| s.points.last()) {
        tell!("  penalty  {:>12.4}  (at the end; not part of the losses above)", penalty.1);
    }
}

fn rows(title: &str, parts: &Parts) {
    tell!("{title}");
    let names: Vec<&str> = parts.train.iter().map(|(name, _)| name).collect();
    let heads: String = names.iter().map(|name| format!(" {name:>10}")).collect();
    tell!("  {:<11}{heads}", "");
    row(&names, "train", &parts.train);
    if parts.validation.iter().next().is_some() {
        row(&names, "validation", &parts.validation);
    }
    if let Some(test) = &parts.test {
        row(&names, "test", test);
    }
}

fn row(names: &[&str], part: &str, metrics: &Metrics) {
    let cells = names.iter().map(|name| metrics.get(name).unwrap_or(f64::NAN));
    let cells: String = cells.map(|value| format!(" {value:>10.4}")).collect();
    tell!("  {part:<11}{cells}");
}
