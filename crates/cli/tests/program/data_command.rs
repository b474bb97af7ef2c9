//! `wellfit data`, against a server on this machine, and the sources that it feeds.

use crate::desk::{Desk, Ended};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

type Files = BTreeMap<String, Vec<u8>>;
type Requests = Arc<Mutex<Vec<String>>>;

/// Grey pictures of 2 x 3 pixels, all of value 20 and all of 220.
const DARK: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\0\0\0\0\xb8\x1f\x39\xc6\
    \0\0\0\x10IDAT\x78\x9c\x63\x14\x61\x60\x60\x62\x60\x60\0\0\0\xa4\0\x18\xbb\x47\x3c\x23\
    \0\0\0\0IEND\xae\x42\x60\x82";
const LIGHT: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\0\0\0\0\xb8\x1f\x39\xc6\
    \0\0\0\x10IDAT\x78\x9c\x63\xbc\xc3\xc0\xc0\xc4\xc0\xc0\0\0\x06\x1c\0\xe0\x19\xa0\x5e\x6c\
    \0\0\0\0IEND\xae\x42\x60\x82";

/// Serves `files`; the first answer breaks off in the middle.
fn serve(files: Files) -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/here", listener.local_addr().unwrap());
    let requests = Requests::default();
    let heard = Arc::clone(&requests);
    std::thread::spawn(move || {
        for (place, stream) in listener.incoming().enumerate() {
            let _ = answer(stream.unwrap(), &files, place == 0, &heard);
        }
    });
    (address, requests)
}

fn answer(
    mut stream: TcpStream,
    files: &Files,
    cut: bool,
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    let head: Vec<String> =
        lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let name = head[0].split(['/', ' ']).nth(3).unwrap_or_default().to_owned();
    let head: Vec<String> = head.iter().map(|line| line.to_lowercase()).collect();
    let range = head.iter().find_map(|line| line.strip_prefix("range: bytes="));
    let from: usize = range.map_or(0, |range| range.trim_end_matches('-').parse().unwrap());
    heard.lock().unwrap().push(format!("{name} {from}"));
    let Some(body) = files.get(&name) else {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    };
    let (length, total) = (body.len() - from, body.len());
    let head = match from {
        0 => "HTTP/1.1 200 OK\r\n".to_owned(),
        _ => format!("HTTP/1.1 206 P\r\nContent-Range: bytes {from}-{}/{total}\r\n", total - 1),
    };
    let rest = &body[from..];
    let sent = if cut { &rest[..rest.len() / 2] } else { rest };
    write!(stream, "{head}Content-Length: {length}\r\n\r\n")?;
    stream.write_all(sent)
}

/// Runs with the cache in `cache` of the desk.
fn run(desk: &Desk, args: &[&str]) -> Ended {
    desk.command(args).env("WELLFIT_CACHE", desk.path("cache")).output().unwrap().into()
}

