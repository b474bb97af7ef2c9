//! `report.html`: what a person wants to know of a run, on one page.

use crate::{Error, Experiment, Explained, ExplainedParameter, Metrics, Parts, Summary};
use wellfit_core::run::Direction;
use wellfit_data::Target;
use wellfit_nn::lambda::{LambdaFrom, trajectory};
use wellfit_nn::model::Model;
use wellfit_nn::train::Trained;
use wellfit_plot::{Block, Report, Section, Table, Trajectory, trajectories};

/// The report of a run.
pub fn report(
    experiment: &Experiment,
    trained: &Trained<Model>,
    summary: &Summary,
    curves: &Block,
    name: &str,
) -> Result<String, Error> {
    let found = experiment.diagnose(&trained.log);
    let explained = Explained::of(experiment)?;
    let mut sections = vec![
        section("Metrics", metrics(experiment, trained, summary)),
        section("Run", vec![Block::Facts(facts(experiment, trained, summary))]),
        section("Techniques", vec![techniques(&explained)]),
        section("Recipe", vec![Block::Code(experiment.canonical.clone())]),
        section("Parameters", vec![Block::Table(parameters(&explained))]),
    ];
    if !summary.lambda.is_empty() {
        sections.insert(1, section("Strengths", strengths(experiment, trained)?));
    }
    let report = Report {
        title: name,
        verdict: &found.verdict.to_string(),
        sentence: &found.sentence(),
        first: curves,
        sections: &sections,
        footer: concat!("wellfit ", env!("CARGO_PKG_VERSION")),
    };
    Ok(report.html())
}

fn section(title: &str, blocks: Vec<Block>) -> Section {
    Section { title: title.to_owned(), blocks }
}

fn metrics(experiment: &Experiment, trained: &Trained<Model>, summary: &Summary) -> Vec<Block> {
    let best = match trained.best_epoch {
        Some(epoch) => format!("best model, epoch {epoch} (by {})", experiment.config.monitor),
        None => "last model (no epoch had a finite monitored value)".to_owned(),
    };
    let mut tables = vec![Block::Table(scores(best, &summary.best))];
    if trained.best_epoch.is_some_and(|epoch| epoch != trained.epochs) {
        let last = format!("last model, epoch {}", trained.epochs);
        tables.push(Block::Table(scores(last, &summary.last)));
    }
    tables.extend(refit(summary));
    tables
}

/// What became of the refit, with what is left to judge it by.
fn refit(summary: &Summary) -> Option<Block> {
    let told = ("stored model".to_owned(), summary.refit_told()?);
    let test = summary.refit.as_ref().and_then(|refit| refit.test.as_ref());
    let rows = test.into_iter().flat_map(Metrics::iter);
    let rows = rows.map(|(metric, value)| (format!("{metric} on test"), number(value)));
    Some(Block::Facts([told].into_iter().chain(rows).collect()))
}

/// A row for each metric. The gap is above zero where validation is worse than training.
fn scores(caption: String, parts: &Parts) -> Table {
    let cell = |metrics: &Metrics, metric: &str| metrics.get(metric).map_or(String::new(), number);
    let row = |(metric, train): (&str, f64)| {
        let cost = |value: f64| Direction::of(metric).as_cost(value);
        let gap = parts.validation.get(metric).map(|value| cost(value) - cost(train));
        let test = parts.test.as_ref().map_or(String::new(), |test| cell(test, metric));
        let gap = gap.map_or(String::new(), number);
        vec![metric.to_owned(), number(train), cell(&parts.validation, metric), gap, test]
    };
    let head = ["", "train", "validation", "gap", "test"].map(str::to_owned).to_vec();
    let caption = match parts.validation.iter().next() {
        Some(_) => format!("{caption}; gap: how much worse validation is than training"),
        None => caption,
    };
    Table { caption, head, rows: parts.train.iter().map(row).collect() }
}

