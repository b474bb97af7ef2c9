//! Numbers as logs write them.

/// What a field of a log holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field<'a> {
    /// A number; may be NaN or infinite.
    Number(f64),
    /// No value: empty, `NA`, `None`, `null`, `No log`.
    Missing,
    /// Anything else.
    Text(&'a str),
}

/// Reads a field: numbers in any usual spelling, with `%` behind or inside `tensor(...)`.
pub(super) fn field(text: &str) -> Field<'_> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if MISSING.iter().any(|missing| text.eq_ignore_ascii_case(missing)) {
        return Field::Missing;
    }
    parse(text).or_else(|| parse(unwrapped(text))).map_or(Field::Text(text), Field::Number)
}

const MISSING: &[&str] = &["", "na", "n/a", "none", "null", "-", "--", "no log", "undefined"];

fn parse(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('%').trim_end();
    // A decimal comma stands where a fraction follows it and no point.
    text.parse().ok().or_else(|| {
        let (whole, fraction) = text.split_once(',')?;
        let digits = !fraction.is_empty() && !fraction.contains(['.', '+', '-']);
        digits.then(|| format!("{whole}.{fraction}").parse().ok()).flatten()
    })
}

/// `0.5` of `tensor(0.5, device='cuda:0')`, of `np.float64(0.5)` and of `[0.5]`.
fn unwrapped(text: &str) -> &str {
    let inner = match text.split_once('(') {
        Some((name, inner)) if name.chars().all(|c| c.is_alphanumeric() || "._".contains(c)) => {
            inner
        }
        _ if text.starts_with('[') => text,
        _ => return text,
    };
    let end = inner.find([',', ')']).unwrap_or(inner.len());
    inner[..end].trim_matches(['[', ']', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_numbers() {
        let same = [
            ("0.5", 0.5),
            (" 5e-1 ", 0.5),
            ("75%", 75.0),
            ("0,5", 0.5),
            ("tensor(0.5)", 0.5),
            ("tensor(0.5, device='cuda:0')", 0.5),
            ("np.float64(0.5)", 0.5),
            ("[0.5]", 0.5),
            ("-inf", f64::NEG_INFINITY),
            ("Infinity", f64::INFINITY),
            ("'0.5'", 0.5),
        ];
        for (text, value) in same {
            assert_eq!(field(text), Field::Number(value), "{text}");
        }
        assert!(matches!(field("NaN"), Field::Number(nan) if nan.is_nan()));
        for missing in ["", "NA", "None", "null", "No log"] {
            assert_eq!(field(missing), Field::Missing);
        }
        for text in ["00:05", "train", "1,234.5", "2024-01-02"] {
            assert!(matches!(field(text), Field::Text(_)), "{text}");
        }
    }
}
