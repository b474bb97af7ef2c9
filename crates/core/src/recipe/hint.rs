//! "Did you mean": the closest known word to one that is not known.

/// `did you mean ...?` with the known word closest to `word`, when one is close.
pub fn closest(word: &str, known: &[&str]) -> Option<String> {
    let score = |candidate: &str| strsim::jaro_winkler(word, candidate);
    let best = known.iter().max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(best) > 0.75).then(|| format!("did you mean `{best}`?"))
}

/// Serde lists the known words in backquotes behind the unknown one.
pub(super) fn for_unknown_key(message: &str) -> Option<String> {
    let rest = message
        .strip_prefix("unknown field ")
        .or_else(|| message.strip_prefix("unknown variant "))?;
    let words: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let (word, known) = words.split_first()?;
    closest(word, known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognized() {
        assert_eq!(closest("lamda", &["lambda", "rate"]).unwrap(), "did you mean `lambda`?");
        assert_eq!(closest("zzz", &["lambda", "rate"]), None);
        assert_eq!(closest("x", &[]), None);
    }

    #[test]
    fn serde_messages_are_read() {
        let message = "unknown field `lamda`, expected one of `lambda`, `method`";
        assert_eq!(for_unknown_key(message).unwrap(), "did you mean `lambda`?");
        assert_eq!(for_unknown_key("missing field `lambda`"), None);
    }
}
