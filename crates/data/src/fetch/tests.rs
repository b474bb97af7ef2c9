use super::*;
use crate::file::tests::gzip;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const BODY: &[u8] = &[7; 300_000];

/// What the server does with one request.
#[derive(Clone)]
enum Act {
    /// Sends these bytes, from where it is asked; a range that begins behind them is refused.
    Whole(Vec<u8>),
    /// Sends so many of the bytes that are left, and hangs up.
    Cut(usize),
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
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(acts: &[Act]) -> Self {
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
    fn heard(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, act: Act, heard: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap()?;
    let mut heard_as = first.split(' ').nth(1).unwrap().to_owned();
    let mut from = 0;
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some(range) = line.strip_prefix("Range: bytes=") {
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

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// A set in which each of the four files is [`BODY`].
fn set(mirrors: &[&str]) -> Set {
    let sha256 = leaked(checksum::sha256(BODY).unwrap());
    let mirrors: Vec<&'static str> = mirrors.iter().map(|m| leaked((*m).to_owned())).collect();
    let file =
        |name| Download { name, bytes: BODY.len() as u64, sha256, unpacked_sha256: Some(sha256) };
    let files = ["a", "b", "c", "d"].map(file);
    Set { name: "toy", what: "", licence: "", mirrors: Vec::leak(mirrors), files }
}

fn fetch(dir: &tempfile::TempDir) -> Fetch {
    Fetch {
        cache: Cache::at(dir.path()),
        mirror: None,
        attempts: 3,
        pause: Duration::from_millis(1),
        timeout: Duration::from_millis(300),
    }
}

fn got(dir: &tempfile::TempDir) -> Vec<String> {
    let entries = fs::read_dir(dir.path().join("toy")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Runs against one server; what went wrong has no paths of this machine.
fn run(dir: &tempfile::TempDir, acts: &[Act]) -> (Result<PathBuf, String>, Vec<String>) {
    let server = Server::start(acts);
    let end = fetch(dir).set(&set(&[&server.address]), &mut |_| {});
    let heard = server.heard();
    let plain = |error: Error| {
        let text = error.to_string().replace(&server.address, "MIRROR");
        text.replace(&dir.path().display().to_string(), "DIR")
    };
    (end.map_err(plain), heard)
}

#[test]
fn four_files_come_whole_and_are_not_asked_for_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&[Act::Whole(BODY.to_vec())]);
    let mut seen = Vec::new();
    let set = set(&[&server.address]);
    let folder = fetch(&dir).set(&set, &mut |p| seen.push((p.file.to_owned(), p.done, p.total)));
    assert_eq!(folder.unwrap(), dir.path().join("toy"));
    assert_eq!(got(&dir), ["a", "b", "c", "d"]);
    assert_eq!(fs::read(dir.path().join("toy/c")).unwrap(), BODY);
    assert_eq!(seen.first().unwrap(), &("a".to_owned(), 0, 300_000));
    assert_eq!(seen.last().unwrap(), &("d".to_owned(), 300_000, 300_000));
    assert_eq!(server.heard(), ["/data/a", "/data/b", "/data/c", "/data/d"]);
    fetch(&dir).set(&set, &mut |_| {}).unwrap();
    assert_eq!(server.heard().len(), 4, "what is there stays");
    fs::write(dir.path().join("toy/b"), "damaged later").unwrap();
    fetch(&dir).set(&set, &mut |_| {}).unwrap();
    assert_eq!(server.heard()[4..], ["/data/b"]);
    assert!(set.is_in(&Cache::at(dir.path())));
}

#[test]
fn a_broken_download_goes_on_where_it_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let whole = || Act::Whole(BODY.to_vec());
    let (end, heard) = run(&dir, &[Act::Cut(100_000), Act::HangUp, Act::Silence, whole()]);
    let broken = end.unwrap_err();
    assert!(broken.contains("MIRROR/a: no answer in time (3 attempts)"), "{broken}");
    assert_eq!(heard.last().unwrap(), "/data/a from 100000");
    assert_eq!(got(&dir), ["a.part"]);
    let (end, heard) = run(&dir, &[Act::Cut(50_000), whole()]);
    end.unwrap();
    assert_eq!(heard[..3], ["/data/a from 100000", "/data/a from 150000", "/data/b"]);
    assert_eq!(fs::read(dir.path().join("toy/a")).unwrap(), BODY);
}

#[test]
fn servers_without_ranges_and_lengths_do_as_well() {
    for act in [Act::NoRanges, Act::Chunks] {
        let dir = tempfile::tempdir().unwrap();
        let (end, _) = run(&dir, &[Act::Cut(1000), act]);
        end.unwrap();
        assert_eq!(fs::read(dir.path().join("toy/a")).unwrap(), BODY);
    }
}

#[test]
fn an_old_piece_of_another_file_is_thrown_away() {
    for piece in [vec![1; 1000], vec![1; 300_000], vec![1; 400_000]] {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("toy")).unwrap();
        fs::write(dir.path().join("toy/a.part"), &piece).unwrap();
        let (end, heard) = run(&dir, &[Act::Whole(BODY.to_vec())]);
        end.unwrap();
        assert_eq!(heard[..2], [format!("/data/a from {}", piece.len()), "/data/a".to_owned()]);
    }
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("toy")).unwrap();
    fs::write(dir.path().join("toy/a.part"), BODY).unwrap();
    let (end, heard) = run(&dir, &[Act::Whole(BODY.to_vec())]);
    end.unwrap();
    assert_eq!(heard[..2], ["/data/a from 300000", "/data/b"], "whole, but not renamed yet");
}

#[test]
fn a_mirror_may_pack_in_its_own_way_but_not_hold_another_file() {
    let dir = tempfile::tempdir().unwrap();
    run(&dir, &[Act::Whole(gzip(BODY))]).0.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let (end, heard) = run(&dir, &[Act::Whole(vec![8; 300_000])]);
    let found = checksum::sha256(&[8; 300_000][..]).unwrap();
    let text = end.unwrap_err();
    assert!(text.contains("it has another file: expected the SHA-256 "), "{text}");
    assert!(text.contains(&format!("found {found}")), "{text}");
    assert_eq!((heard.len(), got(&dir).len()), (1, 0), "no use in asking again, nothing is kept");
}

#[test]
fn the_next_mirror_is_asked_and_all_refusals_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let none = Server::start(&[Act::Status(404)]);
    let busy = Server::start(&[Act::Status(503)]);
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let text = fetch(&dir).set(&set(&[&none.address, &busy.address, &closed]), &mut |_| {});
    let text = text.unwrap_err().to_string();
    assert_eq!((none.heard().len(), busy.heard().len()), (1, 3));
    for says in [
        "cannot download `toy`",
        "/data/a: there is no such file (HTTP 404)\n",
        "/data/a: it is busy (HTTP 503) (3 attempts)\n",
        "Connection refused",
        "--mirror",
        &dir.path().join("toy").display().to_string(),
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let good = Server::start(&[Act::Whole(BODY.to_vec())]);
    fetch(&dir).set(&set(&[&none.address, &good.address]), &mut |_| {}).unwrap();
}

#[test]
fn redirects_are_followed_but_not_in_a_circle() {
    let dir = tempfile::tempdir().unwrap();
    let (end, heard) = run(&dir, &[Act::Redirect("/else/where"), Act::Whole(BODY.to_vec())]);
    end.unwrap();
    assert_eq!(heard[..3], ["/data/a", "/else/where", "/data/b"]);
    let dir = tempfile::tempdir().unwrap();
    let (end, heard) = run(&dir, &[Act::Redirect("round")]);
    assert!(end.unwrap_err().contains("it redirects in a circle"));
    assert_eq!(heard.len(), 6);
}

#[test]
fn a_mirror_may_be_a_folder_and_stands_alone() {
    let (dir, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    ["a", "b", "c"].iter().for_each(|name| fs::write(from.path().join(name), BODY).unwrap());
    let mirror = Some(from.path().display().to_string());
    let fetch = Fetch { mirror, ..fetch(&dir) };
    let text = fetch.set(&set(&["http://127.0.0.1:1"]), &mut |_| {}).unwrap_err().to_string();
    assert!(text.contains("/d: No such file") && !text.contains("127.0.0.1"), "{text}");
    fs::write(from.path().join("d"), BODY).unwrap();
    fetch.set(&set(&[]), &mut |_| {}).unwrap();
    assert_eq!(got(&dir), ["a", "b", "c", "d"]);
    let odd = Fetch { mirror: Some("ftp://x".to_owned()), ..fetch };
    fs::remove_file(dir.path().join("toy/a")).unwrap();
    let text = odd.set(&set(&[]), &mut |_| {}).unwrap_err().to_string();
    assert!(text.contains("`ftp://x/a` is no address of the form http://HOST/PATH"), "{text}");
}

#[test]
fn a_cache_that_cannot_be_written_is_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("toy"), "a file where the folder must be").unwrap();
    let text = fetch(&dir).set(&set(&[]), &mut |_| {}).unwrap_err().to_string();
    assert!(text.contains("toy: cannot be written: "), "{text}");
}
