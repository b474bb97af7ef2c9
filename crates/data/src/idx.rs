//! The IDX format of MNIST and its relatives: a magic word, big-endian dimensions, raw bytes.
//!
//! Format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".

use crate::{Error, file};
use std::path::{Path, PathBuf};

/// An array of unsigned bytes as one IDX file holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idx {
    /// Dimensions, outermost first, each above zero.
    pub shape: Vec<usize>,
    /// Row-major bytes, as many as the product of the shape.
    pub bytes: Vec<u8>,
}

/// Reads an IDX file, gzipped or not (told by its content), of unsigned bytes and any rank.
///
/// # Errors
/// [`Error::Read`], [`Error::Packed`], and [`Error::Format`] when the magic word, the type of the
/// numbers or the declared size do not fit the bytes that follow.
pub fn read(path: &Path) -> Result<Idx, Error> {
    parse(path, file::read(path)?)
}

fn parse(path: &Path, mut bytes: Vec<u8>) -> Result<Idx, Error> {
    let rank = rank(path, &bytes)?;
    let start = 4 + 4 * rank;
    let Some(head) = bytes.get(4..start) else {
        return Err(wrong(path, format!("{rank} dimensions of 4 bytes each"), size(&bytes)));
    };
    let shape: Vec<usize> = head
        .chunks_exact(4)
        .map(|word| word.iter().fold(0, |number, &byte| number << 8 | usize::from(byte)))
        .collect();
    if shape.contains(&0) {
        let found = format!("a shape of {}", sizes(&shape));
        return Err(wrong(path, "dimensions above 0".to_owned(), found));
    }
    let data = shape.iter().try_fold(1_usize, |all, &side| all.checked_mul(side));
    let declared = data.and_then(|data| data.checked_add(start));
    if declared != Some(bytes.len()) {
        let total = declared.map_or("too many".to_owned(), |total| total.to_string());
        let expected = format!("{total} bytes for a shape of {}", sizes(&shape));
        return Err(wrong(path, expected, size(&bytes)));
    }
    bytes.drain(..start);
    Ok(Idx { shape, bytes })
}

fn rank(path: &Path, bytes: &[u8]) -> Result<usize, Error> {
    let expected = "an IDX file of unsigned bytes, magic 00 00 08 and a rank of at least 1";
    let found = match bytes {
        [0, 0, 0x08, 0, ..] => "rank 0".to_owned(),
        [0, 0, 0x08, rank, ..] => return Ok(usize::from(*rank)),
        [0, 0, kind, _, ..] => format!("numbers of type 0x{kind:02x} ({})", kind_name(*kind)),
        [a, b, c, d, ..] => format!("the bytes {a:02x} {b:02x} {c:02x} {d:02x}"),
        short => size(short),
    };
    Err(wrong(path, expected.to_owned(), found))
}

fn kind_name(kind: u8) -> &'static str {
    match kind {
        0x09 => "signed bytes",
        0x0b => "16-bit integers",
        0x0c => "32-bit integers",
        0x0d => "32-bit floats",
        0x0e => "64-bit floats",
        _ => "unknown",
    }
}

fn wrong(path: &Path, expected: String, found: String) -> Error {
    Error::Format { path: PathBuf::from(path), expected, found }
}

fn size(bytes: &[u8]) -> String {
    format!("{} bytes", bytes.len())
}

/// `[60000, 28, 28]` as `60000 x 28 x 28`.
pub(crate) fn sizes(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" x ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        parse(Path::new("f"), bytes.to_vec()).unwrap_err().to_string()
    }

    #[test]
    fn any_rank_is_read() {
        let one = parse(Path::new("f"), vec![0, 0, 8, 1, 0, 0, 0, 2, 5, 6]).unwrap();
        assert_eq!(one, Idx { shape: vec![2], bytes: vec![5, 6] });
        let mut head = vec![0, 0, 8, 2, 0, 0, 1, 1, 0, 0, 0, 2];
        head.extend([9; 514]);
        assert_eq!(parse(Path::new("f"), head).unwrap().shape, [257, 2]);
    }

    #[test]
    fn a_wrong_start_is_told() {
        let magic = "f: expected an IDX file of unsigned bytes, magic 00 00 08 and a rank of at \
                     least 1, found ";
        assert_eq!(refused(b"P5 28"), format!("{magic}the bytes 50 35 20 32"));
        assert_eq!(refused(&[0, 0, 8]), format!("{magic}3 bytes"));
        assert_eq!(refused(&[0, 0, 8, 0]), format!("{magic}rank 0"));
        let floats = format!("{magic}numbers of type 0x0d (32-bit floats)");
        assert_eq!(refused(&[0, 0, 0x0d, 1, 0]), floats);
    }

    #[test]
    fn a_wrong_size_is_told() {
        let head = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2];
        assert_eq!(refused(&head[..9]), "f: expected 2 dimensions of 4 bytes each, found 9 bytes");
        let text = "f: expected 16 bytes for a shape of 2 x 2, found ";
        assert_eq!(refused(&[&head[..], &[1; 3]].concat()), format!("{text}15 bytes"));
        assert_eq!(refused(&[&head[..], &[1; 5]].concat()), format!("{text}17 bytes"));
        let none = [0, 0, 8, 1, 0, 0, 0, 0];
        assert_eq!(refused(&none), "f: expected dimensions above 0, found a shape of 0");
        let huge = [&[0, 0, 8, 3][..], &[255; 12]].concat();
        assert!(refused(&huge).starts_with("f: expected too many bytes for a shape of 4294967295"));
    }
}
