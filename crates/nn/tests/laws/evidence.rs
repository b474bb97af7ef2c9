//! Laws of `lambda_from = "evidence"`.

use crate::run::{MLP, Small, bits};
use serde::Deserialize;
use wellfit_core::run::Part;
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Target};
use wellfit_nn::Error;
use wellfit_nn::burn::tensor::Device;
use wellfit_nn::chance::StepClock;
use wellfit_nn::lambda::chosen;
use wellfit_nn::layer::Sites;
use wellfit_nn::model::ModelConfig;
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{Checkpoint, Job, Progress, TrainConfig, Watch, Wish, train};

const L2: &str = "[[regularize]]\nl2 = { lambda = \"auto\" }\n";
const CHANCE: &str = "[[regularize]]\ndropout = { rate = 0.3 }\n";

/// A perceptron whose λ comes from the evidence.
fn recipe(more: &str) -> String {
    format!("{MLP}lambda_from = \"evidence\"\nmonitor = \"train.evidence\"\n{more}\n{L2}")
}

/// A run of it that holds no examples back.
fn unheld(text: &str) -> Small {
    let mut small = Small::of(text).epochs(9);
    small.validation = small.validation.select(&[]);
    small
}

fn refused(small: &Small) -> String {
    match small.try_run() {
        Err(error) => error.to_string(),
        Ok(_) => panic!("it runs"),
    }
}

#[derive(Deserialize)]
struct Golden {
    tables: Vec<Table>,
}

#[derive(Deserialize)]
struct Table {
    x: Vec<Vec<f32>>,
    y: Vec<f64>,
    lambda: f64,
    effective_weights: f64,
}

/// λ and γ of a linear model on all rows at once.
fn by_evidence(table: &Table) -> (f64, f64) {
    let (rows, columns) = (table.x.len(), table.x[0].len());
    let target = Target::Values(table.y.clone());
    let data = Dataset::new(table.x.concat(), vec![columns], target, Vec::new()).unwrap();
    let none = data.select(&[]);
    let text = format!(
        "epochs = 3200\nbatch_size = {rows}\nlearning_rate = 0.05\nlambda_from = \"evidence\"\n\
         monitor = \"train.evidence\"\noptimizer = {{ sgd = {{ momentum = 0.9 }} }}"
    );
    let config: TrainConfig = toml::from_str(&text).unwrap();
    let recipe = wellfit_core::recipe::Recipe::parse("test", L2).unwrap();
    let doors = Doors::read(&recipe).unwrap();
    let (clock, device, seed) = (StepClock::new(), Device::flex().autodiff(), Seed::new(1));
    let model: ModelConfig = toml::from_str("linear = {}").unwrap();
    let build = || model.build(&[columns], 1, &Sites::new(&doors, seed, &clock, &device));
    let job = Job {
        build: &build,
        clock: &clock,
        train: &data,
        validation: &none,
        doors: &doors,
        config: &config,
        loss: config.loss(&data.target),
        seed,
        device: &device,
        teacher: None,
    };
    let log = train(&job, None, &mut ()).unwrap().log;
    let effective = log.get(Part::Train, "effective_weights").unwrap().points.last().unwrap().1;
    (chosen(&log, 3200)[0].lambda, effective)
}

#[test]
fn a_linear_model_s_lambda_is_that_of_bayesian_ridge() {
    // The last table has more rows than the sketch has sums.
    let golden: Golden = serde_json::from_str(include_str!("../golden/evidence.json")).unwrap();
    for table in golden.tables {
        let (lambda, effective) = by_evidence(&table);
        assert!((lambda / table.lambda - 1.0).abs() < 0.03, "{lambda}, expected {}", table.lambda);
        let expected = table.effective_weights;
        assert!((effective / expected - 1.0).abs() < 0.02, "{effective}, expected {expected}");
    }
}

#[test]
fn it_goes_without_validation_to_the_last_epoch() {
    let trained = unheld(&recipe("")).run();
    assert_eq!(trained.epochs, 9);
    assert!(trained.log.series.iter().all(|series| series.part != Part::Validation));
    let of = |metric| trained.log.get(Part::Train, metric).unwrap();
    let evidence = of("evidence");
    assert!(evidence.values().iter().all(|value| value.is_finite()));
    let late = || evidence.points.iter().filter(|point| point.0 > 4.5);
    let best = late().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
    assert_eq!(trained.best_epoch, Some(best as u64), "of the later half");
    let weights = 6.0 * 16.0 + 16.0 * 16.0 + 16.0 * 3.0;
    let effective = of("effective_weights").values();
    assert!(effective.iter().all(|gamma| (0.0..=weights).contains(gamma)), "{effective:?}");
    let found = chosen(&trained.log, 9);
    assert_eq!(found.len(), 3, "no bias among them");
    assert!(found.iter().all(|layer| layer.path.ends_with("weight") && layer.lambda > 0.0));
}

