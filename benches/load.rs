//! Load for the measurements over a socket: requests that were written down before, sent
//! over connections that stay open, each after the answer to the one before; and the bare
//! server that ours is measured beside.
//!
//!     load send --address HOST:PORT --requests FILE [--protocol http|resp] [--connections 16]
//!               [--seconds 5 | --once] [--rate PER_SECOND] [--threads 1]
//!               [--expect TEXT]
//!     load push --address HOST:PORT --requests FILE --rate PER_SECOND [--connections 32]
//!               [--seconds 5] [--threads 1]
//!     load bare --address HOST:PORT --body FILE
//!
//! A request in FILE stands behind its length and the number of answers it gets, 32 bits
//! each, little end first. An answer without the text that is expected has failed. `send` prints a JSON object.
//! `push` files incidents, and counts for each from when it was due until a listener of the
//! stream heard of it. `scripts/bench` calls it.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a measurement that cannot be made has nothing to say"
)]

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    match command.as_str() {
        "send" => send(&Options::of(arguments)),
        "push" => push(&Options::of(arguments)),
        "bare" => serve_bare(&Options::of(arguments)),
        // What `cargo bench` calls without being asked to measure anything here.
        _ => println!("load: send | push | bare; scripts/bench calls it"),
    }
}

/// Names with their values; a name without one stands for itself.
struct Options(HashMap<String, String>);

impl Options {
    fn of(arguments: impl Iterator<Item = String>) -> Self {
        let mut options = HashMap::new();
        let mut arguments = arguments.peekable();
        while let Some(name) = arguments.next() {
            let value = arguments.next_if(|next| !next.starts_with("--"));
            options.insert(name, value.unwrap_or_default());
        }
        Self(options)
    }

    fn text(&self, name: &str) -> &str {
        let value = self.0.get(name);
        value.unwrap_or_else(|| panic!("{name} is missing"))
    }

    fn number(&self, name: &str, absent: f64) -> f64 {
        let value = self.0.get(name);
        value.map_or(absent, |value| value.parse().expect("a number"))
    }

    fn count(&self, name: &str, absent: usize) -> usize {
        let value = self.0.get(name);
        value.map_or(absent, |value| value.parse().expect("a whole number"))
    }

    fn runtime(&self) -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(self.count("--threads", 1))
            .enable_all()
            .build()
            .expect("a runtime")
    }
}

/// The least that can be done: a route, and bytes that are there already. It gets both
/// cores, as our server does.
fn serve_bare(options: &Options) {
    let body = Bytes::from(std::fs::read(options.text("--body")).expect("the bytes"));
    let answer = move || async move { ([(CONTENT_TYPE, "application/json")], body) };
    let router = Router::new().route("/api/v1/lookup", get(answer));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind(options.text("--address")).await;
        let listener = listener.expect("an address to listen on");
        axum::serve(listener, router).await.expect("a server");
    });
}

struct Request {
    bytes: Vec<u8>,
    answers: u32,
}

fn read_requests(path: &Path) -> Vec<Request> {
    let bytes = std::fs::read(path).expect("the requests");
    let mut rest = &bytes[..];
    let mut requests = Vec::new();
    while let Some((&length, tail)) = rest.split_first_chunk::<4>() {
        let (&answers, tail) = tail.split_first_chunk::<4>().expect("how many answers");
        let (bytes, tail) = tail.split_at(u32::from_le_bytes(length) as usize);
        requests.push(Request {
            bytes: bytes.to_vec(),
            answers: u32::from_le_bytes(answers),
        });
        rest = tail;
    }
    requests
}

#[derive(Clone, Copy)]
enum Protocol {
    Http,
    Resp,
}

/// What all connections share.
struct Plan {
    address: String,
    protocol: Protocol,
    requests: Vec<Request>,
    next: AtomicUsize,
    once: bool,
    expected: Option<String>,
    /// Between two requests of all connections together.
    pace: Option<Duration>,
    begun: Instant,
    until: Instant,
}

#[derive(Default)]
struct Tally {
    latencies_us: Vec<u32>,
    errors: usize,
    bytes: usize,
}

fn plan(options: &Options) -> Arc<Plan> {
    let begun = Instant::now();
    let rate = options.number("--rate", 0.0);
    Arc::new(Plan {
        address: options.text("--address").to_owned(),
        protocol: match options.0.get("--protocol").map_or("http", String::as_str) {
            "http" => Protocol::Http,
            "resp" => Protocol::Resp,
            other => panic!("{other} is no protocol"),
        },
        requests: read_requests(Path::new(options.text("--requests"))),
        next: AtomicUsize::new(0),
        once: options.0.contains_key("--once"),
        expected: options.0.get("--expect").cloned(),
        pace: (rate > 0.0).then(|| Duration::from_secs_f64(1.0 / rate)),
        begun,
        until: begun + Duration::from_secs_f64(options.number("--seconds", 5.0)),
    })
}

