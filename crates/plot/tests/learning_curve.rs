//! The learning curve says what was logged: its SVG is read back as a reader would, through the
//! labels on its axes.
#![allow(clippy::unwrap_used)]

mod runs;

use roxmltree::{Document, Node};
use runs::overfitting;
use wellfit_core::run::{Part, Run};
use wellfit_plot::{Curve, Error, Figure, MOST_RUNS, Options, learning_curve};

fn options(metric: &str) -> Options {
    Options {
        title: "Overfits after epoch 15".into(),
        verdict: "Validation loss rises while train loss keeps falling.".into(),
        metric: metric.into(),
        ..Options::default()
    }
}

fn figure(run: &Run, metric: &str) -> Figure {
    learning_curve(&[Curve::new(run)], &options(metric)).unwrap()
}

fn number(node: Node, attribute: &str) -> f64 {
    node.attribute(attribute).unwrap().parse().unwrap()
}

fn panel<'a>(document: &'a Document, run: &str, metric: &str) -> Node<'a, 'a> {
    let wanted = |n: &Node| {
        n.attribute("data-run") == Some(run) && n.attribute("data-metric") == Some(metric)
    };
    document.descendants().find(wanted).unwrap()
}

/// Pixel and number of each label of class `class` in `within`.
fn labels(within: Node, class: &str) -> Vec<(f64, f64)> {
    let side = if class == "x" { "x" } else { "y" };
    // The baseline of a label on the value axis stands 4 pixels below its grid line.
    let baseline = if class == "x" { 0.0 } else { 4.0 };
    let texts = within.descendants().filter(|n| n.attribute("class") == Some(class));
    texts.map(|n| (number(n, side) - baseline, n.text().unwrap().parse().unwrap())).collect()
}

/// The number at a pixel, by the two outermost labels.
fn inverse(labels: &[(f64, f64)], pixel: f64) -> f64 {
    let (a, b) = (labels[0], labels[labels.len() - 1]);
    a.1 + (b.1 - a.1) * (pixel - a.0) / (b.0 - a.0)
}

