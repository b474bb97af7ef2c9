use super::*;
use crate::chance::tests::SplitMix;

/// Classes of 60, 30 and 10 rows, in blocks.
fn blocks() -> Target {
    let labels = (0..100).map(|row| u32::from(row >= 60) + u32::from(row >= 90)).collect();
    Target::Classes { labels, names: vec!["a".into(), "b".into(), "c".into()] }
}

fn counts(target: &Target, rows: &[usize]) -> [usize; 3] {
    let Target::Classes { labels, .. } = target.select(rows) else { return [0; 3] };
    [0, 1, 2].map(|class| labels.iter().filter(|&&label| label == class).count())
}

fn refused(split: Split, target: &Target, official: bool) -> String {
    split.parts(target, official, &mut SplitMix::new(1)).unwrap_err().to_string()
}

#[test]
fn shuffled_classes_are_in_proportion_everywhere() {
    let target = blocks();
    let parts = Split::default().parts(&target, false, &mut SplitMix::new(1)).unwrap();
    assert_eq!(counts(&target, &parts.train), [36, 18, 6]);
    assert_eq!(counts(&target, &parts.validation), [12, 6, 2]);
    assert_eq!(counts(&target, &parts.test), [12, 6, 2]);
    let mut all = [parts.train, parts.validation, parts.test].concat();
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<_>>(), "every row is in one part");
}

#[test]
fn first_is_stratified_and_nested_and_leaves_the_other_parts() {
    let target = blocks();
    let of = |first| {
        let split = Split { first, ..Split::default() };
        split.parts(&target, false, &mut SplitMix::new(1)).unwrap()
    };
    let (whole, twenty) = (of(None), of(Some(20)));
    assert_eq!(counts(&target, &twenty.train), [12, 6, 2]);
    assert_eq!(twenty.train, whole.train[..20]);
    assert_eq!((twenty.validation, twenty.test), (whole.validation, whole.test));
}

