//! Diagnosed runs as one HTML file with interactive curves: no network, one small script inside.

use crate::curve::Curve;
use crate::report::{end, head};
use crate::svg::escape;
use crate::{Chart, Figure, Section};
use std::fmt::Write;

/// What the page adds to the look of a report.
const MORE_STYLE: &str = include_str!("page.css");
/// From this many runs on, their curves stay folded until they are asked for.
const FOLDED: usize = 7;

/// A page: headline, an overview of several runs, and each run. All texts are plain and escaped.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The headline.
    pub title: &'a str,
    /// One sentence on all runs; none when empty.
    pub sentence: &'a str,
    /// The runs.
    pub runs: &'a [PageRun<'a>],
    /// What follows the runs.
    pub sections: &'a [Section],
    /// A line at the end, such as the program's version.
    pub footer: &'a str,
}

/// A run with its curves and what is said of it.
#[derive(Debug, Clone)]
pub struct PageRun<'a> {
    /// The run and the epochs to mark.
    pub curve: Curve<'a>,
    /// The metrics to show, a panel each.
    pub metrics: Vec<String>,
    /// What is counted along the axis, `epoch` or `step`.
    pub axis: &'a str,
    /// The verdict in a few words.
    pub verdict: String,
    /// What the verdict rests on.
    pub sentence: String,
    /// The same curves as a picture, for browsers without scripts; none where there is none.
    pub figure: Option<Figure>,
    /// What follows, in this order.
    pub sections: Vec<Section>,
}

impl Page<'_> {
    /// The page.
    pub fn html(&self) -> String {
        let mut page = head(self.title, true, MORE_STYLE);
        if !self.sentence.is_empty() {
            let _ = writeln!(page, "<p class=\"verdict\">{}</p>", escape(self.sentence));
        }
        if self.runs.len() > 1 {
            page.push_str(&self.overview());
        }
        for (number, run) in self.runs.iter().enumerate() {
            page.push_str(&run.html(number, self.runs.len()));
        }
        self.sections.iter().for_each(|section| push(&mut page, section, 2));
        page + &end(self.footer, true)
    }

    /// A row for each run that leads to its curves.
    fn overview(&self) -> String {
        let row = |(number, run): (usize, &PageRun)| {
            format!(
                "<tr><th scope=\"row\"><a href=\"#run{number}\">{}</a></th><td>{}</td><td>{}</td></tr>\n",
                escape(&run.curve.run.name),
                escape(&run.verdict),
                escape(&run.sentence)
            )
        };
        let rows: String = self.runs.iter().enumerate().map(row).collect();
        format!("<div class=\"wide\">\n<table>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n")
    }
}

impl PageRun<'_> {
    fn html(&self, number: usize, runs: usize) -> String {
        let (verdict, sentence) = (escape(&self.verdict), escape(&self.sentence));
        let mut html = format!("<section id=\"run{number}\">\n");
        if runs > 1 {
            let _ = writeln!(html, "<h2>{}</h2>", escape(&self.curve.run.name));
        }
        let _ = writeln!(html, "<p class=\"verdict\"><strong>{verdict}</strong>: {sentence}</p>");
        if runs >= FOLDED {
            html.push_str("<details>\n<summary>curves and advice</summary>\n");
        }
        let chart = Chart::of(&self.curve, &self.metrics, self.axis);
        html.push_str(&chart.html(self.figure.as_ref()));
        self.sections.iter().for_each(|section| push(&mut html, section, 3));
        if runs >= FOLDED {
            html.push_str("</details>\n");
        }
        html.push_str("</section>\n");
        html
    }
}

fn push(html: &mut String, section: &Section, level: u8) {
    let _ = writeln!(html, "<h{level}>{}</h{level}>", escape(&section.title));
    section.blocks.iter().for_each(|block| html.push_str(&block.html()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Block;
    use wellfit_core::run::{Part, Run};

    const HOSTILE: &str = "</script></style><script>alert(1)</script>\" onload='x' & \u{0}";

    fn run(name: &str) -> Run {
        let mut run = Run::new(name);
        for (epoch, loss) in [(1.0, 0.9), (2.0, f64::NAN), (3.0, 0.5)] {
            run.push(Part::Train, "loss", epoch, loss);
            run.push(Part::Validation, "loss", epoch, loss + 0.1);
            run.push(Part::Validation, HOSTILE, epoch, loss);
        }
        run
    }

    fn page(runs: &[Run]) -> String {
        let told = |run| PageRun {
            curve: Curve::new(run).onset(1.0),
            metrics: vec!["loss".to_owned(), HOSTILE.to_owned()],
            axis: "epoch",
            verdict: HOSTILE.to_owned(),
            sentence: HOSTILE.to_owned(),
            figure: None,
            sections: vec![Section {
                title: HOSTILE.to_owned(),
                blocks: vec![Block::Code(HOSTILE.to_owned())],
            }],
        };
        let runs: Vec<PageRun> = runs.iter().map(told).collect();
        let (title, sentence, footer) = (HOSTILE, HOSTILE, HOSTILE);
        Page { title, sentence, runs: &runs, sections: &[], footer }.html()
    }

    fn data(html: &str) -> serde_json::Value {
        let begin = html.split_once("application/json\">").unwrap().1;
        serde_json::from_str(begin.split_once("</script>").unwrap().0).unwrap()
    }

    #[test]
    fn hostile_text_stays_text() {
        let html = page(&[run(HOSTILE), run("b")]);
        assert_eq!(html.matches("<script").count(), 3, "the data of both and ours");
        assert_eq!(html.matches("</style>").count(), 1);
        assert_eq!(data(&html)["panels"][1]["title"], HOSTILE);
    }

    #[test]
    fn the_page_asks_for_nothing_else() {
        let html = page(&[run("a")]).replace("http://www.w3.org/2000/svg", "");
        for word in ["http://", "https://", "src=", "url(", "@import", "<link", "fetch(", "import("]
        {
            assert!(!html.contains(word), "{word}");
        }
        assert!(html.contains("default-src 'none'"));
    }

    #[test]
    fn the_script_gets_every_point_and_mark() {
        let data = data(&page(&[run("a")]));
        let loss = &data["panels"][0];
        assert_eq!(loss["lines"][0]["name"], "train");
        assert_eq!(loss["lines"][0]["points"].to_string(), "[[1.0,0.9],[2.0,null],[3.0,0.5]]");
        assert_eq!(data["marks"].to_string(), r#"[["best 3",3.0],["onset 1",1.0]]"#);
    }

    #[test]
    fn many_runs_are_folded() {
        let runs: Vec<Run> = (0..FOLDED).map(|number| run(&number.to_string())).collect();
        assert_eq!(page(&runs).matches("<details>").count(), FOLDED);
        assert!(!page(&runs[..2]).contains("<details>"));
    }
}
