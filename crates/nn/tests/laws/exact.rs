//! The numbers that the textbooks promise.

use wellfit_core::number::{Fraction, NonNegative};
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Target};
use wellfit_nn::burn::module::Module;
use wellfit_nn::burn::tensor::Device;
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::Sites;
use wellfit_nn::loss::Loss;
use wellfit_nn::model::{Model, ModelConfig};
use wellfit_nn::penalty::Method;
use wellfit_nn::penalty::PerLayer;
use wellfit_nn::penalty::elastic_net::ElasticNet;
use wellfit_nn::penalty::l1::L1;
use wellfit_nn::penalty::l2::L2;
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{Job, TrainConfig, train};

const ROWS: usize = 8;
const COLUMNS: usize = 3;
/// `numpy.random.default_rng(0)` rounded to two digits, with a linear target and a little noise.
const X: [[f64; COLUMNS]; ROWS] = [
    [0.13, -0.13, 0.64],
    [0.1, -0.54, 0.36],
    [1.3, 0.95, -0.7],
    [-1.27, -0.62, 0.04],
    [-2.33, -0.22, -1.25],
    [-0.73, -0.54, -0.32],
    [0.41, 1.04, -0.13],
    [1.37, -0.67, 0.35],
];
const Y: [f64; ROWS] = [1.2, 0.9, 0.1, 0.2, -2.4, -0.6, -0.7, 2.5];

fn data() -> Dataset {
    let inputs = X.iter().flatten().map(|&x| x as f32).collect();
    Dataset::new(inputs, vec![COLUMNS], Target::Values(Y.to_vec()), Vec::new()).unwrap()
}

/// Trains a linear model on all rows at once; gives weights and intercept.
fn fit(doors: &Doors, optimizer: &str, rate: f64, epochs: u64) -> (Vec<f64>, f64) {
    let text = format!(
        "epochs = {epochs}\nbatch_size = {ROWS}\nlearning_rate = {rate}\noptimizer = {optimizer}"
    );
    let config: TrainConfig = toml::from_str(&text).unwrap();
    let (data, clock, device) = (data(), StepClock::new(), Device::flex().autodiff());
    let model: ModelConfig = toml::from_str("linear = {}").unwrap();
    let seed = Seed::new(1);
    let build = || model.build(&[COLUMNS], 1, &Sites::new(doors, seed, &clock, &device));
    let job = Job {
        build: &build,
        clock: &clock,
        train: &data,
        validation: &data,
        doors,
        config: &config,
        loss: Loss::SquaredError,
        seed,
        device: &device,
        teacher: None,
    };
    coefficients(&train(&job, None, &mut ()).unwrap().last)
}

fn coefficients(model: &Model) -> (Vec<f64>, f64) {
    let snapshot = Snapshot::of(&model.clone().train());
    let values = |end: &str| -> Vec<f64> {
        let tensor = snapshot.tensors().iter().find(|(path, _)| path.ends_with(end)).unwrap().1;
        tensor.clone().try_into_vec_as::<f64>().unwrap()
    };
    (values("weight"), values("bias")[0])
}

/// Gradient of C0 = 1/2n Σ (xw + b - y)² in w, and in b.
fn gradient(w: &[f64], b: f64) -> (Vec<f64>, f64) {
    let residual = |i: usize| X[i].iter().zip(w).map(|(x, w)| x * w).sum::<f64>() + b - Y[i];
    let mean = |f: &dyn Fn(usize) -> f64| (0..ROWS).map(f).sum::<f64>() / ROWS as f64;
    let of = |j: usize| mean(&|i| residual(i) * X[i][j]);
    ((0..COLUMNS).map(of).collect(), mean(&residual))
}

fn l1(lambda: f64) -> L1 {
    L1::new(NonNegative::new(lambda).unwrap())
}

fn l2(lambda: f64) -> L2 {
    L2::new(NonNegative::new(lambda).unwrap())
}

/// Ridge by its normal equations (X'X + λI) w = X'y on centred data: Cramer's rule in three
/// unknowns.
fn ridge(lambda: f64) -> Vec<f64> {
    let centre = |values: [f64; ROWS]| {
        let mean = values.iter().sum::<f64>() / ROWS as f64;
        values.map(|v| v - mean)
    };
    let columns: Vec<[f64; ROWS]> = (0..COLUMNS).map(|j| centre(X.map(|row| row[j]))).collect();
    let y = centre(Y);
    let dot = |a: &[f64; ROWS], b: &[f64; ROWS]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut gram = [[0.0; 3]; 3];
    for (i, row) in gram.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = dot(&columns[i], &columns[j]) + if i == j { lambda } else { 0.0 };
        }
    }
    let right: Vec<f64> = columns.iter().map(|column| dot(column, &y)).collect();
    let det = |m: &[[f64; 3]; 3]| {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
            - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    };
    (0..3)
        .map(|j| {
            let mut replaced = gram;
            for (i, row) in replaced.iter_mut().enumerate() {
                row[j] = right[i];
            }
            det(&replaced) / det(&gram)
        })
        .collect()
}

