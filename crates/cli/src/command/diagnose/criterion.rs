//! When to stop a running job, as `--criterion` takes it.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;
use wellfit::core::control::Criterion as Prechelt;
use wellfit::prelude::Positive;

/// Evaluations in a strip of Prechelt's criteria.
const STRIP: NonZeroU64 = NonZeroU64::MIN.saturating_add(4);
const EXPECTED: &str = "expected noise-aware, gl:PERCENT, pq:QUOTIENT, up:STRIPS or \
                        patience:EVALUATIONS";

/// A stopping rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Criterion {
    /// A rise beyond the noise of the curve.
    NoiseAware,
    /// One of Prechelt's criteria.
    Prechelt(Prechelt),
    /// A number of evaluations without a better value.
    Patience(NonZeroU64),
}

impl FromStr for Criterion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{EXPECTED}; found {text}");
        let (rule, number) = match text.split_once(':') {
            Some((rule, number)) => (rule, Some(number)),
            None => (text, None),
        };
        let threshold = |usual: f64| {
            let value = number.map_or(Ok(usual), |number| number.parse().map_err(|_| wrong()))?;
            Positive::new(value).map_err(|_| wrong())
        };
        let count = |usual: Option<u64>| match number {
            Some(number) => number.parse().map_err(|_| wrong()),
            None => usual.and_then(NonZeroU64::new).ok_or_else(wrong),
        };
        Ok(match rule {
            "noise-aware" if number.is_none() => Self::NoiseAware,
            "gl" => Self::Prechelt(Prechelt::GeneralizationLoss { threshold: threshold(5.0)? }),
            "pq" => Self::Prechelt(Prechelt::ProgressQuotient {
                threshold: threshold(3.0)?,
                strip: STRIP,
            }),
            "up" => Self::Prechelt(Prechelt::Rising { strips: count(Some(8))?, strip: STRIP }),
            "patience" => Self::Patience(count(None)?),
            _ => return Err(wrong()),
        })
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoiseAware => f.write_str("noise-aware"),
            Self::Patience(patience) => write!(f, "patience:{patience}"),
            Self::Prechelt(Prechelt::GeneralizationLoss { threshold }) => {
                write!(f, "gl:{}", threshold.get())
            }
            Self::Prechelt(Prechelt::ProgressQuotient { threshold, .. }) => {
                write!(f, "pq:{}", threshold.get())
            }
            Self::Prechelt(Prechelt::Rising { strips, .. }) => write!(f, "up:{strips}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_are_written() {
        for text in ["noise-aware", "gl:5", "pq:0.5", "up:3", "patience:20"] {
            assert_eq!(text.parse::<Criterion>().unwrap().to_string(), text);
        }
        for (short, long) in [("gl", "gl:5"), ("pq", "pq:3"), ("up", "up:8")] {
            assert_eq!(short.parse::<Criterion>(), long.parse());
        }
        for wrong in ["", "gl:0", "gl:-1", "gl:x", "up:0", "up:1.5", "patience", "noise-aware:3"] {
            let error = wrong.parse::<Criterion>().unwrap_err();
            assert!(error.contains("expected") && error.ends_with(wrong), "{error}");
        }
    }
}
