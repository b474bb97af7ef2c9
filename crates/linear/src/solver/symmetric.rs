//! A symmetric matrix that grows.

/// All its numbers, by columns, with room for more of them, so that growing seldom copies.
///
/// The room is asked for as zeros, which costs nothing for columns that are never reached: most
/// systems make such memory only when it is touched.
#[derive(Default)]
pub(super) struct Symmetric {
    len: usize,
    /// From one column to the next.
    room: usize,
    numbers: Vec<f64>,
}

impl Symmetric {
    /// No columns, and room for `len` of them.
    pub fn with_room(len: usize) -> Self {
        let mut made = Self::default();
        made.reserve(len);
        made
    }

    /// For how many columns there is room.
    pub fn room(&self) -> usize {
        self.room
    }

    /// The matrix of `len` columns with these numbers, which are symmetric.
    pub fn of(len: usize, number: impl Fn(usize, usize) -> f64) -> Self {
        let mut made = Self::with_room(len);
        made.extend(len, number);
        made
    }

    /// All numbers of a column.
    pub fn column(&self, k: usize) -> &[f64] {
        &self.numbers[k * self.room..][..self.len]
    }

    /// The number of column and row `k`.
    pub fn diagonal(&self, k: usize) -> f64 {
        self.numbers[k * self.room + k]
    }

    /// Adds `new` columns, and rows; the number in row i of the k-th of them is `number(i, k)`.
    pub fn extend(&mut self, new: usize, number: impl Fn(usize, usize) -> f64) {
        let old = self.len;
        self.reserve(old + new);
        self.len = old + new;
        for k in 0..new {
            let column = &mut self.numbers[(old + k) * self.room..][..old + new];
            column.iter_mut().enumerate().for_each(|(i, to)| *to = number(i, k));
        }
        for i in 0..old {
            let row = &mut self.numbers[i * self.room + old..][..new];
            row.iter_mut().enumerate().for_each(|(k, to)| *to = number(i, k));
        }
    }

    /// No columns; the room stays.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    fn reserve(&mut self, len: usize) {
        if len <= self.room {
            return;
        }
        // Columns that are not a power of two apart do not push each other out of the cache.
        let room = (len.max(self.room + self.room / 2).next_multiple_of(16) + 8).max(24);
        let mut numbers = vec![0.0; room * room];
        for k in 0..self.len {
            numbers[k * room..][..self.len].copy_from_slice(self.column(k));
        }
        (self.room, self.numbers) = (room, numbers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_in_steps_is_what_was_made_at_once() {
        let number = |i: usize, k: usize| (i * k) as f64 + (i + k) as f64;
        let mut grown = Symmetric::default();
        for new in [3, 1, 0, 40, 200] {
            let old = grown.len;
            grown.extend(new, |i, k| number(i, old + k));
        }
        let whole = Symmetric::of(244, number);
        for k in 0..244 {
            let expected: Vec<f64> = (0..244).map(|i| number(i, k)).collect();
            assert_eq!((grown.column(k), whole.column(k)), (&expected[..], &expected[..]));
            assert_eq!(grown.diagonal(k), number(k, k));
        }
        grown.clear();
        grown.extend(2, |i, k| if i == k { 1.0 } else { 5.0 });
        assert_eq!((grown.column(0), grown.column(1)), (&[1.0, 5.0][..], &[5.0, 1.0][..]));
    }
}
