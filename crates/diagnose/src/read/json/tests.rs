use super::*;

fn list(text: &str) -> Vec<f64> {
    let Json::List(values) = parse(text).value else { panic!("{text}") };
    let number = |json| if let Json::Number(number) = json { number } else { f64::MIN };
    values.into_iter().map(number).collect()
}

#[test]
fn numbers_of_python() {
    assert_eq!(list("[1, 2.5e-1, -3]"), [1.0, 0.25, -3.0]);
    assert_eq!(list("[tensor(0.5, device='cuda:0'), np.float64(2.0), Infinity]")[..2], [0.5, 2.0]);
    assert!(list("[NaN, nan]").iter().all(|value| value.is_nan()));
    assert_eq!(list("(1, 2,)"), [1.0, 2.0]);
    assert_eq!(list("array([1., 2.], dtype=float32)"), [1.0, 2.0]);
}

#[test]
fn dictionaries_of_python() {
    let map = parse("{'a': None, 'b': [1], 3: True}").value;
    assert_eq!(map.get("b"), Some(&Json::List(vec![Json::Number(1.0)])));
    assert_eq!(map.get("3"), Some(&Json::Nothing));
    let held = parse("defaultdict(<class 'list'>, {'loss': [1.0]})").value;
    assert!(held.get("loss").is_some());
}

#[test]
fn what_came_before_a_cut_is_kept() {
    let text = r#"{"log": [{"a": 1.5, "b": 2}, {"a": 3.25, "b": 4}]}"#;
    for cut in 0..text.len() {
        let parsed = parse(&text[..cut]);
        assert!(parsed.broken.is_some(), "{cut}");
        if cut > 29 {
            let Some(Json::List(rows)) = parsed.value.get("log") else { panic!("{cut}") };
            assert_eq!(rows[0].get("b"), Some(&Json::Number(2.0)), "{cut}");
        }
    }
    assert!(parse(text).broken.is_none());
}

#[test]
fn depth_is_bounded() {
    assert!(parse(&"[".repeat(1_000_000)).broken.is_some());
    assert!(parse(&"{'a':".repeat(1_000_000)).broken.is_some());
}
