//! `report.html` of a search for a cure: what was found and how, on one page.

use super::{Band, Cure, Ran};
use crate::{Error, Number};
use wellfit_core::run::Direction;
use wellfit_plot::{
    Block, Chart, Curve, GainOptions, GainRow, Options, Report, Section, Strength, StrengthLine,
    StrengthOptions, Table, TrialDot, TrialOptions, gains, learning_curve, strengths, trials,
};
use wellfit_tune::study::{State, Study, Trial};

/// The page; `name` is the study's, `epochs` those of a whole run.
pub fn page(cure: &Cure, name: &str, epochs: u64) -> Result<String, Error> {
    let answer = &cure.answer;
    let sentence = answer.sentence();
    let verdict = if answer.accepted { "better" } else { "plain was fine" };
    // The verdict stands before it.
    let sentence = sentence.strip_prefix("plain was fine: ").unwrap_or(&sentence);
    let first = curves(cure, name)?;
    let mut sections = vec![section("The race", race(cure)?)];
    if let Some(test) = answer.test {
        let row = |what: &str, value: f64| (what.to_owned(), format!("{value:.4}"));
        let facts = vec![
            row("plain", test.baseline.0),
            row("chosen", test.chosen.0),
            row("all finalists together", test.ensemble.0),
        ];
        sections.push(section("Test rows, opened once", vec![Block::Facts(facts)]));
    }
    if let Some(of) = &answer.band {
        sections.push(section("How much the strength matters", band(of, &answer.baseline.metric)?));
    }
    sections
        .push(section("The recipe to go on with", vec![Block::Code(answer.chosen.recipe.clone())]));
    if let Some(study) = cure.journal.studies().named(name) {
        sections.push(section("The search", search(cure, study, epochs)?));
    }
    let report = Report {
        title: name,
        verdict,
        sentence,
        first: &first,
        sections: &sections,
        footer: concat!("wellfit ", env!("CARGO_PKG_VERSION")),
    };
    Ok(report.html())
}

fn section(title: &str, blocks: Vec<Block>) -> Section {
    Section { title: title.to_owned(), blocks }
}

/// Plain and chosen on the first pair.
fn curves(cure: &Cure, name: &str) -> Result<Block, Error> {
    let answer = &cure.answer;
    let of = |runs: &[Ran], name: &str| {
        let mut log = runs.first().map(|run| run.log.clone()).unwrap_or_default();
        log.name = name.to_owned();
        (log, runs.first().and_then(|run| run.best_epoch))
    };
    let mut logs = vec![of(&cure.plain, "plain")];
    if answer.chosen.name != "plain" {
        logs.push(of(&cure.chosen, &answer.chosen.name));
    }
    let curves: Vec<Curve<'_>> = logs
        .iter()
        .map(|(log, best)| match best {
            Some(best) => Curve::new(log).best(*best as f64),
            None => Curve::new(log),
        })
        .collect();
    let metric = answer.baseline.metric.rsplit('.').next().unwrap_or_default();
    let options = Options {
        title: name.to_owned(),
        verdict: "the first pair of the race".to_owned(),
        metric: if metric == "loss" { String::new() } else { metric.to_owned() },
        ..Options::default()
    };
    let mut metrics = vec!["loss", metric];
    metrics.dedup();
    let picture = learning_curve(&curves, &options)?;
    Ok(Block::Chart(Chart::together(&curves, &metrics, "epoch"), Some(picture)))
}

