//! Pictures against Pillow's numbers; `golden/picture.py` made them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)] // this is a test

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use wellfit_data::image_folder::{Channels, ImageFolder, read};

#[derive(Deserialize)]
struct Golden {
    jpeg: Vec<u8>,
    decoded: Vec<f32>,
    pixels: Vec<u8>,
    gray: Vec<f32>,
    resized: BTreeMap<String, Vec<f32>>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/picture.json")).unwrap()
}

/// A PNG file of the picture before it went through JPEG.
fn png(golden: &Golden) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 24, 16);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&golden.pixels).unwrap();
    bytes
}

/// The picture `bytes` as it comes out of a folder of two classes.
fn through(bytes: &[u8], size: Option<[usize; 2]>, channels: Channels) -> Result<Vec<f32>, String> {
    let dir = tempfile::tempdir().unwrap();
    for class in ["a", "b"] {
        fs::create_dir(dir.path().join(class)).unwrap();
        fs::write(dir.path().join(class).join("1.jpg"), bytes).unwrap();
    }
    let config = ImageFolder { dir: String::new(), size, channels: Some(channels) };
    let train = read(dir.path(), &config).map_err(|error| error.to_string())?.train;
    assert_eq!(train.row(0), train.row(1));
    Ok(train.row(0).to_vec())
}

/// The largest and the mean difference.
fn distance(ours: &[f32], theirs: &[f32]) -> (f32, f32) {
    assert_eq!(ours.len(), theirs.len());
    let differences: Vec<f32> = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).collect();
    let sum: f32 = differences.iter().sum();
    (differences.iter().copied().fold(0.0, f32::max), sum / ours.len() as f32)
}

/// Channel after channel, from interleaved channels.
fn planes(pixels: &[f32]) -> Vec<f32> {
    (0..3).flat_map(|channel| pixels[channel..].iter().step_by(3).copied()).collect()
}

#[test]
fn jpeg_decodes_as_pillow_decodes_it() {
    let golden = golden();
    let ours = through(&golden.jpeg, None, Channels::Rgb).unwrap();
    // Decoders may round and upsample colour in their own ways.
    let (most, mean) = distance(&ours, &planes(&golden.decoded));
    assert!(most <= 8.0 && mean < 1.0, "{most} {mean}");
}

#[test]
fn grey_and_sizes_are_those_of_pillow() {
    let golden = golden();
    let png = png(&golden);
    let grey = through(&png, None, Channels::Gray).unwrap();
    assert!(distance(&grey, &golden.gray).0 < 1.0);
    assert_eq!(golden.resized.len(), 4);
    for (size, theirs) in &golden.resized {
        let (height, width) = size.split_once('x').unwrap();
        let asked = [height.parse().unwrap(), width.parse().unwrap()];
        let ours = through(&png, Some(asked), Channels::Rgb).unwrap();
        // Pillow rounds to whole numbers behind the rows and again behind the columns.
        let most = distance(&ours, &planes(theirs)).0;
        assert!(most < 1.1, "{size}: {most}");
    }
}

#[test]
fn a_cut_jpeg_is_refused() {
    let whole = golden().jpeg;
    for length in [2, 100, whole.len() / 2, whole.len() - 20, whole.len() - 2] {
        let text = through(&whole[..length], None, Channels::Rgb).unwrap_err();
        assert!(text.contains("/a/1.jpg: expected a PNG or JPEG picture"), "{text}");
        assert!(text.contains("found a cut or damaged JPEG file ("), "{length}: {text}");
    }
}

/// CIFAR-10 has ten classes; the sample holds 500 + 200 pictures of each.
#[test]
fn the_cifar_sample_reads_whole() {
    let Some(folder) = std::env::var_os("WELLFIT_DATA").map(std::path::PathBuf::from) else {
        eprintln!("SKIPPED the_cifar_sample_reads_whole: WELLFIT_DATA is not set");
        return;
    };
    let path = folder.join("images/cifar10-subset.tar");
    let began = std::time::Instant::now();
    let config = ImageFolder { dir: String::new(), size: None, channels: None };
    let pictures = read(&path, &config).unwrap();
    eprintln!("7,000 pictures in {:.2?}", began.elapsed());
    let test = pictures.test.unwrap();
    assert_eq!((pictures.train.len(), test.len(), pictures.validation), (5000, 2000, None));
    assert_eq!((pictures.train.shape.as_slice(), &test.shape), (&[3, 32, 32][..], &test.shape));
    for (data, each) in [(&pictures.train, 500), (&test, 200)] {
        let wellfit_data::Target::Classes { labels, names } = &data.target else { panic!() };
        assert_eq!(names.len(), 10);
        let count = |class| labels.iter().filter(|&&label| label == class).count();
        assert!((0..10).all(|class| count(class) == each));
        // Published channel means of CIFAR-10 are 125.3, 123.0 and 113.9.
        let means = [0, 1, 2].map(|channel| {
            let planes = data.inputs.chunks_exact(1024).skip(channel).step_by(3);
            planes.flatten().map(|&x| f64::from(x)).sum::<f64>() / (1024 * data.len()) as f64
        });
        for (mean, published) in means.iter().zip([125.3, 123.0, 113.9]) {
            assert!((mean - published).abs() < 3.0, "{means:?}");
        }
    }
}
