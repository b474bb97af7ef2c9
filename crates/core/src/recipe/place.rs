//! Where something stands: file, line, column, and the line itself.

use std::fmt;
use std::ops::Range;

/// A place in a recipe or in an assignment that was added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name of the file, or the assignment's source such as `--set`.
    pub origin: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length of the marked part in characters, at least 1.
    pub width: usize,
    /// The line as it was written.
    pub text: String,
}

impl Place {
    /// Finds byte range `span` in `text`.
    fn find(origin: &str, text: &str, span: Range<usize>) -> Self {
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let end = text.floor_char_boundary(span.end.clamp(start, line_end));
        Self {
            origin: origin.to_owned(),
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            width: text[start..end].chars().count().max(1),
            text: text[line_start..line_end].trim_end().to_owned(),
        }
    }
}

/// Characters of a line that are shown; of a longer one the part around the mark.
const SHOWN: usize = 100;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let skipped = if self.column > SHOWN { self.column - SHOWN / 2 } else { 0 };
        let text: String = self.text.chars().skip(skipped).take(SHOWN).collect();
        let indent = " ".repeat(self.column - 1 - skipped);
        let carets = "^".repeat(self.width.min(SHOWN - indent.len()));
        writeln!(f, "{margin}--> {}:{}:{}", self.origin, self.line, self.column)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {text}")?;
        write!(f, "{margin} | {indent}{carets}")
    }
}

/// The texts that one document was put together from, one behind the other, so that a byte
/// position names a place in just one of them.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    texts: Vec<(usize, String, String)>,
    end: usize,
}

impl Sources {
    /// Adds a text.
    pub fn add(&mut self, origin: &str, text: &str) {
        self.texts.push((self.end, origin.to_owned(), text.to_owned()));
        self.end += text.len() + 1;
    }

    /// The position of each text's first byte, and the text.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.texts.iter().map(|(start, _, text)| (*start, text.as_str()))
    }

    /// The place of `span`; none where no text was added.
    pub fn place(&self, span: Range<usize>) -> Option<Place> {
        let (start, origin, text) = self.texts.iter().rev().find(|t| t.0 <= span.start)?;
        Some(Place::find(origin, text, span.start - start..span.end.saturating_sub(*start)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_shows_its_line_with_a_mark() {
        let mut sources = Sources::default();
        sources.add("a.toml", "x = 1\ny = \"é\"\n");
        let shown = sources.place(10..14).unwrap().to_string();
        assert_eq!(shown, " --> a.toml:2:5\n  |\n2 | y = \"é\"\n  |     ^^^");
    }

    #[test]
    fn positions_name_the_text_they_came_from() {
        let mut sources = Sources::default();
        sources.add("a.toml", "x = 1");
        sources.add("--set", "x=2");
        let place = sources.place(8..9).unwrap();
        assert_eq!((place.origin.as_str(), place.line, place.column), ("--set", 1, 3));
        assert_eq!(sources.place(4..5).unwrap().origin, "a.toml");
    }

    #[test]
    fn of_a_very_long_line_the_marked_part_is_shown() {
        let mut sources = Sources::default();
        sources.add("a.toml", &("[".repeat(3000) + "x"));
        let shown = sources.place(3000..3001).unwrap().to_string();
        assert!(shown.lines().all(|line| line.len() < 120), "{shown}");
        assert!(shown.ends_with('^') && shown.contains("[x"), "{shown}");
    }

    #[test]
    fn a_span_past_the_end_is_no_crash() {
        let mut sources = Sources::default();
        sources.add("a.toml", "x");
        assert_eq!(sources.place(7..99).unwrap().line, 1);
    }
}
