//! Small tables.

use wellfit::prelude::{NonNegative, Seed};

/// y = 2a - b + noise, 60 rows.
pub fn regression() -> String {
    table(|a, b, noise| format!("{}", 2.0 * a - b + 0.1 * noise))
}

/// Whether a is positive, in words, 60 rows.
pub fn classes() -> String {
    table(|a, _, _| if a > 0.0 { "yes" } else { "no" }.to_owned())
}

/// One class alone.
pub fn one_class() -> String {
    table(|_, _, _| "yes".to_owned())
}

fn table(target: impl Fn(f32, f32, f32) -> String) -> String {
    let numbers = Seed::new(1).stream("table").step(0).normal(180, NonNegative::new(1.0).unwrap());
    let row = |x: &[f32]| format!("{},{},{}\n", x[0], x[1], target(x[0], x[1], x[2]));
    format!("a,b,y\n{}", numbers.chunks(3).map(row).collect::<String>())
}
