//! Labels in one line of text that keep out of each other's way.

/// A row of letters in which labels find a free place near the one they ask for.
pub struct Row(Vec<char>);

impl Row {
    /// An empty row.
    pub fn new(columns: usize) -> Self {
        Self(vec![' '; columns])
    }

    /// Centres `label` at `column`, or as near as it fits with a space on each side; a label for
    /// which no place is left is dropped.
    pub fn place(&mut self, column: usize, label: &str) {
        let length = label.chars().count();
        let wanted = column.saturating_sub(length / 2);
        let free = |from: &usize| {
            let around = from.saturating_sub(1)..(from + length + 1).min(self.0.len());
            from + length <= self.0.len() && self.0[around].iter().all(|c| *c == ' ')
        };
        let nearest = (0..self.0.len()).filter(free).min_by_key(|from| from.abs_diff(wanted));
        if let Some(from) = nearest {
            self.0.splice(from..from + length, label.chars());
        }
    }

    /// The letters as one line.
    pub fn text(&self) -> String {
        self.0.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_move_aside_and_leave_when_the_row_is_full() {
        let mut row = Row::new(20);
        row.place(5, "best 5");
        row.place(6, "stop 6");
        row.place(19, "60");
        row.place(10, "crowded");
        assert_eq!(row.text(), "  best 5 stop 6   60");
    }
}
