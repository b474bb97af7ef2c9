//! A folder of images and labels under the four names that MNIST made canonical.

use crate::idx::{self, Idx, sizes};
use crate::{Dataset, Error, Target};
use std::path::{Path, PathBuf};
use wellfit_core::number::Positive;

/// The training images of `dir`, and the official test images when the folder holds them.
///
/// Reads `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and, together or not at all,
/// `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, each plain or with `.gz`. Pixels stay
/// 0 to 255; images of rank 3 get one channel in front. Classes are the labels of the training
/// file by rising number, named by it.
///
/// # Errors
/// Those of [`idx::read`], and [`Error::Format`] for a missing file, labels that do not pair with
/// images, test images of another shape, and a test label that training never shows.
pub fn read(dir: &Path) -> Result<(Dataset, Option<Dataset>), Error> {
    let train = Pair::read(dir, "train")?;
    let classes = train.classes();
    let test = if find(dir, &images("t10k")).is_some() || find(dir, &labels("t10k")).is_some() {
        let test = Pair::read(dir, "t10k")?;
        test.fits(&train)?;
        Some(test.dataset(&classes)?)
    } else {
        None
    };
    Ok((train.dataset(&classes)?, test))
}

pub(crate) fn images(set: &str) -> String {
    format!("{set}-images-idx3-ubyte")
}

pub(crate) fn labels(set: &str) -> String {
    format!("{set}-labels-idx1-ubyte")
}

pub(crate) fn find(dir: &Path, name: &str) -> Option<PathBuf> {
    [dir.join(name), dir.join(format!("{name}.gz"))].into_iter().find(|path| path.is_file())
}

fn need(dir: &Path, name: &str) -> Result<PathBuf, Error> {
    let expected = format!("the file {name} or {name}.gz");
    find(dir, name).ok_or_else(|| wrong(dir, expected, "neither".to_owned()))
}

fn wrong(path: &Path, expected: String, found: String) -> Error {
    Error::Format { path: path.into(), expected, found }
}

/// The image file and the label file of one set.
struct Pair {
    images: (PathBuf, Idx),
    labels: (PathBuf, Idx),
}

impl Pair {
    fn read(dir: &Path, set: &str) -> Result<Self, Error> {
        let (images, labels) = (need(dir, &images(set))?, need(dir, &labels(set))?);
        let pair = Self {
            images: (images.clone(), idx::read(&images)?),
            labels: (labels.clone(), idx::read(&labels)?),
        };
        let (rank, shape) = (pair.images.1.shape.len(), &pair.labels.1.shape);
        if rank < 2 {
            return Err(wrong(
                &images,
                "images, rank 2 or more".to_owned(),
                format!("rank {rank}"),
            ));
        }
        if shape[..] != pair.images.1.shape[..1] {
            let expected = format!("{} labels, one per image", pair.images.1.shape[0]);
            return Err(wrong(&labels, expected, format!("a shape of {}", sizes(shape))));
        }
        Ok(pair)
    }

    fn fits(&self, train: &Self) -> Result<(), Error> {
        let (ours, theirs) = (&self.images.1.shape[1..], &train.images.1.shape[1..]);
        if ours == theirs {
            return Ok(());
        }
        let expected = format!("images of {} as in training", sizes(theirs));
        Err(wrong(&self.images.0, expected, sizes(ours)))
    }

    /// The label bytes that occur, rising.
    fn classes(&self) -> Vec<u8> {
        let used = |label: &u8| self.labels.1.bytes.contains(label);
        (0..=u8::MAX).filter(used).collect()
    }

