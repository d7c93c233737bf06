//! How long an answer may take to begin.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use tower::{Layer, Service};

use super::problem;

/// Ends what takes longer. Most answers begin at once: the alarm is set only for those that
/// do not.
#[derive(Clone, Copy)]
pub struct Within(pub Duration);

/// A service with an end.
#[derive(Clone)]
pub struct Timed<S> {
    inner: S,
    time: Duration,
}

impl<S> Layer<S> for Within {
    type Service = Timed<S>;

    fn layer(&self, inner: S) -> Timed<S> {
        Timed {
            inner,
            time: self.0,
        }
    }
}

impl<S> Service<Request> for Timed<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let time = self.time;
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = pin!(answer);
            // Asks the answer first, the alarm only then.
            let in_time = tokio::time::timeout(time, answer).await;
            in_time.unwrap_or_else(|_| Ok(problem::took_too_long(time).into_response()))
        })
    }
}
