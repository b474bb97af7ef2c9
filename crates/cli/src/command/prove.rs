//! `wellfit prove`: the laws of all techniques, measured on the user's own device.

mod certificate;

use crate::error::Failure;
use crate::screen::{print, quiet};
use certificate::Certificate;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use wellfit::core::recipe::closest;
use wellfit::core::seed::Seed;
use wellfit::nn;
use wellfit::nn::law::{Bench, prove};
use wellfit::nn::technique::Shelved;
use wellfit::prelude::shelf;

/// Measures on this device what every technique promises, and prints a certificate.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit prove
  wellfit prove dropout mixup
  wellfit prove --json --out certificate.json

Each line is a technique, a law, the distance from what must hold, and the largest distance at which
it holds: expectations in standard errors, gradients against finite differences, divergences against
integrals, and a count of exceptions where there may be none. These are the laws that wellfit's own
tests check. The exit code is 1 where one does not hold.")]
pub struct Prove {
    /// Ids of techniques, as `dropout`; all of them unless told otherwise.
    #[arg(value_name = "TECHNIQUE")]
    techniques: Vec<String>,
    /// The device.
    #[arg(long, value_enum, default_value_t = Device::Cpu)]
    device: Device,
    /// The seed of what the laws draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Write the certificate to a file as well.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The devices that this program was built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Device {
    /// The processor.
    Cpu,
}

impl Device {
    fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
        }
    }

    fn open(self) -> nn::Device {
        match self {
            Self::Cpu => nn::Device::flex(),
        }
    }
}

impl Prove {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let (began, techniques) = (Instant::now(), self.chosen()?);
        let bench = Bench::new(&self.device.open(), Seed::new(self.seed));
        let bar = bar(techniques.len());
        let mut proofs = Vec::new();
        for &shelved in &techniques {
            bar.set_message(shelved.card.id);
            proofs.extend(prove(&bench, shelved));
            bar.inc(1);
        }
        bar.finish_and_clear();
        let seconds = began.elapsed().as_secs_f64();
        let certificate = Certificate::new(self.device.name(), self.seed, seconds, &proofs);
        let text = if self.json { certificate.json()? } else { certificate.table() };
        print(&text)?;
        if let Some(path) = &self.out {
            // Colours are for the terminal alone.
            let plain = console::strip_ansi_codes(&text).into_owned() + "\n";
            std::fs::write(path, plain).map_err(|error| {
                Failure::new(format!("cannot write {}: {error}", path.display()), None)
            })?;
        }
        Ok(if certificate.holds { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    /// The techniques that are asked for, in the order of the shelf.
    fn chosen(&self) -> Result<Vec<Shelved>, Failure> {
        let ids: Vec<&str> = shelf().map(|shelved| shelved.card.id).collect();
        if let Some(id) = self.techniques.iter().find(|id| !ids.contains(&id.as_str())) {
            let message = format!("unknown technique `{id}`, expected one of {}", ids.join(", "));
            return Err(Failure::new(message, closest(id, &ids)));
        }
        let wanted =
            |id: &str| self.techniques.is_empty() || self.techniques.iter().any(|i| i == id);
        Ok(shelf().filter(|shelved| wanted(shelved.card.id)).collect())
    }
}

/// A bar on standard error; it hides where that is no terminal.
fn bar(techniques: usize) -> ProgressBar {
    let bar = if quiet() { ProgressBar::hidden() } else { ProgressBar::new(techniques as u64) };
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} techniques  {msg}") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar
}
