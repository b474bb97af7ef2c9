//! `wellfit path`: coefficients by hand and by scikit-learn, the keys of its JSON, its folder, and
//! what it refuses.

mod compare;
mod exact;
mod folder;
mod lab;
mod refused;
mod ridge;
mod stream;

use crate::desk::Desk;

/// Means 2 and 4, variance of x 1.25, covariance 2.425.
const FOUR: &str = "x,y\n0.5,1.1\n1.5,2.9\n2.5,5.2\n3.5,6.8\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("four.csv", FOUR);
    desk
}

/// 60 rows: y follows `a` and the level `x` of `c`; `b` says nothing, and two cells of it are not
/// there.
fn sixty() -> String {
    let mut text = "a,b,c,y,kind,three\n".to_owned();
    for i in 0..60_u32 {
        let (a, b) = (f64::from(i * 37 % 60) / 10.0, f64::from(i * i * 13 % 31) / 7.0);
        let c = ["x", "y", "z"][(i % 3) as usize];
        let noise = f64::from(i * 53 % 17) / 17.0 - 0.5;
        let y = 2.0 * a + if c == "x" { 1.5 } else { 0.0 } + noise;
        let b = if i == 7 || i == 31 { String::new() } else { format!("{b}") };
        let kind = if y + 4.0 * noise > 6.0 { "yes" } else { "no" };
        let three = ["low", "middle", "top"][usize::from(y > 4.0) + usize::from(y > 9.0)];
        text += &format!("{a},{b},{c},{y},{kind},{three}\n");
    }
    text
}

/// The table of [`sixty`] with one of its three targets.
fn with_target(target: &str) -> String {
    let all = sixty();
    let keep = ["a", "b", "c", target];
    let head: Vec<&str> = all.lines().next().unwrap().split(',').collect();
    let pick = |line: &str| {
        let cells = line.split(',').zip(&head).filter(|(_, name)| keep.contains(name));
        cells.map(|(cell, _)| cell).collect::<Vec<_>>().join(",") + "\n"
    };
    all.lines().map(pick).collect()
}

fn number(value: &serde_json::Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}