/// The polylines of one part in pixels.
fn lines(panel: Node, part: Part) -> Vec<Vec<(f64, f64)>> {
    let group = panel.descendants().find(|n| n.attribute("data-part") == Some(part.name()));
    let pair = |pair: &str| {
        let (x, y) = pair.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    let polylines = group.unwrap().children().filter(|n| n.has_tag_name("polyline"));
    polylines.map(|n| n.attribute("points").unwrap().split(' ').map(pair).collect()).collect()
}

/// Checks that one part is drawn as one line through its logged points, within 0.05 pixels.
fn assert_drawn_as_logged(document: &Document, run: &Run, metric: &str, part: Part, log: bool) {
    let panel = panel(document, &run.name, metric);
    let epochs = labels(document.root(), "x");
    let mut values = labels(panel, "y");
    if log {
        values.iter_mut().for_each(|label| label.1 = label.1.log10());
    }
    let per_pixel = |l: &[(f64, f64)]| ((l[0].1 - l[1].1) / (l[0].0 - l[1].0)).abs();
    let lines = lines(panel, part);
    let logged = &run.get(part, metric).unwrap().points;
    assert_eq!((lines.len(), lines[0].len()), (1, logged.len()));
    for ((x, y), (epoch, value)) in lines[0].iter().zip(logged) {
        let value = if log { value.log10() } else { *value };
        assert!((inverse(&epochs, *x) - epoch).abs() < 0.05 * per_pixel(&epochs));
        assert!((inverse(&values, *y) - value).abs() < 0.05 * per_pixel(&values));
    }
}

#[test]
fn the_drawn_points_are_the_logged_numbers() {
    let run = overfitting("plain", 60, 0.05);
    let figure = figure(&run, "accuracy");
    let document = Document::parse(figure.svg()).unwrap();
    for part in [Part::Online, Part::Train, Part::Validation] {
        assert_drawn_as_logged(&document, &run, "loss", part, false);
    }
    for part in [Part::Train, Part::Validation] {
        assert_drawn_as_logged(&document, &run, "accuracy", part, false);
    }
}

#[test]
fn four_decades_of_loss_are_drawn_on_a_logarithmic_axis() {
    let mut run = Run::new("steep");
    for epoch in 0..40 {
        let epoch = f64::from(epoch);
        run.push(Part::Train, "loss", epoch, 30.0 * 10f64.powf(-epoch / 9.5));
    }
    let figure = figure(&run, "");
    assert!(figure.svg().contains("loss (log scale)"));
    let document = Document::parse(figure.svg()).unwrap();
    assert_drawn_as_logged(&document, &run, "loss", Part::Train, true);
}

#[test]
fn runs_side_by_side_share_their_axes() {
    let (plain, mut other) = (overfitting("plain", 40, 0.0), overfitting("other", 40, 0.0));
    for series in &mut other.series {
        series.points.iter_mut().for_each(|p| p.1 *= 2.0);
        series.points.truncate(30);
    }
    let curves = [Curve::new(&plain), Curve::new(&other).best(30.0).stop(30.0)];
    let figure = learning_curve(&curves, &options("accuracy")).unwrap();
    let document = Document::parse(figure.svg()).unwrap();
    let values = labels(panel(&document, "plain", "loss"), "y");
    let line = &lines(panel(&document, "other", "loss"), Part::Train)[0];
    let logged = &other.get(Part::Train, "loss").unwrap().points;
    for (pixel, (_, value)) in line.iter().zip(logged) {
        assert!((inverse(&values, pixel.1) - value).abs() < 1e-3);
    }
    let other = panel(&document, "other", "loss");
    let marker =
        other.children().find(|n| n.has_tag_name("line") && n.attribute("x1") == n.attribute("x2"));
    let inside = number(marker.unwrap(), "y1")..=number(marker.unwrap(), "y2");
    assert!(line.iter().all(|pixel| inside.contains(&pixel.1)), "the axis covers every run");
    let words: Vec<&str> = document.descendants().filter_map(|n| n.text()).collect();
    assert!(["plain", "other", "best and stop 30"].iter().all(|word| words.contains(word)));
}

#[test]
fn markers_stand_at_their_epochs() {
    let run = overfitting("plain", 60, 0.0);
    let figure =
        learning_curve(&[Curve::new(&run).best(14.0).stop(24.0)], &options("accuracy")).unwrap();
    let document = Document::parse(figure.svg()).unwrap();
    let epochs = labels(document.root(), "x");
    for (label, epoch) in [("best 14", 14.0), ("stop 24", 24.0)] {
        let text = document.descendants().find(|n| n.is_element() && n.text() == Some(label));
        assert!((inverse(&epochs, number(text.unwrap(), "x")) - epoch).abs() < 0.01);
    }
}

#[test]
fn points_that_are_not_finite_break_the_line_and_leave_a_mark() {
    let mut run = overfitting("broken", 20, 0.0);
    let train = run.series.iter_mut().find(|s| s.part == Part::Train && s.metric == "loss");
    let points = &mut train.unwrap().points;
    (points[7].1, points[8].1) = (f64::NAN, f64::INFINITY);
    let figure = figure(&run, "");
    let document = Document::parse(figure.svg()).unwrap();
    let panel = panel(&document, "broken", "loss");
    let lengths: Vec<usize> = lines(panel, Part::Train).iter().map(Vec::len).collect();
    assert_eq!(lengths, [7, 11]);
    let marks = panel.descendants().filter(|n| n.attribute("class") == Some("gap")).count();
    assert_eq!(marks, 4, "two crosses of two strokes");
    assert!(figure.svg().contains("× not finite") && !figure.svg().contains("NaN"));
    figure.png(1.0).unwrap();
}

#[test]
fn a_spike_of_one_epoch_in_a_hundred_thousand_stays() {
    let mut run = Run::new("long");
    for epoch in 1..=100_000 {
        let value = if epoch == 77_777 { 9.0 } else { f64::from(epoch % 10) / 10.0 };
        run.push(Part::Train, "loss", f64::from(epoch), value);
    }
    let figure = figure(&run, "");
    assert!(figure.svg().len() < 100_000);
    let document = Document::parse(figure.svg()).unwrap();
    let panel = panel(&document, "long", "loss");
    let (epochs, values) = (labels(document.root(), "x"), labels(panel, "y"));
    let line = lines(panel, Part::Train).remove(0);
    let top = line.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    assert!((inverse(&values, top.1) - 9.0).abs() < 0.01);
    assert!((inverse(&epochs, top.0) - 77_777.0).abs() < 200.0);
}

#[test]
fn odd_runs_are_drawn_and_never_crash() {
    let log = |points: &[(f64, f64)]| {
        let mut run = Run::new("odd");
        for (epoch, value) in points {
            run.push(Part::Train, "loss", *epoch, *value);
            run.push(Part::Validation, "loss", *epoch, *value);
        }
        run
    };
    for (points, words) in [
        (vec![(1.0, 0.5)], "train"),
        (vec![(1.0, 0.5), (2.0, 0.5), (3.0, 0.5)], "best 1"),
        (vec![(1.0, 0.0), (2.0, 0.0)], "train"),
        (vec![(1.0, -1e308), (2.0, 1e308), (3.0, 1.0)], "not finite"),
        (vec![(1.0, 1e-320), (2.0, 5e-324)], "log scale"),
        (vec![(1.0, 1e299), (2.0, -1e299)], "best 2"),
        (vec![(0.25, 1.0), (0.5, 2.0)], "best 0.25"),
        (vec![(f64::NAN, 1.0), (2.0, 1.0)], "train"),
        (vec![(3.0, 1.0), (3.0, 2.0), (1.0, 3.0)], "train"),
        (vec![(1.0, f64::NAN), (2.0, f64::NAN)], "no finite points"),
    ] {
        let figure = figure(&log(&points), "");
        assert!(figure.svg().contains(words), "{points:?}");
        assert!(!figure.svg().contains("NaN") && !figure.svg().contains("inf"), "{points:?}");
        figure.png(0.5).unwrap();
    }
}

#[test]
fn a_run_without_the_metric_says_so_in_its_panel() {
    let (full, mut bare) = (overfitting("full", 9, 0.0), overfitting("bare", 9, 0.0));
    bare.series.retain(|s| s.metric == "loss");
    let curves = [Curve::new(&full), Curve::new(&bare)];
    let figure = learning_curve(&curves, &options("accuracy")).unwrap();
    let document = Document::parse(figure.svg()).unwrap();
    let words = |run| {
        let panel = panel(&document, run, "accuracy");
        panel.descendants().any(|n| n.text() == Some("no points"))
    };
    assert!(words("bare") && !words("full"));
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    assert_eq!(learning_curve(&[], &options("")), Err(Error::Empty));
    let empty = Run::new("empty");
    assert_eq!(learning_curve(&[Curve::new(&empty)], &options("accuracy")), Err(Error::Empty));
    let many = vec![Curve::new(&empty); MOST_RUNS + 1];
    let refused = Error::TooManyRuns { most: MOST_RUNS, found: MOST_RUNS + 1 };
    assert_eq!(learning_curve(&many, &options("")), Err(refused));
    let figure = figure(&overfitting("plain", 3, 0.0), "");
    for scale in [0.0, -1.0, 8.1, f32::NAN, 1e-9] {
        assert!(matches!(figure.png(scale), Err(Error::Scale { .. })), "{scale}");
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let draw = || figure(&overfitting("plain", 60, 0.1), "accuracy");
    assert_eq!(draw().svg(), draw().svg());
    assert_eq!(draw().png(1.0), draw().png(1.0));
}

#[test]
fn the_png_has_the_declared_size_and_shows_both_curves_and_letters() {
    let figure = figure(&overfitting("plain", 60, 0.0), "accuracy");
    let bytes = figure.png(2.0).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = figure.size();
    assert_eq!((f64::from(info.width), f64::from(info.height)), (2.0 * width, 2.0 * height));
    assert_eq!(info.color_type, png::ColorType::Rgba);
    let count = |colour: [u8; 4]| pixels.chunks_exact(4).filter(|p| *p == colour).count();
    let (train, validation) = ([0x00, 0x72, 0xb2, 0xff], [0xd5, 0x5e, 0x00, 0xff]);
    assert!(count(train) > 1000 && count(validation) > 1000);
    // Only the title is written in this ink at such a size: no letters would mean no font.
    assert!(count([0x22, 0x22, 0x22, 0xff]) > 500);
}

/// Set `UPDATE_GOLDEN=1` to write the file anew, and look at it before it is committed.
#[test]
fn the_svg_is_the_committed_one() {
    let run = overfitting("plain", 60, 0.01);
    let curve = Curve::new(&run).stop(24.0);
    let drawn = learning_curve(&[curve], &options("accuracy")).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/overfitting.svg");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, drawn.svg()).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    assert!(drawn.svg() == golden, "the figure changed: set UPDATE_GOLDEN=1, then look at {path}");
}
