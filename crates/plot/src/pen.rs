//! How things are drawn: the colour and dashes of each part, names and dots.

use crate::svg::{Attribute, Svg, number};
use crate::trace::Place;
use wellfit_core::run::Part;

/// Font size of names.
pub const LABEL_SIZE: f64 = 12.0;
/// Lines of more points than this are drawn thin, so that noise stays legible.
pub const DENSE: usize = 200;

/// Colours of Okabe and Ito (2008), which all common kinds of colour vision tell apart, and dashes
/// for print without colour.
pub struct Pen {
    pub colour: &'static str,
    pub width: f64,
    pub dashes: &'static str,
}

/// The pen of a part.
pub fn pen(part: Part) -> Pen {
    match part {
        Part::Train => Pen { colour: "#0072b2", width: 2.0, dashes: "none" },
        Part::Validation => Pen { colour: "#d55e00", width: 2.0, dashes: "7 3" },
        Part::Online | Part::Test => Pen { colour: "#009e73", width: 1.2, dashes: "2 3" },
    }
}

/// A word on a white outline, so that a line behind it does not cross it out.
pub fn name(svg: &mut Svg, at: Place, colour: &str, word: &str) {
    let outline: [Attribute; 4] = [
        ("fill", &colour),
        ("stroke", &"#ffffff"),
        ("stroke-width", &3),
        ("paint-order", &"stroke"),
    ];
    svg.text(at, LABEL_SIZE, "start", &outline, word);
}

/// A round mark.
pub fn dot(svg: &mut Svg, at: Place, style: &[Attribute]) {
    let (x, y) = (number(at.0), number(at.1));
    let place: [Attribute; 3] = [("cx", &x), ("cy", &y), ("r", &3.5)];
    svg.leaf("circle", &[&place, style].concat());
}
