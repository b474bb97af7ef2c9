//! `wellfit techniques`: the shelf.

use crate::error::Failure;
use crate::screen::print;
use clap::Args;
use serde::Serialize;
use std::process::ExitCode;
use wellfit::core::card::Card;
use wellfit::prelude::shelf;

/// Lists the techniques that a recipe can hold.
#[derive(Args)]
pub struct Techniques {
    /// Print one JSON object with all method cards.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listing {
    techniques: Vec<&'static Card>,
}

impl Techniques {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let techniques: Vec<&Card> = shelf().map(|shelved| shelved.card).collect();
        if self.json {
            let listing = serde_json::to_string(&Listing { techniques });
            print(&listing.map_err(|e| Failure::new(e.to_string(), None))?)?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut lines: Vec<String> = techniques.into_iter().map(line).collect();
        lines.push("\nwellfit explain TECHNIQUE shows a method card.".to_owned());
        print(&lines.join("\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn line(card: &Card) -> String {
    let door = format!("{:?}", card.door).to_lowercase();
    format!("{:<18} {door:<9} {}", card.id, card.one_line)
}
