//! A finished figure: SVG, and the same drawing in pixels.

use crate::Error;
use resvg::{tiny_skia, usvg};
use std::sync::{Arc, LazyLock};

/// The largest PNG scale: 8 pixels for each pixel of the SVG.
const MOST_SCALE: f32 = 8.0;

/// The letters of a PNG travel with the program, so that every machine draws the same picture.
static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(dejavu::sans::regular())));
    fonts.set_sans_serif_family("DejaVu Sans");
    Arc::new(fonts)
});

/// A drawing that can be had as SVG or PNG.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    width: f64,
    height: f64,
    svg: String,
}

impl Figure {
    pub(crate) fn new(width: f64, height: f64, svg: String) -> Self {
        Self { width, height, svg }
    }

    /// Width and height of the SVG in pixels.
    pub fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// The drawing as an SVG document of its own, which needs no other file.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// The drawing as a PNG file; 2 is a good `scale` for screens and print.
    ///
    /// Letters that DejaVu Sans lacks, such as Chinese ones, are left out of a PNG; an SVG shows
    /// them with the viewer's fonts.
    ///
    /// # Errors
    /// [`Error::Scale`] when `scale` is not in (0, 8] or leaves no pixel, and [`Error::Png`] when
    /// the picture could not be encoded.
    pub fn png(&self, scale: f32) -> Result<Vec<u8>, Error> {
        let refused = Error::Scale { most: MOST_SCALE, found: scale };
        if !(scale > 0.0 && scale <= MOST_SCALE) {
            return Err(refused);
        }
        let pixels = |side: f64| (side * f64::from(scale)).round() as u32;
        let mut picture =
            tiny_skia::Pixmap::new(pixels(self.width), pixels(self.height)).ok_or(refused)?;
        let options = usvg::Options { fontdb: Arc::clone(&FONTS), ..usvg::Options::default() };
        let failed = |why: &dyn std::fmt::Display| Error::Png(why.to_string());
        let tree = usvg::Tree::from_str(&self.svg, &options).map_err(|e| failed(&e))?;
        let zoom = tiny_skia::Transform::from_scale(scale, scale);
        resvg::render(&tree, zoom, &mut picture.as_mut());
        picture.encode_png().map_err(|e| failed(&e))
    }
}
