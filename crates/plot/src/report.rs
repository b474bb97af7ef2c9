//! The report of a run as one HTML file that needs nothing else: no network, and no script but that
//! of its curves.

use crate::chart::{SCRIPT, STYLE as CHARTS};
use crate::svg::escape;
use crate::{Chart, Figure};
use std::fmt::Write;

/// How the page looks, on a screen by day and night and on paper: what the lab's page shares, and what
/// a report adds.
const STYLE: &str = concat!(include_str!("style.css"), include_str!("report.css"));
/// Finds the charts of a page and begins them.
const BEGIN: &str = include_str!("page.js");
/// Browsers load nothing for this page, whatever got into it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
/// What a page with curves may do beyond.
const SCRIPTED: &str = "; script-src 'unsafe-inline'";

/// A page: headline, verdict, figure, sections. All texts are plain and are escaped.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The headline.
    pub title: &'a str,
    /// The verdict in a few words.
    pub verdict: &'a str,
    /// What the verdict rests on.
    pub sentence: &'a str,
    /// What is to be seen first, such as the learning curves.
    pub first: &'a Block,
    /// What follows, in this order.
    pub sections: &'a [Section],
    /// A line at the end, such as the program's version.
    pub footer: &'a str,
}

/// A part of the page under a headline of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its headline.
    pub title: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// What a section can hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A figure.
    Figure(Figure),
    /// Curves that answer the pointer, and a picture of them for browsers without scripts.
    Chart(Chart, Option<Figure>),
    /// Names and what belongs to them.
    Facts(Vec<(String, String)>),
    /// Rows under column heads.
    Table(Table),
    /// Text in its own lines, such as a recipe.
    Code(String),
}

/// Rows under column heads. The first column names its row; columns whose cells are all numbers
/// are set to the right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// A line above the table; none when empty.
    pub caption: String,
    /// The column heads.
    pub head: Vec<String>,
    /// The rows, each as long as `head`.
    pub rows: Vec<Vec<String>>,
}

/// The beginning of a page up to its headline, with `style` added to that of a report; `charts`
/// where curves with a script are to follow.
pub(crate) fn head(title: &str, charts: bool, style: &str) -> String {
    let title = escape(title);
    let (policy, look) = if charts { (SCRIPTED, CHARTS) } else { ("", "") };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}{policy}\">\n\
         <title>{title}</title>\n<style>\n{STYLE}{look}{style}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n"
    )
}

/// The end of a page.
pub(crate) fn end(footer: &str, charts: bool) -> String {
    let script = match charts {
        true => format!("<script type=\"module\">\n{SCRIPT}{BEGIN}</script>\n"),
        false => String::new(),
    };
    format!("</main>\n<footer>{}</footer>\n{script}</body>\n</html>\n", escape(footer))
}

impl Report<'_> {
    /// The page.
    pub fn html(&self) -> String {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        let charts = blocks.chain([self.first]).any(|block| matches!(block, Block::Chart(..)));
        let mut page = head(self.title, charts, "");
        let _ = write!(
            page,
            "<p class=\"verdict\"><strong>{}</strong>: {}</p>\n{}",
            escape(self.verdict),
            escape(self.sentence),
            self.first.html()
        );
        for section in self.sections {
            let _ = writeln!(page, "<section>\n<h2>{}</h2>", escape(&section.title));
            section.blocks.iter().for_each(|block| page.push_str(&block.html()));
            page.push_str("</section>\n");
        }
        page + &end(self.footer, charts)
    }
}

impl Block {
    pub(crate) fn html(&self) -> String {
        match self {
            Self::Facts(facts) => {
                let row = |(name, fact): &(String, String)| vec![name.clone(), fact.clone()];
                Table { rows: facts.iter().map(row).collect(), ..Table::default() }.html()
            }
            Self::Chart(chart, figure) => chart.html(figure.as_ref()),
            Self::Figure(figure) => format!("<figure>\n{}</figure>\n", figure.svg()),
            Self::Table(table) => table.html(),
            Self::Code(text) => {
                let lines: Vec<String> = text.lines().map(escape).collect();
                format!("<pre>{}</pre>\n", lines.join("\n"))
            }
        }
    }
}

