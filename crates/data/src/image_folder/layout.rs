//! Which part and which class a picture belongs to, by the folders it is in.

use super::files::{Entry, Tree};
use super::wrong;
use crate::Error;
use std::collections::BTreeSet;
use std::path::Path;

/// Pictures of one part, class by class.
#[derive(Default)]
pub(super) struct Part {
    pub pictures: Vec<Entry>,
    /// The class of each picture.
    pub labels: Vec<u32>,
}

/// Pictures by part and class.
pub(super) struct Layout {
    /// The classes; a label is a place among them.
    pub names: Vec<String>,
    /// Training, validation, test.
    pub parts: [Part; 3],
}

impl Layout {
    pub fn of(root: &Path, tree: Tree) -> Result<Self, Error> {
        let in_train = |entry: &Entry| entry.place.len() > 2 && entry.place[0] == "train";
        // Folders above the class.
        let depth = usize::from(tree.pictures.iter().any(in_train));
        let names = classes(&tree, depth);
        let mut sets = [vec![], vec![], vec![]];
        for entry in tree.pictures {
            if entry.place.len() < depth + 2 {
                let expected = "every picture in the folder of its class";
                return Err(wrong(&entry.path, expected, "a picture outside of them".to_owned()));
            }
            let part = if depth == 0 { Some(0) } else { part(&entry.place[0]) };
            let Some(part) = part else {
                let expected = "folders `train`, `validation` (or `valid`, `val`) and `test`";
                let found = format!("`{}` beside `train`", entry.place[0]);
                return Err(wrong(root, expected, found));
            };
            let class = names.iter().position(|name| *name == entry.place[depth]);
            let unknown = || {
                let found = format!("class `{}`", entry.place[depth]);
                wrong(&entry.path, "only classes that `train` has", found)
            };
            sets[part].push((class.ok_or_else(unknown)?, entry));
        }
        let parts = sets.map(Part::by_class);
        check(root, &names, &parts[0])?;
        Ok(Self { names, parts })
    }
}

impl Part {
    fn by_class(mut set: Vec<(usize, Entry)>) -> Self {
        set.sort_by_key(|(class, _)| *class);
        let (labels, pictures) =
            set.into_iter().map(|(class, entry)| (class as u32, entry)).unzip();
        Self { pictures, labels }
    }
}

fn part(folder: &str) -> Option<usize> {
    match folder {
        "train" => Some(0),
        "validation" | "valid" | "val" => Some(1),
        "test" => Some(2),
        _ => None,
    }
}

/// The folders right below the root, or below `train`.
fn classes(tree: &Tree, depth: usize) -> Vec<String> {
    let training =
        |place: &&Vec<String>| place.len() > depth && (depth == 0 || place[0] == "train");
    let names: BTreeSet<&String> =
        tree.folders.iter().filter(training).map(|place| &place[depth]).collect();
    let mut names: Vec<String> = names.into_iter().cloned().collect();
    let number = |name: &String| name.parse::<u64>().ok();
    if names.iter().all(|name| number(name).is_some()) {
        names.sort_by_key(number);
    }
    names
}

fn check(root: &Path, names: &[String], train: &Part) -> Result<(), Error> {
    if train.pictures.is_empty() {
        let expected = "a folder per class with pictures, .png, .jpg or .jpeg";
        return Err(wrong(root, expected, "no picture".to_owned()));
    }
    let without = (0..).zip(names).find(|(class, _)| train.labels.binary_search(class).is_err());
    if let Some((_, name)) = without {
        let expected = "pictures (.png, .jpg, .jpeg) in every class";
        return Err(wrong(root, expected, format!("none in class `{name}`")));
    }
    match names {
        [name] => {
            let found = format!("`{name}` alone");
            Err(wrong(root, "folders of at least two classes", found))
        }
        _ => Ok(()),
    }
}
