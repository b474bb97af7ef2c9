//! Lines of programs that print numbers before their names.

use super::line::Reading;

/// What a line says that only a known program prints.
pub(super) fn special(line: &str) -> Option<Reading> {
    let readers = [
        darknet,
        bigdl,
        columns,
        right_of,
        coco,
        kaldi,
        yolov7,
        tflearn,
        deeplearning4j,
        settings,
        classes,
    ];
    readers.iter().find_map(|read| read(line))
}

/// Whether training is over: Ultralytics measures its best weights again behind this line.
pub(super) fn ends(line: &str) -> bool {
    line.starts_with("Optimizer stripped from")
}

/// Whether the next line repeats the best one: boosting libraries do so when they stop early.
pub(super) fn announces_best(line: &str) -> bool {
    line.trim_end().ends_with(':') && line.to_ascii_lowercase().contains("best iteration")
}

/// Darknet: ` 100: 2.345000, 2.400000 avg loss, 0.001000 rate, 5.0 seconds, 6400 images`.
fn darknet(line: &str) -> Option<Reading> {
    let (step, rest) = line.trim().split_once(": ")?;
    let (_, rest) = rest.split_once(", ")?;
    let (loss, rest) = rest.split_once(" avg")?;
    let (_, rest) = rest.split_once(", ")?;
    let (rate, _) = rest.split_once(" rate")?;
    let values = vec![
        ("train avg loss".to_owned(), loss.trim().parse().ok()?),
        ("rate lr".to_owned(), rate.trim().parse().ok()?),
    ];
    Some(Reading { step: Some(step.parse().ok()?), values, ..Reading::default() })
}

/// BigDL: `Loss is (Loss: 134.79, count: 128, Average Loss: 1.053)`, of a sum and its mean.
fn bigdl(line: &str) -> Option<Reading> {
    let (_, rest) = line.split_once("Loss is (Loss: ")?.1.split_once("Average Loss: ")?;
    let values = vec![("val loss".to_owned(), rest.trim_end().trim_end_matches(')').parse().ok()?)];
    Some(Reading { values, ..Reading::default() })
}

/// `250 val 5.9`, as minimal training scripts write to a file.
fn columns(line: &str) -> Option<Reading> {
    let mut words = line.split_whitespace();
    let (step, part, value) = (words.next()?, words.next()?, words.next()?);
    let known = matches!(part, "train" | "val" | "test") && words.next().is_none();
    let step = step.parse::<u32>().ok().filter(|_| known)?;
    let values = vec![(format!("{part} loss"), value.parse().ok()?)];
    Some(Reading { step: Some(step.into()), values, ..Reading::default() })
}

/// `Epoch 3: 9120 / 10000`, as the code of Nielsen's book counts correct answers.
fn right_of(line: &str) -> Option<Reading> {
    let (epoch, rest) = line.strip_prefix("Epoch ")?.split_once(": ")?;
    let (right, all) = rest.split_once(" / ")?;
    let (right, all): (u32, u32) = (right.parse().ok()?, all.trim().parse().ok()?);
    let share = f64::from(right) / f64::from(all.max(1));
    let values = vec![("test accuracy".to_owned(), share)];
    Some(Reading { epoch: Some(epoch.parse().ok()?), values, ..Reading::default() })
}

/// ` Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.384`, of the
/// examples that are not trained on. The lines for other sizes and thresholds say less.
fn coco(line: &str) -> Option<Reading> {
    let (what, value) = line.split_once("] =")?;
    let told = ["(AP) @[ IoU=", "(AR) @[ IoU="].iter().any(|kind| what.contains(kind));
    let whole = ["(AP)", "0.50:0.95", "area=   all", "maxDets=100"];
    let is_whole = whole.iter().all(|word| what.contains(word));
    let value = value.trim().parse().ok().filter(|value| *value >= 0.0)?;
    let values = if is_whole { vec![("val mAP50-95".to_owned(), value)] } else { Vec::new() };
    told.then(|| Reading { values, ..Reading::default() })
}

/// Kaldi: `exp/log/compute_prob_valid.84.log:LOG (nnet3-...) Overall log-probability for 'output' is
/// -0.5 per frame`, with a penalty as `-0.4 + -0.1 = -0.5`.
fn kaldi(line: &str) -> Option<Reading> {
    let (place, rest) = line.split_once("verall log-probability for '")?;
    let (output, rest) = rest.split_once("' is ")?;
    let value = rest.split(" per frame").next()?.split(" = ").last()?.trim().parse().ok()?;
    let (part, step) = ["train", "valid"].iter().find_map(|part| {
        let number = place.split_once(&format!("compute_prob_{part}."))?.1.split('.').next()?;
        Some((part, number.parse::<u32>().ok()?))
    })?;
    // The cross-entropy beside a chain model is a regularizer.
    let values = match output {
        "output" => vec![(format!("{part} log-likelihood"), value)],
        _ => Vec::new(),
    };
    Some(Reading { step: Some(step.into()), values, ..Reading::default() })
}

/// A line of YOLOv7's results.txt, which has no names: epoch, memory, box, obj, cls, total, labels,
/// size, precision, recall, two mAPs, and the three losses on validation examples.
fn yolov7(line: &str) -> Option<Reading> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [epoch, memory, rest @ ..] = &words[..] else { return None };
    let epoch: u32 = epoch.split_once('/')?.0.parse().ok()?;
    if rest.len() != 13 || !memory.ends_with('G') {
        return None;
    }
    let numbers: Option<Vec<f64>> = rest.iter().map(|word| word.parse().ok()).collect();
    let names = [
        "train box loss",
        "train obj loss",
        "train cls loss",
        "train loss",
        "",
        "",
        "val precision",
        "val recall",
        "val mAP50",
        "val mAP50-95",
        "val box loss",
        "val obj loss",
        "val cls loss",
    ];
    let named = names.iter().zip(numbers?).filter(|(name, _)| !name.is_empty());
    let values = named.map(|(name, value)| ((*name).to_owned(), value)).collect();
    Some(Reading { epoch: Some(epoch.into()), values, ..Reading::default() })
}

/// TFLearn repeats the loss of `Training Step: 100  | total loss: 0.5` in the next line, with the
/// number of its epoch.
fn tflearn(line: &str) -> Option<Reading> {
    (line.starts_with("Training Step:") && line.contains("total loss:")).then(Reading::default)
}

/// DL4J: `ScoreIterationListener - Score at iteration 100 is 1.39`; its score is the loss.
fn deeplearning4j(line: &str) -> Option<Reading> {
    let (step, score) = line.split_once("Score at iteration ")?.1.split_once(" is ")?;
    let values = vec![("train loss".to_owned(), score.trim().parse().ok()?)];
    Some(Reading { step: Some(step.trim().parse().ok()?), values, ..Reading::default() })
}

/// Python's arguments: `Namespace(epochs=10, lr=0.1)` measures nothing.
fn settings(line: &str) -> Option<Reading> {
    line.contains("Namespace(").then(Reading::default)
}

/// conlleval: lines of single classes stand below that of all, which begins with the accuracy.
fn classes(line: &str) -> Option<Reading> {
    (line.contains("; FB1:") && !line.contains("accuracy:")).then(Reading::default)
}
