//! Small pictures.

/// A grey PNG picture of `side` x `side` pixels, all alike.
pub fn plain(side: u32, ink: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![ink; (side * side) as usize]).unwrap();
    drop(writer);
    bytes
}
