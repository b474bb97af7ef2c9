//! Whole runs: the best model is the best, parallel runs are serial runs, divergence is a fact.

use crate::run::{MLP, Small, bits};
use wellfit_core::run::Part;
use wellfit_nn::batch::{Batch, BatchDoor, Chance};
use wellfit_nn::burn::module::Module;
use wellfit_nn::burn::tensor::{Device, Tensor};
use wellfit_nn::gradient::{Effect, GradientDoor};
use wellfit_nn::loss::{LossDoor, Seen};
use wellfit_nn::model::Model;
use wellfit_nn::parameter::{Role, Slot, parameters};
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::shelf;
use wellfit_nn::train::{StoppedBy, evaluate};
use wellfit_nn::weight::AscentDoor;

const BUSY: &str = "optimizer = { sgd = { momentum = 0.9 } }
[[regularize]]
batch_norm = {}
[[regularize]]
spectral_norm = {}
[[regularize]]
dropout = { rate = 0.2 }
";

const NORM: &str = "[[regularize]]\nbatch_norm = {}\n";

/// A softmax regression that trains for a moment.
const LINEAR: &str = "
[model]
linear = {}
[train]
epochs = 4
batch_size = 7
learning_rate = 0.05
";

/// Its weights are zeros at the start, where nothing else says so: no direction, no length.
#[test]
fn what_finds_a_place_in_a_linear_model_learns_there() {
    let mut tried = 0;
    for card in shelf().map(|shelved| shelved.card) {
        let (id, example) = (card.id, card.example);
        let small = Small::of(&format!("{LINEAR}[[regularize]]\n{id} = {example}\n"));
        let Ok(run) = small.try_run() else { continue };
        let weight = |model: &Model| Snapshot::of(model).tensors()["Linear.head.weight"].clone();
        assert!(weight(&run.last) != weight(&small.start()), "{id} learns nothing");
        let loss = run.log.get(Part::Train, "loss").unwrap().values();
        assert!(loss.iter().all(|loss| loss.is_finite()), "{id}: {loss:?}");
        tried += 1;
    }
    assert!(tried > 20, "only {tried} tried");
}

#[test]
fn the_restored_model_reproduces_its_recorded_metrics_to_the_last_bit() {
    for monitor in ["validation.loss", "validation.f1", "train.accuracy"] {
        let small = Small::of(&format!("{MLP}monitor = \"{monitor}\"\n{BUSY}")).epochs(12);
        let run = small.run();
        let epoch = run.best_epoch.unwrap();
        let loss = small.config.loss(&small.validation.target);
        let scores = evaluate(&run.best, &small.validation, loss, &Device::flex()).unwrap();
        for (metric, value) in scores.iter() {
            let series = run.log.get(Part::Validation, metric).unwrap();
            let recorded = series.points[epoch as usize - 1].1;
            assert_eq!(value.to_bits(), recorded.to_bits(), "{monitor}: {metric}");
        }
        let values: Vec<f64> =
            run.log.series.iter().find(|s| s.name() == monitor).unwrap().values();
        let at_best = values[epoch as usize - 1];
        let higher = monitor != "validation.loss";
        assert!(values.iter().all(|&v| if higher { v <= at_best } else { v >= at_best }));
    }
}

/// What variational dropout prunes when the run has ended had no part in its evaluations before.
#[test]
fn a_pruned_model_reproduces_its_recorded_metrics_too() {
    let technique = "variational_dropout = { initial_std = 0.5, kl_weight = 3 }";
    let recipe = format!("{MLP}optimizer = \"adam\"\n[[regularize]]\n{technique}\n");
    let small = Small::of(&recipe).epochs(20);
    let run = small.run();
    let zeros = Snapshot::of(&run.best).tensors().iter().map(zeros_of).sum::<usize>();
    assert!(zeros > 20, "{zeros} weights are zero");
    let loss = small.config.loss(&small.validation.target);
    let scores = evaluate(&run.best, &small.validation, loss, &Device::flex()).unwrap();
    let series = run.log.get(Part::Validation, "loss").unwrap();
    let best = run.best_epoch.unwrap() as usize - 1;
    assert_eq!(scores.get("loss").unwrap().to_bits(), series.points[best].1.to_bits());
    let share = run.log.get(Part::Train, "zero_weights").unwrap().points[best].1;
    assert_eq!(share, zeros as f64 / (6.0 * 16.0 + 16.0 * 16.0 + 16.0 * 3.0));
    let sparsest =
        Small::of(&recipe.replace("[train]", "[train]\nmonitor = \"train.zero_weights\""));
    let sparsest = sparsest.epochs(20).run();
    let values = sparsest.log.get(Part::Train, "zero_weights").unwrap().values();
    let most = values.iter().copied().fold(0.0, f64::max);
    assert_eq!(values[sparsest.best_epoch.unwrap() as usize - 1], most);
}

