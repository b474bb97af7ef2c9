//! The few fields of an `Event` that hold scalars.
//!
//! ```text
//! Event    2 step, 5 summary, 7 session_log {1 status: 1 = START}
//! Summary  1 value {1 tag, 2 simple_value, 8 tensor, 9 metadata {1 plugin_data {1 plugin_name}}}
//! Tensor   1 dtype, 2 shape {2 dim {1 size}}, 4 content, 5 float, 6 double, 7 int, 10 int64
//! ```

/// What an event says.
#[derive(Debug, Default)]
pub(super) struct Event<'a> {
    pub step: i64,
    pub values: Vec<Value<'a>>,
    /// The step from which a restarted run goes on.
    pub restart: Option<i64>,
}

/// One value of a summary.
#[derive(Debug, Default)]
pub(super) struct Value<'a> {
    pub tag: &'a [u8],
    pub plugin: Option<&'a [u8]>,
    pub scalar: Option<f64>,
}

/// A field of a message.
enum Field<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'a [u8]),
    Fixed32([u8; 4]),
}

/// Reads an event. None where the bytes are no message.
pub(super) fn event(bytes: &[u8]) -> Option<Event<'_>> {
    let mut event = Event::default();
    let mut started = false;
    for field in Fields(bytes) {
        match field? {
            (2, Field::Varint(step)) => event.step = step as i64,
            (5, Field::Bytes(summary)) => {
                for field in Fields(summary) {
                    if let (1, Field::Bytes(one)) = field? {
                        event.values.push(value(one)?);
                    }
                }
            }
            (7, Field::Bytes(session)) => {
                started |=
                    Fields(session).flatten().any(|field| matches!(field, (1, Field::Varint(1))));
            }
            _ => {}
        }
    }
    event.restart = started.then_some(event.step);
    Some(event)
}

fn value(bytes: &[u8]) -> Option<Value<'_>> {
    let mut value = Value::default();
    for field in Fields(bytes) {
        match field? {
            (1, Field::Bytes(tag)) => value.tag = tag,
            (2, Field::Fixed32(bits)) => value.scalar = Some(f32::from_le_bytes(bits).into()),
            (8, Field::Bytes(bytes)) => value.scalar = value.scalar.or(tensor(bytes)),
            (9, Field::Bytes(metadata)) => {
                let plugin = inner(metadata, 1).and_then(|plugin| inner(plugin, 1));
                value.plugin = plugin.filter(|name| !name.is_empty());
            }
            _ => {}
        }
    }
    Some(value)
}

/// The message or text in a field.
fn inner(bytes: &[u8], wanted: u64) -> Option<&[u8]> {
    Fields(bytes).flatten().find_map(|field| match field {
        (number, Field::Bytes(bytes)) if number == wanted => Some(bytes),
        _ => None,
    })
}

const FLOAT: u64 = 1;
const DOUBLE: u64 = 2;
const INT32: u64 = 3;
const INT64: u64 = 9;

/// The number in a tensor without dimensions.
fn tensor(bytes: &[u8]) -> Option<f64> {
    let (mut kind, mut content, mut listed) = (0, None, None);
    for field in Fields(bytes) {
        match field? {
            (1, Field::Varint(dtype)) => kind = dtype,
            (2, Field::Bytes(shape)) if inner(shape, 2).is_some() => return None,
            (4, Field::Bytes(bytes)) if !bytes.is_empty() => content = Some(bytes),
            (5, Field::Fixed32(bits)) => listed = Some(f32::from_le_bytes(bits).into()),
            (5, Field::Bytes(packed)) => listed = Some(f32::from_le_bytes(exact(packed)?).into()),
            (6, Field::Fixed64(bits)) => listed = Some(f64::from_le_bytes(bits)),
            (6, Field::Bytes(packed)) => listed = Some(f64::from_le_bytes(exact(packed)?)),
            (7 | 10, Field::Varint(number)) => listed = Some(number as i64 as f64),
            (7 | 10, Field::Bytes(packed)) => {
                listed = varint(packed).map(|(number, _)| number as i64 as f64)
            }
            _ => {}
        }
    }
    match (kind, content) {
        (FLOAT, Some(bytes)) => Some(f32::from_le_bytes(exact(bytes)?).into()),
        (DOUBLE, Some(bytes)) => Some(f64::from_le_bytes(exact(bytes)?)),
        (INT32, Some(bytes)) => Some(i32::from_le_bytes(exact(bytes)?).into()),
        (INT64, Some(bytes)) => Some(i64::from_le_bytes(exact(bytes)?) as f64),
        (FLOAT | DOUBLE | INT32 | INT64, None) => listed,
        _ => None,
    }
}

fn exact<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

/// The fields of a message, one after the other; a none where the bytes are no field.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Field<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let (key, rest) = varint(self.0)?;
        self.0 = rest;
        let field = match key & 7 {
            0 => {
                let (value, rest) = varint(self.0)?;
                self.0 = rest;
                Field::Varint(value)
            }
            1 => Field::Fixed64(exact(self.take(8)?)?),
            2 => {
                let (length, rest) = varint(self.0)?;
                self.0 = rest;
                Field::Bytes(self.take(usize::try_from(length).ok()?)?)
            }
            5 => Field::Fixed32(exact(self.take(4)?)?),
            _ => return None,
        };
        Some((key >> 3, field))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}
