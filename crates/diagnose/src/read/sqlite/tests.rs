//! Files that Python's sqlite3 made (`tests/sqlite/make.py`), whole, cut and damaged.

use super::*;
use flate2::read::GzDecoder;
use serde_json::Value as Json;
use std::io::Read;
use std::path::Path;

const COLUMNS: [&str; 5] = ["id", "whole", "real", "text", "other"];

fn unpacked(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sqlite");
    let file = std::fs::File::open(folder.join(format!("{name}.gz"))).ok()?;
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

fn expected() -> Json {
    serde_json::from_slice(&unpacked("expected.json").unwrap()).unwrap()
}

/// Rows of `t` as JSON, and the damage.
fn rows(file: &[u8], log: &[u8]) -> Result<(Vec<Json>, Option<String>), String> {
    let mut found = Vec::new();
    let damage = Database::open(file, log)?.rows("T", COLUMNS, |row| {
        found.push(Json::Array(row.iter().map(json).collect()));
    })?;
    Ok((found, damage))
}

fn json(value: &Value<'_>) -> Json {
    match value {
        Value::Null | Value::Blob => Json::Null,
        Value::Integer(number) => (*number).into(),
        Value::Real(number) if number.is_infinite() => number.to_string().into(),
        Value::Real(number) => (*number).into(),
        Value::Text(text) => text.as_ref().into(),
    }
}

/// Whole numbers in a column of real ones are stored as integers.
fn same(a: &Json, b: &Json) -> bool {
    let pairs = a.as_array().unwrap().iter().zip(b.as_array().unwrap());
    pairs.into_iter().all(|(a, b)| a == b || !a.is_null() && a.as_f64() == b.as_f64())
}

#[test]
fn every_store_reads_as_sqlite_reads_it() {
    let expected = expected();
    let stores: Vec<_> =
        expected.as_object().unwrap().iter().filter(|(_, v)| v.is_array()).collect();
    assert!(stores.len() > 10);
    for (name, wanted) in stores {
        let file = unpacked(&format!("{name}.db")).unwrap();
        let log = unpacked(&format!("{name}.db-wal")).unwrap_or_default();
        assert_eq!(log.is_empty(), name != "logged");
        let (found, damage) = rows(&file, &log).unwrap();
        assert_eq!(damage, None, "{name}");
        let wanted = wanted.as_array().unwrap();
        assert_eq!(found.len(), wanted.len(), "{name}");
        for (found, wanted) in found.iter().zip(wanted) {
            assert!(same(found, wanted), "{name}: {found} instead of {wanted}");
        }
    }
}

#[test]
fn a_file_without_its_log_is_older() {
    let expected = expected();
    let (found, damage) = rows(&unpacked("logged.db").unwrap(), &[]).unwrap();
    assert_eq!((found.len(), damage), (30, None));
    assert!(!found.iter().any(|row| row[3] == "changed"));
    // A frame with a wrong checksum ends the log: nothing of its transaction counts.
    let mut log = unpacked("logged.db-wal").unwrap();
    log[100] ^= 1;
    let (with_damage, _) = rows(&unpacked("logged.db").unwrap(), &log).unwrap();
    assert_eq!(with_damage, found);
    assert_eq!(expected["logged"].as_array().unwrap().len(), 60);
}

#[test]
fn a_cut_file_keeps_rows_and_says_so() {
    let file = unpacked("pages_512.db").unwrap();
    let (whole, _) = rows(&file, &[]).unwrap();
    let mut kept = Vec::new();
    for cut in (0..file.len()).step_by(509) {
        let Ok((found, damage)) = rows(&file[..cut], &[]) else { continue };
        assert!(found.iter().all(|row| whole.contains(row)), "cut at {cut}");
        assert!(damage.is_some() || found.len() == whole.len(), "cut at {cut}");
        kept.push(found.len());
    }
    assert!(kept.iter().any(|&rows| rows > 50 && rows < whole.len()), "{kept:?}");
}

#[test]
fn no_damage_brings_it_down_or_makes_more_than_there_was() {
    let mut state = 7_u64;
    let mut below = |end: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    for name in ["pages_512", "overflow", "utf16le", "logged"] {
        let file = unpacked(&format!("{name}.db")).unwrap();
        let log = unpacked(&format!("{name}.db-wal")).unwrap_or_default();
        for _ in 0..300 {
            let mut damaged = file.clone();
            for _ in 0..1 + below(8) {
                let at = below(damaged.len());
                damaged[at] = below(256) as u8;
            }
            let most = file.len() + log.len();
            let found = rows(&damaged, &log).map_or(0, |(rows, _)| rows.len());
            assert!(found <= most, "{found} rows of {most} bytes");
        }
    }
}

#[test]
fn pages_in_a_circle_end() {
    let mut file = unpacked("pages_512.db").unwrap();
    let (whole, _) = rows(&file, &[]).unwrap();
    // Every child of every page above others becomes the root of the table, which is page 2.
    for page in file.chunks_exact_mut(512).filter(|page| page[0] == 0x05) {
        page[8..12].copy_from_slice(&2_u32.to_be_bytes());
    }
    let (found, damage) = rows(&file, &[]).unwrap();
    assert!(found.len() < whole.len());
    assert!(damage.unwrap().contains("read before"));
}

#[test]
fn errors_say_what_is_wrong() {
    let file = unpacked("added.db").unwrap();
    let store = Database::open(&file, &[]).ok().unwrap();
    assert_eq!(store.rows("nothing", [], |_| ()), Err("no table `nothing`".to_owned()));
    let why = |bytes: &[u8]| Database::open(bytes, &[]).err().unwrap();
    assert_eq!(why(b"PK"), "no header of SQLite");
    let mut odd = file.clone();
    odd[16..18].copy_from_slice(&[3, 0]);
    assert_eq!(why(&odd), "pages of 768 bytes");
    odd[16..18].copy_from_slice(&[2, 0]);
    odd[20] = 200;
    assert!(why(&odd).contains("200 are reserved"));
}
