//! JSON as Python writes and reads it, where NaN and infinity are words of their own.
//!
//! A word stands here as a string that begins with a zero character, which nothing else does.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

const WORDS: [(&str, f64); 3] =
    [("NaN", f64::NAN), ("-Infinity", f64::NEG_INFINITY), ("Infinity", f64::INFINITY)];

/// What a zero character is inside a JSON string.
const MARK: &str = "\\u0000";

/// A number that may be NaN or infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Float(pub(super) f64);

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let same = |word: f64| word == self.0 || word.is_nan() && self.0.is_nan();
        match WORDS.iter().find(|(_, word)| same(*word)) {
            Some((name, _)) => serializer.serialize_str(&format!("\0{name}")),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let word = |text: &str| {
            let name = text.strip_prefix('\0')?;
            WORDS.iter().find(|(word, _)| *word == name).map(|(_, value)| *value)
        };
        let number = value.as_f64().or_else(|| word(value.as_str()?));
        number
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(format!("expected a number, found {value}")))
    }
}

/// Marked strings become Python's words.
pub(super) fn spoken(json: &str) -> String {
    WORDS
        .iter()
        .fold(json.to_owned(), |text, (name, _)| text.replace(&format!("\"{MARK}{name}\""), name))
}

/// Python's words, outside strings, become marked strings.
pub(super) fn marked(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(['"', 'N', 'I', '-']) {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = match WORDS.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, _)) => {
                text.push_str(&format!("\"{MARK}{name}\""));
                rest = &rest[name.len()..];
                continue;
            }
            None if rest.starts_with('"') => string_end(rest),
            None => 1,
        };
        text.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}

/// Bytes of the string that begins here, both quotes included.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return index + 1,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pythons_words_are_read_and_written() {
        let line = r#"{"a":NaN,"b":[-Infinity,Infinity,-1.5],"NaN":"a \"NaN, \\"}"#;
        let value: Value = serde_json::from_str(&marked(line)).unwrap();
        let float = |value: &Value| serde_json::from_value::<Float>(value.clone()).unwrap().0;
        assert!(float(&value["a"]).is_nan());
        let b: Vec<f64> = value["b"].as_array().unwrap().iter().map(float).collect();
        assert_eq!(b, [f64::NEG_INFINITY, f64::INFINITY, -1.5]);
        assert_eq!(value["NaN"], "a \"NaN, \\");
        assert_eq!(spoken(&serde_json::to_string(&value).unwrap()).len(), line.len());
    }

    #[test]
    fn plain_lines_stay_as_they_are() {
        for line in ["", "{}", r#"{"Nothing":"Infinite \" -Infinity","x":-2}"#, "\"open", "-"] {
            assert_eq!(marked(line), line);
        }
        assert!(serde_json::from_str::<Float>("\"NaN\"").is_err());
    }
}
