//! Random numbers for tests.

/// Uniform numbers in (0, 1) by a linear congruential generator.
pub fn uniform(seed: u64) -> impl FnMut() -> f64 {
    // One step is too few to tell neighbouring seeds apart.
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

/// Standard normal numbers by Box and Muller.
pub fn normal(seed: u64) -> impl FnMut() -> f64 {
    let mut uniform = uniform(seed);
    move || (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()
}
