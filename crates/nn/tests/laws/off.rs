//! Off means off, configurations survive TOML, bad values are refused with their place.

use crate::run::{MLP, Small, bits, log_bits};
use wellfit_core::recipe::Recipe;
use wellfit_nn::technique::{Shelved, find, shelf};

pub fn with(entries: &[(&str, &str)]) -> String {
    let entry = |(id, value): &(&str, &str)| format!("[[regularize]]\n{id} = {value}\n");
    MLP.to_owned() + &entries.iter().map(entry).collect::<String>()
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

#[test]
fn every_technique_changes_the_loss_and_repeats_its_bits() {
    let plain = log_bits(&Small::of(MLP).run().log);
    let plain_on_images = log_bits(&Small::images(MLP).run().log);
    for card in shelf().map(|shelved| shelved.card) {
        // Values at which the technique bites on so small a run.
        let value = match card.id {
            "clip_value" => "{ max = 1e-3 }",
            "clip_norm" | "clip_global_norm" => "{ max_norm = 1e-3 }",
            "early_stopping" => "{ patience = 1, min_delta = 1e9 }",
            _ => card.example,
        };
        let of_images = card.id == "bayes_conv";
        let plain = if of_images { &plain_on_images } else { &plain };
        let run = || match of_images {
            true => Small::images(&with(&[(card.id, value)])).run(),
            false => Small::of(&with(&[(card.id, value)])).run(),
        };
        let first = run();
        // The losses are logged with and without it; a penalty's own series would prove nothing.
        let loss = |log: &std::collections::BTreeMap<String, Vec<u64>>| log["train.loss"].clone();
        assert!(loss(&log_bits(&first.log)) != loss(plain), "{} = {value} does nothing", card.id);
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
