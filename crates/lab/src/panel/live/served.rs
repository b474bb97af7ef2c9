//! The endpoints as a browser meets them: requests, events, and a page that goes away.

use super::answer::routes_of;
use super::registry::Registry;
use super::turn::Turns;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A server of its own, on a port of the system's choice.
fn serve(grace: Duration) -> SocketAddr {
    let registry = Arc::new(Registry::new(Turns::new(1), grace));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, routes_of::<()>(registry)).await.unwrap();
        });
    });
    address
}

fn send(server: SocketAddr, head: &str, body: &[u8]) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = body.len();
    let head = format!(
        "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    BufReader::new(stream)
}

/// Status and body of the answer.
fn ask(server: SocketAddr, head: &str, body: &[u8]) -> (u16, String) {
    let mut answer = String::new();
    send(server, head, body).read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

fn recipe(epochs: u64) -> Value {
    json!({
        "data": { "shape": { "kind": "circle", "n": 200 }, "validation": 0.5, "test": 0 },
        "model": { "mlp": { "widths": [4] } },
        "train": { "epochs": epochs, "batch_size": 10, "learning_rate": 0.03 },
        "regularize": [{ "l2": { "lambda": 0.1 } }],
    })
}

fn start(server: SocketAddr, body: Value) -> Value {
    let (status, body) = ask(server, "POST /api/live/start", body.to_string().as_bytes());
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

fn events(server: SocketAddr, id: &Value) -> impl Iterator<Item = Value> {
    let lines = send(server, &format!("GET /api/live/{id}/events"), b"").lines();
    lines.map_while(Result::ok).filter_map(|line| {
        line.strip_prefix("data: ").map(|data| serde_json::from_str(data).unwrap())
    })
}

#[test]
fn a_page_follows_its_run_ten_times_a_second_and_loses_no_point() {
    let server = serve(Duration::from_secs(20));
    let begun = start(server, json!({ "recipe": recipe(5000), "beside": true }));
    assert_eq!(begun["points"][0].as_array().unwrap().len(), 100);
    assert_eq!(begun["classes"], json!(["blue", "orange"]));
    let (began, mut count, mut epochs) = (Instant::now(), 0, Vec::new());
    for event in events(server, &begun["id"]) {
        assert_eq!(event.as_array().unwrap().len(), 2, "two runs");
        let run = &event[0];
        let points = run["curves"]["validation.loss"].as_array().into_iter().flatten();
        epochs.extend(points.map(|point| point[0].as_f64().unwrap()));
        assert_eq!(run["surface"]["level"].as_array().unwrap().len(), 3600);
        assert_eq!(run["layers"].as_array().unwrap().len(), 2);
        count += 1;
        if count == 12 {
            assert!(run["verdict"]["title"].is_string() && run["gaps"][0]["metric"] == "loss");
            let wanted = json!({ "recipe": recipe(5000) });
            let head = format!("POST /api/live/{}/change", begun["id"]);
            assert_eq!(ask(server, &head, wanted.to_string().as_bytes()).0, 200);
        }
        if began.elapsed() > Duration::from_secs(3) {
            break;
        }
    }
    assert!((15..=32).contains(&count), "{count} events in three seconds");
    let whole: Vec<f64> = (1..=epochs.len()).map(|epoch| epoch as f64).collect();
    assert!(epochs.len() > 50 && epochs == whole, "every epoch once: {epochs:?}");
}

#[test]
fn the_run_of_a_closed_page_ends_and_one_that_is_stopped_says_so() {
    let server = serve(Duration::from_millis(200));
    let begun = start(server, json!({ "recipe": recipe(5000) }));
    let first = events(server, &begun["id"]).nth(3).unwrap();
    assert_eq!(first[0]["state"], "training");
    std::thread::sleep(Duration::from_secs(3));
    let last = events(server, &begun["id"]).next().unwrap();
    assert_eq!(last[0]["state"], "interrupt", "the page was gone");

    let begun = start(server, json!({ "recipe": recipe(5000), "paused": true }));
    let id = begun["id"].clone();
    let mut events = events(server, &id);
    assert_eq!(events.next().unwrap()[0]["state"], "ready");
    assert_eq!(ask(server, &format!("POST /api/live/{id}/resume"), b"").0, 204);
    assert!(events.any(|event| event[0]["step"].as_u64().unwrap() > 10));
    assert_eq!(ask(server, &format!("POST /api/live/{id}/stop"), b"").0, 204);
    assert!(events.any(|event| event[0]["state"] == "interrupt"));
}

#[test]
fn what_is_wrong_is_a_status_and_a_sentence() {
    let server = serve(Duration::from_secs(20));
    let refused = |head: &str, body: &[u8], expected: u16, word: &str| {
        let (status, answer) = ask(server, head, body);
        assert_eq!(status, expected, "{head}: {answer}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(answer["error"].as_str().unwrap().contains(word), "{answer}");
    };
    refused("POST /api/live/start", b"{", 400, "request");
    refused("POST /api/live/start", b"{\"recipe\":{}}", 422, "`data`");
    refused("POST /api/live/start", b"{\"recipe\":{},\"x\":1}", 400, "unknown field");
    refused("POST /api/live/7/stop", b"", 404, "no run 7");
    refused("POST /api/live/7/jump", b"", 404, "found jump");
    refused("GET /api/live/7/events", b"", 404, "no run 7");
    refused("POST /api/live/upload", b"a,b\n1\n", 422, "line 2");
    assert_eq!(ask(server, "POST /api/live/upload", &vec![b'a'; 5 << 20]).0, 413);
    assert_eq!(ask(server, "POST /api/live/start", &vec![b' '; 70 << 10]).0, 413);
    let (status, upload) = ask(server, "POST /api/live/upload", b"a,b\n1,2\n");
    assert_eq!((status, upload.contains("\"columns\":[\"a\",\"b\"]")), (200, true));
    let (status, shelf) = ask(server, "GET /api/live/techniques", b"");
    assert!(status == 200 && shelf.contains("\"id\":\"dropout\""));
}
