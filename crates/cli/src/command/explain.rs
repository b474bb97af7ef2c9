//! `wellfit explain`: a method card, or what a recipe does parameter by parameter.

use crate::error::Failure;
use crate::screen::{columns, print};
use clap::{ArgGroup, Args};
use std::path::PathBuf;
use std::process::ExitCode;
use wellfit::core::card::Card;
use wellfit::core::recipe::closest;
use wellfit::prelude::{Experiment, shelf};
use wellfit::{Explained, ExplainedParameter};

/// Shows the method card of a technique, or what a recipe does to every parameter and why.
#[derive(Args)]
#[command(group = ArgGroup::new("what").required(true))]
pub struct Explain {
    /// Id of a technique, as `dropout`; `wellfit techniques` lists them.
    #[arg(group = "what")]
    technique: Option<String>,
    /// A recipe: shows parameter by parameter what is penalized and why. It loads the data, for n.
    #[arg(long, value_name = "FILE", group = "what")]
    recipe: Option<PathBuf>,
    /// Change one value of the recipe, as train.epochs=5; repeatable.
    #[arg(long, value_name = "KEY=VALUE", requires = "recipe")]
    set: Vec<String>,
}

impl Explain {
    pub fn run(self) -> Result<ExitCode, Failure> {
        if let Some(path) = self.recipe {
            print(&explanation(&Explained::of(&Experiment::open(&path, &self.set)?)?))?;
        } else if let Some(id) = self.technique {
            print(&method_card(find(&id)?))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn find(id: &str) -> Result<&'static Card, Failure> {
    let ids: Vec<&str> = shelf().map(|shelved| shelved.card.id).collect();
    let unknown = || {
        let message = format!("unknown technique `{id}`, expected one of {}", ids.join(", "));
        Failure::new(message, closest(id, &ids))
    };
    shelf().map(|shelved| shelved.card).find(|card| card.id == id).ok_or_else(unknown)
}

fn method_card(card: &Card) -> String {
    let mut lines = vec![format!("{} ({})\n", card.name, card.id)];
    let door = format!("{:?}", card.door).to_lowercase();
    let rows = [
        ("what", card.one_line),
        ("formula", card.formula),
        ("door", &door),
        ("when", card.when),
        ("watch out", card.watch_out),
        ("paper", card.paper),
    ];
    lines.extend(rows.map(|(name, text)| wrapped(name, text)));
    lines.push(format!("\n[[regularize]]\n{} = {}", card.id, card.example));
    if let Some(off) = card.off {
        lines.push(format!("\nswitched off by {} = {off}", card.id));
    }
    for range in card.search {
        let scale = format!("{:?}", range.scale).to_lowercase();
        let (key, low, high) = (range.key, range.low, range.high);
        lines.push(format!("worth trying: {key} from {low} to {high}, {scale}"));
    }
    lines.join("\n")
}

fn wrapped(name: &str, text: &str) -> String {
    let first = format!("{name:<10} ");
    let options =
        textwrap::Options::new(columns()).initial_indent(&first).subsequent_indent("           ");
    textwrap::fill(text, options)
}

fn explanation(explained: &Explained) -> String {
    let n = explained.n;
    let mut lines = vec![format!("A training step, door by door (n = {n} training examples):\n")];
    for (door, id, formula, on) in &explained.techniques {
        let off = if *on { "" } else { "  (off)" };
        lines.push(format!("  {door:<9} {id:<18} {formula}{off}"));
    }
    if explained.techniques.is_empty() {
        lines.push("  no technique: the plain network".to_owned());
    }
    lines.push("\nParameters:\n".to_owned());
    let width = explained.parameters.iter().map(|p| p.path.len()).max().unwrap_or(0);
    lines.extend(explained.parameters.iter().flat_map(|p| parameter_lines(p, width)));
    let elements: usize = explained.parameters.iter().map(|p| p.elements).sum();
    let acted_on = explained.parameters.iter().filter(|p| !p.acted_on_by.is_empty());
    let acted_on: usize = acted_on.map(|p| p.elements).sum();
    lines.push(format!("\n{elements} numbers, of which {acted_on} are penalized or decayed"));
    if !explained.findings.is_empty() {
        lines.push("\nAbout this mix:\n".to_owned());
    }
    lines.extend(explained.findings.iter().map(|finding| {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        wrapped(&format!("  {severity}"), &finding.sentence())
    }));
    lines.join("\n")
}

fn parameter_lines(parameter: &ExplainedParameter, width: usize) -> Vec<String> {
    let shape: Vec<String> = parameter.shape.iter().map(usize::to_string).collect();
    let shape = format!("[{}]", shape.join(", "));
    let first = format!("  {:<width$}  {shape:<12} {}", parameter.path, parameter.reason);
    let action = |action| format!("  {:<width$}  {:<12}   <- {action}", "", "");
    [first].into_iter().chain(parameter.acted_on_by.iter().map(action)).collect()
}
