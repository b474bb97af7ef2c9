//! A server on this machine that acts as told.

use super::BODY;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

/// What the server does with one request.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes, from where it is asked; a range that begins behind them is refused.
    Whole(Vec<u8>),
    /// Sends so many of the bytes that are left, and hangs up.
    Cut(usize),
    /// Sends so many of the bytes that are left, and then nothing for a second.
    Stall(usize),
    /// Answers in no HTTP.
    Babble,
    /// Sends everything whatever is asked.
    NoRanges,
    /// Sends everything in chunks and never says how much.
    Chunks,
    /// Answers with a status and nothing else.
    Status(u16),
    /// Sends elsewhere.
    Redirect(&'static str),
    /// Hangs up without a word.
    HangUp,
    /// Says nothing for a second.
    Silence,
}

/// A server on this machine that acts as told, one act per request, the last one for good.
pub struct Server {
    pub address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start(acts: &[Act]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/data", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (heard, acts) = (Arc::clone(&requests), acts.to_vec());
        std::thread::spawn(move || {
            for (place, stream) in listener.incoming().enumerate() {
                let act = acts[place.min(acts.len() - 1)].clone();
                // Who asked may hang up first.
                let _ = serve(stream.unwrap(), act, &heard);
            }
        });
        Self { address, requests }
    }

    /// Path and range of every request.
    pub fn heard(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, act: Act, heard: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap()?;
    let mut heard_as = first.split(' ').nth(1).unwrap().to_owned();
    let mut from = 0;
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some(range) = line.to_lowercase().strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().unwrap();
            heard_as += &format!(" from {from}");
        }
    }
    heard.lock().unwrap().push(heard_as);
    let part = |from: usize, body: &[u8], count: usize| {
        let (length, total) = (body.len() - from, body.len());
        let head = if from == 0 {
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n")
        } else {
            let range = format!("Content-Range: bytes {from}-{}/{total}", total - 1);
            format!("HTTP/1.1 206 Partial\r\n{range}\r\nContent-Length: {length}\r\n\r\n")
        };
        [head.as_bytes(), &body[from..(from + count).min(total)]].concat()
    };
    let answer = match act {
        Act::Whole(body) if from > 0 && from >= body.len() => {
            b"HTTP/1.1 416 Range\r\n\r\n".to_vec()
        }
        Act::Whole(body) => part(from, &body, body.len()),
        Act::Cut(count) => part(from, BODY, count),
        Act::Stall(count) => {
            stream.write_all(&part(from, BODY, count))?;
            // The next request is answered meanwhile.
            std::thread::spawn(move || {
                sleep(Duration::from_secs(1));
                drop(stream);
            });
            return Ok(());
        }
        Act::Babble => b"220 mail.example.org ESMTP\r\n\r\n".to_vec(),
        Act::NoRanges => part(0, BODY, BODY.len()),
        Act::Chunks => {
            let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            let chunk = |piece: &[u8]| {
                [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
            };
            [head, BODY.chunks(70_001).flat_map(chunk).collect(), b"0\r\n\r\n".to_vec()].concat()
        }
        Act::Status(status) => format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n").into(),
        Act::Redirect(to) => format!("HTTP/1.1 302 There\r\nLocation: {to}\r\n\r\n").into(),
        Act::HangUp => return Ok(()),
        Act::Silence => {
            sleep(Duration::from_secs(1));
            return Ok(());
        }
    };
    stream.write_all(&answer)
}
