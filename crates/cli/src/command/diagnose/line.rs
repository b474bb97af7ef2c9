//! Text for one line of a terminal.

use crate::screen::columns;

/// `text` without control characters: a name in a log shall not steer a terminal.
pub fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// `text` in lines of the terminal's width, the first after `head`, the others indented.
pub fn wrapped(head: &str, indent: usize, text: &str) -> String {
    let indent = " ".repeat(indent);
    let options = textwrap::Options::new(columns()).initial_indent(head).subsequent_indent(&indent);
    textwrap::fill(&plain(text), options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[31m\nb"), "a [31m b");
        let text = wrapped("  gap  ", 7, &"word ".repeat(40));
        assert!(text.lines().skip(1).all(|line| line.starts_with("       word")), "{text}");
    }
}
