//! A line taken apart into words, numbers and signs.

/// A piece of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    /// Letters, also with digits, `_`, `/`, `-`, `.`, `@` and `'` in them; `3epoch` too.
    Word(&'a str),
    Number(f64),
    /// `3/50`.
    Fraction(f64, f64),
    /// A number with a unit, a time or a date.
    Measure,
    /// A share that a progress bar shows: `45%|`.
    Bar,
    Sign(char),
}

/// Takes a line apart.
pub(super) fn tokens(line: &str) -> Vec<Token<'_>> {
    let (mut found, mut rest) = (Vec::new(), line);
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            c if c.is_alphabetic() || c == '_' => word(rest),
            c if c.is_ascii_digit() || "+-.".contains(c) => number(rest),
            c => (Some(Token::Sign(c)), c.len_utf8()),
        };
        // `(+0.1)` tells by how much a value changed.
        let change = first == '+' && found.last() == Some(&Token::Sign('('));
        let token = if change { Some(Token::Measure) } else { token };
        found.extend(
            token.filter(
                |token| !matches!(token, Token::Sign(c) if c.is_whitespace() && *c != '\t'),
            ),
        );
        rest = &rest[length..];
    }
    found
}

fn word(text: &str) -> (Option<Token<'_>>, usize) {
    let inside = |c: char| c.is_alphanumeric() || "_/-.@'".contains(c);
    let end = text.find(|c| !inside(c)).unwrap_or(text.len());
    // A point, a dash or a quote that ends a word is none of it; nor is a minus before a number.
    let end = text[..end].trim_end_matches(|c| "/-.@'".contains(c)).len();
    let word = &text[..end];
    let value = match word.to_ascii_lowercase().as_str() {
        "nan" => Some(f64::NAN),
        "inf" | "infinity" => Some(f64::INFINITY),
        _ => None,
    };
    (Some(value.map_or(Token::Word(word), Token::Number)), end)
}

fn number(text: &str) -> (Option<Token<'_>>, usize) {
    let sign = text.starts_with(['+', '-']) as usize;
    let lower = text.get(sign..sign + 3).map(str::to_ascii_lowercase);
    if sign == 1 && lower.as_deref() == Some("inf") {
        let value = if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY };
        return (Some(Token::Number(value)), 4);
    }
    let (length, grouped) = match plain(text) {
        length if text[length..].starts_with(',') => thousands(text, length),
        length => (length, false),
    };
    let parsed =
        if grouped { text[..length].replace(',', "").parse() } else { text[..length].parse() };
    let Ok(value) = parsed else {
        let first = text.chars().next().unwrap_or(' ');
        return (Some(Token::Sign(first)), first.len_utf8());
    };
    let rest = &text[length..];
    let digit_at = |at: usize| rest.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    match rest.as_bytes().first() {
        // 3/50; three parts are a date.
        Some(b'/') if digit_at(1) => {
            let second = plain(&rest[1..]);
            let end = length + 1 + second;
            let dated = text[end..].starts_with('/');
            match rest[1..1 + second].parse() {
                Ok(of) if !dated => (Some(Token::Fraction(value, of)), end),
                _ => (Some(Token::Measure), length + stretch(rest)),
            }
        }
        // 9120 / 10000.
        Some(b' ') if rest.starts_with(" / ") && digit_at(3) => {
            let second = plain(&rest[3..]);
            let fraction = rest[3..3 + second].parse().map(|of| Token::Fraction(value, of));
            (fraction.ok().or(Some(Token::Number(value))), length + 3 + second)
        }
        Some(b':' | b'-' | b'/') if digit_at(1) => (Some(Token::Measure), length + stretch(rest)),
        Some(b',') if digit_at(1) && text[..length].contains(':') => {
            (Some(Token::Measure), length + stretch(rest))
        }
        Some(b'%') if rest[1..].starts_with(['|', '█', '▏']) => (Some(Token::Bar), length + 1),
        Some(b'%') => (Some(Token::Number(value)), length + 1),
        // Julia writes 32 bits as `0.5f0`.
        Some(b'f') if rest.starts_with("f0") && !digit_at(2) => {
            (Some(Token::Number(value)), length + 2)
        }
        Some(c)
            if c.is_ascii_alphabetic()
                || *c >= 0x80 && rest.chars().next().is_some_and(char::is_alphabetic) =>
        {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '/').unwrap_or(rest.len());
            let unit = rest[..end].to_ascii_lowercase();
            let token = match unit.as_str() {
                "epoch" => Token::Word(&text[..length + end]),
                // `1st`, `2nd`, `3rd`, `4th`.
                "st" | "nd" | "rd" | "th" => Token::Number(value),
                _ => Token::Measure,
            };
            (Some(token), length + end)
        }
        _ => (Some(Token::Number(value)), length),
    }
}

/// The length of `8,641` or `1,234.5`, of which `first` bytes stand before the comma, and whether it
/// is such a number.
fn thousands(text: &str, first: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count()
    };
    let mut end = first;
    while bytes.get(end) == Some(&b',') && digits(end + 1) == 3 {
        end += 4;
    }
    let begins = (1..=3).contains(&digits(0)) && digits(0) == first && bytes[0] != b'0';
    let point = bytes.get(end) == Some(&b'.') && digits(end + 1) > 0;
    match begins && end > first && bytes.get(end) != Some(&b',') {
        true if point => (end + 1 + digits(end + 1), true),
        true => (end, true),
        false => (first, false),
    }
}

/// Length of the number at the start, sign and exponent counted.
fn plain(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count()
    };
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    at += digits(at);
    if bytes.get(at) == Some(&b'.') {
        at += 1 + digits(at + 1);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        if digits(signed) > 0 {
            at = signed + digits(signed);
        }
    }
    at
}

/// Length of what a time or date goes on with.
fn stretch(rest: &str) -> usize {
    rest.find(|c: char| !c.is_ascii_digit() && !":-/.,".contains(c)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::Token::{Bar, Fraction, Measure, Number, Sign, Word};
    use super::*;

    #[test]
    fn words_numbers_and_signs() {
        assert_eq!(
            tokens("Epoch [1/50] val_loss: -1.5e-3 top-5=75% 3s"),
            [
                Word("Epoch"),
                Sign('['),
                Fraction(1.0, 50.0),
                Sign(']'),
                Word("val_loss"),
                Sign(':'),
                Number(-0.0015),
                Word("top-5"),
                Sign('='),
                Number(75.0),
                Measure,
            ]
        );
        assert_eq!(tokens("2024-01-02 10:11:12,345 x"), [Measure, Measure, Word("x")]);
        assert_eq!(tokens("45%|## 1.2it/s"), [Bar, Sign('|'), Sign('#'), Sign('#'), Measure]);
        assert_eq!(
            tokens("F1 mAP50-95 valid_1's l2"),
            [Word("F1"), Word("mAP50-95"), Word("valid_1's"), Word("l2")]
        );
        assert_eq!(tokens("loss -inf"), [Word("loss"), Number(f64::NEG_INFINITY)]);
        assert_eq!(tokens("ppl=8,641 1,234.5")[2..], [Number(8641.0), Number(1234.5)]);
        assert_eq!(tokens("1,2 0,123").len(), 6);
        assert_eq!(tokens("loss = 0.5f0)")[2..], [Number(0.5), Sign(')')]);
        assert_eq!(tokens("loss: 0.5."), [Word("loss"), Sign(':'), Number(0.5), Sign('.')]);
    }
}
