#![allow(clippy::all, clippy::unwrap_used, clippy::print_stdout, missing_docs)]
use std::time::Instant;
use wellfit_core::{number::*, seed::Seed};
use wellfit_linear::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (n, p): (usize, usize) = (a[1].parse().unwrap(), a[2].parse().unwrap());
    let ratio: f64 = a[3].parse().unwrap();
    let eps: f64 = a[4].parse().unwrap();
    let tol: f64 = a[5].parse().unwrap();
    let fam = a.get(6).cloned().unwrap_or_default();
    let mut d = Seed::new(1).stream("x").step(0);
    let mut x = vec![0.0; n * p];
    for i in 0..n {
        let mut last = d.standard_normal();
        for j in 0..p {
            x[j * n + i] = last;
            last = 0.5 * last + 0.75f64.sqrt() * d.standard_normal();
        }
    }
    let k = (p / 10).min(50);
    let mut y: Vec<f64> = (0..n)
        .map(|i| {
            (0..k)
                .map(|j| x[j * p / k * n + i] * (if j % 2 == 0 { 1.0 } else { -0.7 }))
                .sum::<f64>()
        })
        .collect();
    let sd = (y.iter().map(|v| v * v).sum::<f64>() / n as f64).sqrt();
    y.iter_mut().for_each(|v| *v += sd * 0.5 * d.standard_normal());
    if fam == "logistic" {
        y.iter_mut().for_each(|v| *v = if *v > 0.0 { 1.0 } else { 0.0 });
    }
    let design = Design::from_columns(&x, n).unwrap();
    let problem = Problem::new(design, &y);
    let settings = Settings { tolerance: Positive::new(tol).unwrap(), ..Default::default() };
    let l = Lambdas::Grid { count: 100, ratio: Some(eps) };
    let mix = penalty::Mix(Fraction::new(ratio).unwrap());
    let t = Instant::now();
    let path = if fam == "logistic" {
        path::fit(&problem, &datafit::Logistic, &mix, &l, &settings)
    } else {
        path::fit(&problem, &datafit::Gaussian, &mix, &l, &settings)
    }
    .unwrap();
    let s = t.elapsed().as_secs_f64();
    let worst = path.fits.iter().map(|f| f.gap.unwrap() / path.null_objective).fold(0.0, f64::max);
    println!(
        "{n}x{p} r{ratio} to {eps} {fam}: {s:.3}s worst gap {worst:.1e} nonzero {} passes {} {:?} unconv {}",
        path.fits[99].nonzero(),
        path.fits.iter().map(|f| f.passes).sum::<usize>(),
        path.solver,
        path.unconverged().len()
    );
}
