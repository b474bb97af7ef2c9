//! The contours of a quadratic loss.

use super::{Landscape, Weights};

/// All weights of one loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipse {
    /// Its centre, w*.
    pub centre: Weights,
    /// Half its axes: along `angle`, where the loss is steep, and across.
    pub radii: Weights,
    /// Direction of the first, in radians from the first weight's axis.
    pub angle: f64,
    /// The loss on it, above the least.
    pub level: f64,
}

impl Ellipse {
    /// Where the loss of `landscape` is `level` above its least: ½ h ρ² = level along an
    /// eigenvector of H with eigenvalue h.
    pub fn of(landscape: &Landscape, level: f64) -> Self {
        let (curvatures, angle) = landscape.curvatures();
        let radii = curvatures.map(|curvature| (2.0 * level.max(0.0) / curvature).sqrt());
        Self { centre: landscape.best(), radii, angle, level }
    }

    /// `count` points around it.
    pub fn points(&self, count: usize) -> Vec<Weights> {
        let (sin, cos) = self.angle.sin_cos();
        let turn = std::f64::consts::TAU / count.max(1) as f64;
        let at = |step: usize| {
            let (s, c) = (step as f64 * turn).sin_cos();
            let (along, across) = (self.radii[0] * c, self.radii[1] * s);
            [
                self.centre[0] + along * cos - across * sin,
                self.centre[1] + along * sin + across * cos,
            ]
        };
        (0..count).map(at).collect()
    }
}
