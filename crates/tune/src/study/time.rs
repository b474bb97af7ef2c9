//! Points in time as Optuna writes them.

use std::time::{Duration, SystemTime};

/// ISO 8601 in UTC with microseconds: `2026-11-23T08:30:00.000000+00:00`.
pub fn now() -> String {
    spelled(SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default())
}

fn spelled(since_1970: Duration) -> String {
    let seconds = since_1970.as_secs();
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let micros = since_1970.subsec_micros();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}+00:00")
}

/// Year, month and day of the Gregorian calendar. Years begin in March here, so that the leap day
/// is the last of its year, and 400 of them are 146,097 days.
fn date(days_since_1970: u64) -> (u64, u64, u64) {
    let days = days_since_1970 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Five months from March on have 153 days, and so have the next five.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let next_year = u64::from(month >= 10);
    (era * 400 + year + next_year, if month < 10 { month + 3 } else { month - 9 }, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(11_017), (2000, 3, 1));
        assert_eq!(date(20_453), (2025, 12, 31));
        assert_eq!(date(47_541), (2100, 3, 1));
    }

    #[test]
    fn times_are_optunas() {
        let time = Duration::from_micros(1_795_422_600_000_012);
        assert_eq!(spelled(time), "2026-11-23T08:30:00.000012+00:00");
    }
}
