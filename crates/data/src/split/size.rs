//! How many rows each part takes.

use super::{Given, Split};
use crate::Share;

impl Split {
    /// Sizes of train, validation and test out of `rows`.
    pub(super) fn sizes(&self, rows: usize, given: Given) -> Result<[usize; 3], String> {
        let validation = counted("validation", self.validation, given.validation, rows)?;
        let test = counted("test", self.test, given.test, rows)?;
        match validation.checked_add(test).and_then(|other| rows.checked_sub(other)) {
            None | Some(0) => Err(format!(
                "{validation} for validation and {test} for test leave none for training"
            )),
            Some(train) => Ok([train, validation, test]),
        }
    }

    /// How many of `train` rows stay.
    pub(super) fn kept(&self, train: usize) -> Result<usize, String> {
        match self.first {
            None => Ok(train),
            Some(first) if (1..=train).contains(&first) => Ok(first),
            Some(first) => Err(format!("`first` must be from 1 to {train}, found {first}")),
        }
    }
}

/// How many of `rows` are cut off for `part`. None of a share that is too small is not what was
/// meant.
fn counted(part: &str, asked: Option<Share>, given: bool, rows: usize) -> Result<usize, String> {
    let share = share(part, asked, given)?;
    match share.rows(rows) {
        0 if !share.is_none() => {
            Err(format!("`{part} = {share}` is no example; write 0 to go without a {part} set"))
        }
        count => Ok(count),
    }
}

/// What is cut off for `part`: nothing where it is given, and then nothing may be asked for.
fn share(part: &str, asked: Option<Share>, given: bool) -> Result<Share, String> {
    match (asked, given) {
        (Some(_), true) => Err(format!("the source brings its own {part} set: leave `{part}` out")),
        (None, true) => Ok(Share::count(0)),
        (asked, false) => Ok(asked.unwrap_or(Share::FIFTH)),
    }
}
