mod server;

use super::*;
use crate::file::tests::gzip;
use server::{Act, Server};
use std::net::TcpListener;

const BODY: &[u8] = &[7; 300_000];

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
    let acts = [Act::Cut(1000), Act::Redirect("else"), Act::Whole(BODY.to_vec())];
    let (end, heard) = run(&dir, &acts);
    end.unwrap();
    assert_eq!(heard[1..3], ["/data/a from 1000", "/data/else from 1000"], "the range goes along");
    let dir = tempfile::tempdir().unwrap();
    let (end, heard) = run(&dir, &[Act::Redirect("round")]);
    assert!(end.unwrap_err().contains("it redirects in a circle"));
    assert_eq!(heard.len(), 6);
}

#[test]
fn a_server_that_falls_silent_or_is_none_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (end, heard) = run(&dir, &[Act::Stall(5000)]);
    let text = end.unwrap_err();
    // Each attempt goes on where the last one stopped.
    assert!(text.contains("it fell silent after 15000 of 300000 bytes (3 attempts)"), "{text}");
    assert_eq!(heard, ["/data/a", "/data/a from 5000", "/data/a from 10000"]);
    let dir = tempfile::tempdir().unwrap();
    let (end, heard) = run(&dir, &[Act::Babble]);
    let text = end.unwrap_err();
    assert!(text.contains("MIRROR/a: the answer is no HTTP"), "{text}");
    assert_eq!(heard.len(), 1, "no use in asking again");
    let far = dir.path().display().to_string();
    let set = set(&["http://no-such-host.invalid", "https://127.0.0.1:1"]);
    let text = fetch(&dir).set(&set, &mut |_| {}).unwrap_err().to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].starts_with("  http://no-such-host.invalid/a: "), "{text}");
    assert!(lines[2].starts_with("  https://127.0.0.1:1/a: ") && text.contains(&far), "{text}");
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
