//! Dealing classes out in proportion: how many of each go to a part, and in which order.

use std::cmp::Reverse;

/// How many examples of every class each of three parts gets: `counts[class] x sizes[part] / n`,
/// rounded up or down so that rows add up to the counts and columns to the sizes.
///
/// `sizes` must add up to the sum of `counts`. After rounding down, each class has at most two
/// examples left, and each part `places[part]` open. Rare classes choose first: a part that has
/// none of them, then the largest remainder. A part with as many places as there are classes to
/// come must be chosen by all of them; while no part has more, the places can be filled (Gale 1957,
/// Ryser 1957).
pub(crate) fn apportion(counts: &[usize], sizes: [usize; 3]) -> Vec<[usize; 3]> {
    let total = sizes.iter().sum::<usize>().max(1);
    let mut cells: Vec<_> = counts.iter().map(|c| sizes.map(|size| c * size / total)).collect();
    let mut places = [0, 1, 2].map(|part| sizes[part] - column(&cells, part));
    let left = |cell: &[usize; 3], class: usize| counts[class] - cell.iter().sum::<usize>();
    let mut classes: Vec<usize> = (0..counts.len()).collect();
    classes.retain(|&class| left(&cells[class], class) > 0);
    classes.sort_by_key(|&class| counts[class]);
    for (done, &class) in classes.iter().enumerate() {
        let cell = &mut cells[class];
        let mut parts = [0, 1, 2];
        parts.sort_by_key(|&part| {
            let must = places[part] == classes.len() - done;
            let remainder = counts[class] * sizes[part] % total;
            Reverse((places[part] > 0, must, cell[part] == 0, remainder))
        });
        for &part in &parts[..left(cell, class)] {
            cell[part] += 1;
            places[part] -= 1;
        }
    }
    cells
}

fn column(cells: &[[usize; 3]], part: usize) -> usize {
    cells.iter().map(|cell| cell[part]).sum()
}

/// Merges the classes into one order in which every beginning is proportional: among the first
/// `t` rows, each class differs by less than one from `t` times its share.
///
/// At each place, of the classes that have fallen behind by 1/(2k - 2), the one whose next turn
/// is due first. R. Tijdeman 1980, "The chairman assignment problem", Discrete Mathematics 32.
pub(crate) fn interleave(classes: Vec<Vec<usize>>) -> Vec<usize> {
    let classes: Vec<_> = classes.into_iter().filter(|class| !class.is_empty()).collect();
    let total: usize = classes.iter().map(Vec::len).sum();
    let spread = 2 * classes.len().saturating_sub(1).max(1);
    let mut taken = vec![0; classes.len()];
    let mut order = Vec::with_capacity(total);
    for place in 1..=total {
        let behind =
            |&c: &usize| spread * classes[c].len() * place >= spread * taken[c] * total + total;
        let due = |c: usize| (spread * (taken[c] + 1) - 1) as f64 / classes[c].len() as f64;
        let next = (0..classes.len()).filter(behind).min_by(|&a, &b| due(a).total_cmp(&due(b)));
        if let Some(next) = next {
            order.push(classes[next][taken[next]]);
            taken[next] += 1;
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::below;
    use crate::chance::tests::SplitMix;

    #[test]
    fn every_cell_is_within_one_of_its_share_and_margins_hold() {
        let mut rng = SplitMix::new(11);
        for _ in 0..3000 {
            let classes = 1 + below(&mut rng, 12);
            let counts: Vec<usize> = (0..classes).map(|_| 1 + below(&mut rng, 30)).collect();
            let total: usize = counts.iter().sum();
            let test = below(&mut rng, total);
            let validation = below(&mut rng, total - test + 1);
            let sizes = [total - validation - test, validation, test];
            let cells = apportion(&counts, sizes);
            assert_eq!([0, 1, 2].map(|part| column(&cells, part)), sizes);
            for (cell, &count) in cells.iter().zip(&counts) {
                assert_eq!(cell.iter().sum::<usize>(), count);
                let fair = sizes.map(|size| count as f64 * size as f64 / total as f64);
                assert!((0..3).all(|part| (cell[part] as f64 - fair[part]).abs() <= 1.0));
            }
        }
    }

    #[test]
    fn shares_that_come_out_even_are_exact() {
        assert_eq!(apportion(&[50, 100], [90, 30, 30]), [[30, 10, 10], [60, 20, 20]]);
    }

    #[test]
    fn a_rare_class_gets_one_in_each_part_where_rounding_allows() {
        assert_eq!(apportion(&[44, 3, 53], [60, 20, 20])[1], [1, 1, 1]);
        assert_eq!(apportion(&[97, 3], [60, 20, 20]), [[59, 19, 19], [1, 1, 1]]);
    }

    #[test]
    fn every_beginning_of_the_order_is_proportional() {
        let mut rng = SplitMix::new(12);
        for _ in 0..300 {
            let sizes: Vec<usize> =
                (0..1 + below(&mut rng, 9)).map(|_| below(&mut rng, 40)).collect();
            let total: usize = sizes.iter().sum();
            let members = |(c, &size): (usize, &usize)| (0..size).map(|i| 100 * c + i).collect();
            let order = interleave(sizes.iter().enumerate().map(members).collect());
            assert_eq!(order.len(), total);
            let mut seen = vec![0; sizes.len()];
            for (place, row) in (1..).zip(order) {
                assert_eq!(row % 100, seen[row / 100], "a class keeps its own order");
                seen[row / 100] += 1;
                for (&seen, &size) in seen.iter().zip(&sizes) {
                    let fair = (place * size) as f64 / total as f64;
                    assert!((seen as f64 - fair).abs() < 1.0, "{sizes:?} at {place}");
                }
            }
        }
    }
}
