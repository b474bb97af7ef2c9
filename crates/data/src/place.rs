//! Paths as a recipe writes them: with environment variables, relative to a base folder.

use crate::Error;
use std::path::{Path, PathBuf};

/// Fills `${NAME}` in `text` from the environment and puts a relative result under `base`.
///
/// # Errors
/// [`Error::Path`] when a variable is not set or a `${` has no `}`.
pub fn resolve(text: &str, base: &Path) -> Result<PathBuf, Error> {
    Ok(base.join(fill(text, |name| std::env::var(name).ok().filter(|v| !v.is_empty()))?))
}

fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, Error> {
    let wrong = |why: String| Error::Path { text: text.to_owned(), why };
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else {
            return Err(wrong("expected `}` after `${`, found the end".to_owned()));
        };
        let unset = || {
            let advice = "set it to the folder that holds the data, or write the path itself";
            wrong(format!("the environment variable `{name}` is not set; {advice}"))
        };
        filled += before;
        filled += &value(name).ok_or_else(unset)?;
        rest = after;
    }
    Ok(filled + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<String> {
        (name == "DATA").then(|| "/d".to_owned())
    }

    #[test]
    fn variables_are_filled_in() {
        assert_eq!(fill("${DATA}/a/${DATA}", value).unwrap(), "/d/a//d");
        assert_eq!(fill("a/$b.csv", value).unwrap(), "a/$b.csv");
    }

    #[test]
    fn paths_are_relative_to_the_base_unless_absolute() {
        assert_eq!(resolve("a.csv", Path::new("/r")).unwrap(), Path::new("/r/a.csv"));
        assert_eq!(resolve("/x/a.csv", Path::new("/r")).unwrap(), Path::new("/x/a.csv"));
    }

    #[test]
    fn an_unset_variable_is_named_with_advice() {
        let text = resolve("${WELLFIT_NEVER_SET}/a.csv", Path::new("/r")).unwrap_err().to_string();
        let expected = "path `${WELLFIT_NEVER_SET}/a.csv`: the environment variable \
                        `WELLFIT_NEVER_SET` is not set; set it to the folder that holds the \
                        data, or write the path itself";
        assert_eq!(text, expected);
        let open = fill("${DATA/a", value).unwrap_err().to_string();
        assert_eq!(open, "path `${DATA/a`: expected `}` after `${`, found the end");
    }
}
