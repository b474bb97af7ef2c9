//! What `wellfit prove` found out, as a table and as JSON.

use crate::error::Failure;
use crate::screen::colour_of_output;
use console::style;
use serde::Serialize;
use wellfit::nn::law::Proof;

/// All that was measured, and where.
#[derive(Serialize)]
pub struct Certificate {
    wellfit: &'static str,
    system: String,
    device: &'static str,
    seed: u64,
    seconds: f64,
    /// Whether every law holds.
    pub holds: bool,
    proofs: Vec<Line>,
}

/// One law of one technique.
#[derive(Serialize)]
struct Line {
    technique: &'static str,
    law: &'static str,
    says: &'static str,
    /// None where nothing could be measured; not finite is `null` in JSON.
    value: Option<f64>,
    bound: Option<f64>,
    holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Line {
    fn of(proof: &Proof) -> Self {
        let measured = proof.outcome.as_ref().ok();
        Self {
            technique: proof.technique,
            law: proof.law.id,
            says: proof.law.says,
            value: measured.map(|measured| measured.value),
            bound: measured.map(|measured| measured.bound),
            holds: proof.holds(),
            error: proof.outcome.as_ref().err().map(ToString::to_string),
        }
    }

    fn row(&self) -> String {
        let measured = match (self.value, self.bound) {
            (Some(value), Some(bound)) => format!("{:>9} {:>9}", number(value), number(bound)),
            _ => format!("{:>9} {:>9}", "-", "-"),
        };
        let verdict = if self.holds { style("holds").green() } else { style("FAILS").red().bold() };
        let verdict = verdict.force_styling(colour_of_output());
        let row = format!("{:<22} {:<25} {measured}  {verdict}", self.technique, self.law);
        match &self.error {
            Some(error) => format!("{row}\n    {error}"),
            None if self.holds => row,
            None => format!("{row}\n    {}", self.says),
        }
    }
}

/// Three digits, short for what is small.
fn number(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        value if (0.01..1e4).contains(&value) => format!("{value:.2}"),
        value => format!("{value:.0e}"),
    }
}

impl Certificate {
    /// What was measured on `device`.
    pub fn new(device: &'static str, seed: u64, seconds: f64, proofs: &[Proof]) -> Self {
        Self {
            wellfit: env!("CARGO_PKG_VERSION"),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            device,
            seed,
            seconds,
            holds: proofs.iter().all(Proof::holds),
            proofs: proofs.iter().map(Line::of).collect(),
        }
    }

    /// The certificate as one line of JSON.
    pub fn json(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| Failure::new(error.to_string(), None))
    }

    /// The certificate for the eye.
    pub fn table(&self) -> String {
        let (system, device, seed) = (&self.system, self.device, self.seed);
        let mut lines = vec![
            format!("wellfit {} on {system}, device {device}, seed {seed}\n", self.wellfit),
            format!("{:<22} {:<25} {:>9} {:>9}", "technique", "law", "value", "bound"),
        ];
        lines.extend(self.proofs.iter().map(Line::row));
        lines.push(self.sum());
        lines.join("\n")
    }

    fn sum(&self) -> String {
        let mut techniques: Vec<&str> = self.proofs.iter().map(|line| line.technique).collect();
        techniques.dedup();
        let broken = self.proofs.iter().filter(|line| !line.holds).count();
        let (asked, techniques) = (self.proofs.len(), techniques.len());
        let verdict = match broken {
            0 => "all hold".to_owned(),
            1 => "1 does not hold".to_owned(),
            broken => format!("{broken} do not hold"),
        };
        format!("\n{asked} laws of {techniques} techniques in {:.1} s: {verdict}", self.seconds)
    }
}
