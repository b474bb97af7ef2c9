//! As much of HTTP/1.1 as a download needs: GET, from a given byte on.

use super::tls;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

const REDIRECTS: usize = 5;
/// Longest head of an answer, in bytes; servers refuse longer ones themselves.
const LONGEST_HEAD: usize = 64 * 1024;

/// An answer with its body still to be read.
pub(super) struct Answer {
    pub status: u16,
    /// Place of the body's first byte within the file.
    pub start: u64,
    /// Bytes of the whole file, where the server tells.
    pub total: Option<u64>,
    pub body: Box<dyn Read>,
}

/// How long to wait for a connection, and for the next bytes.
#[derive(Clone, Copy)]
pub(super) struct Timeouts {
    pub connect: Duration,
    pub read: Duration,
}

/// Asks for `url` from byte `from` on, and follows redirects.
pub(super) fn get(url: &str, from: u64, timeouts: Timeouts) -> io::Result<Answer> {
    let mut url = Url::parse(url).ok_or_else(|| no_url(url))?;
    for _ in 0..=REDIRECTS {
        match ask(&url, from, timeouts)? {
            Reply::Answer(answer) => return Ok(answer),
            Reply::Elsewhere(location) => {
                url = url.join(&location).ok_or_else(|| no_url(&location))?;
            }
        }
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "it redirects in a circle"))
}

fn no_url(text: &str) -> io::Error {
    let why = format!("`{text}` is no address of the form http://HOST/PATH or https://HOST/PATH");
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

#[derive(Debug, PartialEq)]
struct Url {
    tls: bool,
    /// With the port where one is written; as the `Host` header wants it.
    authority: String,
    path: String,
}

impl Url {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let rest = rest.split('#').next()?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let good = !authority.is_empty() && !authority.contains('@') && plain(rest);
        good.then(|| Self { tls, authority: authority.to_owned(), path })
    }

    fn join(&self, location: &str) -> Option<Self> {
        let scheme = if self.tls { "https" } else { "http" };
        match location {
            _ if location.contains("://") => Self::parse(location),
            _ if location.starts_with("//") => Self::parse(&format!("{scheme}:{location}")),
            _ if location.starts_with('/') => {
                Self::parse(&format!("{scheme}://{}{location}", self.authority))
            }
            _ => {
                let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                Self::parse(&format!("{scheme}://{}{folder}/{location}", self.authority))
            }
        }
    }

    fn host_and_port(&self) -> (&str, u16) {
        let port = if self.tls { 443 } else { 80 };
        let split = self.authority.rsplit_once(':').filter(|(host, _)| !host.ends_with(':'));
        let written = split.and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) = written.unwrap_or((&self.authority, port));
        (host.trim_start_matches('[').trim_end_matches(']'), port)
    }
}

enum Reply {
    Answer(Answer),
    Elsewhere(String),
}

fn ask(url: &Url, from: u64, timeouts: Timeouts) -> io::Result<Reply> {
    let (host, port) = url.host_and_port();
    let socket = connect(host, port, timeouts)?;
    let mut stream: Box<dyn Stream> =
        if url.tls { Box::new(tls::wrap(host, socket)?) } else { Box::new(socket) };
    let range = if from > 0 { format!("Range: bytes={from}-\r\n") } else { String::new() };
    // `identity`: a checksum is of the file, not of what a server packs on the way.
    write!(
        stream,
        "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: wellfit/{}\r\nAccept: */*\r\n\
         Accept-Encoding: identity\r\n{range}Connection: close\r\n\r\n",
        url.path,
        url.authority,
        env!("CARGO_PKG_VERSION"),
    )?;
    stream.flush()?;
    let mut reader = BufReader::with_capacity(64 * 1024, stream);
    let head = Head::read(&mut reader)?;
    if let (300..=399, Some(location)) = (head.status, head.location.clone()) {
        return Ok(Reply::Elsewhere(location));
    }
    Ok(Reply::Answer(head.answer(reader)))
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn connect(host: &str, port: u16, timeouts: Timeouts) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, timeouts.connect) {
            Ok(socket) => {
                socket.set_read_timeout(Some(timeouts.read))?;
                socket.set_write_timeout(Some(timeouts.read))?;
                return Ok(socket);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// What the head of an answer tells.
#[derive(Default)]
struct Head {
    status: u16,
    location: Option<String>,
    length: Option<u64>,
    /// First byte and total of a `Content-Range`.
    range: Option<(u64, Option<u64>)>,
    chunked: bool,
}

impl Head {
    fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        let mut text = Vec::new();
        while !text.ends_with(b"\r\n\r\n") {
            let mut limited = reader.take(LONGEST_HEAD.saturating_sub(text.len()) as u64);
            if limited.read_until(b'\n', &mut text)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let mut headers = [httparse::EMPTY_HEADER; 128];
        let mut parsed = httparse::Response::new(&mut headers);
        parsed.parse(&text).map_err(|why| {
            io::Error::new(io::ErrorKind::InvalidData, format!("the answer is no HTTP: {why}"))
        })?;
        let mut head = Self { status: parsed.code.unwrap_or(0), ..Self::default() };
        parsed.headers.iter().for_each(|header| head.take(header));
        Ok(head)
    }

    fn take(&mut self, header: &httparse::Header<'_>) {
        let value = String::from_utf8_lossy(header.value).trim().to_owned();
        match header.name.to_ascii_lowercase().as_str() {
            "location" => self.location = Some(value),
            "content-length" => self.length = value.parse().ok(),
            "content-range" => self.range = range(&value),
            "transfer-encoding" => self.chunked = value.to_ascii_lowercase().ends_with("chunked"),
            _ => {}
        }
    }

    fn answer(self, reader: impl BufRead + 'static) -> Answer {
        let partial = self.status == 206;
        let (start, total) = match self.range {
            Some(range) if partial => range,
            _ => (0, self.length.filter(|_| !partial && !self.chunked)),
        };
        let body: Box<dyn Read> = match self.length {
            _ if self.chunked => Box::new(Chunked { reader, left: 0, first: true, done: false }),
            Some(left) => Box::new(Measured { reader, left }),
            None => Box::new(reader),
        };
        Answer { status: self.status, start, total, body }
    }
}

/// `bytes 100-199/200` as (100, 200).
fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes")?.trim().split_once('/')?;
    Some((range.split_once('-')?.0.trim().parse().ok()?, total.trim().parse().ok()))
}

/// A body of known length; one that ends before is an error.
struct Measured<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        // Not asked at the end: TLS takes a close without a farewell for an error.
        if most == 0 {
            return Ok(0);
        }
        let count = self.reader.read(&mut buffer[..most])?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= count as u64;
        Ok(count)
    }
}

