//! Lines without what only moves the cursor or paints.

use std::borrow::Cow;

/// The text with points for commas in its numbers, where no number has a point and some begin `0,`.
pub(super) fn pointed(text: &str) -> Cow<'_, str> {
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let between = |at: &usize| *at > 0 && digit(at - 1) && digit(at + 1);
    let commas: Vec<usize> = text.match_indices(',').map(|at| at.0).filter(between).collect();
    let small = |at: &usize| text[..*at].ends_with(" 0") || text[..*at].ends_with("=0");
    if commas.iter().filter(|at| small(at)).count() < 3
        || text.match_indices('.').any(|(at, _)| between(&at))
    {
        return Cow::Borrowed(text);
    }
    let mut pointed = text.to_owned();
    commas.iter().rev().for_each(|&at| pointed.replace_range(at..=at, "."));
    Cow::Owned(pointed)
}

/// Lines of a terminal: also what a carriage return or backspaces replaced, since the last word of
/// a progress bar may stand behind one.
pub(super) fn lines(text: &str) -> impl Iterator<Item = String> {
    let pieces = text.split(['\n', '\r', '\u{8}']).filter(|piece| !piece.trim().is_empty());
    // A log service of a cloud writes tabs so.
    let tabbed =
        |line: String| if line.contains("#011") { line.replace("#011", "\t") } else { line };
    let plain =
        |piece: &str| if piece.contains('\u{1b}') { unpainted(piece) } else { piece.to_owned() };
    pieces.map(plain).map(tabbed)
}

/// Without escape sequences: `ESC [ ... letter`.
fn unpainted(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split('\u{1b}');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|c: char| c.is_ascii_alphabetic()).map_or(part.len(), |at| at + 1);
        plain.push_str(if part.starts_with('[') { &part[end..] } else { part });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_of_decimals_become_points() {
        let of = |text| pointed(text).into_owned();
        assert_eq!(of("a 0,9 b 0,95\na 0,6, b=0,7"), "a 0.9 b 0.95\na 0.6, b=0.7");
        for same in ["a 0,9 b 0,95 c 0,3 d 0.5", "1,2, 3,4", "a [0,1] b [0,1] c [0,1]"] {
            assert_eq!(of(same), same);
        }
    }

    #[test]
    fn bars_and_colours_are_taken_off() {
        let text = "\r\u{1b}[1m1/4\u{1b}[0m a\u{8}\u{8}\u{8}\r4/4 b\n\nc";
        assert_eq!(lines(text).collect::<Vec<_>>(), ["1/4 a", "4/4 b", "c"]);
    }
}