fn zeros_of((path, tensor): (&String, &wellfit_nn::burn::tensor::TensorData)) -> usize {
    let values: Vec<f32> = tensor.clone().try_into_vec().unwrap();
    if path.ends_with("weight") { values.iter().filter(|&&w| w == 0.0).count() } else { 0 }
}

#[test]
fn two_threads_give_the_bits_of_one_after_the_other() {
    let recipe = format!("{MLP}{BUSY}");
    let other = format!("{MLP}[[regularize]]\ndropout = {{ rate = 0.6 }}\n");
    let serial = [bits(&Small::of(&recipe).run()), bits(&Small::of(&other).run())];
    let parallel = std::thread::scope(|scope| {
        let a = scope.spawn(|| bits(&Small::of(&recipe).run()));
        let b = scope.spawn(|| bits(&Small::of(&other).run()));
        [a.join().unwrap(), b.join().unwrap()]
    });
    assert!(serial == parallel);
}

/// Breaks the gradients of the steps from `first` on, `count` of them.
struct Breaks {
    first: u64,
    count: u64,
}

impl GradientDoor for Breaks {
    fn id(&self) -> &'static str {
        "breaks"
    }

    fn apply(&self, slots: &mut [Slot<'_>], chance: &Chance) -> Effect {
        if (self.first..self.first + self.count).contains(&chance.address.step) {
            slots.iter_mut().for_each(|slot| slot.gradient = slot.gradient.clone() * f64::NAN);
        }
        Effect::default()
    }
}

#[test]
fn broken_steps_are_skipped_and_counted_and_too_many_in_a_row_end_the_run() {
    let skip = format!("{MLP}[[regularize]]\nskip_non_finite = {{ limit = 5 }}\n");
    let run = Small::of(&skip).behind(Box::new(Breaks { first: 3, count: 2 })).run();
    assert_eq!(run.stopped_by, StoppedBy::Epochs);
    assert_eq!(run.log.get(Part::Online, "skipped_steps").unwrap().values(), [2.0]);
    assert!(run.log.get(Part::Online, "loss").unwrap().values().iter().all(|l| l.is_finite()));
    let run = Small::of(&skip).behind(Box::new(Breaks { first: 3, count: 5 })).run();
    assert_eq!(run.stopped_by, StoppedBy::Diverged);
    let plain = Small::of(MLP).behind(Box::new(Breaks { first: 3, count: 1 })).run();
    assert_eq!(plain.stopped_by, StoppedBy::Diverged);
}

/// Breaks the inputs of step 3.
struct BreaksInputs;

impl BatchDoor for BreaksInputs {
    fn id(&self) -> &'static str {
        "breaks_inputs"
    }

    fn apply(&self, batch: Batch, chance: &Chance) -> Batch {
        match chance.address.step {
            3 => batch.map_inputs(|inputs| inputs * f32::INFINITY),
            _ => batch,
        }
    }
}

#[test]
fn a_forward_that_breaks_leaves_no_trace_in_running_statistics() {
    let skip = format!("{MLP}[[regularize]]\nskip_non_finite = {{}}\n{NORM}");
    let mut small = Small::of(&skip);
    small.doors.batch.push(Box::new(BreaksInputs));
    let run = small.run();
    assert_eq!(run.log.get(Part::Online, "skipped_steps").unwrap().values(), [1.0]);
    assert_eq!(run.stopped_by, StoppedBy::Epochs);
    assert!(run.log.get(Part::Train, "loss").unwrap().values().iter().all(|l| l.is_finite()));
}

#[test]
fn what_clipping_saw_is_logged() {
    let run = Small::of(&format!("{MLP}[[regularize]]\nclip_global_norm = {{ max_norm = 0.5 }}\n"));
    let log = run.run().log;
    let values = |name: &str| log.get(Part::Online, name).unwrap().values();
    assert!(values("gradient_norm").iter().all(|&norm| norm > 0.0));
    assert!(values("clipped_share").iter().all(|share| (0.0..=1.0).contains(share)));
    assert!(values("clipped_share")[0] > 0.0);
}

