#![allow(clippy::all, clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use burn::tensor::{Device, Tensor, TensorData};
use std::hint::black_box;
use std::time::Instant;
use wellfit_core::number::Rate;
use wellfit_core::seed::Seed;
use wellfit_nn::burn;
use wellfit_nn::chance::{Source, StepClock, mask_like};
use wellfit_nn::layer::dropout::Dropout;
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn time(name: &str, mut f: impl FnMut()) {
    for _ in 0..50 {
        f();
    }
    let mut t: Vec<f64> = (0..400)
        .map(|_| {
            let s = Instant::now();
            f();
            s.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    t.sort_by(f64::total_cmp);
    println!("{name:40} median {:8.1} us  p10 {:8.1}", t[200], t[40]);
}

fn main() {
    let n = 128 * 512;
    let rate = Rate::new(0.2).unwrap();
    let stream = Seed::new(1).stream("x");
    let mut step = 0;
    time("Draw::mask 65536", || {
        step += 1;
        black_box(stream.step(step).mask(n, rate));
    });
    time("vec zero", || {
        black_box(vec![0.0f32; n]);
    });
    let dev = Device::flex();
    let adev = Device::flex().autodiff();
    let like = Tensor::<2>::ones([128, 512], &dev);
    let alike = Tensor::<2>::ones([128, 512], &adev);
    time("mask_like", || {
        step += 1;
        black_box(mask_like(&like, rate, &mut stream.step(step)));
    });
    time("mask_like autodiff", || {
        step += 1;
        black_box(mask_like(&alike, rate, &mut stream.step(step)));
    });
    let mask = vec![1.25f32; n];
    time("clone vec", || {
        black_box(mask.clone());
    });
    time("clone vec + from_data", || {
        black_box(Tensor::<2>::from_data(TensorData::new(mask.clone(), [128, 512]), &dev));
    });
    time("ones", || {
        black_box(Tensor::<2>::ones([128, 512], &dev));
    });
    let m = mask_like(&like, rate, &mut stream.step(0));
    let am = mask_like(&alike, rate, &mut stream.step(0));
    time("mul shared", || {
        black_box(like.clone() * m.clone());
    });
    time("mul owned (with ones)", || {
        black_box(Tensor::<2>::ones([128, 512], &dev) * m.clone());
    });
    time("mul autodiff untracked", || {
        black_box(alike.clone() * am.clone());
    });
    let x = alike.clone().require_grad();
    time("sum backward tracked", || {
        black_box((x.clone() * 2.0).sum().backward());
    });
    time("mul,sum, backward tracked", || {
        black_box((x.clone() * 2.0 * am.clone()).sum().backward());
    });
    let clock = StepClock::new();
    let d = Dropout::new(rate, Source::new(Seed::new(3), "drop", &clock));
    time("dropout, sum, backward tracked", || {
        step += 1;
        clock.begin(step, 0);
        black_box(d.forward(x.clone() * 2.0).sum().backward());
    });
    let b = burn::nn::DropoutConfig::new(0.2).init();
    time("burn dropout, sum, backward tracked", || {
        black_box(b.forward(x.clone() * 2.0).sum().backward());
    });
    let w = Tensor::<2>::ones([512, 512], &dev);
    time("matmul 128x512x512", || {
        black_box(like.clone().matmul(w.clone()));
    });
}
