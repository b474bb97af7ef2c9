//! Pictures of cameras held in all ways, against Pillow's view; `golden/orientation.py` made them.

#![allow(clippy::unwrap_used)] // this is a test

use serde::Deserialize;
use std::fs;
use wellfit_data::image_folder::{ImageFolder, read};

#[derive(Deserialize)]
struct Golden {
    jpeg: Vec<Turned>,
    png: Vec<Turned>,
}

#[derive(Deserialize)]
struct Turned {
    orientation: u8,
    /// In hexadecimal.
    file: String,
    size: [usize; 2],
    /// Red, green and blue of each pixel.
    shown: Vec<f32>,
}

impl Turned {
    fn bytes(&self) -> Vec<u8> {
        let digits = self.file.as_bytes().chunks_exact(2);
        let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        digits.map(byte).collect()
    }

    /// Channel after channel.
    fn planes(&self) -> Vec<f32> {
        (0..3).flat_map(|channel| self.shown[channel..].iter().step_by(3).copied()).collect()
    }
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/orientation.json")).unwrap()
}

/// Height, width and planes of a picture as it comes out of a folder.
fn through(bytes: &[u8]) -> ([usize; 2], Vec<f32>) {
    let dir = tempfile::tempdir().unwrap();
    for class in ["a", "b"] {
        fs::create_dir(dir.path().join(class)).unwrap();
        fs::write(dir.path().join(class).join("1.jpg"), bytes).unwrap();
    }
    let config = ImageFolder { dir: String::new(), size: None, channels: None };
    let train = read(dir.path(), &config).unwrap().train;
    ([train.shape[1], train.shape[2]], train.row(0).to_vec())
}

fn most(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn all_eight_orientations_are_shown_as_pillow_shows_them() {
    let golden = golden();
    let orientations: Vec<u8> = golden.jpeg.iter().map(|turned| turned.orientation).collect();
    assert_eq!(orientations, [1, 2, 3, 4, 5, 6, 7, 8]);
    for turned in &golden.jpeg {
        let (size, planes) = through(&turned.bytes());
        assert_eq!(size, turned.size, "{}", turned.orientation);
        // Decoders may round in their own ways; a wrong turn is off by up to 250.
        let most = most(&planes, &turned.planes());
        assert!(most <= 8.0, "{}: {most}", turned.orientation);
    }
    for turned in &golden.png {
        let (size, planes) = through(&turned.bytes());
        assert_eq!((size, most(&planes, &turned.planes())), (turned.size, 0.0));
    }
}

#[test]
fn an_orientation_that_is_none_leaves_the_picture_as_stored() {
    let golden = golden();
    let (first, sixth) = (golden.jpeg[0].bytes(), golden.jpeg[5].bytes());
    // Tag 0x0112, one short, in the order of bytes in which the file of orientation 6 is.
    let tag = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6];
    let at = sixth.windows(tag.len()).position(|bytes| bytes == tag).unwrap() + tag.len() - 1;
    for none in [0, 1, 9, 255] {
        let mut file = sixth.clone();
        file[at] = none;
        assert_eq!(through(&file), through(&first), "{none}");
    }
    let mut damaged = sixth.clone();
    let start = damaged.windows(4).position(|bytes| bytes == b"MM\0*").unwrap();
    damaged[start + 4..start + 8].fill(0xff);
    assert_eq!(through(&damaged), through(&first), "a damaged head of the EXIF data");
}