impl Table {
    fn html(&self) -> String {
        // Above the table and not in it: it may be wider than a narrow table, and no wider than the
        // page.
        let mut html = match escape(&self.caption) {
            none if none.is_empty() => "<div class=\"wide\">\n<table>\n".to_owned(),
            caption => format!(
                "<p class=\"caption\" aria-hidden=\"true\">{caption}</p>\n\
                 <div class=\"wide\">\n<table aria-label=\"{caption}\">\n"
            ),
        };
        if !self.head.is_empty() {
            let cells = self.head.iter().enumerate();
            let cells = cells.map(|(column, text)| self.cell("th", "col", column, text));
            let _ = writeln!(html, "<thead><tr>{}</tr></thead>", cells.collect::<String>());
        }
        html.push_str("<tbody>\n");
        for row in &self.rows {
            let cells = row.iter().enumerate().map(|(column, text)| match column {
                0 => self.cell("th", "row", column, text),
                _ => self.cell("td", "", column, text),
            });
            let _ = writeln!(html, "<tr>{}</tr>", cells.collect::<String>());
        }
        html.push_str("</tbody>\n</table>\n</div>\n");
        html
    }

    fn cell(&self, tag: &str, scope: &str, column: usize, text: &str) -> String {
        let class = if self.is_number(column) { " class=\"number\"" } else { "" };
        let scope = if scope.is_empty() { String::new() } else { format!(" scope=\"{scope}\"") };
        format!("<{tag}{scope}{class}>{}</{tag}>", escape(text))
    }

    fn is_number(&self, column: usize) -> bool {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        let mut cells = cells.filter(|cell| !cell.is_empty()).peekable();
        column > 0 && cells.peek().is_some() && cells.all(|cell| cell.parse::<f64>().is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Curve, Options, learning_curve};
    use wellfit_core::run::{Part, Run};

    const HOSTILE: &str = "</style></title><script>alert(1)</script>\" onload='x' & \u{0}";

    fn page(text: &str) -> String {
        let mut run = Run::new("r");
        for (epoch, loss) in [(1.0, 0.9), (2.0, 0.5)] {
            run.push(Part::Train, "loss", epoch, loss);
            run.push(Part::Validation, "loss", epoch, loss + 0.1);
        }
        let options = Options { title: text.to_owned(), ..Options::default() };
        let figure = learning_curve(&[Curve::new(&run)], &options).unwrap();
        let owned = text.to_owned();
        let table = Table {
            caption: owned.clone(),
            head: vec![owned.clone(), "size".to_owned()],
            rows: vec![
                vec![owned.clone(), "0.5".to_owned()],
                vec![owned.clone(), "NaN".to_owned()],
            ],
        };
        let blocks = vec![
            Block::Facts(vec![(owned.clone(), owned.clone())]),
            Block::Table(table),
            Block::Code(format!("{text}\n[train]\n")),
        ];
        let sections = [Section { title: owned.clone(), blocks }];
        let report = Report {
            title: text,
            verdict: text,
            sentence: text,
            first: &Block::Figure(figure),
            sections: &sections,
            footer: text,
        };
        report.html()
    }

    /// The page between doctype and end is well-formed XML but for its void `<meta>` elements.
    fn parsed(html: &str) -> String {
        let xml = html.strip_prefix("<!doctype html>\n").unwrap();
        let closed = |line: &str| match line.starts_with("<meta ") {
            true => line.replace("\">", "\"/>"),
            false => line.to_owned(),
        };
        xml.lines().map(closed).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn hostile_text_stays_text() {
        let xml = parsed(&page(HOSTILE));
        let document = roxmltree::Document::parse(&xml).unwrap();
        let named = |tag: &'static str| document.descendants().filter(move |n| n.has_tag_name(tag));
        assert_eq!(named("script").count(), 0);
        let headline = HOSTILE.replace('\u{0}', " ");
        assert_eq!(named("h1").next().unwrap().text(), Some(headline.as_str()));
        assert_eq!(named("pre").next().unwrap().text().unwrap(), format!("{headline}\n[train]"));
    }

    #[test]
    fn the_page_asks_for_nothing_else() {
        let html = page("plain");
        let outside = html.replace("http://www.w3.org/2000/svg", "");
        for word in ["http://", "https://", "src=", "href=", "url(", "@import", "<link", "<script"]
        {
            assert!(!outside.contains(word), "{word}");
        }
        assert!(html.contains(POLICY));
    }

    #[test]
    fn columns_of_numbers_are_set_to_the_right() {
        let html = page("plain");
        assert!(html.contains("<th scope=\"col\" class=\"number\">size</th>"), "{html}");
        assert!(html.contains("<td class=\"number\">NaN</td>"), "{html}");
        assert!(html.contains("<th scope=\"row\">plain</th>"), "{html}");
    }
}
