//! What every card must hold, so that a technique added tomorrow holds it too.

use wellfit_nn::technique::shelf;

#[test]
fn every_card_is_complete_and_ids_are_unique() {
    let mut ids: Vec<&str> = Vec::new();
    for card in shelf().map(|shelved| shelved.card) {
        for (field, text) in [
            ("name", card.name),
            ("one_line", card.one_line),
            ("formula", card.formula),
            ("paper", card.paper),
            ("when", card.when),
            ("watch_out", card.watch_out),
            ("example", card.example),
        ] {
            assert!(!text.trim().is_empty(), "{}: {field} is empty", card.id);
        }
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(card.id.chars().all(is_word), "{}", card.id);
        assert!(!ids.contains(&card.id), "{} stands twice", card.id);
        assert!(card.search.iter().all(|range| range.low < range.high), "{}", card.id);
        ids.push(card.id);
    }
    assert!(ids.len() >= 14);
}
