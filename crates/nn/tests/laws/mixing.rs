//! Mixup and CutMix: timm's numbers, and the identities that the papers promise.

use crate::off::with;
use crate::run::{MLP, Small, bits, log_bits};
use serde_json::Value;
use wellfit_core::number::{Fraction, NonNegative};
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::{Address, Seed};
use wellfit_data::{Dataset, Target};
use wellfit_nn::batch::augment::Region;
use wellfit_nn::batch::cutmix::{CutMix, Paste, cutmix};
use wellfit_nn::batch::label_smoothing::label_smoothing;
use wellfit_nn::batch::mixing::{Mix, Mode};
use wellfit_nn::batch::mixup::{Mixup, mixup};
use wellfit_nn::batch::{Batch, Chance};
use wellfit_nn::burn::tensor::{Tensor, TensorData};
use wellfit_nn::loss::{Loss, Weighted};
use wellfit_nn::model::ImageShape;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::check;
use wellfit_nn::{Device, Error, Subject};

const MODES: [Mode; 3] = [Mode::Batch, Mode::Pair, Mode::Element];

/// timm 1.0.31 on torch 2.15.0; see golden/mixing.py.
fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/mixing.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn rows(values: &[f64], width: usize) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|&v| v as f32).collect();
    let shape = [values.len() / width, width];
    Tensor::from_data(TensorData::new(values, shape), &Device::flex().autodiff())
}

fn one_hot(labels: &[usize], classes: usize) -> Tensor<2> {
    let hot = labels.iter().flat_map(|&label| (0..classes).map(move |k| f64::from(k == label)));
    rows(&hot.collect::<Vec<_>>(), classes)
}

fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().try_into_vec_as::<f64>().unwrap()
}

fn assert_close(found: &[f64], expected: &[f64], within: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (place, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= within, "{what}, place {place}: {f}, expected {e}");
    }
}

fn chance(step: u64) -> Chance {
    Chance { seed: Seed::new(3), address: Address { step, pass: 0, call: 0 }, epoch: 0.0 }
}

fn alpha(value: f64) -> NonNegative {
    NonNegative::new(value).unwrap()
}

/// What a case of timm does: partners from the other end, λ or boxes as it drew them.
fn paste_of(case: &Value, count: usize, shape: ImageShape) -> Paste {
    let mode: Mode = serde_json::from_value(case["mode"].clone()).unwrap();
    let partners: Vec<usize> = (0..count).rev().collect();
    let draw_of = |i: usize| mode.draw_of(i, count);
    let Some(boxes) = case["boxes"].as_array() else {
        let lambdas = numbers(&case["lambdas"]);
        let kept = (0..count).map(|i| lambdas[draw_of(i)] as f32).collect();
        return Paste { mix: Mix { partners, kept }, regions: vec![None; count] };
    };
    let region = |sides: &Value| {
        let [top, bottom, left, right] = <[f64; 4]>::try_from(numbers(sides)).ok()?;
        let [top, left] = [top as usize, left as usize];
        Some(Region { top, left, height: bottom as usize - top, width: right as usize - left })
    };
    let regions: Vec<_> =
        boxes.iter().map(|sides| if sides.is_null() { None } else { region(sides) }).collect();
    Paste::new(shape, partners, (0..count).map(|i| regions[draw_of(i)]).collect())
}

#[test]
fn images_targets_and_losses_are_those_of_timm_and_pytorch() {
    let golden = golden();
    let labels: Vec<usize> = numbers(&golden["labels"]).iter().map(|&l| l as usize).collect();
    let sides: Vec<usize> = numbers(&golden["shape"]).iter().map(|&side| side as usize).collect();
    let shape = ImageShape::of(&sides).unwrap();
    let (weights, logits) = (numbers(&golden["weights"]), numbers(&golden["logits"]));
    let hot = one_hot(&labels, weights.len());
    let cases = golden["cases"].as_array().unwrap();
    for case in cases {
        let what = format!("{} {} {}", case["mode"], case["smoothing"], case["boxes"]);
        let paste = paste_of(case, labels.len(), shape);
        let images = rows(&numbers(&golden["before"]), shape.features());
        let images = match case["boxes"].is_null() {
            true => paste.mix.blend(images),
            false => paste.paste(images, shape),
        };
        assert_close(&host(images), &numbers(&case["images"]), 1e-6, &what);
        let smoothing = Fraction::new(case["smoothing"].as_f64().unwrap()).unwrap();
        let targets = label_smoothing(paste.mix.blend(hot.clone()), smoothing);
        assert_close(&host(targets.clone()), &numbers(&case["targets"]), 1e-6, &what);

        let plain = Loss::CrossEntropy.mean(rows(&logits, weights.len()), targets.clone());
        assert_close(&host(plain), &[case["loss"].as_f64().unwrap()], 1e-6, &what);
        let logits = rows(&logits, weights.len()).require_grad();
        let weighted = Weighted::new(&hot, &weights);
        let loss = weighted.mean(Loss::CrossEntropy, logits.clone(), targets);
        let gradient = logits.grad(&loss.backward()).unwrap();
        assert_close(&host(loss), &[case["weighted"]["loss"].as_f64().unwrap()], 1e-6, &what);
        assert_close(&host(gradient), &numbers(&case["weighted"]["gradient"]), 1e-6, &what);
    }
    assert_eq!(cases.len(), 12);
}

