//! One picture: from the bytes of a PNG or JPEG file to numbers.

mod orientation;

use super::resize::resize;
use orientation::{orientation, upright};
use png::{ColorType, Transformations};
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::{colorspace::ColorSpace, options::DecoderOptions};

/// What a pixel holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    /// Red, green and blue; a grey picture has the same number three times.
    Rgb,
    /// Grey: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
    Gray,
}

impl Channels {
    /// Numbers per pixel.
    pub fn count(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Gray => 1,
        }
    }
}

/// Pixels 8 bits a channel, interleaved and the right way up; transparency is left out.
pub(super) struct Picture {
    pub channels: Channels,
    /// Height and width.
    pub size: [usize; 2],
    pixels: Vec<u8>,
}

impl Picture {
    /// Decodes PNG or JPEG, told by the content, and turns it as its EXIF data say; an error says
    /// what is wrong with it.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => decode_png(bytes),
            [0xff, 0xd8, ..] => decode_jpeg(bytes),
            [] => Err("an empty file".to_owned()),
            _ => Err(format!("a file that begins with {:02x?}", &bytes[..bytes.len().min(4)])),
        }
    }

    /// Writes one channel after the other, each row by row, values from 0 to 255, at `size`.
    pub fn fill(&self, out: &mut [f32], channels: Channels, size: [usize; 2]) {
        let mut pixels = self.convert(channels);
        let count = channels.count();
        if size != self.size {
            pixels = resize(&pixels, count, self.size, size);
        }
        for (channel, plane) in out.chunks_exact_mut(size[0] * size[1]).enumerate() {
            let values = pixels[channel..].iter().step_by(count);
            plane.iter_mut().zip(values).for_each(|(out, value)| *out = *value);
        }
    }

    fn convert(&self, channels: Channels) -> Vec<f32> {
        let pixels = self.pixels.iter().map(|&byte| f32::from(byte));
        match (self.channels, channels) {
            (Channels::Gray, Channels::Rgb) => pixels.flat_map(|grey| [grey; 3]).collect(),
            (Channels::Rgb, Channels::Gray) => self.pixels.chunks_exact(3).map(luma).collect(),
            _ => pixels.collect(),
        }
    }
}

fn luma(pixel: &[u8]) -> f32 {
    let sum: f64 = pixel.iter().zip([0.299, 0.587, 0.114]).map(|(&p, w)| f64::from(p) * w).sum();
    sum as f32
}

fn decode_png(bytes: &[u8]) -> Result<Picture, String> {
    let broken = |error: png::DecodingError| format!("a cut or damaged PNG file ({error})");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    // Palettes and few bits become 8 bits, 16 bits become 8.
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(broken)?;
    let needed = reader.output_buffer_size().ok_or("a PNG file of more than all memory")?;
    let mut pixels = vec![0; needed];
    let frame = reader.next_frame(&mut pixels).map_err(broken)?;
    pixels.truncate(frame.buffer_size());
    let (channels, stride) = match frame.color_type {
        ColorType::Grayscale => (Channels::Gray, 1),
        ColorType::GrayscaleAlpha => (Channels::Gray, 2),
        ColorType::Rgba => (Channels::Rgb, 4),
        ColorType::Rgb | ColorType::Indexed => (Channels::Rgb, 3),
    };
    let turned = orientation(reader.info().exif_metadata.as_deref());
    let opaque = channels.count();
    if stride > opaque {
        pixels = pixels.chunks_exact(stride).flat_map(|pixel| &pixel[..opaque]).copied().collect();
    }
    let size = [frame.height, frame.width].map(|side| side as usize);
    Ok(upright(Picture { channels, size, pixels }, turned))
}

fn decode_jpeg(bytes: &[u8]) -> Result<Picture, String> {
    let broken = |error: &dyn std::fmt::Debug| format!("a cut or damaged JPEG file ({error:?})");
    if !ends(bytes) {
        return Err(broken(&"the end is missing"));
    }
    let strict = DecoderOptions::default().set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), strict);
    decoder.decode_headers().map_err(|error| broken(&error))?;
    let (channels, space) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (Channels::Gray, ColorSpace::Luma),
        _ => (Channels::Rgb, ColorSpace::RGB),
    };
    decoder.set_options(strict.jpeg_set_out_colorspace(space));
    let pixels = decoder.decode().map_err(|error| broken(&error))?;
    let info = decoder.info().ok_or("a JPEG file without a size")?;
    let size = [info.height, info.width].map(usize::from);
    if pixels.len() != size[0] * size[1] * channels.count() {
        return Err("a JPEG file with other colours than grey, RGB, YCbCr or CMYK".to_owned());
    }
    let turned = orientation(decoder.exif().map(Vec::as_slice));
    Ok(upright(Picture { channels, size, pixels }, turned))
}

/// Whether an end of image (FF D9) follows the last start of a scan (FF DA): the decoder paints what
/// is missing grey. Neither stands within a scan, where FF is escaped.
fn ends(bytes: &[u8]) -> bool {
    let last = |marker: [u8; 2]| bytes.windows(2).rposition(|pair| pair == marker);
    last([0xff, 0xd9]) > last([0xff, 0xda])
}

#[cfg(test)]
pub(super) mod tests;