#[test]
fn at_rate_zero_it_is_the_fixed_strength_bit_for_bit() {
    let middle = (1e-3f64 * 1e2).sqrt();
    for optimizer in ["{ sgd = { momentum = 0.9 } }", "{ adam = {} }"] {
        let optimizer = format!("optimizer = {optimizer}");
        let text = recipe(&optimizer) + CHANCE;
        let still = text.replace("epochs", "lambda_rate = 0\nepochs");
        let fixed = text.replace("\"auto\"", &format!("{middle:?}"));
        let fixed = fixed.replace("train.evidence", "train.loss");
        let last = |text: &str| Snapshot::of(&unheld(text).run().last);
        assert!(last(&still) == last(&fixed), "{optimizer}: looking leaves no trace");
        assert!(last(&text) != last(&fixed), "at its own rate λ moves");
    }
}

/// Interrupts after a number of steps and keeps the checkpoint's bytes.
struct Until(u64, Vec<u8>);

impl Watch for Until {
    fn after_step(&mut self, progress: &Progress<'_>) -> Wish {
        if progress.step >= self.0 { Wish::Interrupt } else { Wish::Continue }
    }

    fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), Error> {
        self.1 = checkpoint.to_bytes("recipe")?;
        Ok(())
    }
}

#[test]
fn it_repeats_and_resumes_with_the_same_bits() {
    let small = unheld(&(recipe("optimizer = { adam = {} }") + CHANCE));
    let whole = bits(&small.run());
    assert!(bits(&small.run()) == whole);
    for after in [5, 9, 20, 63] {
        let mut watch = Until(after, Vec::new());
        small.watched(None, &mut watch);
        let checkpoint = Checkpoint::from_bytes(&watch.1, "recipe").unwrap();
        assert!(bits(&small.watched(Some(checkpoint), &mut ())) == whole, "after step {after}");
    }
}

#[test]
fn a_layer_that_the_recipe_leaves_alone_has_no_part_in_it() {
    let alone = "l2 = { lambda = \"auto\", layers = { head = 0.0 } }";
    let text = recipe("").replace("l2 = { lambda = \"auto\" }", alone);
    for layer in chosen(&unheld(&text).run().log, 9) {
        assert_eq!(layer.lambda == 0.0, layer.path.contains("head"), "{layer:?}");
    }
}

#[test]
fn what_has_no_evidence_is_refused() {
    let technique = |id: &str| recipe("").replace("l2 =", id);
    for (text, says) in [
        (
            technique("weight_decay ="),
            "the normal prior that l2 stands for, and none of weight_decay",
        ),
        (technique("l1 ="), "none of l1"),
        (recipe("class_weights = \"balanced\""), "class_weights do not"),
        (recipe("sampling = \"balanced\""), "balanced sampling does not"),
        (recipe("") + "[[regularize]]\nbatch_norm = {}\n", "scale changes nothing"),
    ] {
        let found = refused(&unheld(&text));
        assert!(found.contains(says), "{found}");
    }
}

#[test]
fn what_watches_validation_examples_is_refused_where_there_are_none() {
    let by_loss = recipe("").replace("monitor = \"train.evidence\"\n", "");
    let found = refused(&unheld(&by_loss));
    assert!(
        found.contains("at least one validation example") && found.contains("`train.evidence`")
    );
    let fixed = format!("{MLP}[[regularize]]\nl2 = {{ lambda = 1.0 }}\n");
    assert!(refused(&unheld(&fixed)).contains("as `train.loss`"));
    for stop in
        ["{ patience = 3 }", "{ criterion = { generalization_loss = { threshold = 5.0 } } }"]
    {
        let stop = format!("[[regularize]]\nearly_stopping = {stop}\n");
        let found = refused(&unheld(&(recipe("") + &stop)));
        assert!(found.contains("early_stopping watches validation examples"), "{found}");
    }
    let own = "[[regularize]]\nearly_stopping = { patience = 3, monitor = \"train.loss\" }\n";
    assert!(unheld(&(recipe("") + own)).try_run().is_ok());
}
