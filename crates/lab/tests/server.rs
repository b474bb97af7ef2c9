//! The server as its neighbours see it: on real sockets.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;
use wellfit_lab::{Options, Server};

/// A server on a free port, which ends with the test.
struct Lab {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Lab {
    fn start(options: Options) -> Self {
        let server = Server::bind(&options).unwrap();
        let (address, stop) = (server.address(), Arc::new(AtomicBool::new(false)));
        let seen = Arc::clone(&stop);
        let until = move || seen.load(Ordering::Relaxed);
        let thread = spawn(move || server.run(Duration::from_millis(20), &until).unwrap());
        Self { address, stop, thread: Some(thread) }
    }

    /// Sends bytes as they are, and reads the answer to its end; `that_is_all` says so to the server,
    /// which then need not wait for more.
    fn raw(&self, bytes: &[u8], that_is_all: bool) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // A server that has heard enough may close before all is said.
        let _ = stream.write_all(bytes);
        if that_is_all {
            let _ = stream.shutdown(std::net::Shutdown::Write);
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    fn ask(&self, head: &str, body: &[u8]) -> (u16, String) {
        let length = body.len();
        let host = if head.contains("\r\nHost:") { String::new() } else { self.host() };
        let head = format!("{head}\r\n{host}Connection: close\r\nContent-Length: {length}\r\n\r\n");
        let answer = self.raw(&[head.as_bytes(), body].concat(), false);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        (status(answer.as_bytes()).unwrap(), answer)
    }

    fn host(&self) -> String {
        format!("Host: {}\r\n", self.address)
    }

    fn is_well(&self) -> bool {
        self.ask("GET / HTTP/1.1", b"").0 == 200
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join);
    }
}

fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.strip_prefix(b"HTTP/1.1 ").or_else(|| answer.strip_prefix(b"HTTP/1.0 "))?;
    std::str::from_utf8(line.get(..3)?).ok()?.parse().ok()
}

