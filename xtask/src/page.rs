//! The lab's built page is what `web/` says: its sources are told apart by checksum, which stands
//! beside the page, and where npm can build it is built again and compared byte by byte.

use crate::command::{Outcome, program, read, root, show, succeeds};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the built page lies.
const PAGE: &str = "crates/lab/page";
/// A line for each source, `checksum  path`, which the build writes.
const SOURCES: &str = "sources.sha256";
/// What the page is built from, as seen from `web/`; its style and its curves are also those of the
/// offline reports.
const BUILT_FROM: &[&str] = &[
    "../crates/plot/src/chart/chart.css",
    "../crates/plot/src/chart/chart.js",
    "../crates/plot/src/style.css",
    "index.html",
    "package-lock.json",
    "package.json",
    "src",
    "tsconfig.json",
    "vite.config.ts",
];
const ADVICE: &str = "run `npm ci && npm run build` in web/ and commit what it changes";

/// Whether the page was also built again, or only its checksums were compared.
pub enum Checked {
    /// Every byte is what a build gives.
    Built,
    /// Without npm and its modules there is no build.
    Sources,
}

/// Fails when the page was built from other sources than those that are there.
pub fn run() -> Outcome<Checked> {
    let (told, found) = (read(&root().join(PAGE).join(SOURCES))?, sources(&root().join("web"))?);
    if let Some(line) = difference(&told, &found) {
        return Err(format!("{PAGE} was built from other sources, see `{line}`: {ADVICE}"));
    }
    println!("{PAGE}: built from the {} sources in web/", found.lines().count());
    match root().join("web/node_modules").is_dir() && succeeds(program("npm").arg("--version")) {
        true => again().map(|()| Checked::Built),
        false => Ok(Checked::Sources),
    }
}

/// The first line that only one of the two lists has.
fn difference(told: &str, found: &str) -> Option<String> {
    let missing = |of: &str, from: &str| {
        let mut lines = of.lines();
        lines.find(|line| !from.lines().any(|other| other == *line)).map(str::to_owned)
    };
    missing(found, told).or_else(|| missing(told, found))
}

/// The list as it must be for the sources in `web`.
fn sources(web: &Path) -> Outcome<String> {
    let mut files = Vec::new();
    for name in BUILT_FROM {
        collect(web, &web.join(name), &mut files)?;
    }
    files.sort();
    let line = |(path, text): &(String, String)| {
        let sum = Sha256::digest(text.as_bytes());
        let hex: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{hex}  {path}\n")
    };
    Ok(files.iter().map(line).collect())
}

/// Path from `web`, and text with the line ends of the repository: a checkout on Windows may differ.
fn collect(web: &Path, path: &Path, files: &mut Vec<(String, String)>) -> Outcome {
    if !path.is_dir() {
        let inside = path.strip_prefix(web).unwrap_or(path);
        let name = inside.to_string_lossy().replace('\\', "/");
        files.push((name, read(path)?.replace("\r\n", "\n")));
        return Ok(());
    }
    let wrong = |error| format!("cannot read {}: {error}", path.display());
    for entry in fs::read_dir(path).map_err(wrong)? {
        collect(web, &entry.map_err(wrong)?.path(), files)?;
    }
    Ok(())
}

/// Builds the page into a folder of its own and compares.
fn again() -> Outcome {
    let folder = root().join("target/page");
    let mut build = program("npm");
    build.args(["--prefix", "web", "run", "build", "--", "--outDir"]).arg(&folder);
    show(&mut build)?;
    match differing(&folder, &root().join(PAGE))? {
        Some(name) => Err(format!("{PAGE}/{name} is not what `npm run build` gives: {ADVICE}")),
        None => Ok(()),
    }
}

/// The first file that the folders do not share to the byte.
fn differing(new: &Path, old: &Path) -> Outcome<Option<String>> {
    let mut names: Vec<PathBuf> = Vec::new();
    for folder in [new, old] {
        let wrong = |error| format!("cannot read {}: {error}", folder.display());
        for entry in fs::read_dir(folder).map_err(wrong)? {
            names.push(entry.map_err(wrong)?.file_name().into());
        }
    }
    names.sort();
    let same = |name: &PathBuf| match (fs::read(new.join(name)), fs::read(old.join(name))) {
        (Ok(new), Ok(old)) => new == old,
        _ => false,
    };
    Ok(names.iter().find(|name| !same(name)).map(|name| name.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let house = std::env::temp_dir().join(format!("wellfit-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&house);
        let folder = house.join("web");
        fs::create_dir_all(folder.join("src/panel")).unwrap();
        for file in BUILT_FROM.iter().filter(|name| **name != "src") {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "a\n").unwrap();
        }
        fs::write(folder.join("src/panel/study.ts"), "b\n").unwrap();
        folder
    }

    #[test]
    fn a_changed_a_new_and_a_removed_source_are_noticed() {
        let web = folder("sources");
        let told = sources(&web).unwrap();
        // What `sha256sum` says of "b\n".
        let sum = "0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f";
        assert!(told.contains(&format!("{sum}  src/panel/study.ts\n")), "{told}");
        assert_eq!(difference(&told, &told), None);
        fs::write(web.join("src/main.ts"), "c\n").unwrap();
        let more = sources(&web).unwrap();
        assert!(difference(&told, &more).unwrap().ends_with("src/main.ts"));
        assert!(difference(&more, &told).unwrap().ends_with("src/main.ts"));
        fs::write(web.join("src/panel/study.ts"), "b\r\n").unwrap();
        assert_eq!(difference(&more, &sources(&web).unwrap()), None);
        fs::write(web.join("src/panel/study.ts"), "changed\n").unwrap();
        assert!(difference(&more, &sources(&web).unwrap()).is_some());
        fs::remove_dir_all(web.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_page_that_was_edited_by_hand_is_noticed() {
        let (new, old) = (folder("new"), folder("old"));
        for folder in [&new, &old] {
            fs::remove_dir_all(folder.join("src")).unwrap();
        }
        assert_eq!(differing(&new, &old).unwrap(), None);
        fs::write(old.join("index.html"), "edited").unwrap();
        assert_eq!(differing(&new, &old).unwrap().as_deref(), Some("index.html"));
        fs::remove_file(old.join("index.html")).unwrap();
        assert_eq!(differing(&new, &old).unwrap().as_deref(), Some("index.html"));
        for folder in [new, old] {
            fs::remove_dir_all(folder.parent().unwrap()).unwrap();
        }
    }
}
