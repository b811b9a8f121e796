//! A Go HTTP server on a listening socket that `--listen` grants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tests::same::folder;
use tests::tools::programs;
use tests::{Guest, Run, wasi_interp};

/// A port that is free now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it is bound").port()
}

/// Starts the server and waits until it accepts connections.
fn start(guest: Guest, options: &[&str], port: u16) -> Child {
    let child = Command::new(programs().join("wasi-interp"))
        .args(options)
        .arg(guest.wasm())
        .stdout(Stdio::piped())
        .spawn()
        .expect("wasi-interp can be started");
    let begin = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            begin.elapsed() < Duration::from_secs(30),
            "nobody listens on port {port}"
        );
        thread::sleep(Duration::from_millis(20));
    }
    child
}

/// Sends one request on its own connection. Returns the body of the response.
fn request(port: u16, head: &str, body: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a time limit can be set");
    write!(
        stream,
        "{head} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .expect("the server reads");
    stream.write_all(body).expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server answers");
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("the answer has a head");
    assert!(
        answer.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    answer.split_off(end + 4)
}

/// Asks the server to stop. Returns its output.
fn stop(mut child: Child, port: u16) -> Vec<String> {
    request(port, "GET /stop", b"");
    assert!(child.wait().expect("the server ends").success());
    let stdout = child.stdout.take().expect("stdout is piped");
    BufReader::new(stdout)
        .lines()
        .map(|line| line.expect("the guest writes text"))
        .collect()
}

/// A hundred connections, ten at a time, all get a response.
#[test]
fn a_hundred_connections() {
    for guest in [Guest::named("httpserver"), Guest::named("httpserver").old()] {
        let port = free_port();
        let child = start(guest, &["--listen", &format!("127.0.0.1:{port}")], port);
        thread::scope(|scope| {
            for worker in 0..10 {
                scope.spawn(move || {
                    for i in 0..10 {
                        let n = worker * 10 + i;
                        let answer = request(port, &format!("GET /square?n={n}"), b"");
                        assert_eq!(String::from_utf8_lossy(&answer), (n * n).to_string());
                    }
                });
            }
        });
        assert_eq!(
            stop(child, port),
            ["http: Server closed", "served 100 ticked true"]
        );
    }
}

/// A megabyte is sent and returned. The socket's descriptor follows those of the directories.
#[test]
fn a_big_body() {
    let (here, port) = (folder(), free_port());
    let dir = format!("--dir={}", here.path().display());
    let child = start(
        Guest::named("httpserver"),
        &[&dir, &format!("--tcplisten=127.0.0.1:{port}")],
        port,
    );
    let body: Vec<u8> = (0..1_000_000_u32).map(|i| (i % 251) as u8).collect();
    let answer = request(port, "POST /echo", &body);
    let chunked = answer.len() != body.len();
    assert!(
        if chunked {
            dechunked(&answer) == body
        } else {
            answer == body
        },
        "{} bytes came back",
        answer.len()
    );
    stop(child, port);
}

/// Joins the chunks of a chunked response.
fn dechunked(mut text: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = text
            .windows(2)
            .position(|window| window == b"\r\n")
            .expect("a chunk has a length");
        let length = std::str::from_utf8(&text[..end]).expect("a length is text");
        let length = usize::from_str_radix(length, 16).expect("a length is hexadecimal");
        if length == 0 {
            return whole;
        }
        whole.extend_from_slice(&text[end + 2..end + 2 + length]);
        text = &text[end + 4 + length..];
    }
}

/// An address in use is an error of wasi-interp.
#[test]
fn a_taken_port() {
    let here = folder();
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let run = Run::of(
        wasi_interp(here.path())
            .args(["--listen", &address])
            .arg(Guest::named("httpserver").wasm()),
    );
    run.ends_with(1).says(&[&address]);
}