fn noise(count: usize, width: usize, name: &str) -> Tensor<2> {
    let mut draw = Seed::new(9).stream(name).step(0);
    let values: Vec<f64> = (0..count * width).map(|_| draw.standard_normal()).collect();
    rows(&values, width)
}

/// Batches of any size, of one example too, in every mode.
#[test]
fn a_batch_keeps_its_mean_where_one_weight_is_shared() {
    for count in [1, 2, 7, 32] {
        let labels: Vec<usize> = (0..count).map(|i| i * i % 3).collect();
        for mode in MODES {
            let technique = Mixup { mode, ..Mixup::new(alpha(0.7)) };
            let (x, t) = (noise(count, 5, "inputs"), one_hot(&labels, 3));
            let (mixed, targets) = mixup(x.clone(), t.clone(), &technique, &chance(1)).unwrap();
            let sums = host(targets.clone().sum_dim(1));
            assert_close(&sums, &vec![1.0; count], 1e-6, "probabilities");
            if mode != Mode::Element {
                let means = |tensor: Tensor<2>| host(tensor.mean_dim(0));
                assert_close(&means(mixed.clone()), &means(x.clone()), 1e-6, "inputs");
                assert_close(&means(targets.clone()), &means(t.clone()), 1e-6, "targets");
                // So class weights, which divide by the classes before mixing, weigh a mean.
                let weights = rows(&[0.5, 2.0, 3.0], 3);
                let total = |t: Tensor<2>| host((t * weights.clone()).sum());
                let within = 1e-5 * count as f64;
                assert_close(&total(targets), &total(t), within, "weights");
            }
            if count == 1 {
                assert_eq!(mixed.into_data(), x.into_data(), "alone");
            }
        }
    }
}

/// C(λ t + (1-λ) t_p) = λ C(t) + (1-λ) C(t_p): exact for what is linear in the targets.
#[test]
fn mixing_targets_is_mixing_cross_entropies() {
    let (logits, labels) = (noise(8, 3, "logits"), [0, 2, 1, 1, 0, 2, 2, 1]);
    let kept: Vec<f32> = (0..8).map(|i| i as f32 / 8.0).collect();
    let mix = Mix { partners: vec![3, 0, 7, 1, 2, 6, 4, 5], kept: kept.clone() };
    let partners = mix.partners.iter().map(|&p| labels[p]).collect::<Vec<_>>();
    for loss in [Loss::CrossEntropy, Loss::SigmoidCrossEntropy] {
        let of = |targets| host(loss.per_example(logits.clone(), targets));
        let (own, other) = (of(one_hot(&labels, 3)), of(one_hot(&partners, 3)));
        let expected: Vec<f64> = (0..8)
            .map(|i| f64::from(kept[i]) * own[i] + (1.0 - f64::from(kept[i])) * other[i])
            .collect();
        assert_close(&of(mix.blend(one_hot(&labels, 3))), &expected, 1e-5, &format!("{loss:?}"));
    }
}

fn doors(entries: &[(&str, &str)]) -> Doors {
    Doors::read(&Recipe::parse("test", &with(entries)).unwrap()).unwrap()
}

/// Image i is i everywhere, and its class is i: each pixel and each share of a target tells where
/// it comes from.
fn told_apart(count: usize, side: usize) -> Batch {
    let inputs = (0..count).flat_map(|i| vec![i as f64; 2 * side * side]).collect::<Vec<_>>();
    Batch {
        inputs: rows(&inputs, 2 * side * side),
        shape: vec![2, side, side],
        pixels: None,
        moments: None,
        embedded: Vec::new(),
        cells: None,
        targets: one_hot(&(0..count).collect::<Vec<_>>(), count),
        classes: true,
    }
}

