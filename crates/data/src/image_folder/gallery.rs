//! Pictures for a trained model: with labels or without, decoded as they are asked for.

use super::files::{Entry, Tree, is_picture};
use super::{Channels, Form, wrong};
use crate::{Error, Source, file};
use std::ops::Range;
use std::path::Path;

/// Pictures that wait to be decoded.
pub(crate) struct Gallery {
    form: Form,
    pictures: Vec<Entry>,
    labels: Option<Vec<u32>>,
    note: Option<String>,
}

impl Form {
    /// What a model takes that was trained on `source`; it resizes and converts when training did.
    pub fn of_model(source: &Source, channels: usize, size: [usize; 2]) -> Self {
        let channels = if channels == 3 { Channels::Rgb } else { Channels::Gray };
        let asked = match source {
            Source::Images(folder) => [folder.size.is_some(), folder.channels.is_some()],
            _ => [false, false],
        };
        Self { channels, size, asked, model: "training".into() }
    }
}

impl Gallery {
    /// Lists a folder or tar file of pictures, or takes one picture. Of a folder with the parts
    /// `train` and `test`, `test` is taken. With `labelled` names, each picture must be in the
    /// folder of its class, and pictures come class by class; otherwise by the order of their
    /// places.
    pub fn open(
        root: &Path,
        form: Form,
        labelled: Option<&[String]>,
        classes: &[String],
    ) -> Result<Self, Error> {
        let (mut pictures, mut note) = (list(root)?, None);
        let in_part = |entry: &Entry, part: &str| entry.place.len() > 2 && entry.place[0] == part;
        let has = |part: &str| pictures.iter().any(|entry| in_part(entry, part));
        let parted = has("train") && has("test");
        if parted && !classes.iter().any(|class| class == "train" || class == "test") {
            pictures.retain(|entry| in_part(entry, "test"));
            pictures.iter_mut().for_each(|entry| drop(entry.place.remove(0)));
            note = Some("of the parts of this folder, `test` is taken".to_owned());
        }
        if pictures.is_empty() {
            let expected = "pictures, .png, .jpg or .jpeg";
            return Err(wrong(root, expected, "none".to_owned()));
        }
        let Some(names) = labelled else { return Ok(Self { form, pictures, labels: None, note }) };
        let label = |entry: &Entry| class(entry, names);
        let mut labels = pictures.iter().map(label).collect::<Result<Vec<u32>, Error>>()?;
        let mut pairs: Vec<_> = labels.drain(..).zip(pictures).collect();
        pairs.sort_by_key(|(label, _)| *label);
        let (labels, pictures) = pairs.into_iter().unzip();
        Ok(Self { form, pictures, labels: Some(labels), note })
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.pictures.len()
    }

    /// The place of each picture below the root.
    pub fn names(&self) -> Vec<String> {
        self.pictures.iter().map(|entry| entry.place.join("/")).collect()
    }

    /// The class of each picture, where they were asked for.
    pub fn labels(&self) -> Option<Vec<u32>> {
        self.labels.clone()
    }

    /// What was chosen among several.
    pub fn note(&self) -> Option<String> {
        self.note.clone()
    }

    /// Decodes some pictures: channel after channel, values 0 to 255.
    pub fn pixels(&self, range: Range<usize>) -> Result<Vec<f32>, Error> {
        self.form.pixels(&self.pictures[range])
    }
}

fn list(root: &Path) -> Result<Vec<Entry>, Error> {
    if root.is_file() {
        let entry = Entry::file(root);
        let start = file::start(root)?;
        let known = matches!(start.as_slice(), [0x89, b'P', b'N', b'G'] | [0xff, 0xd8, ..]);
        if known || is_picture(&entry.place) {
            return Ok(vec![entry]);
        }
    }
    Ok(Tree::open(root)?.pictures)
}

/// The class of the folder that a picture is in.
fn class(entry: &Entry, names: &[String]) -> Result<u32, Error> {
    let refuse = |found: String| {
        let expected = format!("a folder for each of the classes {}", names.join(", "));
        wrong(&entry.path, &expected, found)
    };
    match entry.place.as_slice() {
        [folder, _, ..] => {
            let place = names.iter().position(|name| name == folder);
            place.map(|place| place as u32).ok_or_else(|| refuse(format!("`{folder}`")))
        }
        _ => Err(refuse("a picture outside of them".to_owned())),
    }
}
