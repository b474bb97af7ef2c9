//! A series as lines on a grid of pixels or dots: gaps where it is not finite, and no more points
//! than the grid can show.

use crate::scale::drawable;

/// A place on the figure, x to the right and y downwards.
pub type Place = (f64, f64);

/// What is drawn of one series.
#[derive(Debug, Default, PartialEq)]
pub struct Trace {
    /// Unbroken lines; a line of one place is a lone point between gaps.
    pub lines: Vec<Vec<Place>>,
    /// Where, along x, the value was NaN or infinite.
    pub gaps: Vec<f64>,
}

impl Trace {
    /// The trace of `points` (epoch, value) under the two axes. A point without a finite epoch has
    /// no place and is left out.
    pub fn new(points: &[(f64, f64)], x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) -> Self {
        let mut trace = Self::default();
        let mut line = Vec::new();
        for &(epoch, value) in points.iter().filter(|p| drawable(p.0)) {
            if drawable(value) {
                line.push((x(epoch), y(value)));
            } else {
                trace.gaps.push(x(epoch));
                trace.end(&mut line);
            }
        }
        trace.end(&mut line);
        trace
    }

    fn end(&mut self, line: &mut Vec<Place>) {
        if !line.is_empty() {
            self.lines.push(thin(line));
            line.clear();
        }
    }

    /// The place of the last finite point.
    pub fn last(&self) -> Option<Place> {
        self.lines.last()?.last().copied()
    }
}

/// Keeps the first, lowest, highest and last place of each pixel column, which draws the same
/// picture as all places do (M4; Jugel, Jerzak, Hackenbroich and Markl, PVLDB 7(10), 2014).
fn thin(line: &[Place]) -> Vec<Place> {
    let same_column = |a: &Place, b: &Place| a.0.floor() == b.0.floor();
    line.chunk_by(same_column).flat_map(column).collect()
}

/// The first, lowest, highest and last of some places, in their order.
pub fn column(places: &[Place]) -> Vec<Place> {
    if places.len() <= 4 {
        return places.to_vec();
    }
    let by_height = |a: &usize, b: &usize| places[*a].1.total_cmp(&places[*b].1);
    let lowest = (0..places.len()).min_by(by_height);
    let highest = (0..places.len()).max_by(by_height);
    let mut kept: Vec<usize> =
        [Some(0), lowest, highest, Some(places.len() - 1)].into_iter().flatten().collect();
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|i| places[i]).collect()
}

/// The areas between two traces, one outline for each stretch where both are unbroken.
pub fn between(one: &Trace, other: &Trace) -> Vec<Vec<Place>> {
    let pairs = one.lines.iter().flat_map(|a| other.lines.iter().map(move |b| (a, b)));
    pairs.filter_map(|(a, b)| outline(a, b)).collect()
}

fn outline(a: &[Place], b: &[Place]) -> Option<Vec<Place>> {
    let from = a.first()?.0.max(b.first()?.0);
    let to = a.last()?.0.min(b.last()?.0);
    if from >= to {
        return None;
    }
    let mut outline = clip(a, from, to);
    outline.extend(clip(b, from, to).into_iter().rev());
    Some(outline)
}

/// The part of a line between two x, cut straight at both ends.
fn clip(line: &[Place], from: f64, to: f64) -> Vec<Place> {
    let inside = line.iter().copied().filter(|p| (from..=to).contains(&p.0));
    let cut = |x: f64| {
        line.windows(2)
            .find(|w| w[0].0 < x && x < w[1].0)
            .map(|w| (x, w[0].1 + (w[1].1 - w[0].1) * (x - w[0].0) / (w[1].0 - w[0].0)))
    };
    cut(from).into_iter().chain(inside).chain(cut(to)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(points: &[(f64, f64)]) -> Trace {
        Trace::new(points, |x| x, |y| y)
    }

    #[test]
    fn a_value_that_is_not_finite_breaks_the_line() {
        let t = trace(&[(1.0, 5.0), (2.0, f64::NAN), (3.0, 6.0), (4.0, 7.0), (5.0, f64::INFINITY)]);
        assert_eq!(t.lines, [vec![(1.0, 5.0)], vec![(3.0, 6.0), (4.0, 7.0)]]);
        assert_eq!((t.gaps.as_slice(), t.last()), ([2.0, 5.0].as_slice(), Some((4.0, 7.0))));
    }

    #[test]
    fn thinning_keeps_the_extremes_and_the_ends_of_each_column() {
        let mut points: Vec<(f64, f64)> = (0..1000).map(|i| (f64::from(i) / 500.0, 1.0)).collect();
        points[123].1 = 90.0;
        points[777].1 = -90.0;
        let line = &trace(&points).lines[0];
        assert!(line.len() <= 8 && line.contains(&points[123]) && line.contains(&points[777]));
        assert!(line.contains(&points[0]) && line.contains(&points[999]));
        assert!(line.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn the_band_covers_only_where_both_lines_run() {
        let one = trace(&[(0.0, 0.0), (10.0, 0.0)]);
        let other = trace(&[(5.0, 1.0), (20.0, 1.0)]);
        let expected = vec![(5.0, 0.0), (10.0, 0.0), (10.0, 1.0), (5.0, 1.0)];
        assert_eq!(between(&one, &other), [expected]);
        assert!(between(&one, &trace(&[(11.0, 1.0), (12.0, 1.0)])).is_empty());
    }
}