fn through(doors: &Doors, batch: Batch, step: u64) -> Batch {
    doors.batch.iter().fold(batch, |batch, door| door.apply(batch, &chance(step)))
}

#[test]
fn labels_are_smoothed_once_before_or_after() {
    let (smoothing, mixing) = (("label_smoothing", "{ epsilon = 0.1 }"), "{ alpha = 1.0 }");
    for id in ["mixup", "cutmix"] {
        for step in 0..5 {
            let targets = |entries: &[(&str, &str)]| {
                host(through(&doors(entries), told_apart(6, 4), step).targets)
            };
            let before = targets(&[smoothing, (id, mixing)]);
            let after = targets(&[(id, mixing), smoothing]);
            assert_close(&before, &after, 1e-6, id);
            let once: Vec<f64> =
                targets(&[(id, mixing)]).iter().map(|q| 0.9 * q + 0.1 / 6.0).collect();
            assert_close(&after, &once, 1e-6, id);
        }
    }
}

#[test]
fn the_share_of_a_label_is_its_share_of_the_pixels() {
    let (count, side) = (9, 12);
    for mode in ["batch", "pair", "element"] {
        let doors = doors(&[("cutmix", &format!("{{ alpha = 1.0, mode = \"{mode}\" }}"))]);
        let mut clipped = 0;
        for step in 0..40 {
            let Batch { inputs, targets, .. } = through(&doors, told_apart(count, side), step);
            let (inputs, targets) = (host(inputs), host(targets));
            for i in 0..count {
                let image = &inputs[i * 2 * side * side..][..2 * side * side];
                let places = |from: usize| {
                    (0..image.len()).filter(move |&place| image[place] == from as f64)
                };
                for k in 0..count {
                    let share = places(k).count() as f64 / image.len() as f64;
                    assert!((share - targets[i * count + k]).abs() < 1e-6, "{mode}: {i}, {k}");
                }
                // What is not its own is one full box, the same in both channels.
                let pasted: Vec<usize> =
                    (0..image.len()).filter(|&place| image[place] != i as f64).collect();
                let half = pasted.len() / 2;
                let (first, second) = pasted.split_at(half);
                assert!(first.iter().zip(second).all(|(a, b)| a + side * side == *b));
                let extent = |of: &dyn Fn(usize) -> usize| {
                    let sides = first.iter().map(|&place| of(place));
                    sides.clone().max().map_or(0, |max| max - sides.min().unwrap_or(0) + 1)
                };
                let (height, width) = (extent(&|p| p / side), extent(&|p| p % side));
                assert_eq!(half, height * width, "a box");
                clipped += usize::from(height.abs_diff(width) > 1);
            }
        }
        assert!(clipped > 10, "{mode}: no box meets a border");
    }
}

/// With clipping, boxes of U(0, 1) of the area paste ∫ (s - s²/4)² ds² = 1/2 - 1/5 + 1/48 of it, and
/// boxes of all the area 9/16. (A box that is moved inside would paste 1/2 and 1.)
#[test]
fn boxes_paste_what_clipping_leaves() {
    let shape = ImageShape { channels: 1, height: 400, width: 300 };
    let count = 100_000;
    let pasted = |alpha_: f64| {
        let technique = CutMix { mode: Mode::Element, ..CutMix::new(alpha(alpha_)) };
        let paste = technique.paste(count, shape, &chance(0)).unwrap();
        paste.mix.kept.iter().map(|&kept| 1.0 - f64::from(kept)).collect::<Vec<f64>>()
    };
    let mean = |values: &[f64], expected: f64| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        // Whole pixels move a mean by less than one of 300.
        let bound = 5.0 * (variance / n).sqrt() + 5e-4;
        assert!((mean - expected).abs() < bound, "{mean}, expected {expected}");
    };
    mean(&pasted(1.0), 0.5 - 0.2 + 1.0 / 48.0);
    // λ is 0 or 1 at so small an α.
    let all: Vec<f64> = pasted(1e-9).into_iter().filter(|&share| share > 0.0).collect();
    mean(&all, 0.5625);
    assert!((all.len() as f64 - 5e4).abs() < 5.0 * (count as f64 / 4.0).sqrt());
}

