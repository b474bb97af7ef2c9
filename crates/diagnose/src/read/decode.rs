//! Bytes of a file as text, whatever wrote them.

use std::borrow::Cow;

/// The text of `bytes`: UTF-8, or UTF-16 with a byte order mark, as a Windows console redirects.
/// What is no character becomes U+FFFD.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// The text in pairs of bytes, whatever their order.
pub(super) fn utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_bad_bytes_are_survived() {
        assert_eq!(text(b"\xef\xbb\xbfepoch"), "epoch");
        assert_eq!(text(b"\xff\xfee\0p\0"), "ep");
        assert_eq!(text(b"\xfe\xff\0e\0p\0"), "ep");
        assert_eq!(text(b"a\xffb"), "a\u{fffd}b");
    }
}
