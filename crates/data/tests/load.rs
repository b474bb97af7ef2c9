//! The whole way from `[data]` to scaled parts.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)] // this is a test

use rand_core::TryRng;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::Path;
use wellfit_data::{DataConfig, Dataset, Error, Scaler, Splits, Target, load};

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix(u64);

impl TryRng for SplitMix {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Ok(z ^ (z >> 31))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for byte in bytes {
            *byte = self.try_next_u32()? as u8;
        }
        Ok(())
    }
}

fn open(recipe: &str, base: &Path, noise: u64) -> Result<Splits, Error> {
    let config: DataConfig = toml::from_str(recipe).unwrap();
    load(&config, base, &mut SplitMix(1), &mut SplitMix(noise))
}

fn labels(target: &Target) -> &[u32] {
    match target {
        Target::Classes { labels, .. } => labels,
        Target::Values(_) => panic!("expected classes"),
    }
}

#[test]
fn digits_are_split_in_proportion_and_scaled_to_one() {
    let splits = open("digits = {}", Path::new("."), 1).unwrap();
    let test = splits.test.unwrap();
    assert_eq!((splits.train.len(), splits.validation.len(), test.len()), (1079, 359, 359));
    for part in [&splits.train, &splits.validation, &test] {
        for class in 0..10 {
            let count = labels(&part.target).iter().filter(|&&label| label == class).count();
            // 174 to 183 images a class, of 1,797.
            let share = part.len() as f64 / 1797.0;
            assert!((count as f64 / share - 178.5).abs() <= 4.5 + 1.0 / share, "{count}");
        }
        assert!(part.inputs.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        assert_eq!(part.inputs.iter().copied().fold(0.0, f32::max), 1.0);
    }
}

#[test]
fn noise_changes_training_labels_and_nothing_else() {
    let clean = open("digits = {}\nfirst = 300", Path::new("."), 1).unwrap();
    let recipe = "digits = {}\nfirst = 300\nlabel_noise = 0.1";
    let noisy = open(recipe, Path::new("."), 1).unwrap();
    assert_eq!((clean.flipped, noisy.flipped), (0, 30));
    let pairs = labels(&clean.train.target).iter().zip(labels(&noisy.train.target));
    assert_eq!(pairs.filter(|(a, b)| a != b).count(), 30);
    assert_eq!(clean.train.inputs, noisy.train.inputs);
    assert_eq!((&clean.validation, &clean.test), (&noisy.validation, &noisy.test));
    let other = open(recipe, Path::new("."), 2).unwrap();
    assert_ne!(other.train.target, noisy.train.target);
    assert_eq!(other.train.inputs, noisy.train.inputs);
}

#[test]
fn the_scale_knows_the_training_part_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("t.csv"), "x,y\n1,0.1\n3,0.2\n1000,0.3\n2000,0.4\n").unwrap();
    let recipe = "csv = { path = \"t.csv\", target = \"y\" }\norder = \"as_given\"\n\
                  validation = 1\ntest = 1";
    let splits = open(recipe, dir.path(), 1).unwrap();
    assert_eq!(splits.train.inputs, [-1.0, 1.0], "mean 2, std 1");
    assert_eq!(splits.validation.inputs, [998.0]);
    assert_eq!(splits.test.unwrap().inputs, [1998.0]);
    assert_eq!(splits.train.target, Target::Values(vec![0.1, 0.2]), "targets stay");
    let raw = open(&format!("{recipe}\nscale = \"none\""), dir.path(), 1).unwrap();
    assert_eq!((raw.train.inputs, raw.scaler), (vec![1.0, 3.0], Scaler::None));
    let none = open(&recipe.replace("test = 1", "test = 0"), dir.path(), 1).unwrap();
    assert_eq!((none.test, none.train.len()), (None, 3));
    let noise = open(&format!("{recipe}\nlabel_noise = 0.5"), dir.path(), 1).unwrap_err();
    assert_eq!(noise, Error::NoiseOnValues);
}

