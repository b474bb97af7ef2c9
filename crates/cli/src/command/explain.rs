//! `wellfit explain`: a method card, or what a recipe does parameter by parameter.

use crate::error::Failure;
use crate::screen::columns;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use wellfit::core::card::Card;
use wellfit::core::recipe::closest;
use wellfit::prelude::{Experiment, shelf};
use wellfit::{Explained, ExplainedParameter};

/// Shows the method card of a technique, or what a recipe does to every parameter and why.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Explain {
    /// Id of a technique, as `dropout`; `wellfit techniques` lists them.
    technique: Option<String>,
    /// A recipe: shows parameter by parameter what is penalized and why.
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
}

impl Explain {
    pub fn run(self) -> Result<ExitCode, Failure> {
        if let Some(path) = self.recipe {
            show(&Explained::of(&Experiment::open(&path, &[])?)?);
        } else if let Some(id) = self.technique {
            show_card(find(&id)?);
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

fn show_card(card: &Card) {
    println!("{} ({})\n", card.name, card.id);
    let door = format!("{:?}", card.door).to_lowercase();
    let rows = [
        ("what", card.one_line),
        ("formula", card.formula),
        ("door", &door),
        ("when", card.when),
        ("watch out", card.watch_out),
        ("paper", card.paper),
    ];
    for (name, text) in rows {
        println!("{}", wrapped(name, text));
    }
    println!("\n[[regularize]]\n{} = {}", card.id, card.example);
    if let Some(off) = card.off {
        println!("\nswitched off by {} = {off}", card.id);
    }
    for range in card.search {
        let scale = format!("{:?}", range.scale).to_lowercase();
        println!("worth trying: {} from {} to {}, {scale}", range.key, range.low, range.high);
    }
}

fn wrapped(name: &str, text: &str) -> String {
    let first = format!("{name:<10} ");
    let options =
        textwrap::Options::new(columns()).initial_indent(&first).subsequent_indent("           ");
    textwrap::fill(text, options)
}

fn show(explained: &Explained) {
    println!("A training step, door by door (n = {} training examples):\n", explained.n);
    for (door, id, formula, on) in &explained.techniques {
        let off = if *on { "" } else { "  (off)" };
        println!("  {door:<9} {id:<18} {formula}{off}");
    }
    if explained.techniques.is_empty() {
        println!("  no technique: the plain network");
    }
    println!("\nParameters:\n");
    let width = explained.parameters.iter().map(|p| p.path.len()).max().unwrap_or(0);
    for parameter in &explained.parameters {
        show_parameter(parameter, width);
    }
    let elements: usize = explained.parameters.iter().map(|p| p.elements).sum();
    let acted_on = explained.parameters.iter().filter(|p| !p.acted_on_by.is_empty());
    let acted_on: usize = acted_on.map(|p| p.elements).sum();
    println!("\n{elements} numbers, of which {acted_on} are penalized or decayed");
}

fn show_parameter(parameter: &ExplainedParameter, width: usize) {
    let shape: Vec<String> = parameter.shape.iter().map(usize::to_string).collect();
    let shape = format!("[{}]", shape.join(", "));
    println!("  {:<width$}  {shape:<12} {}", parameter.path, parameter.reason);
    for action in &parameter.acted_on_by {
        println!("  {:<width$}  {:<12}   <- {action}", "", "");
    }
}