fn send(options: &Options) {
    let plan = plan(options);
    let begun = plan.begun;
    let connections = options.count("--connections", 16);
    let runtime = options.runtime();
    let tallies: Vec<Tally> = runtime.block_on(async {
        let begin = |_| tokio::spawn(converse(Arc::clone(&plan)));
        let tasks: Vec<_> = (0..connections).map(begin).collect();
        let mut tallies = Vec::new();
        for task in tasks {
            tallies.push(task.await.expect("a connection"));
        }
        tallies
    });
    report(tallies, begun.elapsed());
}

fn report(tallies: Vec<Tally>, took: Duration) {
    let errors: usize = tallies.iter().map(|tally| tally.errors).sum();
    let bytes: usize = tallies.iter().map(|tally| tally.bytes).sum();
    let mut latencies_us: Vec<u32> = Vec::new();
    for tally in tallies {
        latencies_us.extend(tally.latencies_us);
    }
    latencies_us.sort_unstable();
    let at = |share: usize| {
        let place = (latencies_us.len() * share / 1_000).min(latencies_us.len().max(1) - 1);
        latencies_us.get(place).copied().unwrap_or_default()
    };
    println!(
        "{}",
        serde_json::json!({
            "count": latencies_us.len(),
            "seconds": took.as_secs_f64(),
            "errors": errors,
            "bytes": bytes,
            "p50_us": at(500),
            "p99_us": at(990),
            "max_us": at(1_000),
        })
    );
}

/// One connection until the time is over or the requests are.
async fn converse(plan: Arc<Plan>) -> Tally {
    let mut tally = Tally::default();
    let stream = TcpStream::connect(&plan.address).await;
    let mut stream = stream.expect("a server");
    stream.set_nodelay(true).expect("a socket");
    let mut buffer: Vec<u8> = Vec::with_capacity(1 << 16);
    while Instant::now() < plan.until {
        let turn = plan.next.fetch_add(1, Ordering::Relaxed);
        if plan.once && turn >= plan.requests.len() {
            break;
        }
        if let Some(pace) = plan.pace {
            let turns = u32::try_from(turn).expect("fewer than 2³² requests");
            tokio::time::sleep_until((plan.begun + pace * turns).into()).await;
        }
        let request = &plan.requests[turn % plan.requests.len()];
        let begun = Instant::now();
        stream.write_all(&request.bytes).await.expect("a server");
        for _ in 0..request.answers {
            let (length, went_well) = receive(&mut stream, &mut buffer, plan.protocol).await;
            tally.bytes += length;
            let is_expected = |text: &String| find(&buffer[..length], text.as_bytes()).is_some();
            let went_well = went_well && plan.expected.as_ref().is_none_or(is_expected);
            tally.errors += usize::from(!went_well);
            buffer.drain(..length);
        }
        let took_us = begun.elapsed().as_micros();
        tally
            .latencies_us
            .push(u32::try_from(took_us).unwrap_or(u32::MAX));
    }
    tally
}

/// Files at a pace, and listens meanwhile.
fn push(options: &Options) {
    let plan = plan(options);
    let connections = options.count("--connections", 32);
    let heard: Heard = Arc::default();
    let tally = options.runtime().block_on(async {
        let stream = TcpStream::connect(&plan.address).await.expect("a server");
        let listening = tokio::spawn(listen(stream, Arc::clone(&heard)));
        let begin = |_| tokio::spawn(file(Arc::clone(&plan)));
        let tasks: Vec<_> = (0..connections).map(begin).collect();
        let mut filed = Vec::new();
        for task in tasks {
            filed.extend(task.await.expect("a connection"));
        }
        // What is not heard of by then counts as an error.
        tokio::time::sleep(Duration::from_secs(2)).await;
        listening.abort();
        let heard = heard.lock().expect("what was heard");
        let mut tally = Tally::default();
        for (id, due) in filed {
            match id.and_then(|id| heard.get(&id)) {
                Some(at) => {
                    let took_us = at.saturating_duration_since(due).as_micros();
                    let took_us = u32::try_from(took_us).unwrap_or(u32::MAX);
                    tally.latencies_us.push(took_us);
                }
                None => tally.errors += 1,
            }
        }
        tally
    });
    report(vec![tally], plan.begun.elapsed());
}

/// When an incident was heard of first, by its identity.
type Heard = Arc<Mutex<HashMap<String, Instant>>>;

