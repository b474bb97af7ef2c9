//! `wellfit lab`: it tells where it is, says what `wellfit diagnose` says, and ends on Ctrl-C.

use crate::desk::{Desk, Ended};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The program, serving on a free port of its own.
struct Lab {
    program: Child,
    address: String,
}

impl Lab {
    fn start(desk: &Desk, arguments: &[&str]) -> Self {
        let arguments = [&["lab"], arguments].concat();
        let mut program = desk.command(&arguments).stdout(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(program.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
        let told = line.split_once("http://").unwrap_or_else(|| panic!("no address in {line:?}"));
        let address = told.1.split_once('/').unwrap().0.to_owned();
        Self { program, address }
    }

    fn post(&self, path: &str, body: &[u8]) -> (u16, Value) {
        let (host, length) = (&self.address, body.len());
        let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(format!("{head}Content-Length: {length}\r\n\r\n").as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap())
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Logs of many frameworks, good ones and broken ones, each a file.
fn logs() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../diagnose/tests/logs")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in crate::desk::entries(&folder) {
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_page_is_told_of_a_log_what_diagnose_says() {
    let desk = Desk::new();
    let lab = Lab::start(&desk, &[]);
    let (mut good, mut bad) = (0, 0);
    for log in logs().iter().step_by(3) {
        let name = log.file_name().unwrap().to_str().unwrap();
        desk.write(name, std::fs::read(log).unwrap());
        let ended = desk.run(&["diagnose", "--json", name]);
        let told: Value = serde_json::from_str(&ended.out).unwrap();
        let (status, answer) = lab.post(&format!("/api/diagnose?name={name}"), &desk.read(name));
        if status == 200 {
            for key in ["schema", "runs", "errors"] {
                assert_eq!(answer[key], told[key], "{key} of {}", log.display());
            }
            good += 1;
        } else {
            assert_eq!(status, 422, "{}", log.display());
            assert_eq!(answer["error"], told["errors"][0]["message"], "{}", log.display());
            bad += 1;
        }
        std::fs::remove_file(desk.path(name)).unwrap();
    }
    assert!(good > 20 && bad > 0, "{good} good logs and {bad} bad ones");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_lab() {
    let desk = Desk::new();
    let mut lab = Lab::start(&desk, &[]);
    let id = lab.program.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(lab.program.wait().unwrap().code(), Some(0));
}

#[test]
fn a_study_that_is_not_there_is_told_at_once() {
    let ended: Ended = Desk::new().run(&["lab", "--study", "nowhere"]);
    assert_ne!(ended.code, Some(0));
    assert!(ended.err.contains("there is no study file nowhere"), "{}", ended.err);
}
