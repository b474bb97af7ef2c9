//! Where words go: line breaking, and labels that do not overlap.

/// The width of a digit of DejaVu Sans, in font sizes. It and Verdana are the widest of the fonts
/// that a viewer may choose, so that others take less room.
const DIGIT: f64 = 0.64;
/// The average width of a letter in a sentence, in font sizes.
const LETTER: f64 = 0.57;

/// The width that a short label such as a number takes, in pixels.
pub fn width(label: &str, size: f64) -> f64 {
    DIGIT * size * label.chars().count() as f64
}

/// How many letters of a sentence fit into `pixels`.
pub fn letters(pixels: f64, size: f64) -> usize {
    (pixels / (LETTER * size)) as usize
}

/// Breaks `text` between words into at most `most` lines of at most `columns` letters. What does
/// not fit ends in an ellipsis; control characters become spaces.
pub fn wrap(text: &str, columns: usize, most: usize) -> Vec<String> {
    let columns = columns.max(2);
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut lines: Vec<String> = Vec::new();
    for word in clean.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + length <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let cut = lines.len() > most;
    lines.truncate(most);
    let last = lines.len().saturating_sub(1);
    for (i, line) in lines.iter_mut().enumerate() {
        if line.chars().count() > columns || (cut && i == last) {
            *line = line.chars().take(columns - 1).chain(['…']).collect();
        }
    }
    lines
}

/// Moves label positions apart until neighbours are at least `apart` from each other, keeping
/// their order and staying between `low` and `high` while there is room.
pub fn spread(positions: &mut [f64], apart: f64, low: f64, high: f64) {
    let mut order: Vec<usize> = (0..positions.len()).collect();
    order.sort_by(|a, b| positions[*a].total_cmp(&positions[*b]));
    let mut free = low;
    for &i in &order {
        positions[i] = positions[i].max(free);
        free = positions[i] + apart;
    }
    let mut free = high;
    for &i in order.iter().rev() {
        positions[i] = positions[i].min(free);
        free = positions[i] - apart;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_end_in_an_ellipsis() {
        assert_eq!(wrap("one two three", 7, 3), ["one two", "three"]);
        assert_eq!(wrap("one two three", 7, 1), ["one tw…"]);
        assert_eq!(wrap("incomprehensible", 5, 2), ["inco…"]);
        assert_eq!(wrap("a\u{1b}[31m\nb", 20, 2), ["a [31m b"]);
        assert!(wrap("  ", 20, 2).is_empty());
    }

    #[test]
    fn labels_keep_their_distance_order_and_limits() {
        let mut positions = [50.0, 49.0, 98.0, 99.0];
        spread(&mut positions, 14.0, 0.0, 100.0);
        assert_eq!(positions, [63.0, 49.0, 86.0, 100.0]);
        let mut far = [10.0, 90.0];
        spread(&mut far, 14.0, 0.0, 100.0);
        assert_eq!(far, [10.0, 90.0]);
    }
}
