//! Which examples an epoch holds, and in which order.

use serde::{Deserialize, Serialize};
use wellfit_core::seed::{Draw, Seed, Stream};
use wellfit_data::Target;

/// The `sampling` key of `[train]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// Every example once an epoch.
    #[default]
    Shuffled,
    /// Every class equally often, in as many draws as there are examples. A class of c examples
    /// that is drawn q times an epoch shows each of them ⌊q/c⌋ times and a random q mod c of them
    /// once more: a frequent class shows a part of its examples, none twice, and a rare one repeats
    /// them as evenly as it can.
    Balanced,
}

/// The order of examples in every epoch.
pub struct Order {
    stream: Stream,
    examples: usize,
    /// The examples of each class that occurs, where classes are drawn equally often.
    classes: Option<Vec<Vec<usize>>>,
}

impl Order {
    /// Orders for the examples of `target`; values have no classes, and are shuffled.
    pub fn new(target: &Target, sampling: Sampling, seed: Seed) -> Self {
        let (classes, stream) = match (sampling, target) {
            (Sampling::Balanced, Target::Classes { labels, names }) => {
                (Some(by_class(labels, names.len())), "balanced sampling")
            }
            _ => (None, "order of examples"),
        };
        Self { stream: seed.stream(stream), examples: target.len(), classes }
    }

    /// The examples of `epoch` in their order, as many as there are in the training part.
    pub fn of_epoch(&self, epoch: u64) -> Vec<usize> {
        let mut draw = self.stream.step(epoch);
        match &self.classes {
            None => draw.permutation(self.examples),
            Some(classes) => balanced(classes, self.examples, &mut draw),
        }
    }
}

fn by_class(labels: &[u32], classes: usize) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); classes];
    for (index, &label) in labels.iter().enumerate() {
        members[label as usize].push(index);
    }
    members.retain(|class| !class.is_empty());
    members
}

fn balanced(classes: &[Vec<usize>], draws: usize, draw: &mut Draw) -> Vec<usize> {
    let count = classes.len().max(1);
    // What is left by the division goes to other classes in every epoch.
    let lucky = draw.permutation(count);
    let mut drawn = Vec::with_capacity(draws);
    for (members, luck) in classes.iter().zip(lucky) {
        let quota = draws / count + usize::from(luck < draws % count);
        let more = draw.permutation(members.len()).into_iter().take(quota % members.len());
        drawn.extend(members.iter().copied().cycle().take(quota - quota % members.len()));
        drawn.extend(more.map(|index| members[index]));
    }
    draw.permutation(drawn.len()).into_iter().map(|index| drawn[index]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 70 of class a, 20 of class b, 10 of class c, none of class d.
    fn target() -> Target {
        let labels = (0..100).map(|i| [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][i % 10]).collect();
        Target::Classes { labels, names: ["a", "b", "c", "d"].map(str::to_owned).to_vec() }
    }

    fn times(order: &[usize]) -> Vec<usize> {
        let mut times = vec![0; 100];
        order.iter().for_each(|&index| times[index] += 1);
        times
    }

    #[test]
    fn classes_come_equally_often_and_their_examples_as_evenly_as_they_can() {
        let target = target();
        let Target::Classes { labels, .. } = &target else { panic!("values") };
        let order = Order::new(&target, Sampling::Balanced, Seed::new(1));
        let mut favoured = [0; 3];
        for epoch in 0..30 {
            let drawn = order.of_epoch(epoch);
            assert_eq!(drawn.len(), 100);
            let mut of_class = [0; 3];
            for (index, &times) in times(&drawn).iter().enumerate() {
                let class = labels[index] as usize;
                of_class[class] += times;
                let allowed = [0..=1, 1..=2, 3..=4][class].clone();
                assert!(allowed.contains(&times), "example {index} of {class}: {times} times");
            }
            of_class.sort_unstable();
            assert_eq!(of_class, [33, 33, 34]);
            let mut sums = [0; 3];
            drawn.iter().for_each(|&index| sums[labels[index] as usize] += 1);
            favoured[sums.iter().position(|&sum| sum == 34).unwrap()] += 1;
        }
        assert!(favoured.iter().all(|&times| times > 0), "{favoured:?}");
    }

    #[test]
    fn all_of_a_frequent_class_are_seen_in_time_and_epochs_differ() {
        let order = Order::new(&target(), Sampling::Balanced, Seed::new(1));
        assert_ne!(order.of_epoch(0), order.of_epoch(1));
        assert_eq!(order.of_epoch(3), order.of_epoch(3));
        // Left out of 40 epochs at a share of about 33 / 70 each: (37 / 70)^40 < 1e-10.
        let seen: Vec<usize> = (0..40).flat_map(|epoch| order.of_epoch(epoch)).collect();
        assert!(times(&seen).iter().all(|&times| times > 0));
    }

    #[test]
    fn shuffled_is_a_permutation_and_values_are_shuffled() {
        for (target, sampling) in
            [(target(), Sampling::Shuffled), (Target::Values(vec![0.0; 100]), Sampling::Balanced)]
        {
            let order = Order::new(&target, sampling, Seed::new(1)).of_epoch(0);
            assert_eq!(times(&order), vec![1; 100]);
            let stream = Seed::new(1).stream("order of examples");
            assert_eq!(order, stream.step(0).permutation(100), "the order of former versions");
        }
    }

    #[test]
    fn classes_of_one_size_come_once_each() {
        let labels = (0..60).map(|i| i % 3).collect();
        let target = Target::Classes { labels, names: vec!["x".to_owned(); 3] };
        let mut order = Order::new(&target, Sampling::Balanced, Seed::new(1)).of_epoch(5);
        order.sort_unstable();
        assert_eq!(order, (0..60).collect::<Vec<_>>());
    }
}