/// One connection that files: the identity of each incident, and when it was due. Nothing
/// is due while one is under way: the rest of the connections must keep the pace.
async fn file(plan: Arc<Plan>) -> Vec<(Option<String>, Instant)> {
    let stream = TcpStream::connect(&plan.address).await;
    let mut stream = stream.expect("a server");
    stream.set_nodelay(true).expect("a socket");
    let mut buffer = Vec::new();
    let mut filed = Vec::new();
    loop {
        let turn = plan.next.fetch_add(1, Ordering::Relaxed);
        let turns = u32::try_from(turn).expect("fewer than 2³² requests");
        let due = plan.begun + plan.pace.expect("a rate") * turns;
        if due >= plan.until {
            return filed;
        }
        tokio::time::sleep_until(due.into()).await;
        let request = &plan.requests[turn % plan.requests.len()];
        stream.write_all(&request.bytes).await.expect("a server");
        let (length, went_well) = receive(&mut stream, &mut buffer, plan.protocol).await;
        let id = identity(&buffer[..length]).filter(|_| went_well);
        filed.push((id, due));
        buffer.drain(..length);
    }
}

/// Notes what the stream tells of, as it comes.
async fn listen(mut stream: TcpStream, heard: Heard) {
    let request = b"GET /api/v1/stream?topics=incidents HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(request).await.expect("a server");
    let mut buffer: Vec<u8> = Vec::with_capacity(1 << 16);
    while stream.read_buf(&mut buffer).await.expect("a server") > 0 {
        let now = Instant::now();
        let mut at = 0;
        while let Some(end) = find(&buffer[at..], b"\n\n") {
            if let Some(id) = identity(&buffer[at..at + end]) {
                let mut heard = heard.lock().expect("what was heard");
                heard.entry(id).or_insert(now);
            }
            at += end + 2;
        }
        buffer.drain(..at);
    }
}

/// The first `"id"` of a JSON object somewhere in a text.
fn identity(bytes: &[u8]) -> Option<String> {
    let name = b"\"id\":\"";
    let begin = find(bytes, name)? + name.len();
    let length = find(&bytes[begin..], b"\"")?;
    let id = std::str::from_utf8(&bytes[begin..begin + length]);
    Some(id.expect("an identity").to_owned())
}

/// Reads until an answer is whole. Its length, and whether it says that all went well.
async fn receive(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    protocol: Protocol,
) -> (usize, bool) {
    loop {
        let whole = match protocol {
            Protocol::Http => http_answer(buffer),
            Protocol::Resp => resp_answer(buffer, 0)
                .map(|end| (end, buffer.first().is_some_and(|&first| first != b'-'))),
        };
        if let Some(whole) = whole {
            return whole;
        }
        let read = stream.read_buf(buffer).await.expect("a server");
        assert!(read > 0, "the server has closed the connection");
    }
}

/// The length of an answer with its head, once it is whole, and whether its status is 2xx.
fn http_answer(bytes: &[u8]) -> Option<(usize, bool)> {
    let head = find(bytes, b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).expect("a head in ASCII");
    let status = text.get(9..12).unwrap_or_default();
    let went_well = status.starts_with('2');
    if status == "204" || status == "304" {
        return Some((head, went_well));
    }
    let value_of = |wanted: &str| {
        text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    };
    if let Some(length) = value_of("content-length") {
        let end = head + length.parse::<usize>().expect("a length");
        return (bytes.len() >= end).then_some((end, went_well));
    }
    let mut at = head;
    loop {
        let line = find(bytes.get(at..)?, b"\r\n")?;
        let size = std::str::from_utf8(&bytes[at..at + line]).expect("a length in ASCII");
        let size = usize::from_str_radix(size, 16).expect("a length of a chunk");
        at += line + 2 + size + 2;
        if size == 0 {
            return (bytes.len() >= at).then_some((at, went_well));
        }
    }
}

/// Where a reply of Redis that begins at `at` ends, once it is whole.
fn resp_answer(bytes: &[u8], at: usize) -> Option<usize> {
    let line = find(bytes.get(at..)?, b"\r\n")?;
    let text = std::str::from_utf8(&bytes[at..at + line]).expect("a reply in ASCII");
    let next = at + line + 2;
    let number = || text[1..].parse::<i64>().expect("a length");
    match text.as_bytes().first()? {
        b'$' => {
            let end = usize::try_from(number()).map_or(next, |length| next + length + 2);
            (bytes.len() >= end).then_some(end)
        }
        b'*' => (0..number()).try_fold(next, |at, _| resp_answer(bytes, at)),
        _ => Some(next),
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