#[test]
fn files_of_ones_own_take_the_place_of_shares() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write("t.csv", "x,c,y\n1,a,no\n3,b,yes\n");
    write("v.csv", "y;c;x\nyes;b;5\n");
    write("s.csv", "c,x,y\nz,2,no\na,,no\n");
    let recipe = "table = { path = \"t.csv\", target = \"y\", task = \"classification\", \
                  validation_file = \"v.csv\", test_file = \"s.csv\" }";
    let splits = open(recipe, dir.path(), 1).unwrap();
    let test = splits.test.unwrap();
    assert_eq!((splits.train.len(), splits.train.features.len()), (2, 3));
    assert_eq!(splits.validation.inputs, [3.0, 0.0, 1.0]);
    assert_eq!(test.inputs, [0.0, 0.0, 0.0, 0.0, 1.0, 0.0], "unknown level; missing number");
    assert_eq!((labels(&splits.validation.target), labels(&test.target)), (&[1][..], &[0, 0][..]));
    let refused = open(&format!("{recipe}\ntest = 1"), dir.path(), 1).unwrap_err().to_string();
    assert!(refused.ends_with("the source brings its own test set: leave `test` out"), "{refused}");
    write("v.csv", "c,x\nb,5\n");
    let refused = open(recipe, dir.path(), 1).unwrap_err().to_string();
    assert!(refused.ends_with("v.csv: no column is named `y`; the columns are c, x"), "{refused}");
    write("v.csv", "c,x,y\nb,5,\n");
    let refused = open(recipe, dir.path(), 1).unwrap_err().to_string();
    assert!(refused.ends_with("v.csv, line 2, column `y`: expected a value, found a missing one"));
}

#[test]
fn groups_and_times_keep_rows_apart_and_are_no_features() {
    let dir = tempfile::tempdir().unwrap();
    let day = |row: usize| 10 + (row * 7) % 40;
    let line = |row: usize| format!("{row}.5,p{},2024-01-{},{row}\n", row % 10, day(row));
    let rows: String = (0..40).map(line).collect();
    std::fs::write(dir.path().join("t.csv"), format!("x,who,when,y\n{rows}")).unwrap();
    let recipe = |more: &str| {
        format!(
            "table = {{ path = \"t.csv\", target = \"y\", task = \"regression\", columns = \
             {{ who = \"drop\", when = \"drop\" }}, {more} }}\nscale = \"none\""
        )
    };
    let rows = |part: &Dataset| part.inputs.iter().map(|&x| x as usize).collect::<Vec<_>>();
    let splits = open(&recipe("group = \"who\""), dir.path(), 1).unwrap();
    assert_eq!(splits.train.features, ["x"]);
    let people = |part: &Dataset| rows(part).iter().map(|row| row % 10).collect::<BTreeSet<_>>();
    let parts = [people(&splits.train), people(&splits.validation), people(&splits.test.unwrap())];
    assert_eq!(parts.iter().map(BTreeSet::len).collect::<Vec<_>>(), [6, 2, 2]);
    assert_eq!(parts.iter().flatten().collect::<BTreeSet<_>>().len(), 10);
    let splits = open(&recipe("time = \"when\""), dir.path(), 1).unwrap();
    let days = |part: &Dataset| rows(part).into_iter().map(day).collect::<Vec<_>>();
    assert_eq!(days(&splits.train), (10..34).collect::<Vec<_>>());
    assert_eq!(days(&splits.validation), (34..42).collect::<Vec<_>>());
    assert_eq!(days(&splits.test.unwrap()), (42..50).collect::<Vec<_>>());
}

#[test]
fn errors_name_the_file_as_it_was_found() {
    let recipe = "csv = { path = \"no.csv\", target = \"y\" }";
    let text = open(recipe, Path::new("/nowhere"), 1).unwrap_err().to_string();
    let start = "/nowhere/no.csv: cannot be read: ";
    assert!(text.starts_with(start), "{text}");
    let recipe = "idx = { dir = \"${WELLFIT_NEVER_SET}/mnist\" }";
    let text = open(recipe, Path::new("."), 1).unwrap_err().to_string();
    assert!(text.contains("the environment variable `WELLFIT_NEVER_SET` is not set"), "{text}");
}

#[test]
fn mnist_keeps_its_official_test_set() {
    if std::env::var_os("WELLFIT_DATA").is_none() {
        eprintln!("SKIPPED mnist_keeps_its_official_test_set: WELLFIT_DATA is not set");
        return;
    }
    let recipe = "idx = { dir = \"${WELLFIT_DATA}/mnist\" }\nvalidation = 10000\nfirst = 1000";
    let splits = open(&format!("{recipe}\norder = \"as_given\""), Path::new("."), 1).unwrap();
    let test = splits.test.unwrap();
    assert_eq!((splits.train.len(), splits.validation.len(), test.len()), (1000, 10000, 10000));
    assert_eq!(labels(&splits.train.target)[..5], [5, 0, 4, 1, 9]);
    assert_eq!(labels(&test.target)[..5], [7, 2, 1, 0, 4]);
    let refused = open(&format!("{recipe}\ntest = 100"), Path::new("."), 1).unwrap_err();
    assert!(refused.to_string().ends_with("the source brings its own test set: leave `test` out"));
}
