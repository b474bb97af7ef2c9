//! The way from a recipe to a proven cure.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use wellfit::cure::{
    Band, Candidate, Comparing, Cure, Event, Mixes, Observer, Race, Spec, Tuning, menu,
};
use wellfit::prelude::*;
use wellfit::tune::portfolio::{COCKTAILS, techniques};
use wellfit::tune::space::Cocktails;
use wellfit::tune::study::State;

const RECIPE: &str = "
seed = 5
[data]
digits = {}
first = 150
label_noise = 0.3
[model]
mlp = { widths = [16] }
[train]
epochs = 6
batch_size = 32
learning_rate = 0.01
optimizer = 'adamw'
[tune]
trials = 18
cohort = 6
seeds = 3
finalists = 2
metric = 'validation.accuracy'
[[regularize]]
early_stopping = { patience = 50 }
[[regularize]]
dropout = { rate = 0.3 }
[[regularize]]
l1 = { lambda = 0.1 }
";

fn experiment(text: &str) -> Experiment {
    Experiment::new(Recipe::parse("test", text).unwrap(), Path::new("")).unwrap()
}

fn tune(out: &Path, workers: usize, observer: &dyn Observer) -> Option<Cure> {
    let experiment = experiment(RECIPE);
    let tuning = Tuning {
        experiment: &experiment,
        out: out.to_owned(),
        name: "test".to_owned(),
        workers: NonZeroUsize::new(workers).unwrap(),
        cluster: None,
        budget: None,
        observer,
    };
    let cure = tuning.run().unwrap()?;
    tuning.write(&cure).unwrap();
    Some(cure)
}

/// All of an answer but time and place.
fn told(cure: Cure) -> String {
    let mut answer = serde_json::to_value(&cure.answer).unwrap();
    let fields = answer.as_object_mut().unwrap();
    assert!(fields.remove("seconds").is_some() && fields.remove("study").is_some());
    let study = cure.journal.studies().named("test").unwrap();
    let trials: Vec<_> =
        study.trials.iter().map(|t| (t.state, &t.parameters, &t.intermediate)).collect();
    format!("{answer} {trials:?}")
}

/// Stops after so many events.
struct After(AtomicUsize);

impl Observer for After {
    fn see(&self, _: &Event<'_>) {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
    }