#[test]
fn mixup_draws_lambda_from_its_law() {
    for a in [0.2, 1.0] {
        let technique = Mixup { mode: Mode::Element, ..Mixup::new(alpha(a)) };
        let mix = technique.mix(100_000, &chance(0)).unwrap();
        let kept: Vec<f64> = mix.kept.iter().map(|&kept| f64::from(kept)).collect();
        let n = kept.len() as f64;
        let variance = kept.iter().map(|l| (l - 0.5).powi(2)).sum::<f64>() / n;
        let fourth = kept.iter().map(|l| (l - 0.5).powi(4)).sum::<f64>() / n;
        let bound = 5.0 * ((fourth - variance * variance) / n).sqrt();
        let expected = 1.0 / (4.0 * (2.0 * a + 1.0));
        assert!((variance - expected).abs() < bound, "{variance}, expected {expected}");
    }
}

#[test]
fn the_probability_is_that_of_a_batch_a_pair_or_an_example() {
    let changed = |mode: &str, step| {
        let values = format!("{{ alpha = 1.0, probability = 0.3, mode = \"{mode}\" }}");
        let targets = host(through(&doors(&[("mixup", &values)]), told_apart(20, 2), step).targets);
        (0..20).filter(|&i| targets[i * 20 + i] < 1.0).count()
    };
    for (mode, group) in [("batch", 20), ("pair", 2), ("element", 1)] {
        let counts: Vec<usize> = (0..400).map(|step| changed(mode, step)).collect();
        let groups = (400 * 20 / group) as f64;
        // A permutation leaves one of twenty where it is, on average.
        let met = if mode == "batch" { 0.95 } else { 1.0 };
        let acted = counts.iter().sum::<usize>() as f64 / group as f64;
        let bound = 5.0 * (groups * 0.21).sqrt();
        assert!((acted - 0.3 * groups * met).abs() < bound, "{mode}: {acted} of {groups}");
        assert!(mode != "pair" || counts.iter().all(|count| count % 2 == 0));
        let whole = |&count: &usize| count == 0 || count >= 14;
        assert!(mode != "batch" || counts.iter().all(whole), "{counts:?}");
    }
}

#[test]
fn one_of_both_mixes_a_batch_in_either_order() {
    let mixup = ("mixup", "{ alpha = 1.0 }");
    let mixed = |entries: &[(&str, &str)], step| {
        let Batch { inputs, targets, .. } = through(&doors(entries), told_apart(12, 6), step);
        (host(inputs), host(targets))
    };
    // How many batches are those of CutMix alone; all others are those of mixup alone.
    let cut = |switch: &str, steps: u64| {
        let cutmix = format!("{{ alpha = 1.0, switch = {switch} }}");
        let cutmix = ("cutmix", cutmix.as_str());
        let is_cut = |&step: &u64| {
            let found = mixed(&[mixup, cutmix], step);
            assert_eq!(found, mixed(&[cutmix, mixup], step));
            let (blended, pasted) = (mixed(&[mixup], step), mixed(&[cutmix], step));
            assert!(found == blended || found == pasted, "step {step}");
            found != blended
        };
        (0..steps).filter(is_cut).count() as f64
    };
    assert!((cut("0.3", 400) - 120.0).abs() < 5.0 * (400.0 * 0.21f64).sqrt());
    // The key says nothing of a CutMix that stands alone.
    assert_eq!((cut("0.0", 20), cut("1.0", 20)), (0.0, 20.0));
}

#[test]
fn plain_functions_are_the_doors() {
    let labels: Vec<usize> = (0..5).collect();
    let (technique, shape) = (CutMix::new(alpha(1.0)), [5, 2, 6, 6]);
    let batch = through(&doors(&[("cutmix", "{}")]), told_apart(5, 6), 4);
    let images = told_apart(5, 6).inputs.reshape(shape);
    let (images, targets) = cutmix(images, one_hot(&labels, 5), &technique, &chance(4)).unwrap();
    assert_eq!(host(images), host(batch.inputs));
    assert_eq!(host(targets), host(batch.targets));
    let off = CutMix::new(NonNegative::ZERO);
    let same =
        cutmix(told_apart(5, 6).inputs.reshape(shape), one_hot(&labels, 5), &off, &chance(4))
            .unwrap();
    assert_eq!(host(same.0), host(told_apart(5, 6).inputs));
    let batch = through(&doors(&[("mixup", "{ alpha = 0.5 }")]), told_apart(5, 6), 4);
    let technique = Mixup::new(alpha(0.5));
    let (inputs, _) =
        mixup(told_apart(5, 6).inputs.reshape(shape), one_hot(&labels, 5), &technique, &chance(4))
            .unwrap();
    assert_eq!(host(inputs), host(batch.inputs));
}

