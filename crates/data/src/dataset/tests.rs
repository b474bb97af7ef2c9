use super::*;

fn names(count: usize) -> Vec<String> {
    (0..count).map(|i| i.to_string()).collect()
}

#[test]
fn rows_and_selections_keep_inputs_with_their_targets() {
    let target = Target::Classes { labels: vec![0, 1, 0], names: names(2) };
    let inputs = vec![1., 2., 3., 4., 5., 6.];
    let data = Dataset::new(inputs, vec![1, 1, 2], target, vec![]).unwrap();
    assert_eq!((data.len(), data.width(), data.row(1)), (3, 2, &[3., 4.][..]));
    let two = data.select(&[2, 1]);
    assert_eq!(two.inputs, [5., 6., 3., 4.]);
    assert_eq!(two.target, Target::Classes { labels: vec![0, 1], names: names(2) });
    assert_eq!((two.target.classes(), two.shape), (Some(2), vec![1, 1, 2]));
}

#[test]
fn lengths_that_disagree_are_refused() {
    let values = || Target::Values(vec![0.5, 1.5]);
    let text = |made: Result<Dataset, Error>| made.unwrap_err().to_string();
    let short = Dataset::new(vec![1.0; 5], vec![3], values(), vec![]);
    assert_eq!(text(short), "input values: expected 6, found 5");
    let named = Dataset::new(vec![1.0; 6], vec![3], values(), names(2));
    assert_eq!(text(named), "feature names: expected 3, found 2");
    let label = Target::Classes { labels: vec![0, 2], names: names(2) };
    let unnamed = Dataset::new(vec![1.0; 2], vec![1], label, vec![]);
    assert_eq!(text(unnamed), "class names: expected 3, found 2");
    assert_eq!(values().classes(), None);
}

#[test]
fn joined_examples_stand_behind_each_other() {
    let data = |labels: Vec<u32>, classes, inputs| {
        let target = Target::Classes { labels, names: names(classes) };
        Dataset::new(inputs, vec![2], target, vec![]).unwrap()
    };
    let first = data(vec![0, 1], 2, vec![1., 2., 3., 4.]);
    let all = first.joined(&data(vec![1], 2, vec![5., 6.])).unwrap();
    assert_eq!(all.inputs, [1., 2., 3., 4., 5., 6.]);
    assert!(matches!(all.target, Target::Classes { labels, .. } if labels == [0, 1, 1]));
    let other = first.joined(&data(vec![2], 3, vec![5., 6.])).unwrap_err().to_string();
    assert_eq!(other, "classes: expected 2, found 3");
    let values = Dataset::new(vec![1., 2.], vec![2], Target::Values(vec![0.5]), vec![]).unwrap();
    assert!(first.joined(&values).is_err());
}