    fn stop(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

#[test]
fn the_answer_is_the_same_stopped_or_not_and_with_any_number_of_workers() {
    let folder = tempfile::tempdir().unwrap();
    let alone = tune(&folder.path().join("alone"), 1, &()).unwrap();
    let study = alone.journal.studies().named("test").unwrap();
    let whole = study.trials.iter().filter(|trial| trial.state == State::Complete).count();
    assert!(whole >= 2 && study.trials.len() > 12, "{whole} of {}", study.trials.len());
    assert!(!alone.answer.finalists.is_empty() && alone.answer.test.is_some());
    for name in ["report.html", "chosen.toml", "answer.json"] {
        assert!(folder.path().join("alone").join(name).is_file(), "{name}");
    }
    let expected = told(alone);
    assert_eq!(told(tune(&folder.path().join("three"), 3, &()).unwrap()), expected);
    let out = folder.path().join("stopped");
    let (mut stops, mut events) = (0, 1);
    let stopped = loop {
        match tune(&out, 2, &After(AtomicUsize::new(events))) {
            Some(cure) => break cure,
            None => stops += 1,
        }
        events += 6;
    };
    assert!(stops >= 3, "{stops}");
    assert_eq!(told(stopped), expected);
}

#[test]
fn plain_keeps_what_controls_training_and_nothing_else() {
    let experiment = experiment(RECIPE);
    let whole = Candidate::whole(&experiment).unwrap();
    assert_eq!(whole.techniques(), ["dropout", "l1"]);
    let plain = whole.plain().experiment(None, &experiment.data).unwrap();
    assert_eq!(plain.doors.ids(), ["early_stopping"]);
    assert_eq!(plain.config.optimizer.weight_decay(), 0.0);
    assert!(experiment.config.optimizer.weight_decay() > 0.0);
    assert_eq!(whole.without("dropout").techniques(), ["l1"]);
}

/// A cocktail with a key that its technique does not know would never be tried, silently.
#[test]
fn every_prepared_cocktail_is_one_of_the_real_shelf() {
    let cards: Vec<Card> = shelf().map(|shelved| *shelved.card).collect();
    for known in COCKTAILS {
        let mut text = RECIPE.split("[[regularize]]").next().unwrap().to_owned();
        let images = ["flip", "crop", "cutout"].iter().any(|id| known.techniques.contains(id));
        for (id, values) in techniques(known) {
            assert!(cards.iter().any(|card| card.id == id), "{id}");
            text += &format!("[[regularize]]\n{id} = {}\n", toml::Value::Table(values));
        }
        let text =
            if images { text.replace("mlp = { widths = [16] }", "lenet = {}") } else { text };
        let text = text.replace("'adamw'", "'adam'");
        if images {
            // Digits of 8x8 pixels are too small for that network.
            assert!(wellfit::core::recipe::Recipe::parse(known.name, &text).is_ok());
            continue;
        }
        let recipe = Recipe::parse(known.name, &text).unwrap();
        if let Err(error) = Experiment::new(recipe, Path::new("")) {
            assert!(["swap noise"].contains(&known.name), "{}: {error}", known.name);
        }
    }
}

#[test]
fn whatever_is_sampled_trains() {
    use wellfit::tune::sampler::{History, Random, Sampler};
    use wellfit::tune::search::Rules;
    let experiment = experiment(RECIPE);
    let plain = Candidate::whole(&experiment).unwrap().plain();
    let cards = menu(&experiment, &plain, None);
    assert!(cards.len() >= 10, "{}", cards.len());
    let cocktails = Cocktails::of(&cards).unwrap();
    let mixes = Mixes {
        cocktails,
        plain,
        data: experiment.data.clone(),
        further: Vec::new(),
        seed: experiment.seed,
        at_most: 4,
    };
    let (mut sizes, seed) = ([0; 5], Seed::new(1));
    for trial in 0..60 {
        let sampled = Random.sample(mixes.cocktails.space(), seed, trial, History::default());
        let settled = mixes.settle(sampled, &mut seed.stream("conflict").step(trial));
        mixes.experiment(&settled).unwrap_or_else(|error| panic!("{trial}: {error}"));
        sizes[mixes.cocktails.techniques(&settled).len()] += 1;
    }
    assert!(sizes[4] > 20 && sizes[0] < 10, "{sizes:?}");
}

#[test]
fn a_comparison_has_each_technique_alone_and_left_out() {
    // Without decay of the optimizer's own, which plain would not have.
    let experiment = experiment(&RECIPE.replace("adamw", "adam"));
    let folder = tempfile::tempdir().unwrap();
    let comparing = Comparing {
        experiment: &experiment,
        out: folder.path().to_owned(),
        workers: NonZeroUsize::MIN,
        observer: &(),
    };
    let found = comparing.run(&[]).unwrap().unwrap();
    let names =
        |rows: &[wellfit::cure::Row]| rows.iter().map(|r| r.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&found.added.rows), ["dropout", "l1"]);
    let left_out = found.left_out.unwrap();
    assert_eq!(names(&left_out.rows), ["without dropout", "without l1"]);
    // Without dropout, l1 is left: the same runs on the same seeds.
    let means = |row: &wellfit::cure::Row| row.mean.0;
    assert_eq!(means(&left_out.rows[0]), means(&found.added.rows[1]));
    assert_eq!(found.added.baseline.cost.unwrap().0, 1.0);
    let other = comparing.run(&["mixup".to_owned()]).unwrap().unwrap();
    assert_eq!(
        (names(&other.added.rows), other.added.baseline.mean.0),
        (vec!["mixup".to_owned()], found.added.baseline.mean.0)
    );
    assert!(comparing.run(&["mixdown".to_owned()]).unwrap_err().to_string().contains("mixdown"));
}

#[test]
fn a_trial_is_the_run_of_the_race() {
    let folder = tempfile::tempdir().unwrap();
    let cure = tune(folder.path(), 1, &()).unwrap();
    let plain = Candidate::whole(&experiment(RECIPE)).unwrap().plain();
    let metric = Some("validation.accuracy".to_owned());
    for pair in 1..=3 {
        let (recipe, metric) = (plain.toml(), metric.clone());
        let spec = Spec { schema: 1, id: 7, recipe, folder: "".into(), epochs: None, pair, metric };
        let outcome = spec.run(&|| false).unwrap();
        assert_eq!(outcome.value, Some(cure.plain[pair as usize - 1].value));
        assert_eq!((outcome.id, outcome.epochs), (7, 6));
    }
    let early = Spec {
        schema: 1,
        id: 0,
        recipe: plain.toml(),
        folder: "".into(),
        epochs: Some(2),
        pair: 0,
        metric: None,
    };
    assert_eq!(early.run(&|| false).unwrap().epochs, 2);
    let wrong = Spec { metric: Some("validation.loss2".to_owned()), ..early };
    assert!(wrong.run(&|| false).unwrap_err().to_string().contains("validation.loss2"));
}

#[test]
fn wrong_settings_are_refused_with_their_place() {
    for (wrong, told) in [
        ("trials = 0", "expected 1 or more"),
        ("seeds = 1", "expected 2 or more"),
        ("factor = 4", "2 or 3"),
        ("techniques = ['dropou']", "dropou"),
        ("metric = 'train.loss'", "validation.accuracy"),
        ("level = 0.7", "level"),
    ] {
        let text = RECIPE.split("[tune]").next().unwrap().to_owned() + "[tune]\n" + wrong;
        let error = wellfit::cure::Settings::of(&experiment(&text)).unwrap_err().to_string();
        assert!(error.contains(told) && error.contains(":1"), "{error}");
    }
}

#[test]
fn a_folder_of_another_recipe_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let run = |text: &str| {
        let experiment = experiment(text);
        let out = folder.path().to_owned();
        let (name, workers) = ("test".to_owned(), NonZeroUsize::MIN);
        Tuning {
            experiment: &experiment,
            out,
            name,
            workers,
            cluster: None,
            budget: None,
            observer: &(),
        }
        .run()
        .map(|cure| cure.map(|cure| cure.journal.studies().named("test").unwrap().trials.len()))
    };
    let trials = run(RECIPE).unwrap().unwrap();
    let bytes = || std::fs::read(folder.path().join("race/plain-1.safetensors")).unwrap();
    let before = bytes();
    let error = run(&RECIPE.replace("seed = 5", "seed = 6")).unwrap_err().to_string();
    assert!(error.contains("another recipe"), "{error}");
    assert!(bytes() == before);
    // More trials of the same search are welcome.
    let more = run(&RECIPE.replace("trials = 18", "trials = 30")).unwrap().unwrap();
    assert_eq!(more, trials + 12);
}

