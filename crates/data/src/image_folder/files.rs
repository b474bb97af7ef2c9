//! What a folder or a tar file holds: pictures with their place below it.

use crate::Error;
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Component, Path, PathBuf};

/// A picture that has not been decoded yet.
pub(super) struct Entry {
    /// Names of the folders below the root, and of the file, outermost first.
    pub place: Vec<String>,
    /// As errors name it.
    pub path: PathBuf,
    /// The bytes, where they were read already.
    bytes: Option<Vec<u8>>,
}

/// Everything below a root.
#[derive(Default)]
pub(super) struct Tree {
    /// PNG and JPEG files by their names, in the order of their places.
    pub pictures: Vec<Entry>,
    /// Places of the folders.
    pub folders: Vec<Vec<String>>,
}

impl Entry {
    /// One file, whatever its name.
    pub fn file(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { place: vec![name], path: path.to_owned(), bytes: None }
    }

    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, Error> {
        match &self.bytes {
            Some(bytes) => Ok(bytes.into()),
            None => Ok(fs::read(&self.path).map_err(unreadable(&self.path))?.into()),
        }
    }
}

impl Tree {
    /// Lists a folder, or reads a tar file whole.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let mut tree = Self::default();
        if root.is_file() {
            tree.unpack(root)?;
            tree.drop_wrapper();
        } else {
            tree.walk(root, &[])?;
        }
        tree.pictures.sort_by(|a, b| a.place.cmp(&b.place));
        tree.folders.sort();
        tree.folders.dedup();
        Ok(tree)
    }

    fn walk(&mut self, folder: &Path, place: &[String]) -> Result<(), Error> {
        for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
            let path = entry.map_err(unreadable(folder))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let place = [place, &[name]].concat();
            if path.is_dir() {
                if !hidden(&place) {
                    self.walk(&path, &place)?;
                    self.folders.push(place);
                }
            } else if is_picture(&place) {
                self.pictures.push(Entry { place, path, bytes: None });
            }
        }
        Ok(())
    }

    fn unpack(&mut self, path: &Path) -> Result<(), Error> {
        let wrong = |error: std::io::Error| Error::Format {
            path: path.into(),
            expected: "a folder or a whole tar file of pictures".to_owned(),
            found: format!("something else ({error})"),
        };
        let file = File::open(path).map_err(unreadable(path))?;
        let mut archive = tar::Archive::new(BufReader::new(file));
        for member in archive.entries().map_err(wrong)? {
            let mut member = member.map_err(wrong)?;
            let inner = member.path().map_err(wrong)?.into_owned();
            let place = names(&inner);
            if member.header().entry_type().is_dir() && !hidden(&place) {
                self.folders.push(place);
            } else if member.header().entry_type().is_file() && is_picture(&place) {
                let mut bytes = Vec::new();
                member.read_to_end(&mut bytes).map_err(wrong)?;
                self.folders.extend((1..place.len()).map(|end| place[..end].to_vec()));
                self.pictures.push(Entry { place, path: path.join(inner), bytes: Some(bytes) });
            }
        }
        Ok(())
    }

    /// Takes away the one folder that a tar file is often packed with.
    fn drop_wrapper(&mut self) {
        let Some(first) = self.pictures.first().map(|entry| entry.place[0].clone()) else { return };
        let inside = |entry: &Entry| entry.place.len() > 2 && entry.place[0] == first;
        if first == "train" || !self.pictures.iter().all(inside) {
            return;
        }
        self.pictures.iter_mut().for_each(|entry| drop(entry.place.remove(0)));
        self.folders.retain(|place| place.len() > 1);
        self.folders.iter_mut().for_each(|place| drop(place.remove(0)));
    }
}

fn names(path: &Path) -> Vec<String> {
    let name = |part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    };
    path.components().filter_map(name).collect()
}

/// Whether a name begins with a dot, as those of `.git` and of the twins that macOS leaves.
fn hidden(place: &[String]) -> bool {
    place.iter().any(|name| name.starts_with('.'))
}

pub(super) fn is_picture(place: &[String]) -> bool {
    let extension = place.last().and_then(|name| Path::new(name).extension());
    let extension = extension.unwrap_or_default().to_ascii_lowercase();
    !hidden(place) && ["png", "jpg", "jpeg"].iter().any(|known| extension == *known)
}

fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    |error| Error::Read { path: path.into(), why: error.to_string() }
}
