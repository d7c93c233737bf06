//! Events as they happen, with replay.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::IntoParams;

use super::Api;
use super::caller::Caller;
use super::extract::Query;
use super::problem::Problem;
use crate::domain::actor::Permission;
use crate::domain::words::UnknownWord;
use crate::domain::{Actor, ChangeCursor, Topic};
use crate::feed::FeedEvent;
use crate::service::ServiceError;
use crate::store::StoreError;

/// How many events wait for a slow reader before the stream waits too.
const AHEAD: usize = 64;
/// How many changes are replayed at a time.
const REPLAY_BATCH: u32 = 500;
const KEEP_ALIVE: Duration = Duration::from_secs(15);

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// One topic or several, separated by commas: `incidents`, `workers`, `positions`,
    /// `organisations`, `editions`, `drafts`, `rules`, `alarms`. All when absent.
    #[param(example = "incidents,positions")]
    topics: Option<String>,
}

/// Server-sent events of what changes, as far as the caller may see it. A reader that
/// comes back with `Last-Event-ID` gets what it missed; when that is too long ago, a
/// `reset` event says to load everything anew. Positions are not replayed: the next ones
/// come within a second.
#[utoipa::path(get, path = "/api/v1/stream", tag = "map",
    params(StreamQuery, ("Last-Event-ID" = Option<String>, Header)),
    responses(
        (status = 200, body = String, content_type = "text/event-stream"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn stream_events(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    actor
        .require(Permission::Listen)
        .map_err(ServiceError::from)?;
    let topics: Vec<Topic> = match query.topics.as_deref() {
        None => Topic::ALL.to_vec(),
        Some(list) => list
            .split(',')
            .map(|word| word.trim().parse())
            .collect::<Result<_, UnknownWord>>()
            .map_err(|error| Problem::invalid(error.to_string()))?,
    };
    let last: Option<ChangeCursor> = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .map(str::parse)
        .transpose()
        .map_err(|error: crate::domain::change::CursorError| Problem::invalid(error.to_string()))?;
    let (out, events) = mpsc::channel(AHEAD);
    let live = api.feed.listen();
    let reader = Reader {
        api,
        actor,
        topics,
        out,
    };
    tokio::spawn(reader.run(live, last));
    Ok(Sse::new(ReceiverStream::new(events)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// One connection's way through the log.
struct Reader {
    api: Api,
    actor: Actor,
    topics: Vec<Topic>,
    out: mpsc::Sender<Result<Event, Infallible>>,
}

/// The reader has gone away.
struct Gone;

impl Reader {
    async fn run(self, mut live: broadcast::Receiver<Arc<FeedEvent>>, last: Option<ChangeCursor>) {
        let stop = self.api.stop.clone();
        let read = async {
            // A first event at once, so that the reader knows that it listens.
            // It carries a place in the log, to come back to even when nothing more was heard.
            let now = self.api.feed.reached();
            let hello = Event::default().event("hello").data("{}");
            let mut reached = if let Some(last) = last {
                self.send(hello).await?;
                self.replay(last).await?
            } else {
                self.send(hello.id(now.to_string())).await?;
                now
            };
            loop {
                match live.recv().await {
                    Ok(event) if event.cursor > reached => {
                        reached = event.cursor;
                        self.tell(&event).await?;
                    }
                    Ok(_) => {}
                    // Too slow for the live events: the log has them all.
                    Err(RecvError::Lagged(_)) => reached = self.replay(reached).await?,
                    Err(RecvError::Closed) => return Err(Gone),
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.out.closed() => {}
            Result::<(), Gone>::Err(Gone) = read => {}
        }
    }

    /// Tells everything after a place in the log, and says how far that came.
    async fn replay(&self, after: ChangeCursor) -> Result<ChangeCursor, Gone> {
        let store = self.api.services.store();
        let mut reached = after;
        let outcome: Result<(), StoreError> = async {
            let latest = store.latest_change().await?;
            // Too long ago, or of another log: this one may have begun anew.
            if after < store.change_horizon().await? || after > latest {
                reached = latest;
                // Whoever loads everything anew gets it from this node's memory.
                self.api.feed.wait_until(latest).await;
                let reset = Event::default()
                    .id(reached.to_string())
                    .event("reset")
                    .data("{}");
                // A reader that is gone is noticed with the next event.
                let _ = self.send(reset).await;
                return Ok(());
            }
            loop {
                let changes = store.read_changes(reached, REPLAY_BATCH).await?;
                let full = changes.len() == REPLAY_BATCH as usize;
                if let Some(last) = changes.last() {
                    self.api.feed.wait_until(last.cursor).await;
                }
                for change in changes {
                    reached = change.cursor;
                    if change.topic != Topic::Positions
                        && self
                            .tell(&FeedEvent::told(&self.api.services, change))
                            .await
                            .is_err()
                    {
                        return Ok(());
                    }
                }
                if !full {
                    return Ok(());
                }
            }
        }
        .await;
        match outcome {
            Ok(()) => Ok(reached),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "replay failed");
                // The connection ends; the reader comes back with what it has.
                Err(Gone)
            }
        }
    }

    async fn tell(&self, event: &FeedEvent) -> Result<(), Gone> {
        if !self.topics.contains(&event.topic) {
            return Ok(());
        }
        match event.data_for(&self.api.services, &self.actor) {
            Some(data) => {
                let event = Event::default()
                    .id(event.cursor.to_string())
                    .event(event.name())
                    .data(data);
                self.send(event).await
            }
            None => Ok(()),
        }
    }

    async fn send(&self, event: Event) -> Result<(), Gone> {
        self.out.send(Ok(event)).await.map_err(|_| Gone)
    }
}
