//! New images in IDX files.

use super::wrong;
use crate::idx::{self, sizes};
use crate::images::{find, images, labels};
use crate::{Dataset, Error, Target, file};
use std::path::{Path, PathBuf};

/// Whether `path` is a folder of IDX files, or one, packed or not.
pub(super) fn is_at(path: &Path) -> Result<bool, Error> {
    if path.is_dir() {
        return Ok(images_in(path).is_some());
    }
    Ok(matches!(file::start(path)?.as_slice(), [0, 0, 8, _] | [0x1f, 0x8b, ..]))
}

/// The test images of a folder, or its training images.
fn images_in(folder: &Path) -> Option<PathBuf> {
    ["t10k", "train"].iter().find_map(|set| find(folder, &images(set)))
}

/// Images of a folder or of one file, rank 3 with one channel in front; with `names` the labels of
/// the file beside, which has `labels-idx1` in its name for `images-idx3`.
pub(super) fn open(path: &Path, names: Option<&[String]>) -> Result<Dataset, Error> {
    let path = if path.is_dir() { images_in(path) } else { None }.unwrap_or(path.to_owned());
    let found = idx::read(&path)?;
    let (count, rank) = (found.shape[0], found.shape.len());
    let mut shape = found.shape[1..].to_vec();
    match rank {
        1 => return Err(wrong(&path, "images, rank 2 or more", format!("rank {rank}"))),
        3 => shape.insert(0, 1),
        _ => {}
    }
    let target = match names {
        Some(names) => labels_of(&path, count, names)?,
        None => Target::Values(vec![f64::NAN; count]),
    };
    let pixels = found.bytes.iter().map(|&pixel| f32::from(pixel)).collect();
    Dataset::new(pixels, shape, target, Vec::new())
}

fn labels_of(path: &Path, count: usize, names: &[String]) -> Result<Target, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let set = name.split("-images-").next().unwrap_or_default();
    let (folder, wanted) = (path.parent().unwrap_or(Path::new("")), labels(set));
    let missing = || wrong(path, &format!("its labels in {wanted} beside it"), "none".to_owned());
    let path = find(folder, &wanted).ok_or_else(missing)?;
    let found = idx::read(&path)?;
    if found.shape != [count] {
        let found = format!("a shape of {}", sizes(&found.shape));
        return Err(wrong(&path, &format!("{count} labels, one per image"), found));
    }
    let number = |label: &u8| {
        let place = names.iter().position(|name| *name == label.to_string());
        let expected = format!("one of the classes {}", names.join(", "));
        place.map(|place| place as u32).ok_or_else(|| wrong(&path, &expected, format!("{label}")))
    };
    let labels = found.bytes.iter().map(number).collect::<Result<_, Error>>()?;
    Ok(Target::Classes { labels, names: names.to_vec() })
}