#[test]
fn weight_noise_moves_clean_weights_and_leaves_statistics_alone() {
    let noise = format!("{MLP}[[regularize]]\nweight_noise = {{ std = 1e-20 }}\n{BUSY}");
    let plain = format!("{MLP}{BUSY}");
    // Noise too small to change a weight: all else, running statistics too, is as without it.
    let busy = |recipe: &str| {
        bits(
            &Small::of(
                &recipe
                    .replace(BUSY, &BUSY.replace("optimizer = { sgd = { momentum = 0.9 } }\n", "")),
            )
            .run(),
        )
    };
    assert!(busy(&noise) == busy(&plain));
}

#[test]
fn l2_sp_resumes_and_pulls_to_the_initial_weights() {
    let distance = |lambda: f64| {
        let pull = format!("{MLP}[[regularize]]\nl2_sp = {{ lambda = {lambda:?}, new = [] }}\n");
        let (start, end) = (Small::of(&pull).start(), Small::of(&pull).run().last);
        let (start, end) = (Snapshot::of(&start), Snapshot::of(&end));
        let far = |(a, b): (f64, f64)| (a - b).powi(2);
        let squares = start.tensors().iter().filter(|(path, _)| path.ends_with("weight"));
        squares
            .map(|(path, data)| {
                data.iter::<f64>().zip(end.tensors()[path].iter()).map(far).sum::<f64>()
            })
            .sum::<f64>()
    };
    let (free, pulled) = (distance(1e-9), distance(300.0));
    assert!(pulled < 0.1 * free, "{pulled} {free}");
}

#[test]
fn a_decay_of_the_rate_by_layer_leaves_the_head_its_own() {
    let moved = |decay: f64| {
        let small =
            Small::of(&MLP.replace("epochs = 4", &format!("layer_decay = {decay:?}\nepochs = 1")));
        let (start, end) = (Snapshot::of(&small.start()), Snapshot::of(&small.run().last));
        let change = |path: &str| -> f64 {
            let (a, b) = (&start.tensors()[path], &end.tensors()[path]);
            a.iter::<f64>().zip(b.iter::<f64>()).map(|(a, b)| (a - b).abs()).sum()
        };
        [change("Mlp.blocks.0.linear.weight"), change("Mlp.head.weight")]
    };
    let (alike, decayed) = (moved(1.0), moved(0.0));
    assert!(alike[0] > 0.0 && decayed[0] == 0.0 && decayed[1] > 0.0);
}

#[test]
fn l1_stands_in_front_of_group_lasso_and_no_other_pair_is_proximal() {
    let of = |id: &str| format!("[[regularize]]\n{id} = {{ lambda = 1.0 }}\n");
    let net = "[[regularize]]\nelastic_net = { lambda = 1.0, ratio = 0.5 }\n".to_owned();
    Small::of(&format!("{MLP}{}{}", of("l1"), of("group_lasso"))).try_run().unwrap();
    let turned = [of("group_lasso"), of("l1")];
    for (pair, says) in [
        (turned, "l1 has to act in front of group_lasso"),
        ([net.clone(), of("group_lasso")], "elastic_net and group_lasso are proximal"),
        ([of("l1"), net], "l1 and elastic_net are proximal"),
    ] {
        let told = Small::of(&format!("{MLP}{}", pair.concat())).try_run().unwrap_err();
        assert!(told.to_string().contains(says), "{told}");
    }
}

#[test]
fn a_name_that_clipping_excludes_must_be_there() {
    let recipe =
        format!("{MLP}[[regularize]]\nclip_adaptive = {{ ratio = 0.1, exclude = [\"haed\"] }}\n");
    let told = Small::of(&recipe).try_run().unwrap_err().to_string();
    assert!(told.contains("no layer is called `haed`"), "{told}");
}

#[test]
fn names_of_layers_that_are_not_there_are_refused() {
    let recipe =
        format!("{MLP}[[regularize]]\nl2 = {{ lambda = 1.0, layers = {{ tail = 2.0 }} }}\n");
    let told = Small::of(&recipe).try_run().unwrap_err().to_string();
    assert!(told.contains("no layer is called `tail`; there are Mlp.blocks.0"), "{told}");
}

