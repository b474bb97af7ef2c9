//! Which way up the camera was held: pictures as people see them.

use super::Picture;
use exif::{In, Reader, Tag};

/// The orientation that EXIF data ask for (CIPA DC-008, tag 0x0112), from 1, as stored, to 8. Data
/// that cannot be read ask for nothing, as in any viewer.
pub(super) fn orientation(exif: Option<&[u8]>) -> u32 {
    let read = |exif: &[u8]| {
        let exif = Reader::new().read_raw(exif.to_vec()).ok()?;
        exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0)
    };
    exif.and_then(read).filter(|orientation| (1..=8).contains(orientation)).unwrap_or(1)
}

/// Mirrors and turns the picture so that it stands upright; from 5 on, its sides are exchanged.
pub(super) fn upright(picture: Picture, orientation: u32) -> Picture {
    let [height, width] = picture.size;
    // The stored row and column of the pixel that is shown at this row and column.
    let stored: fn([usize; 2], usize, usize) -> [usize; 2] = match orientation {
        2 => |[_, width], row, column| [row, width - 1 - column],
        3 => |[height, width], row, column| [height - 1 - row, width - 1 - column],
        4 => |[height, _], row, column| [height - 1 - row, column],
        5 => |_, row, column| [column, row],
        6 => |[height, _], row, column| [height - 1 - column, row],
        7 => |[height, width], row, column| [height - 1 - column, width - 1 - row],
        8 => |[_, width], row, column| [column, width - 1 - row],
        _ => return picture,
    };
    let size = if orientation < 5 { [height, width] } else { [width, height] };
    let channels = picture.channels.count();
    let mut pixels = Vec::with_capacity(picture.pixels.len());
    for row in 0..size[0] {
        for column in 0..size[1] {
            let [row, column] = stored(picture.size, row, column);
            let start = (row * width + column) * channels;
            pixels.extend_from_slice(&picture.pixels[start..start + channels]);
        }
    }
    Picture { size, pixels, ..picture }
}
