//! Laws of recipes: configurations survive TOML, and bad values are refused with their place.

use super::bench::regularize;
use super::{Bench, Law, Measured};
use crate::Error;
use crate::technique::Shelved;
use wellfit_core::recipe::Recipe;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "round_trip",
        says: "a configuration that is written and read again is the same",
        about: &[],
        measure: round_trip,
    },
    Law {
        id: "bad_values",
        says: "NaN, infinity, negative numbers and unknown keys are refused with their place",
        about: &[],
        measure: bad_values,
    },
];

fn spelled_out(shelved: Shelved, value: &str) -> Result<String, wellfit_core::Error> {
    let recipe = Recipe::parse("law", &regularize(&[(shelved.card.id, value)]))?;
    recipe
        .techniques()?
        .first()
        .map_or(Ok(String::new()), |entry| (shelved.spell_out)(&recipe, entry))
}

fn round_trip(_: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let first = spelled_out(shelved, shelved.card.example)?;
    let inline = format!("{{ {} }}", first.trim().replace('\n', ", "));
    let again = spelled_out(shelved, &inline)?;
    Ok(Some(Measured::none_of(usize::from(first != again))))
}

fn bad_values(_: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let text = spelled_out(shelved, shelved.card.example)?;
    let example: toml::Table =
        toml::from_str(&text).map_err(|error| Error::Mismatch(error.to_string()))?;
    let spoilt = example.iter().flat_map(|(key, value)| {
        let others = example.iter().filter(move |(other, _)| *other != key);
        let others: String = others.map(|(k, v)| format!(", {k} = {v}")).collect();
        bad(value).into_iter().map(move |bad| format!("{{ {key} = {bad}{others} }}"))
    });
    let wrong = spoilt.filter(|value| !is_refused(shelved, value, "expected")).count();
    let unknown = !is_refused(shelved, "{ no_such_key = 1 }", "no_such_key");
    let plain = !is_refused(shelved, "5", "expected a table, as in");
    Ok(Some(Measured::none_of(wrong + usize::from(unknown) + usize::from(plain))))
}

/// Whether a value is refused with its place and with these words.
fn is_refused(shelved: Shelved, value: &str, words: &str) -> bool {
    let Err(error) = spelled_out(shelved, value) else { return false };
    let told = error.to_string();
    // A key that the test left out by mistake would be refused as well.
    told.contains(words) && told.contains("--> law:") && !told.contains("missing field")
}

/// A number, or a list of numbers, with something bad in each place.
fn bad(value: &toml::Value) -> Vec<String> {
    const BAD: [&str; 3] = ["nan", "-1", "inf"];
    match value {
        toml::Value::Integer(_) | toml::Value::Float(_) => BAD.map(str::to_owned).to_vec(),
        toml::Value::Array(list) => {
            let spoilt = |place: usize, bad: &str| {
                let cell = |(i, cell): (usize, &toml::Value)| match i == place {
                    true => bad.to_owned(),
                    false => cell.to_string(),
                };
                format!("[{}]", list.iter().enumerate().map(cell).collect::<Vec<_>>().join(", "))
            };
            let numbers = (0..list.len()).filter(|&i| list[i].is_integer() || list[i].is_float());
            numbers.flat_map(|place| BAD.map(|bad| spoilt(place, bad))).collect()
        }
        _ => Vec::new(),
    }
}
