//! Folders of pictures: one folder per class, in a folder or a tar file.

mod files;
mod gallery;
mod layout;
mod picture;
mod resize;

pub(crate) use gallery::Gallery;
pub use picture::Channels;

use crate::{Dataset, Error, Target};
use files::{Entry, Tree};
use layout::{Layout, Part};
use picture::Picture;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use wellfit_core::number::Positive;

/// Where pictures are and what they are brought to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageFolder {
    /// A folder or a tar file; `${NAME}` stands for an environment variable.
    pub dir: String,
    /// Height and width that all pictures get; `None` when all have one size already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<[usize; 2]>,
    /// Colour or grey; `None` takes what the first picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Channels>,
}

/// The pictures of a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Pictures {
    /// All pictures, or those below `train`.
    pub train: Dataset,
    /// Those below `validation`, `valid` or `val`.
    pub validation: Option<Dataset>,
    /// Those below `test`.
    pub test: Option<Dataset>,
}

/// Reads `root/CLASS/*.png` and `*.jpg`, or `root/train/CLASS/...` with `root/test` and
/// `root/validation` (`valid`, `val`) of the same form, from a folder or a tar file.
///
/// Shape `[channels, height, width]`, values 0 to 255. Classes are the folders of the training
/// part, by number where all are numbers and by alphabet otherwise; pictures come class by class in
/// the order of their paths. Folders below a class belong to it. Files of other kinds and names
/// that begin with a dot are passed over. Transparency is dropped, 16 bits become 8, and a picture
/// whose EXIF data say that the camera was held otherwise is turned the right way up.
///
/// # Errors
/// [`Error::Read`]; [`Error::Format`] for a picture that is damaged, of another size while
/// [`ImageFolder::size`] is open, or in colour where the first was grey, for less than two classes,
/// a class without pictures and a picture outside of the classes.
pub fn read(root: &Path, config: &ImageFolder) -> Result<Pictures, Error> {
    if config.size.is_some_and(|size| size.contains(&0)) {
        return Err(wrong(root, "a `size` of [height, width] above 0", "0".to_owned()));
    }
    let Layout { names, parts: [train, validation, test] } = Layout::of(root, Tree::open(root)?)?;
    let form = Form::of(&train.pictures[0], config)?;
    let optional = |part: Part| match part.pictures.is_empty() {
        true => Ok(None),
        false => form.dataset(&part, &names).map(Some),
    };
    Ok(Pictures {
        train: form.dataset(&train, &names)?,
        validation: optional(validation)?,
        test: optional(test)?,
    })
}

/// What every picture is brought to.
pub(crate) struct Form {
    channels: Channels,
    size: [usize; 2],
    /// Whether pictures of another size are resized, and colour may become grey.
    asked: [bool; 2],
    /// The picture that decided what nobody asked for.
    model: PathBuf,
}

impl Form {
    fn of(first: &Entry, config: &ImageFolder) -> Result<Self, Error> {
        let picture = decode(first)?;
        Ok(Self {
            channels: config.channels.unwrap_or(picture.channels),
            size: config.size.unwrap_or(picture.size),
            asked: [config.size.is_some(), config.channels.is_some()],
            model: first.path.clone(),
        })
    }

    fn dataset(&self, part: &Part, names: &[String]) -> Result<Dataset, Error> {
        let inputs = self.pixels(&part.pictures)?;
        let target = Target::Classes { labels: part.labels.clone(), names: names.to_vec() };
        let data = Dataset::new(inputs, self.shape().to_vec(), target, Vec::new())?;
        Ok(data.with_white(Positive::BYTE))
    }

    fn shape(&self) -> [usize; 3] {
        [self.channels.count(), self.size[0], self.size[1]]
    }

    fn pixels(&self, pictures: &[Entry]) -> Result<Vec<f32>, Error> {
        let width = self.shape().iter().try_fold(1_usize, |all, &side| all.checked_mul(side));
        let length = width.and_then(|width| width.checked_mul(pictures.len()));
        let mut inputs: Vec<f32> = Vec::new();
        if length.is_none_or(|length| inputs.try_reserve_exact(length).is_err()) {
            let [height, width] = self.size;
            let found = format!("{} of {height} x {width}", pictures.len());
            return Err(wrong(&self.model, "pictures that fit into memory; set a `size`", found));
        }
        inputs.resize(length.unwrap_or(0), 0.0);
        let rows = inputs.par_chunks_exact_mut(width.unwrap_or(1)).zip(pictures);
        // All results, so that of many errors the first is shown whichever thread was faster.
        let done: Vec<_> = rows.map(|(row, entry)| self.fill(row, entry)).collect();
        done.into_iter().collect::<Result<(), Error>>()?;
        Ok(inputs)
    }

    fn fill(&self, row: &mut [f32], entry: &Entry) -> Result<(), Error> {
        let picture = decode(entry)?;
        let model = self.model.display();
        let [resizing, converting] = self.asked;
        if picture.size != self.size && !resizing {
            let [height, width] = self.size;
            let expected = format!(
                "{height} x {width} pixels (height x width) as in {model}; \
                 `size = [{height}, {width}]` brings all pictures to it"
            );
            let [height, width] = picture.size;
            return Err(wrong(&entry.path, &expected, format!("{height} x {width}")));
        }
        if self.channels == Channels::Gray && picture.channels == Channels::Rgb && !converting {
            let expected =
                format!("a grey picture as {model}; set `channels` to \"rgb\" or \"gray\"");
            return Err(wrong(&entry.path, &expected, "one in colour".to_owned()));
        }
        picture.fill(row, self.channels, self.size);
        Ok(())
    }
}

fn decode(entry: &Entry) -> Result<Picture, Error> {
    let damaged = |found| wrong(&entry.path, "a PNG or JPEG picture", found);
    Picture::decode(&entry.bytes()?).map_err(damaged)
}

fn wrong(path: &Path, expected: &str, found: String) -> Error {
    Error::Format { path: path.into(), expected: expected.to_owned(), found }
}

#[cfg(test)]
mod tests;