#[test]
fn the_chosen_one_is_tested_and_not_another_of_its_name() {
    use wellfit::Metrics;
    use wellfit::cure::{Judgement, Lane, Ran};
    let plain = Candidate::whole(&experiment(RECIPE)).unwrap().plain();
    let l2 = |lambda: f64| {
        plain.with(
            "l2",
            vec![("l2".to_owned(), toml::Table::from_iter([("lambda".to_owned(), lambda.into())]))],
        )
    };
    let (weak, strong) = (l2(0.1), l2(1.0));
    let runs = |value: f64| -> Vec<Ran> {
        let ran = |pair: usize| Ran {
            value: value + 0.001 * pair as f64,
            last: value,
            constant: 0.1,
            best_epoch: Some(1),
            log: Run::default(),
            steps: 1,
            seconds: None,
        };
        (0..4).map(ran).collect()
    };
    let (none, little, much) = (runs(0.5), runs(0.55), runs(0.7));
    let lanes = vec![Lane { of: &weak, runs: &little }, Lane { of: &strong, runs: &much }];
    let lane = Lane { of: &plain, runs: &none };
    let level = Fraction::new(0.05).unwrap();
    let judged = Judgement::of(lane, lanes, "validation.accuracy", level, Seed::new(1)).unwrap();
    let tested = |value| vec![Metrics::new([("accuracy".to_owned(), value)])];
    let tests = (vec![tested(0.4), tested(0.5), tested(0.6)], tested(0.65));
    let run = experiment(RECIPE).diagnose(&Run::default());
    let answer = judged.answer(&tests, run);
    assert_eq!((answer.chosen.recipe, answer.chosen.mean.0 > 0.7), (strong.toml(), true));
    let test = answer.test.unwrap();
    assert_eq!((test.baseline.0, test.chosen.0, test.ensemble.0), (0.4, 0.6, 0.65));
}

