//! The diagnoses as one offline page with interactive curves.

use super::figure;
use super::input::Input;
use super::report::together;
use wellfit::Diagnosed;
use wellfit::diagnose::{Diagnosis, Remedy};
use wellfit::plot::{Block, Page, PageRun, Section, Table};

/// Pictures for browsers without scripts, of this many runs at most.
const MOST_PICTURES: usize = 6;

/// The page.
pub fn html(input: &Input) -> String {
    let pictures = input.found.len() <= MOST_PICTURES;
    let runs: Vec<PageRun> = input.found.iter().map(|found| run(found, pictures)).collect();
    let (title, sentence) = match input.found.as_slice() {
        [one] => (one.diagnosis.name.clone(), String::new()),
        several => (format!("{} runs", several.len()), together(several).sentence),
    };
    let sections: Vec<Section> = refused(input).into_iter().collect();
    let footer = concat!("wellfit ", env!("CARGO_PKG_VERSION"));
    Page { title: &title, sentence: &sentence, runs: &runs, sections: &sections, footer }.html()
}

fn run(found: &Diagnosed, picture: bool) -> PageRun<'_> {
    let diagnosis = &found.diagnosis;
    PageRun {
        curve: found.marked(&found.run),
        metrics: found.shown(),
        axis: found.axis.name(),
        verdict: found.headline(),
        sentence: format!("{} (confidence {:.2})", diagnosis.sentence(), diagnosis.confidence),
        figure: if picture { figure::figure(&[found]).ok() } else { None },
        sections: sections(found),
    }
}

fn sections(found: &Diagnosed) -> Vec<Section> {
    let Diagnosis { symptoms, prescription, advice, warnings, .. } = &found.diagnosis;
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let symptoms = symptoms.iter().map(|symptom| pair(symptom.id, &symptom.summary)).collect();
    let listed =
        |lines: &[String]| lines.iter().map(|line| (line.clone(), String::new())).collect();
    let sections = [
        ("What the log shows", vec![Block::Facts(symptoms)]),
        ("What to try", vec![Block::Table(remedies(prescription)), Block::Facts(listed(advice))]),
        ("To paste into a recipe", vec![Block::Code(recipe(prescription))]),
        ("About the log", vec![Block::Facts(facts(found)), Block::Facts(listed(warnings))]),
    ];
    let is_empty = |block: &Block| match block {
        Block::Figure(_) | Block::Chart(..) => false,
        Block::Facts(facts) => facts.is_empty(),
        Block::Table(table) => table.rows.is_empty(),
        Block::Code(text) => text.is_empty(),
    };
    let filled = sections.into_iter().map(|(title, mut blocks)| {
        blocks.retain(|block| !is_empty(block));
        Section { title: title.to_owned(), blocks }
    });
    filled.filter(|section| !section.blocks.is_empty()).collect()
}

fn remedies(prescription: &[Remedy]) -> Table {
    let row = |remedy: &Remedy| {
        let Remedy { technique, reason, start, source, .. } = remedy;
        [technique, start.as_str(), reason.as_str(), source].map(str::to_owned).to_vec()
    };
    Table {
        caption: String::new(),
        head: ["", "start", "why", "source"].map(str::to_owned).to_vec(),
        rows: prescription.iter().map(row).collect(),
    }
}

fn recipe(prescription: &[Remedy]) -> String {
    let lines: Vec<&str> = prescription.iter().map(|remedy| remedy.recipe.as_str()).collect();
    lines.join("\n")
}

fn facts(found: &Diagnosed) -> Vec<(String, String)> {
    let Diagnosis { path, format, best_epoch, onset_epoch, epochs, .. } = &found.diagnosis;
    let axis = found.axis.name();
    let columns = &found.columns;
    let facts = [
        ("file".to_owned(), path.clone()),
        ("format".to_owned(), format.clone()),
        ("validation values".to_owned(), Some(epochs.to_string())),
        (format!("best {axis}"), best_epoch.map(|epoch| epoch.to_string())),
        (format!("overfits since {axis}"), onset_epoch.map(|epoch| epoch.to_string())),
        ("training".to_owned(), columns.train.clone()),
        ("validation".to_owned(), columns.validation.clone()),
        ("metric".to_owned(), columns.metric.clone()),
    ];
    facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect()
}

fn refused(input: &Input) -> Option<Section> {
    let lines = input.refused.iter().map(|refused| (refused.message.clone(), String::new()));
    let lines: Vec<(String, String)> = lines.collect();
    let title = "Could not be read".to_owned();
    (!lines.is_empty()).then(|| Section { title, blocks: vec![Block::Facts(lines)] })
}
