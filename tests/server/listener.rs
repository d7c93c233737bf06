//! Somebody who listens to the stream of events.

use std::time::Duration;

use futures::StreamExt;
use reqwest::Method;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use crate::client::Client;

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: Option<String>,
    pub name: String,
    pub data: Value,
}

/// An open stream; closed when this is dropped.
pub struct Listener {
    events: mpsc::UnboundedReceiver<Event>,
    reading: JoinHandle<()>,
}

impl Listener {
    /// Begins to listen, and waits until the server says that it hears.
    pub async fn open(client: &Client, topics: &str, last: Option<&str>) -> Self {
        let path = format!("/api/v1/stream?topics={topics}");
        let mut request = client.request(Method::GET, &path);
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "the stream should have opened");
        let (out, events) = mpsc::unbounded_channel();
        let reading = tokio::spawn(async move {
            let mut bytes = response.bytes_stream();
            let mut text = Vec::new();
            while let Some(Ok(chunk)) = bytes.next().await {
                text.extend_from_slice(&chunk);
                while let Some(end) = text.windows(2).position(|two| two == b"\n\n") {
                    let block: Vec<u8> = text.drain(..end + 2).collect();
                    let block = String::from_utf8(block).unwrap();
                    if let Some(event) = parse(&block)
                        && out.send(event).is_err()
                    {
                        return;
                    }
                }
            }
        });
        let mut listener = Self { events, reading };
        let hello = listener.next(Duration::from_secs(10)).await;
        assert_eq!(hello.name, "hello", "the first event greets");
        listener
    }

    /// The next event.
    pub async fn next(&mut self, within: Duration) -> Event {
        match timeout_at(Instant::now() + within, self.events.recv()).await {
            Ok(Some(event)) => event,
            Ok(None) => panic!("the stream should have gone on, but it ended"),
            Err(elapsed) => panic!("there should have been an event within {within:?}: {elapsed}"),
        }
    }

    /// The next event that a test looks for; others are passed over.
    pub async fn find(&mut self, within: Duration, wanted: impl Fn(&Event) -> bool) -> Event {
        let end = Instant::now() + within;
        loop {
            match timeout_at(end, self.events.recv()).await {
                Ok(Some(event)) if wanted(&event) => return event,
                Ok(Some(_)) => {}
                Ok(None) => panic!("the stream should have gone on, but it ended"),
                Err(elapsed) => {
                    panic!("the event looked for should have come within {within:?}: {elapsed}")
                }
            }
        }
    }

    /// True when the server ends the stream in time; events before that are passed over.
    pub async fn ends(&mut self, within: Duration) -> bool {
        let end = Instant::now() + within;
        loop {
            match timeout_at(end, self.events.recv()).await {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

/// An event out of its lines; `None` for what only keeps the connection alive.
fn parse(block: &str) -> Option<Event> {
    let field = |name: &str| {
        block
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim_start)
    };
    let data = field("data")?;
    Some(Event {
        id: field("id").map(str::to_owned),
        name: field("event").unwrap_or("message").to_owned(),
        data: serde_json::from_str(data).unwrap(),
    })
}
