//! `wellfit techniques`: the shelf.

use crate::error::Failure;
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
            println!("{}", listing.map_err(|e| Failure::new(e.to_string(), None))?);
            return Ok(ExitCode::SUCCESS);
        }
        for card in techniques {
            let door = format!("{:?}", card.door).to_lowercase();
            println!("{:<18} {door:<9} {}", card.id, card.one_line);
        }
        println!("\nwellfit explain TECHNIQUE shows a method card.");
        Ok(ExitCode::SUCCESS)
    }
}