fn race(cure: &Cure) -> Result<Vec<Block>, Error> {
    let answer = &cure.answer;
    let metric = &answer.baseline.metric;
    let cells = |name: &str, mean: f64, rest: [String; 4]| {
        [vec![name.to_owned(), format!("{mean:.4}")], rest.to_vec()].concat()
    };
    let mut rows = vec![
        cells("plain", answer.baseline.mean.0, Default::default()),
        cells("plain, last epoch", answer.baseline.last_epoch.0, Default::default()),
    ];
    for one in &answer.finalists {
        let of = one.difference;
        let rest = [
            format!("{:+.4}", of.mean.0),
            format!("{:+.4} to {:+.4}", of.low.0, of.high.0),
            format!("{:.4}", of.p.0),
            of.verdict.to_string(),
        ];
        rows.push(cells(&one.name, one.mean.0, rest));
    }
    let head = ["", "mean", "gain", "95% interval", "p", ""].map(str::to_owned).to_vec();
    let caption = format!(
        "{metric} at the best epoch, mean over {} pairs of seed and split; gain: paired difference \
         to plain, above zero is better; p corrected for all finalists (Holm)",
        answer.baseline.per_seed.len()
    );
    let mut blocks = vec![Block::Table(Table { caption, head, rows })];
    let rows: Vec<GainRow> = answer
        .finalists
        .iter()
        .map(|one| GainRow {
            name: one.name.clone(),
            mean: one.difference.mean.0,
            low: one.difference.low.0,
            high: one.difference.high.0,
            verdict: one.difference.verdict.to_string(),
        })
        .collect();
    if !rows.is_empty() {
        let options = GainOptions {
            title: "Gain over plain".to_owned(),
            subtitle: "paired differences with 95% bootstrap intervals".to_owned(),
            values: format!("gain in {metric}; right of zero is better"),
        };
        blocks.insert(0, Block::Figure(gains(&rows, &options)?));
    }
    Ok(blocks)
}

/// The metric against λ.
fn band(of: &Band, metric: &str) -> Result<Vec<Block>, Error> {
    let numbers = |values: &[Number]| values.iter().map(|value| value.0).collect();
    let line = StrengthLine {
        name: "mean".to_owned(),
        values: numbers(&of.mean),
        spread: numbers(&of.se),
    };
    let mark = |place: usize, words: &str| (of.lambdas[place], words.to_owned());
    let marks = match of.min == of.one_se {
        true => vec![mark(of.min, "best")],
        false => vec![mark(of.min, "best"), mark(of.one_se, "one standard error")],
    };
    let panel =
        Strength { lambdas: of.lambdas.clone(), lines: vec![line], marks, ..Strength::default() };
    let options = StrengthOptions {
        title: format!("{metric} against the λ of {}", of.technique),
        subtitle: format!("mean over {} pairs, with its standard error", of.pairs),
        values: metric.to_owned(),
    };
    Ok(vec![Block::Figure(strengths(&[panel], &options)?)])
}

fn search(cure: &Cure, study: &Study, epochs: u64) -> Result<Vec<Block>, Error> {
    let metric = &cure.answer.baseline.metric;
    let reached = |trial: &Trial| trial.intermediate.last_key_value().map(|(at, v)| (*at, *v));
    let dots: Vec<TrialDot> = study
        .trials
        .iter()
        .map(|trial| {
            let (at, value) = reached(trial).unwrap_or((0, f64::NAN));
            TrialDot { value, share: at as f64 / epochs.max(1) as f64 }
        })
        .collect();
    let options = TrialOptions {
        title: format!("{} trials", dots.len()),
        subtitle: "on the recipe's own split".to_owned(),
        values: metric.clone(),
    };
    let mut blocks = Vec::new();
    // A search in which nothing was finite has no picture.
    if let Ok(figure) = trials(&dots, Direction::of(metric), &options) {
        blocks.push(Block::Figure(figure));
    }
    let row = |trial: &Trial| {
        let (at, value) = reached(trial).unwrap_or((0, f64::NAN));
        let recipe = trial.attributes.get("recipe").and_then(|text| text.as_str()).unwrap_or("");
        let lines = recipe.lines().filter(|line| !line.is_empty() && !line.starts_with("[["));
        let recipe = lines.collect::<Vec<_>>().join("; ");
        let state = match trial.state {
            State::Complete => "whole",
            State::Pruned => "given up",
            State::Fail => "broke",
            State::Running | State::Waiting => "not done",
        };
        let recipe = if recipe.is_empty() { "plain".to_owned() } else { recipe };
        vec![
            trial.number.to_string(),
            format!("{value:.4}"),
            at.to_string(),
            state.to_owned(),
            recipe,
        ]
    };
    let head = ["", metric, "epochs", "", "techniques"].map(str::to_owned).to_vec();
    let rows = study.trials.iter().map(row).collect();
    let mut caption = "every trial".to_owned();
    if let Some(foresight) = cure.answer.foresight {
        caption = format!(
            "every trial; of {} that reached the last rung, the first rung foretold the order with \
             Spearman's {:.2}",
            foresight.trials, foresight.spearman
        );
    }
    blocks.push(Block::Table(Table { caption, head, rows }));
    Ok(blocks)
}
