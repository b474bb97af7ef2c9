//! A time on the command line: `90s`, `30m`, `2h`.

use std::time::Duration;

/// Reads it.
pub fn read(text: &str) -> Result<Duration, String> {
    let expected = || format!("expected a time as 90s, 30m or 2h, found {text}");
    let unit = match text.chars().last() {
        Some('s') => 1.0,
        Some('m') => 60.0,
        Some('h') => 3600.0,
        _ => return Err(expected()),
    };
    let number: f64 = text[..text.len() - 1].parse().map_err(|_| expected())?;
    if number <= 0.0 {
        return Err(expected());
    }
    Duration::try_from_secs_f64(number * unit).map_err(|_| expected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_a_clock() {
        let seconds = |text| read(text).unwrap().as_secs_f64();
        assert_eq!((seconds("90s"), seconds("30m"), seconds("1.5h")), (90.0, 1800.0, 5400.0));
        for wrong in ["", "30", "m", "-1m", "0s", "NaNs", "infh", "3 days"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