/// From that epoch on a run goes on as one without it would from the same weights; before, it is
/// the run that never ends mixing.
#[test]
fn an_off_epoch_ends_it_there() {
    let run = |value: &str| log_bits(&Small::of(&with(&[("mixup", value)])).run().log);
    let (always, plain) = (run("{ alpha = 1.0 }"), log_bits(&Small::of(MLP).run().log));
    assert!(run("{ alpha = 1.0, off_epoch = 4 }") == always, "a run of 4 epochs never gets there");
    assert!(run("{ alpha = 1.0, off_epoch = 0 }") == plain);
    let half = run("{ alpha = 1.0, off_epoch = 2 }");
    for (series, values) in &always {
        assert_eq!(half[series][..2], values[..2], "{series} of the first two epochs");
    }
    assert_ne!(half["train.loss"], always["train.loss"]);
    assert_ne!(half["train.loss"], plain["train.loss"]);
}

#[test]
fn values_mix_as_well() {
    let mut small = Small::of(&with(&[("mixup", "{ alpha = 1.0 }")]));
    let parts = &mut *small;
    for data in [&mut parts.train, &mut parts.validation] {
        let values = (0..data.len()).map(|i| f64::from(data.row(i)[0] - data.row(i)[1])).collect();
        let plain = Dataset::new(data.inputs.clone(), vec![6], Target::Values(values), Vec::new());
        *data = plain.unwrap();
    }
    let trained = small.epochs(30).run();
    let last = trained.log.series.iter().find(|s| s.name() == "validation.loss").unwrap();
    // Half the variance of the values is 1.25; what is linear is learned from blends.
    assert!(last.points.last().unwrap().1 < 0.3, "{:?}", last.points.last());
    let technique = Mixup::new(alpha(1.0));
    let (x, y) = (noise(6, 2, "x"), noise(6, 1, "y"));
    let mix = technique.mix(6, &chance(2)).unwrap();
    let (found, own) = (host(mixup(x, y.clone(), &technique, &chance(2)).unwrap().1), host(y));
    let (lambda, partner) = (f64::from(mix.kept[0]), mix.partners[0]);
    assert!((found[0] - (lambda * own[0] + (1.0 - lambda) * own[partner])).abs() < 1e-6);
}

#[test]
fn what_is_for_images_is_refused_on_tables() {
    let small = Small::of(MLP);
    let salt = "{ kind = \"salt_and_pepper\", rate = 0.1 }";
    for (id, value, told) in
        [("cutmix", "{}", "needs images"), ("input_noise", salt, "black and white")]
    {
        let refused = check(&doors(&[(id, value)]), &small.config, &small.train);
        let Err(Error::Refused { subject, message }) = refused else { panic!("{id} passes") };
        assert_eq!(subject, Subject::Technique(id));
        assert!(message.contains(id) && message.contains(told), "{message}");
    }
}

#[test]
fn both_repeat_and_go_with_class_weights() {
    let text = format!(
        "{MLP}class_weights = [1, 3, 2]
[[regularize]]
mixup = {{ alpha = 0.4, mode = \"element\" }}
[[regularize]]
cutmix = {{ alpha = 1.0, mode = \"pair\", probability = 0.5 }}
[[regularize]]
label_smoothing = {{ epsilon = 0.1 }}
"
    );
    assert!(bits(&Small::of_images(&text).run()) == bits(&Small::of_images(&text).run()));
}

#[test]
fn by_hand_inputs_without_a_target_are_refused() {
    let told = "5 inputs and 4 targets: expected a target for each input";
    let labels = one_hot(&[0, 1, 2, 0], 3);
    let one = Mixup::new(alpha(1.0));
    let refused = mixup(noise(5, 3, "inputs"), labels.clone(), &one, &chance(1)).unwrap_err();
    assert_eq!(refused.to_string(), told);
    let images = noise(5, 16, "images").reshape([5, 1, 4, 4]);
    let refused = cutmix(images, labels, &CutMix::new(alpha(1.0)), &chance(1)).unwrap_err();
    assert_eq!(refused.to_string(), told);
}
