//! Lines without what only moves the cursor or paints.

/// Lines of a terminal: also what a carriage return or backspaces replaced, since the last word of
/// a progress bar may stand behind one.
pub(super) fn lines(text: &str) -> impl Iterator<Item = String> {
    let pieces = text.split(['\n', '\r', '\u{8}']).filter(|piece| !piece.trim().is_empty());
    pieces.map(|piece| if piece.contains('\u{1b}') { unpainted(piece) } else { piece.to_owned() })
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
    fn bars_and_colours_are_taken_off() {
        let text = "\r\u{1b}[1m1/4\u{1b}[0m a\u{8}\u{8}\u{8}\r4/4 b\n\nc";
        assert_eq!(lines(text).collect::<Vec<_>>(), ["1/4 a", "4/4 b", "c"]);
    }
}
