//! The diagnosis for a person: one log in full, of several a line each and a summary.

use super::figure;
use super::input::Input;
use super::line::{plain, wrapped};
use crate::error::Failure;
use crate::screen::colour_of_output;
use console::Style;
use std::fmt::Write;
use wellfit::Diagnosed;
use wellfit::diagnose::{Diagnosis, Remedy, Summary, Verdict, summarize};
use wellfit::prelude::Run;

/// Lines of the learning curves.
const HEIGHT: usize = 18;
/// Confidence above which a verdict is called sure, and below which it is called weak.
const SURE: (f64, f64) = (0.8, 0.5);

/// The report on all logs.
pub fn text(input: &Input) -> Result<String, Failure> {
    match input.found.as_slice() {
        [one] => one_log(one),
        several => Ok(lines(several) + &summary(several)),
    }
}

fn one_log(found: &Diagnosed) -> Result<String, Failure> {
    let diagnosis = &found.diagnosis;
    let mut text = head(found);
    if diagnosis.epochs > 0 || diagnosis.series.train.is_some() {
        let _ = write!(text, "\n{}", figure::text(found, HEIGHT)?);
    }
    if !diagnosis.symptoms.is_empty() {
        let _ = writeln!(text, "\n{}", bold("What the log shows"));
        let wide = diagnosis.symptoms.iter().map(|symptom| symptom.id.len()).max().unwrap_or(0);
        for symptom in &diagnosis.symptoms {
            let name = format!("  {:wide$}  ", symptom.id);
            let _ = writeln!(text, "{}", wrapped(&name, wide + 4, &symptom.summary));
        }
    }
    if !diagnosis.prescription.is_empty() || !diagnosis.advice.is_empty() {
        let _ = writeln!(text, "\n{}", bold("What to try"));
        let remedies = diagnosis.prescription.iter();
        remedies.zip(1..).for_each(|(each, place)| text.push_str(&remedy(each, place)));
        diagnosis.advice.iter().for_each(|line| text.push_str(&item(line)));
    }
    if !diagnosis.warnings.is_empty() {
        let _ = writeln!(text, "\n{}", bold("About the log"));
        diagnosis.warnings.iter().for_each(|line| text.push_str(&item(line)));
    }
    Ok(text)
}

fn head(found: &Diagnosed) -> String {
    let diagnosis = &found.diagnosis;
    let axis = found.axis.name();
    let headline = style(diagnosis.verdict).apply_to(found.headline());
    let sure = format!("confidence {:.2}{}", diagnosis.confidence, sureness(diagnosis));
    let mut text = format!("{headline}, {sure}\n{}\n", wrapped("", 0, &diagnosis.sentence()));
    if let Some(best) = diagnosis.best_epoch {
        let _ = writeln!(text, "best {axis} {best}: keep that checkpoint");
    }
    let read = diagnosis.path.as_deref().unwrap_or_default();
    let format = diagnosis.format.as_deref().unwrap_or_default();
    let columns = [&found.columns.train, &found.columns.validation, &found.columns.metric];
    let columns: Vec<&str> = columns.into_iter().flatten().map(String::as_str).collect();
    let points = diagnosis.epochs;
    let of = if columns.is_empty() { String::new() } else { format!(" of {}", columns.join(", ")) };
    let source = format!("{read} ({format}), {points} validation values{of}");
    let _ = writeln!(text, "{}", wrapped("read ", 5, &source));
    text
}

fn sureness(diagnosis: &Diagnosis) -> &'static str {
    match diagnosis.confidence {
        _ if diagnosis.verdict == Verdict::CannotTell => "",
        sure if sure >= SURE.0 => ", sure",
        weak if weak <= SURE.1 => ", weak: a hint and no proof",
        _ => ", likely",
    }
}

/// A technique with its reason, its source, and the lines to paste.
fn remedy(remedy: &Remedy, place: usize) -> String {
    let Remedy { technique, reason, source, recipe, .. } = remedy;
    let reason = wrapped(&format!("  {place}  {technique}: "), 5, reason);
    let lines: String = recipe.lines().map(|line| format!("         {line}\n")).collect();
    format!("{reason}\n{lines}{}\n", wrapped("     ", 5, &format!("({source})")))
}

fn item(line: &str) -> String {
    wrapped("  -  ", 5, line) + "\n"
}

/// A line for each log, names last since they may be long.
fn lines(found: &[Diagnosed]) -> String {
    let mut text = format!("{:<14} {:>5} {:>7} {:>7}  run\n", "verdict", "sure", "best", "onset");
    for Diagnosed { diagnosis, .. } in found {
        let shown = |epoch: Option<f64>| epoch.map_or("-".to_owned(), |epoch| epoch.to_string());
        let verdict = format!("{:<14}", diagnosis.verdict);
        let verdict = style(diagnosis.verdict).apply_to(verdict);
        let (best, onset) = (shown(diagnosis.best_epoch), shown(diagnosis.onset_epoch));
        let name = plain(&diagnosis.name);
        let _ =
            writeln!(text, "{verdict} {:>5.2} {best:>7} {onset:>7}  {name}", diagnosis.confidence);
    }
    text
}

/// How many of each verdict, and where the logs can be compared, what they say together.
fn summary(found: &[Diagnosed]) -> String {
    let summary = together(found);
    let count =
        |(verdict, count): (&&str, &usize)| format!("{count} {}", verdict.replace('_', " "));
    let counts: Vec<String> = summary.verdicts.iter().map(count).collect();
    let mut text = format!("\n{} runs: {}\n", summary.runs, counts.join(", "));
    if summary.rise.is_some() {
        let line = format!("{} - {}", summary.verdict, summary.sentence);
        let _ = writeln!(text, "{}", wrapped("together: ", 10, &line));
    }
    text
}

/// All logs summed up.
pub fn together(found: &[Diagnosed]) -> Summary {
    let diagnoses: Vec<Diagnosis> = found.iter().map(|found| found.diagnosis.clone()).collect();
    let runs: Vec<Run> = found.iter().map(|found| found.run.clone()).collect();
    summarize(&diagnoses, &runs)
}

fn style(verdict: Verdict) -> Style {
    let style = Style::new().force_styling(colour_of_output());
    match verdict {
        Verdict::Overfit | Verdict::Diverged => style.red().bold(),
        Verdict::Underfit | Verdict::NotConverged => style.yellow().bold(),
        Verdict::Good => style.green().bold(),
        Verdict::CannotTell => style.bold(),
    }
}

fn bold(text: &str) -> String {
    Style::new().force_styling(colour_of_output()).bold().apply_to(text).to_string()
}