#[test]
fn a_diverged_run_says_so_and_keeps_the_best_model() {
    // ηλ/n = 2.5: every step turns the weights around and makes them half as large again.
    let recipe = format!("{MLP}[[regularize]]\nl2 = {{ lambda = 3000 }}\n");
    let small = Small::of(&recipe).epochs(100);
    let run = small.run();
    assert_eq!(run.stopped_by, StoppedBy::Diverged);
    assert!(run.epochs < 100);
    let epoch = run.best_epoch.unwrap();
    assert!(epoch < run.epochs);
    let loss = small.config.loss(&small.validation.target);
    let scores = evaluate(&run.best, &small.validation, loss, &Device::flex()).unwrap();
    let recorded = run.log.get(Part::Validation, "loss").unwrap().points[epoch as usize - 1].1;
    assert_eq!(scores.get("loss").unwrap().to_bits(), recorded.to_bits());
}

#[test]
fn the_clean_training_loss_is_lower_than_the_online_one_under_dropout() {
    let recipe = format!("{MLP}[[regularize]]\ndropout = {{ rate = 0.5 }}\n");
    let run = Small::of(&recipe).epochs(8).run();
    let last = |part| run.log.get(part, "loss").unwrap().points.last().unwrap().1;
    assert!(last(Part::Train) < last(Part::Online));
}

/// One step on one batch, so that a penalty can have reached nothing but what it acts on itself.
#[test]
fn only_weights_are_penalized() {
    let one_step = |technique: &str| {
        let recipe = MLP.replace("batch_size = 7", "batch_size = 60");
        let recipe = format!("{recipe}[[regularize]]\nbatch_norm = {{}}\n{technique}");
        Snapshot::of(&Small::of(&recipe).epochs(1).run().last)
    };
    let plain = one_step("");
    for technique in [
        "l1 = { lambda = 9.0 }",
        "l1 = { lambda = 9.0, method = \"subgradient\" }",
        "l2 = { lambda = 9.0 }",
        "elastic_net = { lambda = 9.0, ratio = 0.5 }",
        "weight_decay = { lambda = 0.5 }",
    ] {
        let penalized = one_step(&format!("[[regularize]]\n{technique}\n"));
        for (path, tensor) in penalized.tensors() {
            let weight = path.ends_with("weight");
            assert_eq!(*tensor != plain.tensors()[path], weight, "{technique}: {path}");
        }
        assert_eq!(penalized.tensors().len(), 6 + 2 * 4, "weights, biases, γ, β, mean, variance");
    }
}

#[test]
fn tensors_are_known_by_their_owner_and_rank() {
    let run = Small::of(&format!("{MLP}{BUSY}")).run();
    let found = parameters(&run.last.train());
    let all = |end: &str, role: Role| {
        let mut matching = found.iter().filter(|p| p.path.ends_with(end)).peekable();
        assert!(matching.peek().is_some(), "no tensor ends with {end}: {found:?}");
        assert!(matching.all(|p| p.role == role), "{end}: {found:?}");
    };
    all("linear.weight", Role::Weight);
    all("linear.bias", Role::Bias);
    all("gamma", Role::Norm);
    all("beta", Role::Norm);
    all("running_mean", Role::Fixed);
    all("running_var", Role::Fixed);
}

/// Takes the mean of two passes, which are the same where nothing is drawn.
struct Twice;

impl LossDoor for Twice {
    fn id(&self) -> &'static str {
        "twice"
    }

    fn passes(&self) -> u64 {
        2
    }

    fn data_share(&self) -> f64 {
        0.5
    }

    fn term(&self, seen: &Seen<'_>) -> Tensor<1> {
        Tensor::zeros([1], &seen.outputs[0].device())
    }
}

/// Takes the gradient a second time where it stands.
struct Stay;

impl AscentDoor for Stay {
    fn id(&self) -> &'static str {
        "stay"
    }

    fn ascend(&self, slots: Vec<Slot<'_>>) -> Vec<Tensor<1>> {
        slots.into_iter().map(|slot| slot.value).collect()
    }

    fn describe(&self) -> String {
        String::new()
    }
}

#[test]
fn a_batch_moves_running_statistics_once_however_often_it_passes() {
    let norm = format!("{MLP}[[regularize]]\nbatch_norm = {{}}\n");
    let plain = bits(&Small::of(&norm).run());
    let mut twice = Small::of(&norm);
    twice.doors.losses.push(Box::new(Twice));
    assert!(bits(&twice.run()) == plain, "a second pass of the loss");
    let mut ascent = Small::of(&norm);
    ascent.doors.ascents.push(Box::new(Stay));
    assert!(bits(&ascent.run()) == plain, "a second pass for the gradient");
}