#[test]
fn the_list_tells_what_there_is() {
    let desk = Desk::new();
    let ended = run(&desk, &["data", "list"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let line = |name: &str| ended.out.lines().find(|line| line.starts_with(name)).unwrap();
    assert!(line("mnist").contains("11.6 MB  CC BY-SA 3.0  -"), "{}", ended.out);
    assert!(line("fashion-mnist").contains("30.9 MB  MIT"), "{}", ended.out);
    let json = run(&desk, &["data", "list", "--json", "--cache", "elsewhere"]).json();
    assert_eq!(json["sets"][0]["folder"], "elsewhere/mnist");
    assert_eq!(json["sets"][1]["cached"], false);
    assert!(desk.snapshot().is_empty(), "looking makes nothing");
}

#[test]
fn mnist_comes_from_a_mirror_that_breaks_off_and_a_recipe_uses_it() {
    let Some(folder) = std::env::var_os("WELLFIT_DATA").map(PathBuf::from) else {
        eprintln!("SKIPPED mnist from a mirror: WELLFIT_DATA is not set");
        return;
    };
    let desk = Desk::with_recipe();
    let files = fs::read_dir(folder.join("mnist")).unwrap().map(|entry| entry.unwrap());
    let files: Files = files
        .map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()))
        .collect();
    let half = files["train-images-idx3-ubyte.gz"].len() / 2;
    let (mirror, requests) = serve(files);
    let ended = run(&desk, &["data", "get", "mnist", "--mirror", &mirror]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.out.contains("cache/mnist; a recipe uses it as `mnist = {}`"), "{}", ended.out);
    let heard = requests.lock().unwrap().clone();
    let images = "train-images-idx3-ubyte.gz";
    assert_eq!(heard[..2], [format!("{images} 0"), format!("{images} {half}")]);
    assert_eq!(heard.len(), 5, "{heard:?}");
    let json = run(&desk, &["data", "list", "--json"]).json();
    assert_eq!(json["sets"][0]["cached"], true);
    let set = "data={ mnist = {}, first = 100 }";
    let ended = run(&desk, &["explain", "--recipe", "recipe.toml", "--set", set]);
    assert!(ended.out.contains("n = 100 training examples"), "{}{}", ended.out, ended.err);
}

#[test]
fn what_goes_wrong_is_told_with_what_to_do() {
    let desk = Desk::with_recipe();
    let names = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"];
    let (mirror, _) = serve(names.map(|name| (name.to_owned(), vec![1; 1000])).into());
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    desk.write("file", "");
    let train = ["explain", "--recipe", "recipe.toml", "--set", "data={ fashion_mnist = {} }"];
    for (args, says) in [
        (&["data", "get", "mnst"][..], ["no data set is named `mnst`", "mnist, fashion-mnist"]),
        (&["data", "get", "mnist", "--mirror", &mirror], ["it has another file", "--mirror"]),
        (&["data", "get", "mnist", "--mirror", &closed], ["Connection refused", "cache/mnist"]),
        (&["data", "get", "mnist", "--mirror", "none"], ["none/train-images", "No such file"]),
        (&["data", "get", "mnist", "--cache", "file"], ["file/mnist: cannot be written", ""]),
        (&train, ["cache/fashion-mnist does not hold", "run `wellfit data get fashion-mnist`"]),
    ] {
        let ended = run(&desk, args);
        assert_eq!(ended.code, Some(1), "{args:?}: {}", ended.err);
        for says in says {
            assert!(ended.err.contains(says), "{args:?}: expected {says} in {}", ended.err);
        }
    }
    assert!(!desk.path("cache/mnist/train-images-idx3-ubyte.gz").exists());
}

#[test]
fn a_folder_of_pictures_trains() {
    let desk = Desk::with_recipe();
    for part in ["train", "val", "test"] {
        for i in 0..20 {
            desk.write(&format!("pictures/{part}/night/{i}.png"), DARK);
            desk.write(&format!("pictures/{part}/day/{i}.png"), LIGHT);
        }
    }
    let set = "data={ images = { dir = \"pictures\", size = [4, 4] }, scale = \"channel\" }";
    let args = ["train", "recipe.toml", "--out", "o", "--json", "--set", set];
    let json = desk.done(&[&args[..], &["--set", "train.epochs=20"]].concat()).json();
    for part in ["train", "validation", "test"] {
        assert_eq!(json[part]["accuracy"], 1.0, "{json}");
    }
    let model = desk.text("o/model.toml");
    assert!(model.contains("kind = \"channel\"") && model.contains("pixels = 16"), "{model}");
    desk.write("pictures/train/day/7.png", &LIGHT[..60]);
    let ended = desk.run(&args);
    assert_eq!(ended.code, Some(1));
    let says =
        "pictures/train/day/7.png: expected a PNG or JPEG picture, found a cut or damaged PNG";
    assert!(ended.err.contains(says), "{}", ended.err);
}
