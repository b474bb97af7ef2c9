use super::*;

/// A PNG file of 8 bits a channel.
pub(crate) fn png(color: ColorType, height: u32, width: u32, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

fn filled(bytes: &[u8], channels: Channels) -> ([usize; 2], Vec<f32>) {
    let picture = Picture::decode(bytes).unwrap();
    let mut out = vec![0.0; picture.size[0] * picture.size[1] * channels.count()];
    picture.fill(&mut out, channels, picture.size);
    (picture.size, out)
}

#[test]
fn every_kind_of_png_becomes_grey_or_rgb() {
    for (color, pixels, grey, rgb) in [
        (ColorType::Grayscale, &[10, 20][..], true, [10_u8, 20, 10, 20, 10, 20]),
        (ColorType::GrayscaleAlpha, &[10, 0, 20, 255], true, [10, 20, 10, 20, 10, 20]),
        (ColorType::Rgb, &[1, 2, 3, 4, 5, 6], false, [1, 4, 2, 5, 3, 6]),
        (ColorType::Rgba, &[1, 2, 3, 0, 4, 5, 6, 9], false, [1, 4, 2, 5, 3, 6]),
    ] {
        let bytes = png(color, 1, 2, pixels);
        assert_eq!(Picture::decode(&bytes).unwrap().channels == Channels::Gray, grey);
        assert_eq!(filled(&bytes, Channels::Rgb), ([1, 2], rgb.map(f32::from).to_vec()));
    }
}

#[test]
fn palettes_and_16_bits_become_8() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_palette(vec![1, 2, 3, 4, 5, 6]);
    encoder.write_header().unwrap().write_image_data(&[0b0100_0000]).unwrap();
    assert_eq!(filled(&bytes, Channels::Rgb).1, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Sixteen);
    encoder.write_header().unwrap().write_image_data(&[200, 77]).unwrap();
    assert_eq!(filled(&bytes, Channels::Gray).1, [200.0]);
}
