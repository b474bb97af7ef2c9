//! Boxes of names and values, as Stable-Baselines prints them: a name on each line, names that end
//! in `/` above those that they head.
//!
//! ```text
//! | eval/              |          |
//! |    mean_reward     | 12.5     |
//! | time/              |          |
//! |    total_timesteps | 1000     |
//! --------------------------------
//! ```

use super::line::Reading;
use crate::read::number::{Field, field};

/// The box that the lines are in, if any.
#[derive(Default)]
pub(super) struct Boxed {
    heading: String,
    lines: Vec<(String, f64)>,
}

impl Boxed {
    /// Takes a line of a box in, or the rule that ends it, which gives what the box says. An outer
    /// none for a line that is no part of a box.
    pub fn read(&mut self, line: &str) -> Option<Option<Reading>> {
        if !self.lines.is_empty() && is_rule(line) {
            let fields = std::mem::take(&mut self.lines).into_iter();
            let cells: Vec<_> = fields.map(|(name, value)| (name, Field::Number(value))).collect();
            return Some(Some(Reading::of_cells(&cells)));
        }
        let (name, value) = line.trim().strip_prefix('|')?.strip_suffix('|')?.split_once('|')?;
        match (name.trim(), field(value)) {
            (heading, Field::Missing) if heading.ends_with('/') => {
                // Steps stand among the times.
                self.heading = if heading == "time/" { "" } else { heading }.to_owned();
            }
            (name, Field::Number(value)) if matches!(field(name), Field::Text(_)) => {
                self.lines.push((format!("{}{name}", self.heading), value));
            }
            _ => return None,
        }
        Some(None)
    }
}

fn is_rule(line: &str) -> bool {
    line.len() > 3 && line.trim().bytes().all(|byte| byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_one_reading() {
        let mut boxed = Boxed::default();
        let mut found = Vec::new();
        for line in [
            "-------------------------------",
            "| eval/              |        |",
            "|    mean_reward     | 12.5   |",
            "| time/              |        |",
            "|    total_timesteps | 1000   |",
            "-------------------------------",
            "| Epoch | Loss |",
        ] {
            found.push(boxed.read(line));
        }
        assert!(found[0].is_none() && found[6].is_none());
        let reading = found[5].take().flatten().unwrap();
        assert_eq!(
            (reading.step, &reading.values[0]),
            (Some(1000.0), &("eval/mean_reward".into(), 12.5))
        );
    }
}
