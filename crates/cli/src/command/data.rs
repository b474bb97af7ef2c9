//! `wellfit data`: data sets that can be downloaded.

use crate::error::Failure;
use crate::screen::print;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;
use wellfit::data::Cache;
use wellfit::data::catalogue::{CATALOGUE, Set};
use wellfit::data::fetch::{Fetch, Progress};

/// Lists data sets to practise on, and downloads them.
#[derive(Args)]
pub struct Data {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    List(List),
    Get(Get),
}

/// Lists the data sets that `wellfit data get` knows.
#[derive(Args)]
struct List {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Downloads a data set into the cache; a broken download goes on where it stopped.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit data get mnist
  wellfit data get mnist --mirror https://example.org/mnist     the four files under their names
  wellfit data get mnist --mirror /media/stick/mnist            the same, from a folder

A recipe uses what is in the cache as `mnist = {}` or `fashion_mnist = {}` in [data].")]
struct Get {
    /// Name of the data set.
    set: String,
    /// Address or folder that holds the files, in place of the known ones.
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
    /// Print one JSON object with the folder.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Place {
    /// Folder of the cache; WELLFIT_CACHE, or the user's own, unless told otherwise. Recipes look
    /// in those two only.
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

impl Place {
    fn open(self) -> Result<Cache, Failure> {
        Ok(match self.cache {
            Some(root) => Cache::at(root),
            None => Cache::of_user().map_err(wellfit::Error::from)?,
        })
    }
}

impl Data {
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.action {
            Action::List(list) => list.run(),
            Action::Get(get) => get.run(),
        }
    }
}

/// A data set as scripts read it.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    what: &'static str,
    licence: &'static str,
    bytes: u64,
    cached: bool,
    folder: PathBuf,
}

#[derive(Serialize)]
struct Listing {
    sets: Vec<Row>,
}

impl Row {
    fn of(set: &Set, cache: &Cache) -> Self {
        let Set { name, what, licence, .. } = *set;
        let (cached, folder) = (set.is_in(cache), cache.folder(name));
        Self { name, what, licence, bytes: set.bytes(), cached, folder }
    }

    fn line(&self) -> String {
        let Self { name, what, licence, bytes, cached, .. } = self;
        let cached = if *cached { "cached" } else { "-" };
        format!("{name:<14} {:>7}  {licence:<12}  {cached:<6}  {what}", megabytes(*bytes))
    }
}

impl List {
    fn run(self) -> Result<ExitCode, Failure> {
        let cache = self.place.open()?;
        let sets: Vec<Row> = CATALOGUE.iter().map(|set| Row::of(set, &cache)).collect();
        if self.json {
            json(&Listing { sets })?;
        } else {
            let mut lines: Vec<String> = sets.iter().map(Row::line).collect();
            lines.push(format!("\nThe cache is {}.", cache.root().display()));
            lines.push("wellfit data get NAME downloads a data set.".to_owned());
            print(&lines.join("\n"))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Get {
    fn run(self) -> Result<ExitCode, Failure> {
        let set = Set::named(&self.set).map_err(wellfit::Error::from)?;
        let cache = self.place.open()?;
        let fetch = Fetch { mirror: self.mirror, ..Fetch::into_cache(cache.clone()) };
        let bar = bar();
        let folder = fetch.set(set, &mut |progress| show(&bar, progress));
        bar.finish_and_clear();
        let folder = folder.map_err(wellfit::Error::from)?;
        if self.json {
            json(&Row::of(set, &cache))?;
        } else {
            let key = set.name.replace('-', "_");
            let folder = folder.display();
            print(&format!("{} is in {folder}; a recipe uses it as `{key} = {{}}`", set.name))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A bar on standard error; it hides where that is no terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::no_length();
    let template = "{msg:26} {bar:24} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar
}

fn show(bar: &ProgressBar, Progress { file, done, total }: Progress<'_>) {
    if bar.message() != file {
        bar.set_message(file.to_owned());
        bar.reset_eta();
    }
    bar.set_length(total);
    bar.set_position(done);
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value);
    print(&text.map_err(|error| Failure::new(error.to_string(), None))?)
}