/// A body in chunks, each behind a line with its length in hexadecimal; the last is empty.
struct Chunked<R> {
    reader: R,
    left: u64,
    first: bool,
    done: bool,
}

impl<R: BufRead> Chunked<R> {
    fn next(&mut self) -> io::Result<()> {
        let mut line = String::new();
        if !std::mem::take(&mut self.first) {
            self.reader.by_ref().take(2).read_line(&mut line)?;
            line.clear();
        }
        self.reader.by_ref().take(1024).read_line(&mut line)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        self.left = u64::from_str_radix(size, 16).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        self.done = self.left == 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Chunked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.done {
            self.next()?;
        }
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        // Not asked at the end: TLS takes a close without a farewell for an error.
        if most == 0 {
            return Ok(0);
        }
        let count = self.reader.read(&mut buffer[..most])?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let parts = |text: &str| {
            let url = Url::parse(text).unwrap();
            let (host, port) = url.host_and_port();
            (url.tls, host.to_owned(), port, url.path.clone())
        };
        let own = |host: &str| host.to_owned();
        assert_eq!(parts("http://a.b"), (false, own("a.b"), 80, own("/")));
        assert_eq!(parts("HTTPS://a:8443/x/y?z#w"), (true, own("a"), 8443, own("/x/y?z")));
        assert_eq!(parts("http://[::1]:8080/x"), (false, own("::1"), 8080, own("/x")));
        assert_eq!(parts("https://[::1]/x"), (true, own("::1"), 443, own("/x")));
        for bad in ["mnist", "ftp://a/b", "http://", "http:///x", "http://a/b c", "http://u:p@a/b"]
        {
            assert_eq!(Url::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn redirects_are_relative_to_where_they_come_from() {
        let from = Url::parse("https://a:1/x/y").unwrap();
        for (location, whole) in [
            ("http://b/z", "http://b/z"),
            ("//b/z", "https://b/z"),
            ("/z", "https://a:1/z"),
            ("z", "https://a:1/x/z"),
        ] {
            assert_eq!(from.join(location), Url::parse(whole));
        }
    }

    #[test]
    fn nothing_is_read_behind_the_last_byte() {
        struct Abrupt;
        impl Read for Abrupt {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        }
        let mut whole = String::new();
        let reader = BufReader::new(b"abc".chain(Abrupt));
        Measured { reader, left: 3 }.read_to_string(&mut whole).unwrap();
        let reader = BufReader::new(b"3\r\ndef\r\n0\r\n".chain(Abrupt));
        let mut chunks = Chunked { reader, left: 0, first: true, done: false };
        chunks.read_to_string(&mut whole).unwrap();
        assert_eq!(whole, "abcdef");
    }

    #[test]
    fn chunks_are_joined_and_a_cut_one_is_an_error() {
        let read = |text: &'static str| {
            let mut whole = String::new();
            let mut body = Chunked { reader: text.as_bytes(), left: 0, first: true, done: false };
            body.read_to_string(&mut whole).map(|_| whole)
        };
        assert_eq!(read("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n").unwrap(), "abc0123456789");
        for cut in ["", "3\r\nab", "3\r\nabc\r\n", "x\r\nabc"] {
            assert!(read(cut).is_err(), "{cut}");
        }
    }
}
