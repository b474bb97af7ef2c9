//! Writes SVG elements: escaped text, numbers of two decimals, attributes in the order given.

use crate::trace::Place;
use std::fmt::{Display, Write};

/// The font of all figures: the one that PNG carries, its twin on Windows and macOS, and what the
/// viewer has.
const FONT: &str = "DejaVu Sans, Verdana, sans-serif";

/// Name and value of an attribute.
pub type Attribute<'a> = (&'a str, &'a dyn Display);

/// An SVG document that grows element by element.
pub struct Svg(String);

impl Svg {
    /// Opens a white drawing of the given size in pixels; `title` and `description` are read aloud
    /// by screen readers.
    pub fn new(width: f64, height: f64, title: &str, description: &str) -> Self {
        let mut svg = Self(String::new());
        let (width, height) = (number(width), number(height));
        let _ = writeln!(
            svg.0,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{FONT}\">"
        );
        let (title, description) = (escape(title), escape(description));
        let _ = writeln!(svg.0, "<title>{title}</title>\n<desc>{description}</desc>");
        svg.leaf("rect", &[("width", &width), ("height", &height), ("fill", &"#ffffff")]);
        svg
    }

    /// An element without content.
    pub fn leaf(&mut self, tag: &str, attributes: &[Attribute]) {
        self.start(tag, attributes);
        self.0.push_str("/>\n");
    }

    /// Opens a group, which [`Svg::close`] ends.
    pub fn open(&mut self, attributes: &[Attribute]) {
        self.start("g", attributes);
        self.0.push_str(">\n");
    }

    /// Ends the innermost group.
    pub fn close(&mut self) {
        self.0.push_str("</g>\n");
    }

    /// Opens a drawing within the drawing, which cuts off what leaves it; [`Svg::close_window`] ends
    /// it. Places in it count from its own corner.
    pub fn open_window(&mut self, corner: Place, size: Place) {
        let [x, y, width, height] = [corner.0, corner.1, size.0, size.1].map(number);
        let place: [Attribute; 4] = [("x", &x), ("y", &y), ("width", &width), ("height", &height)];
        self.start("svg", &place);
        self.0.push_str(">\n");
    }

    /// Ends the innermost window.
    pub fn close_window(&mut self) {
        self.0.push_str("</svg>\n");
    }

    /// A straight line.
    pub fn line(&mut self, from: Place, to: Place, attributes: &[Attribute]) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        let ends: [Attribute; 4] = [("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)];
        self.leaf("line", &[&ends, attributes].concat());
    }

    /// A word or sentence whose baseline starts, ends or is centred (`anchor`) at `at`.
    pub fn text(
        &mut self,
        at: Place,
        size: f64,
        anchor: &str,
        attributes: &[Attribute],
        content: &str,
    ) {
        let [x, y, size] = [at.0, at.1, size].map(number);
        let place: [Attribute; 4] =
            [("x", &x), ("y", &y), ("font-size", &size), ("text-anchor", &anchor)];
        self.start("text", &[&place, attributes].concat());
        let _ = writeln!(self.0, ">{}</text>", escape(content));
    }

    /// Ends the document.
    pub fn finish(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }

    fn start(&mut self, tag: &str, attributes: &[Attribute]) {
        let _ = write!(self.0, "<{tag}");
        for (name, value) in attributes {
            let _ = write!(self.0, " {name}=\"{}\"", escape(&value.to_string()));
        }
    }
}

/// A number with at most two decimals: finer than any eye, and the same on every machine.
pub fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The `points` attribute of a polyline or polygon.
pub fn points(places: &[Place]) -> String {
    let pairs = places.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y)));
    pairs.collect::<Vec<_>>().join(" ")
}

/// Text as XML and HTML allow it; what XML cannot hold at all becomes a space.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.push(' '),
            other if other.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [1.0, 0.125, -0.001, 10.50, 100.0].map(number),
            ["1", "0.12", "0", "10.5", "100"]
        );
    }

    #[test]
    fn hostile_text_stays_text() {
        let mut svg = Svg::new(1.0, 1.0, "</title>", "&\u{0}");
        svg.text((0.0, 0.0), 1.0, "start", &[("data-run", &"\"><script>")], "<b>\u{ffff}");
        let svg = svg.finish();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let text = document.descendants().find(|n| n.has_tag_name("text")).unwrap();
        assert_eq!((text.text(), text.attribute("data-run")), (Some("<b> "), Some("\"><script>")));
    }
}