/// λ on its way, and the recipe with what was found.
fn strengths(experiment: &Experiment, trained: &Trained<Model>) -> Result<Vec<Block>, Error> {
    let line = |(name, points)| Trajectory { name, points };
    let lines: Vec<Trajectory> = trajectory(&trained.log).map(line).collect();
    let [title, subtitle] = match experiment.config.lambda_from {
        LambdaFrom::Validation => [
            "λ by layer, found on the validation loss",
            "each goes down the validation loss behind a training step; the recipe below has the \
             geometric mean of the later half up to the best epoch",
        ],
        LambdaFrom::Evidence => [
            "λ by layer, found by the evidence of the training examples",
            "each goes up the marginal likelihood every few epochs; the recipe below has those of \
             the highest",
        ],
    };
    let figure = trajectories(&lines, title, subtitle, "λ")?;
    let recipe = experiment.with_found(trained)?.canonical()?;
    Ok(vec![Block::Figure(figure), Block::Code(recipe)])
}

fn number(value: f64) -> String {
    format!("{value:.4}")
}

fn facts(
    experiment: &Experiment,
    trained: &Trained<Model>,
    summary: &Summary,
) -> Vec<(String, String)> {
    let data = &experiment.data;
    let target = match &data.train.target {
        Target::Classes { names, .. } => format!("{} classes", names.len()),
        Target::Values(_) => "one value".to_owned(),
    };
    let examples = format!(
        "{} training, {} validation, {} test",
        data.train.len(),
        data.validation.len(),
        data.test.as_ref().map_or(0, |test| test.len())
    );
    let mut facts = vec![
        ("examples", examples),
        ("inputs", experiment.inputs().to_string()),
        ("target", target),
        ("epochs", format!("{}; {}", trained.epochs, trained.stopped_by)),
        ("seed", experiment.seed.get().to_string()),
        ("seconds", format!("{:.1}", summary.seconds)),
    ];
    if let (Some(found), Some(by)) = (summary.threshold, experiment.config.threshold) {
        let reached = format!("{:.4}, where {by} is {:.4} on validation", found.value, found.score);
        facts.insert(3, ("threshold of the best model", reached));
    }
    if data.flipped > 0 {
        facts.insert(3, ("label noise", format!("{} training labels made wrong", data.flipped)));
    }
    facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect()
}

fn techniques(explained: &Explained) -> Block {
    let row = |(door, id, formula, on): &(String, &str, &str, bool)| {
        let state = if *on { "on" } else { "off" };
        vec![(*id).to_owned(), door.clone(), state.to_owned(), (*formula).to_owned()]
    };
    if explained.techniques.is_empty() {
        let none = "no technique: the plain network";
        return Block::Facts(vec![(none.to_owned(), String::new())]);
    }
    let head = ["", "door", "", "formula"].map(str::to_owned).to_vec();
    let rows = explained.techniques.iter().map(row).collect();
    Block::Table(Table { caption: "in the order of a training step".to_owned(), head, rows })
}

fn parameters(explained: &Explained) -> Table {
    let row = |parameter: &ExplainedParameter| {
        let shape: Vec<String> = parameter.shape.iter().map(usize::to_string).collect();
        let actions = match parameter.acted_on_by.as_slice() {
            [] => "nothing".to_owned(),
            actions => actions.join("; "),
        };
        let (shape, elements) = (shape.join(" × "), parameter.elements.to_string());
        vec![parameter.path.clone(), shape, elements, actions, parameter.reason.to_owned()]
    };
    let total: usize = explained.parameters.iter().map(|parameter| parameter.elements).sum();
    let head = ["", "shape", "numbers", "penalized or decayed by", "why"];
    Table {
        caption: format!("{total} numbers; n = {} training examples", explained.n),
        head: head.map(str::to_owned).to_vec(),
        rows: explained.parameters.iter().map(row).collect(),
    }
}
