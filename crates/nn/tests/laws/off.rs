//! Off means off, configurations survive TOML, bad values are refused with their place.

use crate::run::{IMAGES, MLP, SKIP, Small, bits, log_bits};
use wellfit_core::card::Card;
use wellfit_core::recipe::Recipe;
use wellfit_nn::technique::{Doors, Shelved, find, shelf};

pub fn with(entries: &[(&str, &str)]) -> String {
    within(MLP, entries)
}

fn within(model: &str, entries: &[(&str, &str)]) -> String {
    let entry = |(id, value): &(&str, &str)| format!("[[regularize]]\n{id} = {value}\n");
    model.to_owned() + &entries.iter().map(entry).collect::<String>()
}

fn doors(card: &Card) -> Doors {
    let recipe = Recipe::parse("test", &with(&[(card.id, card.example)])).unwrap();
    Doors::read(&recipe).unwrap()
}

/// Where a technique is at home.
struct Home {
    /// The first of our models in which it finds its place.
    model: &'static str,
    /// Whether it needs images.
    images: bool,
    /// What it cannot be without: one that compares passes needs a layer that draws.
    beside: &'static [(&'static str, &'static str)],
}

impl Home {
    fn of(card: &Card) -> Self {
        let doors = doors(card);
        let compares = doors.losses.iter().any(|door| door.compares_passes());
        let beside: &[_] = if compares { &[("dropout", "{ rate = 0.3 }")] } else { &[] };
        let images = doors.batch.iter().any(|door| door.needs_images());
        let fits = |model: &&str| Small::of(&within(model, &[(card.id, card.example)])).builds();
        let model = [MLP, SKIP, IMAGES].into_iter().find(fits);
        let model = model.unwrap_or_else(|| panic!("{} fits no model", card.id));
        Self { model, images, beside }
    }

    fn small(&self, entries: &[(&str, &str)]) -> Small {
        let text = within(self.model, &[self.beside, entries].concat());
        if self.images { Small::of_images(&text) } else { Small::of(&text) }
    }
}

fn spelled_out(shelved: &Shelved, value: &str) -> Result<String, wellfit_core::Error> {
    let recipe = Recipe::parse("test", &with(&[(shelved.card.id, value)]))?;
    (shelved.spell_out)(&recipe, &recipe.techniques()?[0])
}

#[test]
fn off_is_bit_identical_to_absence() {
    let mut switched_off = 0;
    for card in shelf().map(|shelved| shelved.card) {
        if let Some(off) = card.off {
            let home = Home::of(card);
            let (plain, run) = (home.small(&[]).run(), home.small(&[(card.id, off)]).run());
            assert!(bits(&run) == bits(&plain), "{} = {off} changes the run", card.id);
            switched_off += 1;
        }
    }
    assert!(switched_off >= 7, "only {switched_off} techniques have an off value");
}

#[test]
fn every_technique_changes_the_loss_and_repeats_its_bits() {
    for card in shelf().map(|shelved| shelved.card) {
        // Values at which the technique bites on so small a run.
        let value = match card.id {
            "clip_value" => "{ max = 1e-3 }",
            "clip_norm" | "clip_global_norm" => "{ max_norm = 1e-3 }",
            "max_norm" => "{ max_norm = 0.5 }",
            "early_stopping" => "{ patience = 1, min_delta = 1e9 }",
            _ => card.example,
        };
        let home = Home::of(card);
        let run = || home.small(&[(card.id, value)]).run();
        let (first, plain) = (run(), home.small(&[]).run());
        // Acts on broken runs alone, see `runs`.
        if card.id == "skip_non_finite" {
            assert!(bits(&first).1 == bits(&plain).1);
            continue;
        }
        // The losses are logged with and without it; a penalty's own series would prove nothing.
        let loss = |log: &wellfit_core::run::Run| log_bits(log)["train.loss"].clone();
        assert!(loss(&first.log) != loss(&plain.log), "{} = {value} does nothing", card.id);
        assert!(bits(&first) == bits(&run()), "{} = {value} does not repeat", card.id);
    }
}

#[test]
fn configurations_survive_toml() {
    for shelved in shelf() {
        let example = spelled_out(&shelved, shelved.card.example).unwrap();
        let inline = format!("{{ {} }}", example.trim().replace('\n', ", "));
        assert_eq!(spelled_out(&shelved, &inline).unwrap(), example, "{}", shelved.card.id);
    }
}

/// A number, or a list of numbers, with something bad in each place.
fn spoilt(value: &toml::Value) -> Vec<String> {
    const BAD: [&str; 3] = ["nan", "-1", "inf"];
    match value {
        toml::Value::Integer(_) | toml::Value::Float(_) => BAD.map(str::to_owned).to_vec(),
        toml::Value::Array(list) => {
            let spoilt = |place: usize, bad: &str| {
                let mut cells: Vec<String> = list.iter().map(toml::Value::to_string).collect();
                cells[place] = bad.to_owned();
                format!("[{}]", cells.join(", "))
            };
            let numbers = (0..list.len()).filter(|&i| list[i].is_integer() || list[i].is_float());
            numbers.flat_map(|place| BAD.map(|bad| spoilt(place, bad))).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn bad_numbers_are_refused_with_their_place_whatever_the_key() {
    let mut tried = 0;
    for shelved in shelf() {
        let id = shelved.card.id;
        let example: toml::Table =
            toml::from_str(&spelled_out(&shelved, shelved.card.example).unwrap()).unwrap();
        let spoilt = example
            .iter()
            .flat_map(|(key, value)| spoilt(value).into_iter().map(move |spoilt| (key, spoilt)));
        for (key, bad) in spoilt {
            let others = example.iter().filter(|(other, _)| *other != key);
            let others: String = others.map(|(k, v)| format!(", {k} = {v}")).collect();
            let value = format!("{{ {key} = {bad}{others} }}");
            let error = spelled_out(&shelved, &value).unwrap_err().to_string();
            let told = error.contains("expected") && error.contains("--> test:");
            assert!(told && !error.contains("missing"), "{id} = {value}: {error}");
            tried += 1;
        }
    }
    assert!(tried >= 3 * 15, "only {tried} bad numbers tried");
}

#[test]
fn unknown_keys_and_plain_values_are_refused_with_their_place() {
    for shelved in shelf() {
        let error = spelled_out(&shelved, "{ no_such_key = 1 }").unwrap_err().to_string();
        assert!(error.contains("no_such_key") && error.contains("--> test:"), "{error}");
        let error = spelled_out(&shelved, "5").unwrap_err().to_string();
        assert!(error.contains("expected a table, as in"), "{error}");
    }
}

#[test]
fn an_unknown_technique_brings_the_closest() {
    let recipe = Recipe::parse("test", &with(&[("dropuot", "{ rate = 0.5 }")])).unwrap();
    let Err(error) = find(&recipe, &recipe.techniques().unwrap()[0]) else { panic!("found") };
    assert!(error.to_string().contains("did you mean `dropout`?"), "{error}");
}
