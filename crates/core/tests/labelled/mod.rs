//! Labelled training histories, from the folder that WELLFIT_DATA names.

use std::io::Read;
use std::path::Path;

pub struct History {
    pub overfit: bool,
    pub train: Vec<f64>,
    pub validation: Vec<f64>,
}

pub fn histories() -> Option<Vec<History>> {
    let Ok(folder) = std::env::var("WELLFIT_DATA") else {
        eprintln!("SKIPPED: labelled histories (WELLFIT_DATA is not set)");
        return None;
    };
    let path = |name: &str| Path::new(&folder).join("histories").join(name);
    let labels = std::fs::read_to_string(path("labels.csv")).unwrap();
    let empty = |line: &str| History {
        overfit: line.ends_with(",overfit"),
        train: Vec::new(),
        validation: Vec::new(),
    };
    let mut histories: Vec<History> = labels.lines().skip(1).map(empty).collect();
    let file = std::fs::File::open(path("histories.csv.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let history = &mut histories[fields[0].parse::<usize>().unwrap()];
        history.train.push(fields[2].parse().unwrap());
        history.validation.push(fields[3].parse().unwrap());
    }
    Some(histories)
}