#[test]
fn the_seed_alone_decides() {
    let values = Target::Values(vec![0.0; 50]);
    for target in [blocks(), values] {
        let of = |seed| Split::default().parts(&target, false, &mut SplitMix::new(seed));
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}

#[test]
fn as_given_takes_the_ends_and_draws_nothing() {
    let target = Target::Values(vec![0.0; 10]);
    let order = Order::AsGiven;
    let (validation, test) = (Some(Share::count(3)), Some(Share::FIFTH));
    let mut rng = SplitMix::new(1);
    let split = Split { validation, test, order, first: Some(4) };
    let parts = split.parts(&target, false, &mut rng).unwrap();
    assert_eq!(parts.train, [0, 1, 2, 3]);
    assert_eq!((parts.validation, parts.test), (vec![5, 6, 7], vec![8, 9]));
    let official = Split { validation, test: None, order, first: None };
    let parts = official.parts(&target, true, &mut rng).unwrap();
    assert_eq!((parts.train.len(), parts.validation, parts.test), (7, vec![7, 8, 9], vec![]));
    assert_eq!(rng.drawn, 0);
}

#[test]
fn a_plain_permutation_puts_each_row_anywhere() {
    let target = Target::Values(vec![0.0; 5]);
    let mut held = [0; 5];
    let mut rng = SplitMix::new(9);
    for _ in 0..2000 {
        held[Split::default().parts(&target, false, &mut rng).unwrap().validation[0]] += 1;
    }
    // Binomial(2000, 1/5): mean 400, standard deviation 17.9; five of them.
    assert!(held.iter().all(|count| (311..=489).contains(count)), "{held:?}");
}

#[test]
fn sizes_that_do_not_work_are_told() {
    let values = Target::Values(vec![0.0; 4]);
    let split = Split::default();
    let none = Split { validation: Some(Share::of(0.1).unwrap()), ..split };
    let text = "cannot split 4 examples: `validation = 0.1` is no example; write 0 to go without \
                a validation set";
    assert_eq!(refused(none, &values, false), text);
    let small = Split { test: Some(Share::of(0.1).unwrap()), ..split };
    let text = "cannot split 4 examples: `test = 0.1` is no example; write 0 to go without a \
                test set";
    assert_eq!(refused(small, &values, false), text);
    let all = Split { validation: Some(Share::count(2)), test: Some(Share::count(2)), ..split };
    let text = "cannot split 4 examples: 2 for validation and 2 for test leave none for training";
    assert_eq!(refused(all, &values, false), text);
    let vast = Split { validation: Some(Share::count(usize::MAX)), ..all };
    assert!(refused(vast, &values, false).ends_with("leave none for training"));
    let both = Split { test: Some(Share::count(1)), ..split };
    let text = "cannot split 4 examples: the source brings its own test set: leave `test` out";
    assert_eq!(refused(both, &values, true), text);
    for first in [0, 3] {
        let split = Split { first: Some(first), ..split };
        let text = format!("cannot split 4 examples: `first` must be from 1 to 2, found {first}");
        assert_eq!(refused(split, &values, false), text);
    }
}

#[test]
fn classes_that_do_not_work_are_told() {
    let alone = Target::Classes { labels: vec![0; 9], names: vec!["a".into()] };
    let text =
        "cannot split 9 examples: classification needs at least two classes, found `a` alone";
    assert_eq!(refused(Split::default(), &alone, false), text);
    let names = vec!["a".into(), "rare".into()];
    let labels = (0..50).map(|row| u32::from(row >= 48)).collect();
    let rare = Target::Classes { labels, names };
    let text = "cannot split 50 examples: class `rare`, with 2 examples in all, has none in the \
                10 that test takes; enlarge that part, or merge or drop the class";
    assert_eq!(refused(Split::default(), &rare, false), text);
    let as_given = Split { order: Order::AsGiven, ..Split::default() };
    assert!(refused(as_given, &rare, false).contains("has none in the 30 that train takes"));
    let first = Split { first: Some(2), ..Split::default() };
    let text = "3 classes are more than the 2 examples that train takes; enlarge that part or \
                merge classes";
    assert_eq!(refused(first, &blocks(), false), format!("cannot split 100 examples: {text}"));
}

fn groups(sizes: &[usize]) -> By {
    let mut next = 0;
    let rows = |&size: &usize| {
        next += size;
        (next - size..next).collect()
    };
    By::Groups(sizes.iter().map(rows).collect())
}

#[test]
fn no_group_is_in_two_parts_and_sizes_come_near() {
    let target = Target::Values(vec![0.0; 100]);
    let by = groups(&[5; 20]);
    let of = |seed| {
        Split::default().parts_by(&target, Given::default(), &by, &mut SplitMix::new(seed)).unwrap()
    };
    let parts = of(1);
    assert_eq!((parts.train.len(), parts.validation.len(), parts.test.len()), (60, 20, 20));
    let names =
        |rows: &[usize]| rows.iter().map(|row| row / 5).collect::<std::collections::BTreeSet<_>>();
    let all = [names(&parts.train), names(&parts.validation), names(&parts.test)];
    assert_eq!(all.iter().map(|part| part.len()).sum::<usize>(), 20, "each group is in one part");
    assert_eq!((of(1), of(1) == of(2)), (parts, false), "the seed decides");
    let uneven = groups(&[50, 1, 9, 20, 20]);
    let parts = Split::default()
        .parts_by(&target, Given::default(), &uneven, &mut SplitMix::new(1))
        .unwrap();
    assert_eq!((parts.train.len(), parts.validation.len(), parts.test.len()), (60, 20, 20));
}

#[test]
fn too_few_groups_are_told() {
    let target = Target::Values(vec![0.0; 100]);
    let refused = Split::default()
        .parts_by(&target, Given::default(), &groups(&[50, 50]), &mut SplitMix::new(1))
        .unwrap_err();
    let text = "cannot split 100 examples: 2 groups, kept whole, leave none for ";
    assert!(refused.to_string().starts_with(text), "{refused}");
}

#[test]
fn time_puts_the_last_rows_into_the_test_part() {
    let target = Target::Values(vec![0.0; 5]);
    let mut rng = SplitMix::new(1);
    let by = By::Time(vec![3, 1, 4, 0, 2]);
    let parts = Split::default().parts_by(&target, Given::default(), &by, &mut rng).unwrap();
    assert_eq!(parts, Parts { train: vec![3, 1, 4], validation: vec![0], test: vec![2] });
    assert_eq!(rng.drawn, 0);
}

#[test]
fn parts_with_files_of_their_own_take_nothing() {
    let target = Target::Values(vec![0.0; 10]);
    let given = Given { validation: true, test: true };
    let mut rng = SplitMix::new(1);
    let parts = Split::default().parts_by(&target, given, &By::Nothing, &mut rng).unwrap();
    assert_eq!((parts.train.len(), parts.validation.len(), parts.test.len()), (10, 0, 0));
    let told = Split { validation: Some(Share::FIFTH), ..Split::default() };
    let refused = told.parts_by(&target, given, &By::Nothing, &mut rng).unwrap_err().to_string();
    let text = "the source brings its own validation set: leave `validation` out";
    assert_eq!(refused, format!("cannot split 10 examples: {text}"));
}