#[test]
fn the_band_is_the_race_at_other_strengths() {
    let folder = tempfile::tempdir().unwrap();
    let experiment = experiment(RECIPE);
    let race = Race {
        experiment: &experiment,
        pairs: 3,
        folder: folder.path().to_owned(),
        metric: "validation.loss".to_owned(),
        workers: NonZeroUsize::MIN,
        observer: &(),
    };
    let plain = Candidate::whole(&experiment).unwrap().plain();
    let of = |lambda: f64| {
        let values = toml::Table::from_iter([("lambda".to_owned(), lambda.into())]);
        plain.with("l1", vec![("l1".to_owned(), values)])
    };
    let band = Band::of(&race, &of(0.5)).unwrap().unwrap();
    assert_eq!((band.technique.as_str(), band.pairs, band.lambdas.len()), ("l1", 3, 5));
    for place in [0, 2, 4] {
        let alone = of(band.lambdas[place]);
        let runs = race.run(&[("alone", &alone)]).unwrap().unwrap().remove(0);
        let mean = runs.iter().map(|run| run.value).sum::<f64>() / 3.0;
        assert_eq!(band.mean[place].0, mean);
    }
    assert_ne!(band.mean[0], band.mean[4]);
    assert!(Band::of(&race, &plain).unwrap().is_none());
}

#[test]
fn the_chosen_recipe_trains_from_its_folder_though_its_table_was_given_by_a_relative_path() {
    let folder = tempfile::tempdir().unwrap();
    let row = |n: u32| format!("{},{},{}\n", n % 7, (n * n) % 11, ["a", "b"][(n % 2) as usize]);
    let rows: String = (0..90).map(row).collect();
    std::fs::write(folder.path().join("t.csv"), format!("u,v,y\n{rows}")).unwrap();
    let text = "[data]\ntable = { path = 't.csv', target = 'y' }\n[model]\nmlp = { widths = [4] }\n\
                [train]\nepochs = 3\nbatch_size = 16\nlearning_rate = 0.01\n\
                [tune]\ntrials = 6\ncohort = 3\nseeds = 2\nfinalists = 2\n";
    std::fs::write(folder.path().join("r.toml"), text).unwrap();
    let experiment = Experiment::open(&folder.path().join("r.toml"), &[]).unwrap();
    let out = folder.path().join("out");
    let tuning = Tuning {
        experiment: &experiment,
        out: out.clone(),
        name: "t".to_owned(),
        workers: NonZeroUsize::MIN,
        cluster: None,
        budget: None,
        observer: &(),
    };
    let cure = tuning.run().unwrap().unwrap();
    tuning.write(&cure).unwrap();
    let chosen = Experiment::open(&out.join("chosen.toml"), &[]).unwrap();
    assert_eq!(*chosen.data, *experiment.data);
}
