//! Off means off, techniques do not disturb each other, configurations survive TOML.

use crate::run::{MLP, Small, bits};
use wellfit_core::recipe::Recipe;
use wellfit_nn::technique::{Shelved, find, shelf};

fn with(entries: &[(&str, &str)]) -> String {
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
fn every_example_changes_the_run_and_repeats_its_bits() {
    let plain = bits(&Small::of(MLP).run());
    for card in shelf().map(|shelved| shelved.card) {
        // Values at which the technique bites on so small a run.
        let value = match card.id {
            "clip_value" => "{ max = 1e-3 }",
            "clip_norm" | "clip_global_norm" => "{ max_norm = 1e-3 }",
            "early_stopping" => "{ patience = 1, min_delta = 1e9 }",
            _ => card.example,
        };
        let run = || bits(&Small::of(&with(&[(card.id, value)])).run());
        let first = run();
        assert!(first != plain, "{} = {value} changes nothing", card.id);
        assert!(first == run(), "{} = {value} does not repeat", card.id);
    }
}

/// Dropout's masks must be the same whether or not another technique draws before it. The masks
/// show in the online loss of the first step, before any weight has moved, when the other
/// technique leaves the batch alone on average; so they are read directly.
#[test]
fn inserting_one_technique_changes_no_draw_of_another() {
    use wellfit_core::number::Rate;
    use wellfit_core::seed::Seed;
    use wellfit_nn::burn::tensor::{Device, Tensor};
    use wellfit_nn::chance::{Source, StepClock};
    use wellfit_nn::layer::dropout::Dropout;

    let clock = StepClock::new();
    let seed = Seed::new(1);
    let layer = |path: &str| Dropout::new(Rate::new(0.5).unwrap(), Source::new(seed, path, &clock));
    let ones = || Tensor::<2>::ones([8, 8], &Device::flex().autodiff());
    let (dropout, inserted) = (layer("dropout at blocks.1"), layer("dropout at blocks.0"));
    for step in 0..3 {
        clock.begin(step, 0);
        let alone = dropout.forward(ones()).into_data();
        clock.begin(step, 0);
        let _ = inserted.forward(ones());
        assert_eq!(dropout.forward(ones()).into_data(), alone);
    }
}

/// A penalty of no strength to speak of leaves the bits of a run with dropout and noise alone, so
/// that nothing of it can have moved their draws.
#[test]
fn a_penalty_beside_them_moves_no_draw() {
    let stochastic = [("dropout", "{ rate = 0.5 }"), ("input_noise", "{ std = 0.5 }")];
    let online = |entries: &[(&str, &str)]| {
        let run = Small::of(&with(entries)).epochs(1).run();
        run.log.series.iter().find(|s| s.name() == "online.loss").unwrap().values()[0]
    };
    let alone = online(&stochastic);
    for technique in ["l1", "l2", "elastic_net", "weight_decay", "clip_global_norm"] {
        let value = match technique {
            "elastic_net" => "{ lambda = 1e-30, ratio = 0.5 }",
            "clip_global_norm" => "{ max_norm = 1e30 }",
            _ => "{ lambda = 1e-30 }",
        };
        let mut entries = vec![(technique, value)];
        entries.extend(stochastic);
        assert_eq!(online(&entries).to_bits(), alone.to_bits(), "{technique} moves draws");
    }
    let reversed = [stochastic[1], stochastic[0]];
    assert_eq!(online(&reversed).to_bits(), alone.to_bits(), "the order moves draws");
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
fn nan_out_of_range_and_unknown_keys_are_refused_with_their_place() {
    for shelved in shelf() {
        let card = shelved.card;
        for range in card.search {
            for bad in ["nan", "-1", "inf"] {
                let value = format!("{{ {} = {bad} }}", range.key);
                let error = spelled_out(&shelved, &value).unwrap_err().to_string();
                assert!(error.contains("--> test:"), "{}: {error}", card.id);
            }
        }
        let error = spelled_out(&shelved, "{ no_such_key = 1 }").unwrap_err().to_string();
        assert!(error.contains("no_such_key") && error.contains("--> test:"), "{error}");
    }
}

#[test]
fn an_unknown_technique_brings_the_closest() {
    let recipe = Recipe::parse("test", &with(&[("dropuot", "{ rate = 0.5 }")])).unwrap();
    let Err(error) = find(&recipe, &recipe.techniques().unwrap()[0]) else { panic!("found") };
    assert!(error.to_string().contains("did you mean `dropout`?"), "{error}");
}
