//! The words, quotes and marks of a statement.

/// A piece of a statement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    /// What stands in quotes or in square brackets.
    Quoted(&'a str),
    Mark(char),
}

impl<'a> Token<'a> {
    /// What a word says, or what stands in quotes.
    pub fn text(self) -> &'a str {
        match self {
            Self::Word(text) | Self::Quoted(text) => text,
            Self::Mark(_) => "",
        }
    }
}

/// The tokens of a statement, without comments.
pub(super) struct Tokens<'a>(pub &'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.0 = self.0.trim_start();
            let end = match self.0 {
                comment if comment.starts_with("--") => "\n",
                comment if comment.starts_with("/*") => "*/",
                _ => break,
            };
            self.0 = self.0.split_once(end).map_or("", |(_, rest)| rest);
        }
        let first = self.0.chars().next()?;
        let rest = &self.0[first.len_utf8()..];
        let close = match first {
            '[' => Some(']'),
            '\'' | '"' | '`' => Some(first),
            _ => None,
        };
        if let Some(close) = close {
            let (inside, after) = rest.split_once(close).unwrap_or((rest, ""));
            self.0 = after;
            return Some(Token::Quoted(inside));
        }
        let of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$');
        if !of_word(first) {
            self.0 = rest;
            return Some(Token::Mark(first));
        }
        let end = self.0.find(|c| !of_word(c)).unwrap_or(self.0.len());
        let (word, after) = self.0.split_at(end);
        self.0 = after;
        Some(Token::Word(word))
    }
}
