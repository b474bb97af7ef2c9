//! Serde speaks of Rust's types; a recipe's writer knows numbers, lists and tables.

/// The message with Rust's types in plain words.
pub(super) fn plain(message: &str) -> String {
    let Some((found, expected)) = message.rsplit_once(", expected ") else {
        return message.to_owned();
    };
    let found = found.strip_prefix("invalid type: ").or(found.strip_prefix("invalid value: "));
    let (Some(found), Some(expected)) = (found, in_words(expected)) else {
        return message.to_owned();
    };
    // Serde quotes numbers in backquotes and names their kind: floating point `nan`.
    let kinds = ["floating point ", "integer ", "boolean ", "string "];
    let found = kinds.iter().find_map(|kind| found.strip_prefix(kind)).unwrap_or(found);
    let found = match found {
        "map" => "a table",
        "sequence" => "a list",
        found => found.trim_matches('`'),
    };
    format!("expected {expected}, found {found}")
}

fn in_words(expected: &str) -> Option<&str> {
    Some(match expected {
        "f64" => "a number",
        "u64" | "usize" | "u32" => "a whole number of at least 0",
        "a nonzero u64" | "a nonzero usize" => "a whole number above 0",
        "a boolean" => "true or false",
        "a string" => "a string in quotes",
        "a sequence" => "a list, as [64, 64]",
        "a map" => "a table",
        other if other.starts_with("struct ") => "a table, as { key = value }",
        other if other.starts_with("a ") => other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn types_become_words() {
        for (serde, words) in [
            ("invalid type: string \"big\", expected f64", "expected a number, found \"big\""),
            (
                "invalid value: integer `0`, expected a nonzero usize",
                "expected a whole number above 0, found 0",
            ),
            (
                "invalid type: floating point `nan`, expected u64",
                "expected a whole number of at least 0, found nan",
            ),
            (
                "invalid type: integer `8`, expected a sequence",
                "expected a list, as [64, 64], found 8",
            ),
            (
                "invalid type: sequence, expected struct L2",
                "expected a table, as { key = value }, found a list",
            ),
        ] {
            assert_eq!(plain(serde), words);
        }
    }

    #[test]
    fn our_own_words_stay() {
        for message in ["expected a rate in [0, 1), found 1.5", "unknown field `x`, expected `y`"] {
            assert_eq!(plain(message), message);
        }
    }
}
