//! When two golden files say the same.

use serde_json::Value;

/// The last digits depend on the processor: NumPy and BLAS sum in the width of its vectors.
const RELATIVE: f64 = 1e-9;
/// What is zero but for rounding, as a gradient at its optimum.
const ABSOLUTE: f64 = 1e-12;

/// Where two JSON texts differ first, with both values.
///
/// The version of the interpreter may differ: it is noted in the files but makes no number.
///
/// # Errors
/// A text is no JSON.
pub fn first_difference(committed: &str, fresh: &str) -> Result<Option<String>, String> {
    let parse = |name: &str, text: &str| {
        let parsed: Result<Value, _> = serde_json::from_str(text);
        let mut value = parsed.map_err(|error| format!("the {name} file is no JSON: {error}"))?;
        if let Some(versions) = value.get_mut("versions").and_then(Value::as_object_mut) {
            versions.remove("python");
        }
        Ok::<Value, String>(value)
    };
    Ok(difference(&parse("committed", committed)?, &parse("fresh", fresh)?, "$"))
}

fn difference(old: &Value, new: &Value, at: &str) -> Option<String> {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().find_map(|(key, old)| difference(old, &b[key], &format!("{at}.{key}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(i, (old, new))| difference(old, new, &format!("{at}[{i}]")))
        }
        _ if old == new || close(old, new) => None,
        _ => Some(format!("{at} was {}, is {}", brief(old), brief(new))),
    }
}

/// Numbers of which at least one has a fraction; whole numbers are counts, and counts are exact.
fn close(old: &Value, new: &Value) -> bool {
    let (Some(a), Some(b)) = (old.as_f64(), new.as_f64()) else { return false };
    let counts = !old.is_f64() && !new.is_f64();
    !counts && (a - b).abs() <= ABSOLUTE + RELATIVE * a.abs().max(b.abs())
}

/// A value short enough for a line.
fn brief(value: &Value) -> String {
    match value {
        Value::Object(map) => format!("an object of {} keys", map.len()),
        Value::Array(list) => format!("a list of {} values", list.len()),
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    fn differs(a: &str, b: &str) -> Option<String> {
        first_difference(a, b).unwrap()
    }

    #[test]
    fn last_digits_may_differ_and_digits_before_them_may_not() {
        assert_eq!(differs("[1.0, 0.0]", "[1.0000000000000002, 1e-16]"), None);
        let found = differs(r#"{"a": [1.0, 2.5]}"#, r#"{"a": [1.0, 2.500001]}"#);
        assert_eq!(found.unwrap(), "$.a[1] was 2.5, is 2.500001");
    }

    #[test]
    fn counts_are_exact() {
        assert!(differs("10000000000", "10000000001").is_some());
    }

    #[test]
    fn shapes_keys_and_kinds_count() {
        assert!(differs("[1, 2]", "[1]").is_some());
        assert!(differs(r#"{"a": 1}"#, r#"{"b": 1}"#).is_some());
        assert!(differs("null", "0.0").is_some());
        assert!(differs("\"1\"", "1").is_some());
    }

    #[test]
    fn versions_count_but_for_the_interpreter() {
        let versions = |python: &str, numpy: &str| {
            format!(r#"{{"versions": {{"python": "{python}", "numpy": "{numpy}"}}}}"#)
        };
        assert_eq!(differs(&versions("3.11", "2.4"), &versions("3.12", "2.4")), None);
        assert!(differs(&versions("3.11", "2.4"), &versions("3.11", "2.5")).is_some());
    }

    #[test]
    fn what_is_no_json_is_refused_by_name() {
        assert!(first_difference("{", "{}").unwrap_err().contains("committed"));
        assert!(first_difference("{}", "").unwrap_err().contains("fresh"));
    }
}
