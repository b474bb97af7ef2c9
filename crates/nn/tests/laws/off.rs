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

/// The first of our models in which the technique finds its place.
fn home(id: &str, value: &str) -> &'static str {
    let fits = |model: &&str| Small::of(&within(model, &[(id, value)])).builds();
    [MLP, SKIP, IMAGES].into_iter().find(fits).unwrap_or_else(|| panic!("{id} fits no model"))
}

fn spelled_out(shelved: &Shelved, value: &str) -> Result<String, wellfit_core::Error> {
    let recipe = Recipe::parse("test", &with(&[(shelved.card.id, value)]))?;
    (shelved.spell_out)(&recipe, &recipe.techniques()?[0])
}

#[test]
fn off_is_bit_identical_to_absence() {
    let plain = bits(&Small::of(MLP).run());
    let mut switched_off = 0;
    for card in shelf().map(|shelved| shelved.card) {
        if let Some(off) = card.off {
            let run = Small::of(&with(&[(card.id, off)])).run();
            assert!(bits(&run) == plain, "{} = {off} changes the run", card.id);
            switched_off += 1;
        }
    }
    assert!(switched_off >= 7, "only {switched_off} techniques have an off value");
}

/// What a technique cannot be without: one that compares passes needs a layer that draws.
fn company(card: &Card) -> &'static [(&'static str, &'static str)] {
    let recipe = Recipe::parse("test", &with(&[(card.id, card.example)])).unwrap();
    let compares = Doors::read(&recipe).unwrap().losses.iter().any(|door| door.compares_passes());
    if compares { &[("dropout", "{ rate = 0.3 }")] } else { &[] }
}

#[test]
fn every_technique_changes_the_loss_and_repeats_its_bits() {
    let plain = [MLP, SKIP, IMAGES].map(|model| (model, log_bits(&Small::of(model).run().log)));
    for card in shelf().map(|shelved| shelved.card) {
        let beside = company(card);
        // Values at which the technique bites on so small a run.
        let value = match card.id {
            "clip_value" => "{ max = 1e-3 }",
            "clip_norm" | "clip_global_norm" => "{ max_norm = 1e-3 }",
            "early_stopping" => "{ patience = 1, min_delta = 1e9 }",
            _ => card.example,
        };
        let model = home(card.id, value);
        let plain = match beside {
            [] => plain.iter().find(|(of, _)| *of == model).unwrap().1.clone(),
            _ => log_bits(&Small::of(&within(model, beside)).run().log),
        };
        let run = || Small::of(&within(model, &[beside, &[(card.id, value)]].concat())).run();
        let first = run();
        // The losses are logged with and without it; a penalty's own series would prove nothing.
        let loss = |log: &std::collections::BTreeMap<String, Vec<u64>>| log["train.loss"].clone();
        assert!(loss(&log_bits(&first.log)) != loss(&plain), "{} = {value} does nothing", card.id);
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

#[test]
fn bad_numbers_are_refused_with_their_place_whatever_the_key() {
    let mut tried = 0;
    for shelved in shelf() {
        let id = shelved.card.id;
        let example: toml::Table =
            toml::from_str(&spelled_out(&shelved, shelved.card.example).unwrap()).unwrap();
        let numeric = example.iter().filter(|(_, value)| value.is_integer() || value.is_float());
        for (key, _) in numeric {
            for bad in ["nan", "-1", "inf"] {
                let others = example.iter().filter(|(other, _)| *other != key);
                let others: String = others.map(|(k, v)| format!(", {k} = {v}")).collect();
                let value = format!("{{ {key} = {bad}{others} }}");
                let error = spelled_out(&shelved, &value).unwrap_err().to_string();
                let told = error.contains("expected") && error.contains("--> test:");
                assert!(told && !error.contains("missing"), "{id} = {value}: {error}");
                tried += 1;
            }
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
