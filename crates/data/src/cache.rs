//! The folder that downloads are kept in.

use crate::Error;
use crate::catalogue::Set;
use std::path::{Path, PathBuf};

/// A folder with one folder per data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache in `root`; it need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The user's own cache: `WELLFIT_CACHE`, or the folder `wellfit` where the system keeps caches:
    /// `XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches` on macOS, `LOCALAPPDATA` on Windows.
    ///
    /// # Errors
    /// [`Error::NoCache`] when no environment variable tells where that is.
    pub fn of_user() -> Result<Self, Error> {
        Self::from(|name| {
            std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
        })
    }

    fn from(value: impl Fn(&str) -> Option<PathBuf>) -> Result<Self, Error> {
        // A relative XDG path is to be ignored, says the XDG Base Directory Specification.
        let system = value("XDG_CACHE_HOME").filter(|path| path.is_absolute());
        let home = || value("HOME").map(|home| home.join(CACHES));
        let system = || system.or_else(|| value("LOCALAPPDATA")).or_else(home);
        let root = value("WELLFIT_CACHE").or_else(|| Some(system()?.join("wellfit")));
        root.map(Self::at).ok_or(Error::NoCache)
    }

    /// The cache's own folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of a data set.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The folder of a data set that is there.
    ///
    /// # Errors
    /// [`Error::NotCached`] when a file is missing.
    pub fn holding(&self, set: &Set) -> Result<PathBuf, Error> {
        let folder = self.folder(set.name);
        match set.is_in(self) {
            true => Ok(folder),
            false => Err(Error::NotCached { name: set.name.to_owned(), folder }),
        }
    }
}

#[cfg(target_os = "macos")]
const CACHES: &str = "Library/Caches";
#[cfg(not(target_os = "macos"))]
const CACHES: &str = ".cache";

#[cfg(test)]
mod tests {
    use super::*;

    fn root(variables: &[(&str, &str)]) -> Result<PathBuf, Error> {
        let value = |name: &str| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some(PathBuf::from(value))
        };
        Cache::from(value).map(|cache| cache.root)
    }

    #[test]
    #[cfg(not(target_os = "macos"))]
    fn our_own_variable_comes_first_then_the_system() {
        let home = ("HOME", "/h");
        assert_eq!(root(&[home]).unwrap(), Path::new("/h/.cache/wellfit"));
        let xdg = ("XDG_CACHE_HOME", "/x");
        assert_eq!(root(&[home, xdg]).unwrap(), Path::new("/x/wellfit"));
        assert_eq!(root(&[home, xdg, ("WELLFIT_CACHE", "w")]).unwrap(), Path::new("w"));
        let relative = root(&[home, ("XDG_CACHE_HOME", "x")]).unwrap();
        assert_eq!(relative, Path::new("/h/.cache/wellfit"));
        assert_eq!(root(&[]), Err(Error::NoCache));
    }

    #[test]
    fn a_set_that_is_not_there_names_the_command() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path());
        let set = Set::named("fashion_mnist").unwrap();
        std::fs::create_dir(cache.folder(set.name)).unwrap();
        for file in &set.files {
            let text = cache.holding(set).unwrap_err().to_string();
            assert!(text.contains("run `wellfit data get fashion-mnist`"), "{text}");
            std::fs::write(cache.folder(set.name).join(file.name), "").unwrap();
        }
        assert_eq!(cache.holding(set), Ok(dir.path().join("fashion-mnist")));
    }
}
