//! What a comparison leaves in its folder: its numbers, and `report.html`.

use super::comparing::{Against, Compared, Comparing, Row};
use crate::Error;
use crate::folder::failed;
use std::fs;
use wellfit_plot::{Block, Figure, GainOptions, GainRow, Report, Section, Table, gains};

impl Comparing<'_> {
    /// Writes numbers and report, and gives the names of the files; where everything diverged there is
    /// nothing to draw, and no report.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, compared: &Compared, name: &str) -> Result<Vec<&'static str>, Error> {
        let json = serde_json::to_string_pretty(compared)
            .map_err(|error| Error::Format { what: "compared.json", message: error.to_string() })?;
        let mut files = vec![("compared.json", json)];
        files.extend(page(compared, name).map(|page| ("report.html", page)));
        for (name, text) in &files {
            let path = self.out.join(name);
            fs::write(&path, text).map_err(failed("write", &path))?;
        }
        Ok(files.into_iter().map(|(name, _)| name).collect())
    }
}

fn page(compared: &Compared, name: &str) -> Option<String> {
    let metric = &compared.metric;
    let alone = figure(&compared.added, "Each alone against plain", metric)?;
    let told = |of: &Against, caption: &str| {
        let caption = format!("{caption}; {metric}, mean over {} pairs", compared.pairs);
        Block::Table(table(of, caption))
    };
    let mut sections = vec![Section {
        title: "Each alone".to_owned(),
        blocks: vec![told(&compared.added, "each technique alone against the plain network")],
    }];
    if let Some(left_out) = &compared.left_out {
        let figure = figure(left_out, "The recipe without each", metric);
        let caption = "without each, against the recipe as it is: a gain below zero says that it is \
                       needed";
        let mut blocks: Vec<Block> = figure.map(Block::Figure).into_iter().collect();
        blocks.push(told(left_out, caption));
        sections.push(Section { title: "Without each".to_owned(), blocks });
    }
    let report = Report {
        title: name,
        verdict: "compared",
        sentence: &sentence(compared),
        first: &Block::Figure(alone),
        sections: &sections,
        footer: concat!("wellfit ", env!("CARGO_PKG_VERSION")),
    };
    Some(report.html())
}

/// Which techniques are proven to help, and which to harm.
fn sentence(compared: &Compared) -> String {
    let named = |verdict: &str| {
        let rows = compared.added.rows.iter();
        let rows = rows
            .filter(|row| row.difference.is_some_and(|of| of.verdict.to_string() == verdict))
            .map(|row| row.name.as_str());
        let names = rows.collect::<Vec<_>>().join(", ");
        if names.is_empty() { "none".to_owned() } else { names }
    };
    format!("Alone, better than plain: {}; worse: {}.", named("better"), named("worse"))
}

fn figure(of: &Against, title: &str, metric: &str) -> Option<Figure> {
    let row = |row: &Row| {
        let of = row.difference?;
        let (mean, low, high) = (of.mean.0, of.low.0, of.high.0);
        Some(GainRow { name: row.name.clone(), mean, low, high, verdict: of.verdict.to_string() })
    };
    let rows: Vec<GainRow> = of.rows.iter().filter_map(row).collect();
    let options = GainOptions {
        title: title.to_owned(),
        subtitle: "paired differences with 95% bootstrap intervals".to_owned(),
        values: format!("gain in {metric}; right of zero is better"),
    };
    gains(&rows, &options).ok()
}

fn table(of: &Against, caption: String) -> Table {
    let head = ["", "mean", "gain", "95% interval", "p", "could see", "cost of a step", ""];
    let row = |row: &Row| {
        let cost = row.cost.map_or(String::new(), |cost| format!("{:.2}", cost.0));
        let mut cells = vec![row.name.clone(), format!("{:.4}", row.mean.0)];
        cells.extend(match &row.difference {
            None => [const { String::new() }; 4].to_vec(),
            Some(of) => vec![
                format!("{:+.4}", of.mean.0),
                format!("{:+.4} to {:+.4}", of.low.0, of.high.0),
                format!("{:.4}", of.p.0),
                format!("{:.4}", of.detectable.0),
            ],
        });
        cells.push(cost);
        cells.push(row.difference.map_or(String::new(), |of| of.verdict.to_string()));
        cells
    };
    let rows = std::iter::once(&of.baseline).chain(&of.rows).map(row).collect();
    Table { caption, head: head.map(str::to_owned).to_vec(), rows }
}
