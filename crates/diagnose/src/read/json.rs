//! A forgiving reader of JSON and of what Python prints for dictionaries.
//!
//! Logs hold `NaN` and `Infinity` (Python's `json` writes them), single quotes, `None`, `True`,
//! `tensor(0.5)`, `np.float64(0.5)`, and end in the middle when a run was killed. No JSON library
//! keeps what came before such a place.

/// A value. Text that is read as a number where one is wanted stays text here.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Nothing,
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

/// What was read, and where and why reading ended early.
pub(super) struct Parsed {
    pub value: Json,
    pub broken: Option<String>,
}

/// Lists in lists deeper than this are no log.
const DEEPEST: usize = 64;

/// Reads the value at the start of `text`.
pub(super) fn parse(text: &str) -> Parsed {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, depth: 0, broken: None };
    let value = reader.value();
    Parsed { value, broken: reader.broken }
}

impl Json {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Self::Map(entries) => entries.iter().find(|entry| entry.0 == key).map(|entry| &entry.1),
            _ => None,
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    broken: Option<String>,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn fail(&mut self, expected: &str) -> Json {
        if self.broken.is_none() {
            let rest = &self.bytes[self.at.min(self.bytes.len())..];
            let found = String::from_utf8_lossy(&rest[..rest.len().min(12)]).into_owned();
            let found = if rest.is_empty() { "the end".to_owned() } else { format!("`{found}`") };
            self.broken = Some(format!("expected {expected}, found {found} at byte {}", self.at));
        }
        Json::Nothing
    }

    fn value(&mut self) -> Json {
        if self.depth > DEEPEST {
            return self.fail("fewer levels");
        }
        self.depth += 1;
        let value = match self.peek() {
            Some(b'{') => self.map(),
            Some(b'[') => self.list(b']'),
            Some(b'(') => self.list(b')'),
            Some(quote @ (b'"' | b'\'')) => self.text(quote).map_or(Json::Nothing, Json::Text),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'<') => self.word(),
            _ => self.fail("a value"),
        };
        self.depth -= 1;
        value
    }

    fn list(&mut self, close: u8) -> Json {
        self.at += 1;
        let mut values = Vec::with_capacity(1);
        while self.broken.is_none() {
            match self.peek() {
                Some(c) if c == close => {
                    self.at += 1;
                    break;
                }
                Some(b',') if !values.is_empty() => self.at += 1,
                _ => {
                    let value = self.value();
                    // A value that was cut off is none, but what a list or map holds stays.
                    if self.broken.is_none() || matches!(value, Json::List(_) | Json::Map(_)) {
                        values.push(value);
                    }
                }
            }
        }
        Json::List(values)
    }

    fn map(&mut self) -> Json {
        self.at += 1;
        let mut entries = Vec::with_capacity(1);
        while self.broken.is_none() {
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                _ => {
                    let Some(key) = self.key() else { break };
                    let value = self.value();
                    if self.broken.is_none() || matches!(value, Json::List(_) | Json::Map(_)) {
                        entries.push((key, value));
                    }
                }
            }
        }
        Json::Map(entries)
    }

    fn key(&mut self) -> Option<String> {
        let key = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => self.text(quote)?,
            Some(b'0'..=b'9') => match self.number() {
                Json::Number(number) => number.to_string(),
                _ => return None,
            },
            _ => {
                self.fail("a name in quotes");
                return None;
            }
        };
        if self.peek() == Some(b':') {
            self.at += 1;
            return Some(key);
        }
        self.fail("`:`");
        None
    }

    fn text(&mut self, quote: u8) -> Option<String> {
        let begin = self.at + 1;
        let mut end = begin;
        while self.bytes.get(end).is_some_and(|byte| *byte != quote) {
            end += if self.bytes[end] == b'\\' { 2 } else { 1 };
        }
        if end >= self.bytes.len() {
            self.at = self.bytes.len();
            self.fail("the end of a text");
            return None;
        }
        self.at = end + 1;
        Some(String::from_utf8_lossy(&self.bytes[begin..end]).into_owned())
    }

    fn number(&mut self) -> Json {
        let begin = self.at;
        let part = |c: &u8| c.is_ascii_alphanumeric() || b"+-._".contains(c);
        while self.bytes.get(self.at).is_some_and(part) {
            self.at += 1;
        }
        let text = String::from_utf8_lossy(&self.bytes[begin..self.at]).into_owned();
        // The last digits of a number that ends the file may be missing.
        let ended = self.at < self.bytes.len() || self.depth == 1;
        match text.parse().ok().filter(|_| ended) {
            Some(number) => Json::Number(number),
            None => {
                self.at = if ended { begin } else { self.at };
                self.fail("a number")
            }
        }
    }

    /// `NaN`, `None`, or the call of a type: `tensor(0.5)` is what it holds.
    fn word(&mut self) -> Json {
        let begin = self.at;
        let part = |c: &u8| c.is_ascii_alphanumeric() || b"._<>' ".contains(c);
        let class = self.bytes[begin] == b'<';
        while self
            .bytes
            .get(self.at)
            .is_some_and(|c| part(c) && (class || *c != b' ' && *c != b'\''))
        {
            self.at += 1;
        }
        let word = String::from_utf8_lossy(&self.bytes[begin..self.at]).to_lowercase();
        if self.bytes.get(self.at) == Some(&b'(') {
            return self.call();
        }
        match word.as_str() {
            "nan" | "inf" | "infinity" => word.parse().map_or(Json::Nothing, Json::Number),
            "null" | "none" | "true" | "false" => Json::Nothing,
            _ if class => Json::Nothing,
            _ => {
                self.at = begin;
                self.fail("a value")
            }
        }
    }

    /// The first argument that holds something.
    fn call(&mut self) -> Json {
        // Names of arguments (`device='cuda:0'`) are no values: what follows the first is skipped.
        self.at += 1;
        let mut first = Json::Nothing;
        while self.broken.is_none() {
            match self.peek() {
                Some(b')') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(c) if c.is_ascii_alphabetic() && self.is_argument_name() => {
                    while !matches!(self.bytes.get(self.at), None | Some(b'=')) {
                        self.at += 1;
                    }
                    self.at += 1;
                    self.value();
                }
                _ => {
                    let value = self.value();
                    if first == Json::Nothing {
                        first = value;
                    }
                }
            }
        }
        first
    }

    fn is_argument_name(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|c| !c.is_ascii_alphanumeric() && *c != b'_');
        end.is_some_and(|end| rest[end] == b'=')
    }
}

#[cfg(test)]
mod tests;