#[test]
fn one_step_of_sgd_shrinks_and_descends() {
    // w1 = (1 - ηλ/n) w0 - η g(w0), b1 = b0 - η g(b0): biases are not penalized.
    let (rate, lambda) = (0.5, 1.7);
    let doors = || Doors::default().with(l2(lambda));
    let (w0, b0) = fit(&doors(), "{ sgd = {} }", rate, 1);
    let (w1, b1) = fit(&doors(), "{ sgd = {} }", rate, 2);
    let (gw, gb) = gradient(&w0, b0);
    for ((w1, w0), g) in w1.iter().zip(&w0).zip(&gw) {
        let expected = (1.0 - rate * lambda / ROWS as f64) * w0 - rate * g;
        let ulp = f64::from(f32::EPSILON) * expected.abs().max(w0.abs());
        assert!((w1 - expected).abs() <= 2.0 * ulp, "{w1}, expected {expected}");
    }
    let expected = b0 - rate * gb;
    let ulp = f64::from(f32::EPSILON) * b0.abs().max(expected.abs()).max(1.0);
    assert!((b1 - expected).abs() <= 2.0 * ulp, "{b1}, expected {expected}");
}

#[test]
fn ridge_by_sgd_is_ridge_in_closed_form() {
    for lambda in [0.0, 0.5, 5.0] {
        let (w, _) = fit(&Doors::default().with(l2(lambda)), "{ sgd = {} }", 0.3, 4000);
        for (found, expected) in w.iter().zip(ridge(lambda)) {
            assert!((found - expected).abs() < 1e-4, "λ = {lambda}: {found}, {expected}");
        }
    }
}

#[test]
fn proximal_l1_ends_at_the_lasso_whatever_the_optimizer() {
    // The optimum of 1/2n |y - Xw - b|² + λ/n |w|_1, and nowhere else: for every weight the
    // gradient of C0 is -(λ/n) sgn w, or within λ/n where the weight is exactly zero.
    let optimizers = [
        ("{ sgd = {} }", 0.3, 4000),
        ("{ sgd = { momentum = 0.9 } }", 0.03, 4000),
        ("{ sgd = { momentum = 0.9, nesterov = true } }", 0.03, 4000),
        ("{ adam = {} }", 0.003, 20_000),
    ];
    for (optimizer, rate, epochs) in optimizers {
        let lambda = 4.0;
        let (w, b) = fit(&Doors::default().with(l1(lambda)), optimizer, rate, epochs);
        let (gw, gb) = gradient(&w, b);
        let strength = lambda / ROWS as f64;
        assert!(w.contains(&0.0), "{optimizer}: no weight is exactly zero in {w:?}");
        assert!(w.iter().any(|&w| w != 0.0), "{optimizer}: {w:?}");
        assert!(gb.abs() < 1e-4, "{optimizer}: intercept {b}, gradient {gb}");
        for (w, g) in w.iter().zip(gw) {
            let distance = match *w {
                0.0 => (g.abs() - strength).max(0.0),
                w => (g + strength * w.signum()).abs(),
            };
            assert!(distance < 1e-4, "{optimizer}: weight {w}, gradient {g}, KKT {distance}");
        }
    }
}

#[test]
fn lambda_max_gives_zeros_and_a_little_less_does_not() {
    // At w = 0 and b = mean(y), the largest |gradient| is λ_max / n.
    let mean = Y.iter().sum::<f64>() / ROWS as f64;
    let (g, _) = gradient(&[0.0; COLUMNS], mean);
    let lambda_max = g.iter().fold(0.0f64, |max, g| max.max(g.abs())) * ROWS as f64;
    let weights = |lambda| fit(&Doors::default().with(l1(lambda)), "{ sgd = {} }", 0.3, 2000).0;
    assert!(weights(lambda_max * 1.001).iter().all(|&w| w == 0.0));
    assert!(weights(lambda_max * 0.98).iter().any(|&w| w != 0.0));
}

#[test]
fn the_elastic_net_ends_where_scikit_learn_does() {
    // sklearn 1.9.1: ElasticNet(alpha=2/8, l1_ratio=0.5, tol=1e-14) on X, Y; see golden/linear.py.
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../golden/linear.json")).unwrap();
    let net = ElasticNet {
        lambda: NonNegative::new(2.0).unwrap().into(),
        ratio: Fraction::new(0.5).unwrap(),
        method: Method::Proximal,
        layers: PerLayer::default(),
    };
    let (w, b) = fit(&Doors::default().with(net), "{ sgd = {} }", 0.3, 4000);
    for (j, w) in w.iter().enumerate() {
        let expected = golden["elastic_net"]["coef"][j].as_f64().unwrap();
        assert!((w - expected).abs() < 1e-5, "{w}, expected {expected}");
    }
    assert!((b - golden["elastic_net"]["intercept"].as_f64().unwrap()).abs() < 1e-5);
    let lasso = fit(&Doors::default().with(l1(4.0)), "{ sgd = {} }", 0.3, 4000).0;
    for (j, w) in lasso.iter().enumerate() {
        let expected = golden["lasso"]["coef"][j].as_f64().unwrap();
        assert!((w - expected).abs() < 1e-5, "{w}, expected {expected}");
    }
}

#[test]
fn input_noise_on_a_linear_model_is_ridge() {
    // λ = n σ²: the mean solution over fresh noise, within 5 standard errors of what SGD leaves.
    use wellfit_nn::batch::input_noise::InputNoise;
    let noise = InputNoise::gaussian(NonNegative::new(0.5).unwrap());
    let expected = ridge(ROWS as f64 * 0.25);
    let (w, _) = fit(&Doors::default().with(noise), "{ sgd = {} }", 0.002, 60_000);
    for (found, expected) in w.iter().zip(&expected) {
        assert!((found - expected).abs() < 0.08, "{found}, expected {expected}");
    }
    let plain = ridge(0.0);
    let far = plain.iter().zip(&expected).any(|(p, e)| (p - e).abs() > 0.16);
    assert!(far, "the example must tell ridge from plain: {plain:?} {expected:?}");
}