/// Numbers that look like chance, the same in every run.
fn chance(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn the_page_is_served_with_headers_that_keep_it_here() {
    let lab = Lab::start(Options::default());
    assert!(lab.address.ip().is_loopback());
    for (path, kind) in
        [("/", "text/html"), ("/app.js", "text/javascript"), ("/app.css", "text/css")]
    {
        let (status, answer) = lab.ask(&format!("GET {path} HTTP/1.1"), b"");
        assert_eq!(status, 200);
        let answer = answer.to_lowercase();
        for header in [
            &format!("content-type: {kind}"),
            "content-security-policy: default-src 'none'; script-src 'self'",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
        ] {
            assert!(answer.contains(header), "{path}: {header}");
        }
        assert!(!answer.contains("unsafe-inline"));
    }
}

#[test]
fn foreign_hosts_and_origins_are_refused() {
    let lab = Lab::start(Options::default());
    let own = lab.address;
    for host in ["evil.example", "evil.example:7878", "127.0.0.1", "localhost:1"] {
        let (status, answer) = lab.ask(&format!("GET / HTTP/1.1\r\nHost: {host}"), b"");
        assert_eq!(status, 403, "{host}");
        assert!(answer.contains("expected a request to"), "{answer}");
    }
    for origin in ["http://evil.example", "https://127.0.0.1", "null"] {
        let head = format!("POST /api/diagnose?name=a.csv HTTP/1.1\r\nOrigin: {origin}");
        assert_eq!(lab.ask(&head, b"epoch,loss\n1,2\n").0, 403, "{origin}");
    }
    let head = format!("POST /api/diagnose?name=a.csv HTTP/1.1\r\nOrigin: http://{own}");
    assert_eq!(lab.ask(&head, b"epoch,loss,val_loss\n1,2,2\n2,1,1\n").0, 200);
    let named = format!("GET / HTTP/1.1\r\nHost: localhost:{}", own.port());
    assert_eq!(lab.ask(&named, b"").0, 200);
}

#[test]
fn what_is_wrong_is_told_in_a_sentence() {
    let lab = Lab::start(Options::default());
    for (head, body, expected, words) in [
        ("GET /nothing HTTP/1.1", "", 404, "no such page"),
        ("GET /../../etc/passwd HTTP/1.1", "", 404, "no such page"),
        ("DELETE / HTTP/1.1", "", 405, "another method"),
        ("POST /api/diagnose HTTP/1.1", "x", 400, "name"),
        ("POST /api/diagnose?name=a.csv&more=1 HTTP/1.1", "x", 400, "more"),
        ("POST /api/diagnose?name=a.bin HTTP/1.1", "\u{1}\u{2}", 422, "a.bin"),
        ("GET /api/weight-space?lambda=-1 HTTP/1.1", "", 400, "lambda"),
        ("GET /api/weight-space?design=round HTTP/1.1", "", 400, "orthogonal"),
        ("GET /api/weight-space?n=2 HTTP/1.1", "", 422, "3 to 10000"),
        ("GET /api/equivalence?kind=magic HTTP/1.1", "", 400, "dropout"),
        ("GET /api/equivalence?draws=1001 HTTP/1.1", "", 422, "1 to 1000"),
        ("GET /api/equivalence?kind=early_stopping&eta=9 HTTP/1.1", "", 422, "expected below"),
        ("GET /api/linear?folds=1 HTTP/1.1", "", 422, "2 to 20"),
        ("GET /api/linear?penalty=magic HTTP/1.1", "", 400, "lasso"),
        ("POST /api/linear HTTP/1.1", "\u{1}\u{2}", 422, "the table"),
        ("POST /api/linear?target=z HTTP/1.1", "a,b\n1,2\n2,3\n", 422, "`z`"),
        ("GET /api/study/0 HTTP/1.1", "", 404, "--study"),
        ("GET /api/study/..%2f..%2fetc HTTP/1.1", "", 404, "Cannot parse"),
        ("POST /api/study HTTP/1.1", "{}\n{}\n", 422, "line 1"),
    ] {
        let (status, answer) = lab.ask(head, body.as_bytes());
        assert_eq!(status, expected, "{head}: {answer}");
        let told = answer.split_once("\r\n\r\n").unwrap().1;
        assert!(told.contains("\"error\"") && told.contains(words), "{head}: {told}");
    }
}

/// A few bytes of them could unfold beyond all bounds.
#[test]
fn packed_tables_are_refused() {
    let lab = Lab::start(Options::default());
    let packed: [&[u8]; 3] = [&[0x1f, 0x8b, 8, 0], &[0x28, 0xb5, 0x2f, 0xfd], b"PAR1....PAR1"];
    for (path, bytes) in ["linear", "live/upload"].iter().flat_map(|p| packed.map(|b| (p, b))) {
        let (status, answer) = lab.ask(&format!("POST /api/{path} HTTP/1.1"), bytes);
        assert!(status == 422 && answer.contains("plain CSV"), "{path}: {answer}");
    }
}

#[test]
fn a_body_over_the_limit_is_refused_and_not_kept() {
    let lab = Lab::start(Options::default());
    for (path, bytes) in [
        ("/api/study", 33 << 20),
        ("/api/diagnose?name=a.csv", 65 << 20),
        ("/api/live/upload", 5 << 20),
    ] {
        let before = memory();
        let (status, answer) = lab.ask(&format!("POST {path} HTTP/1.1"), &vec![b'1'; bytes]);
        assert_eq!(status, 413, "{path}");
        assert!(answer.contains("{\"error\":\"this is larger"), "{path}: {answer}");
        // The body of this very test is in there too, as long as the allocator keeps it.
        assert!(memory().saturating_sub(before) < 200 << 20);
    }
    assert!(lab.is_well());
}

#[test]
fn ten_thousand_malformed_requests_change_nothing() {
    let lab = Lab::start(Options::default());
    let (mut state, before) = (0x9e37_79b9_7f4a_7c15, memory());
    let mut refused = 0;
    let good = format!(
        "POST /api/diagnose?name=a.csv HTTP/1.1\r\n{}Connection: close\r\nContent-Length: 9\r\n\r\nepoch,a\n1",
        lab.host()
    );
    for number in 0..10_000u32 {
        let mut bytes = match number % 5 {
            0 => (0..chance(&mut state) % 200).map(|_| chance(&mut state) as u8).collect(),
            1 => good.as_bytes()[..chance(&mut state) as usize % good.len()].to_vec(),
            2 => {
                let length = chance(&mut state);
                format!(
                    "POST /api/study HTTP/1.1\r\n{}Content-Length: {length}\r\n\r\n{{",
                    lab.host()
                )
                .into_bytes()
            }
            3 => format!(
                "GET /{} HTTP/1.1\r\n{}Connection: close\r\n\r\n",
                "%ff".repeat(number as usize % 3000),
                lab.host()
            )
            .into_bytes(),
            _ => good.clone().into_bytes(),
        };
        if number % 5 == 4 {
            // Behind the first line, a longer body might be announced than comes.
            let place = chance(&mut state) as usize % 40;
            bytes[place] = chance(&mut state) as u8;
        }
        // The others are whole: they come to be answered.
        let answer = lab.raw(&bytes, number % 5 < 3);
        let status = status(&answer);
        assert!(status.is_none_or(|status| status < 500), "{number}: {status:?}");
        refused += u32::from(status.is_some_and(|status| status >= 400));
    }
    // The rest was cut off before there was anything to answer, or is good after all.
    assert!(refused > 5000, "only {refused} were refused");
    assert!(lab.is_well());
    let grown = memory().saturating_sub(before);
    assert!(grown < 64 << 20, "{grown} bytes more");
}

#[test]
fn two_hundred_connections_at_once_are_all_answered() {
    let lab = Lab::start(Options::default());
    let lab = &lab;
    let log = b"epoch,loss,val_loss\n1,2,2\n2,1,1.5\n3,0.5,1.4\n4,0.2,1.6\n";
    let answered = std::thread::scope(|scope| {
        let ask = |number: usize| match number % 2 {
            0 => lab.ask("GET /app.js HTTP/1.1", b"").0,
            _ => lab.ask("POST /api/diagnose?name=a.csv HTTP/1.1", log).0,
        };
        let asked: Vec<_> = (0..200).map(|number| scope.spawn(move || ask(number))).collect();
        asked.into_iter().filter_map(|thread| thread.join().ok()).collect::<Vec<u16>>()
    });
    assert_eq!(answered, vec![200; 200]);
}

/// What Optuna would write of a study with this many trials that have run to their end.
fn journal(trials: usize) -> String {
    let line = |number: usize| {
        let value = 1.0 / (number + 1) as f64;
        let begun = r#""worker_id":"a","study_id":0,"datetime_start":"2026-11-23T18:00:00.000000""#;
        let ended = format!(r#""worker_id":"a","trial_id":{number},"state":1,"values":[{value}]"#);
        let at = r#""datetime_complete":"2026-11-23T18:00:01.000000""#;
        format!("{{\"op_code\":4,{begun}}}\n{{\"op_code\":6,{ended},{at}}}\n")
    };
    let first = r#"{"op_code":0,"worker_id":"a","study_name":"spam","directions":[1]}"#;
    (0..trials).map(line).fold(format!("{first}\n"), |all, line| all + &line)
}

#[test]
fn a_study_is_followed_before_it_begins_while_it_grows_and_when_it_begins_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.log");
    let lab = Lab::start(Options { studies: vec![folder.path().into()], ..Options::default() });
    let mut stream = TcpStream::connect(lab.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!("GET /api/study/0/events HTTP/1.1\r\n{}\r\n", lab.host());
    stream.write_all(head.as_bytes()).unwrap();
    let mut until = |words: &str| {
        let (mut heard, mut part) = (String::new(), [0; 4096]);
        while !heard.contains(words) {
            let count = stream.read(&mut part).unwrap();
            assert!(count > 0, "ended without {words}: {heard}");
            heard += &String::from_utf8_lossy(&part[..count]);
        }
    };
    until("event: refused");
    assert!(!path.exists(), "who looks makes no file");
    std::fs::write(&path, journal(1)).unwrap();
    until("\"count\":1");
    std::fs::write(&path, journal(3)).unwrap();
    until("\"count\":3");
    std::fs::write(&path, journal(2)).unwrap();
    until("\"count\":2");
    let (status, answer) = lab.ask("GET /api/study/0 HTTP/1.1", b"");
    assert_eq!(status, 200);
    // Two trials with 1 and 1/2: the second is the best, and the best so far falls.
    for words in ["\"best\":1,", "\"best\":1.0", "\"best\":0.5", "\"direction\":\"minimize\""] {
        assert!(answer.contains(words), "{words}: {answer}");
    }
    let sent = lab.ask("POST /api/study HTTP/1.1", journal(2).as_bytes()).1;
    assert_eq!(sent.split_once("\r\n\r\n").unwrap().1, answer.split_once("\r\n\r\n").unwrap().1);
}

#[test]
fn a_taken_port_is_told() {
    let lab = Lab::start(Options::default());
    let port = std::num::NonZeroU16::new(lab.address.port());
    let again = Server::bind(&Options { port, ..Options::default() });
    let Err(error) = again else { panic!("two servers on one port") };
    assert!(error.to_string().contains("cannot listen on 127.0.0.1"), "{error}");
}

/// Resident memory of this process in bytes, where the system tells it.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
