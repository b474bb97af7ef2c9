//! Cut and damaged logs: what came before stays, nothing crashes.

use crate::goldens::logs;
use std::path::PathBuf;
use wellfit_diagnose::read::{read, read_from};

fn files(folder: PathBuf, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(path, found) } else { found.push(path) }
    }
}

fn all() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(logs(), &mut found);
    found.retain(|path| !path.extension().is_some_and(|end| end == "db" || end == "py"));
    found.sort();
    found
}

/// Draws that are the same in every run (Steele et al. 2014, SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

#[test]
fn no_cut_and_no_changed_byte_brings_a_reader_down() {
    let mut chance = Chance(1);
    for path in all() {
        let bytes = std::fs::read(&path).unwrap();
        for _ in 0..40 {
            let mut changed = bytes.clone();
            changed.truncate(chance.below(bytes.len() + 1));
            for _ in 0..chance.below(4) {
                let at = chance.below(changed.len());
                if let Some(byte) = changed.get_mut(at) {
                    *byte = chance.below(256) as u8;
                }
            }
            // Either logs or an error; both are fine.
            let _ = read_from(&changed[..], None).map_err(|error| error.to_string());
        }
    }
}

#[test]
fn an_event_file_keeps_what_came_before_a_cut() {
    let folder = logs().join("torch/restarted");
    let path = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).min().unwrap();
    let bytes = std::fs::read(path).unwrap();
    let whole = read_from(&bytes[..], None).unwrap().remove(0);
    let (points, mut last) = (whole.run.series[0].points.clone(), usize::MAX);
    for cut in (0..bytes.len()).rev() {
        match read_from(&bytes[..cut], None) {
            Ok(logs) => {
                let found = &logs[0].run.series[0].points;
                assert_eq!(found[..], points[..found.len()]);
                assert!(found.len() <= last);
                last = found.len();
            }
            Err(_) => last = 0,
        }
    }
    let mut damaged = bytes.clone();
    let at = damaged.len() - 20;
    damaged[at] ^= 1;
    let log = read_from(&damaged[..], None).unwrap().remove(0);
    assert_eq!(log.run.series[0].points.len(), points.len() - 1);
    assert!(log.warnings.iter().any(|warning| warning.contains("damaged")), "{:?}", log.warnings);
}

#[test]
fn a_json_document_that_ends_early_keeps_its_entries() {
    let text =
        std::fs::read_to_string(logs().join("transformers/checkpoint-30/trainer_state.json"))
            .unwrap();
    let cut = &text[..text.len() / 2];
    let log = read_from(cut.as_bytes(), None).unwrap().remove(0);
    assert_eq!(log.format.name(), "hugging_face");
    assert!(
        log.warnings.iter().any(|warning| warning.contains("ends early")),
        "{:?}",
        log.warnings
    );
    assert!(log.run.series.iter().all(|series| series.points.len() > 1));
}

#[test]
fn errors_say_what_was_expected_and_found() {
    for (text, part) in [
        ("", "an empty file"),
        ("a recipe\nfor soup", "it begins with `a recipe`"),
        ("{\"a\": 1}", "no metrics"),
        ("\0\x01\x02", "binary data"),
        ("epoch\x02 loss\x05\x11", "binary data"),
    ] {
        let error = read_from(text.as_bytes(), None).unwrap_err().to_string();
        assert!(error.contains(part) && error.starts_with("-:"), "{error}");
        assert_eq!(error.lines().count(), 1);
    }
    let forced =
        read_from("x".as_bytes(), Some("hugging_face".parse().unwrap())).unwrap_err().to_string();
    assert!(forced.contains("hugging_face") && forced.contains("expected"), "{forced}");
    let missing = read(&logs().join("no such file"), None).remove(0).unwrap_err().to_string();
    assert!(missing.contains("cannot be read"), "{missing}");
}