    fn dataset(self, classes: &[u8]) -> Result<Dataset, Error> {
        let unknown = |label: u8| {
            let expected = "only labels that training shows".to_owned();
            wrong(&self.labels.0, expected, format!("label {label}"))
        };
        let number = |&label: &u8| match classes.binary_search(&label) {
            Ok(class) => Ok(class as u32),
            Err(_) => Err(unknown(label)),
        };
        let labels = self.labels.1.bytes.iter().map(number).collect::<Result<_, _>>()?;
        let names = classes.iter().map(u8::to_string).collect();
        let mut shape = self.images.1.shape[1..].to_vec();
        if shape.len() == 2 {
            shape.insert(0, 1);
        }
        let inputs = self.images.1.bytes.iter().map(|&pixel| f32::from(pixel)).collect();
        let data = Dataset::new(inputs, shape, Target::Classes { labels, names }, Vec::new())?;
        Ok(data.with_white(Positive::BYTE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::tests::gzip;

    fn file(shape: &[u8], bytes: &[u8]) -> Vec<u8> {
        let dims = shape.iter().flat_map(|&side| [0, 0, 0, side]);
        [0, 0, 8, shape.len() as u8].into_iter().chain(dims).chain(bytes.iter().copied()).collect()
    }

    /// A folder with three training images of 1 x 2 pixels and labels 3, 7, 3.
    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        put(&dir, "train-images-idx3-ubyte", &file(&[3, 1, 2], &[0, 1, 2, 3, 4, 255]));
        put(&dir, "train-labels-idx1-ubyte.gz", &gzip(&file(&[3], &[3, 7, 3])));
        dir
    }

    fn put(dir: &tempfile::TempDir, name: &str, bytes: &[u8]) {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }

    fn refused(dir: &tempfile::TempDir) -> String {
        let text = read(dir.path()).unwrap_err().to_string();
        text.replace(&dir.path().display().to_string(), "DIR")
    }

    #[test]
    fn labels_become_classes_by_rising_number() {
        let (train, test) = read(folder().path()).unwrap();
        assert_eq!(test, None);
        assert_eq!((train.shape.as_slice(), train.row(2)), (&[1, 1, 2][..], &[4.0, 255.0][..]));
        let names = vec!["3".to_owned(), "7".to_owned()];
        assert_eq!(train.target, Target::Classes { labels: vec![0, 1, 0], names });
    }

    #[test]
    fn the_test_set_shares_classes_and_shape() {
        let dir = folder();
        put(&dir, "t10k-labels-idx1-ubyte", &file(&[1], &[7]));
        let missing = "DIR: expected the file t10k-images-idx3-ubyte or \
                       t10k-images-idx3-ubyte.gz, found neither";
        assert_eq!(refused(&dir), missing);
        put(&dir, "t10k-images-idx3-ubyte.gz", &gzip(&file(&[1, 1, 2], &[8, 9])));
        let test = read(dir.path()).unwrap().1.unwrap();
        assert_eq!((test.row(0), test.target.select(&[0]).len()), (&[8.0, 9.0][..], 1));
        assert!(matches!(test.target, Target::Classes { labels, .. } if labels == [1]));
        put(&dir, "t10k-labels-idx1-ubyte", &file(&[1], &[8]));
        let unknown = "expected only labels that training shows, found label 8";
        assert_eq!(refused(&dir), format!("DIR/t10k-labels-idx1-ubyte: {unknown}"));
        put(&dir, "t10k-images-idx3-ubyte.gz", &gzip(&file(&[1, 2, 1], &[8, 9])));
        let shape = "expected images of 1 x 2 as in training, found 2 x 1";
        assert_eq!(refused(&dir), format!("DIR/t10k-images-idx3-ubyte.gz: {shape}"));
    }

    #[test]
    fn images_and_labels_must_pair() {
        let dir = folder();
        put(&dir, "train-labels-idx1-ubyte", &file(&[2], &[3, 7]));
        let count = "expected 3 labels, one per image, found a shape of 2";
        assert_eq!(refused(&dir), format!("DIR/train-labels-idx1-ubyte: {count}"));
        put(&dir, "train-labels-idx1-ubyte", &file(&[3, 1], &[3, 7, 3]));
        assert!(refused(&dir).ends_with("found a shape of 3 x 1"));
        put(&dir, "train-images-idx3-ubyte", &file(&[3], &[0, 1, 2]));
        assert!(refused(&dir).ends_with("expected images, rank 2 or more, found rank 1"));
        let nothing = tempfile::tempdir().unwrap();
        assert!(refused(&nothing).starts_with("DIR: expected the file train-images-idx3-ubyte or"));
    }
}
