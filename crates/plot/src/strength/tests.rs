use super::*;

fn panel() -> Strength {
    let line = |name: &str, values: &[f64]| StrengthLine {
        name: name.into(),
        values: values.to_vec(),
        spread: vec![],
    };
    Strength {
        name: "Lasso".into(),
        lambdas: vec![1.0, 0.0, 0.1, 0.01],
        lines: vec![line("<age>", &[0.0, 9.0, 1.0, 2.0]), line("", &[0.0, 9.0, -1.0, f64::NAN])],
        marks: vec![(0.1, "selected".into()), (0.0, "nowhere".into())],
    }
}

fn drawn(panels: &[Strength]) -> String {
    let options = StrengthOptions {
        title: "Path".into(),
        subtitle: "of coefficients".into(),
        values: "w".into(),
    };
    strengths(panels, &options).unwrap().svg().to_owned()
}

#[test]
fn weak_penalties_stand_at_the_right_and_zero_nowhere() {
    let svg = drawn(&[panel()]);
    let document = roxmltree::Document::parse(&svg).unwrap();
    let lines: Vec<_> = document.descendants().filter(|n| n.has_tag_name("polyline")).collect();
    assert_eq!(lines.len(), 2);
    let xs = |node: &roxmltree::Node| -> Vec<f64> {
        let points = node.attribute("points").unwrap().split(' ');
        points.map(|point| point.split_once(',').unwrap().0.parse().unwrap()).collect()
    };
    let named = lines.iter().find(|n| n.attribute("stroke") == Some("#0072b2")).unwrap();
    let at = xs(named);
    assert!(at.len() == 3 && at[0] < at[1] && at[1] < at[2], "{at:?}");
    let thin = lines.iter().find(|n| n.attribute("stroke") != Some("#0072b2")).unwrap();
    assert_eq!(xs(thin).len(), 2, "a point that is not finite is left out");
    let texts: Vec<_> = document.descendants().filter_map(|n| n.text()).collect();
    assert!(texts.contains(&"<age>") && texts.contains(&"selected"), "{texts:?}");
    assert!(!texts.contains(&"nowhere") && texts.contains(&"0.1"), "{texts:?}");
}

#[test]
fn panels_share_their_values_and_bars_are_inside() {
    let mut other = panel();
    other.lines[0].spread = vec![0.5, 0.5, 0.5, 30.0];
    let svg = drawn(&[panel(), other]);
    assert!(svg.contains(">30</text>"), "{svg}");
    assert_eq!(svg.matches("data-panel").count(), 2);
    let bars = svg.matches("stroke-opacity").count();
    assert_eq!(bars, 3, "λ = 0 has none");
}

#[test]
fn a_single_strength_is_a_dot_and_none_is_refused() {
    let one = Strength {
        lambdas: vec![0.3],
        lines: vec![StrengthLine { name: "a".into(), values: vec![1.0], spread: vec![] }],
        ..Strength::default()
    };
    assert!(drawn(std::slice::from_ref(&one)).contains("<circle"));
    let none = Strength { lambdas: vec![0.0], ..one.clone() };
    let options = StrengthOptions::default();
    assert_eq!(strengths(&[none], &options), Err(Error::Empty));
    assert!(strengths(&vec![one; 4], &options).is_err());
}
