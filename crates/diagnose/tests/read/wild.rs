//! Logs in the shapes of many programs, all of one run: `logs/makers/wild_logs.py` makes them, and
//! with them `wild.json`, which says what each must read as.

use crate::goldens::{difference, logs};
use serde_json::Value;
use wellfit_diagnose::read::read;

#[test]
fn the_right_series_are_chosen_in_every_shape() {
    let golden: Value = serde_json::from_str(include_str!("wild.json")).unwrap();
    let golden = golden.as_object().unwrap();
    let mut wrong = Vec::new();
    for (name, expected) in golden {
        let found: Result<Vec<_>, _> =
            read(&logs().join("wild").join(name), None).into_iter().collect();
        match found.as_deref() {
            Ok([log]) => {
                let difference = difference(log, &expected["series"]);
                wrong.extend(difference.map(|difference| format!("{name}: {difference}")));
                if log.format.name() != expected["format"] {
                    wrong.push(format!("{name}: read as {}", log.format));
                }
            }
            Ok(several) => wrong.push(format!("{name}: {} runs", several.len())),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(golden.len() > 75, "{} logs", golden.len());
}
