//! Long work: answered at the end, or told of while it goes on to whoever accepts a stream
//! of events.

use std::convert::Infallible;

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::problem::Problem;
use crate::service::progress::Progress;

/// Does long work. A caller that accepts `text/event-stream` gets `progress` events with
/// how far it is, and at the end `done` with the answer or `problem` with what went
/// wrong; any other gets the answer alone. A caller that goes away ends the work, unless
/// it is being written already.
pub async fn answer<T, W>(
    headers: &HeaderMap,
    status: StatusCode,
    progress: Progress,
    work: W,
) -> Response
where
    T: Serialize + Send + Sync + 'static,
    W: Future<Output = Result<T, Problem>> + Send + 'static,
{
    let streams = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kinds| kinds.contains("text/event-stream"));
    if !streams {
        return match work.await {
            Ok(done) => (status, Json(done)).into_response(),
            Err(problem) => problem.into_response(),
        };
    }
    let (events, stream) = mpsc::channel::<Result<Event, Infallible>>(8);
    tokio::spawn(async move {
        tokio::select! {
            // The listener has gone away.
            () = events.closed() => {}
            () = tell(&events, progress, work) => {}
        }
    });
    Sse::new(ReceiverStream::new(stream))
        .keep_alive(KeepAlive::default())
        .into_response()
}

async fn tell<T, W>(events: &mpsc::Sender<Result<Event, Infallible>>, progress: Progress, work: W)
where
    T: Serialize,
    W: Future<Output = Result<T, Problem>>,
{
    let mut standing = progress.listen();
    let mut work = std::pin::pin!(work);
    let outcome = loop {
        tokio::select! {
            biased;
            outcome = &mut work => break outcome,
            changed = standing.changed() => {
                let now = *standing.borrow_and_update();
                if let (Ok(()), Some(now)) = (changed, now) {
                    send(events, "progress", &now).await;
                }
            }
        }
    };
    match outcome {
        Ok(done) => send(events, "done", &done).await,
        Err(problem) => send(events, "problem", &problem).await,
    }
}

async fn send(
    events: &mpsc::Sender<Result<Event, Infallible>>,
    name: &str,
    value: &impl Serialize,
) {
    if let Ok(event) = Event::default().event(name).json_data(value) {
        // A listener that has gone away is no fault.
        let _ = events.send(Ok(event)).await;
    }
}
