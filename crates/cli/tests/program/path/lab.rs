//! The lab's page says what `wellfit path --json` says.

use crate::desk::Desk;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

/// The program, serving.
struct Lab(Child, String);

impl Lab {
    fn start(desk: &Desk) -> Self {
        let mut program = desk.command(&["lab"]).stdout(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(program.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
        let told = line.split_once("http://").unwrap_or_else(|| panic!("no address in {line:?}"));
        let address = told.1.split_once('/').unwrap().0.to_owned();
        Self(program, address)
    }

    fn ask(&self, head: &str, body: &[u8]) -> String {
        let (host, length) = (&self.1, body.len());
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!("{head} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        stream.write_all(format!("{head}Content-Length: {length}\r\n\r\n").as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_page_says_what_the_program_says() {
    let desk = super::desk();
    let lab = Lab::start(&desk);
    let made = lab.ask("GET /api/linear/sample?sample=made", b"");
    desk.write("made.csv", &made);
    desk.write("yes.csv", super::with_target("kind"));
    let cases = [
        ("penalty=lasso", "--penalty lasso"),
        (
            "penalty=ridge&select=one_se&folds=5&seed=7",
            "--penalty ridge --select one-se --cv 5 --seed 7",
        ),
        ("penalty=elastic_net&mix=0.25", "--penalty elastic-net --mix 0.25"),
    ];
    for (query, words) in cases {
        for (table, target) in [("made.csv", "y"), ("yes.csv", "kind")] {
            let args: Vec<&str> = ["path", table, "--target", target, "--json"]
                .into_iter()
                .chain(words.split(' '))
                .collect();
            let expected = desk.done(&args).json();
            let body = desk.read(table);
            let head = format!("POST /api/linear?target={target}&{query}");
            let mut found: Value = serde_json::from_str(&lab.ask(&head, &body)).unwrap();
            let page = found.as_object_mut().unwrap().remove("page").unwrap();
            assert_eq!(found, expected, "{table} {words}");
            let at = expected["cv"]["one_se"].as_u64().unwrap() as usize;
            assert_eq!(page["one_se"]["lambda"], expected["lambdas"][at]);
            if table == "made.csv" {
                let bundled = lab.ask(&format!("GET /api/linear?{query}"), b"");
                let bundled: Value = serde_json::from_str(&bundled).unwrap();
                assert_eq!(bundled["coefficients"], expected["coefficients"]);
            }
        }
    }
}
