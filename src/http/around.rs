//! What is around every request: an identity by which it can be found in the log, a line
//! there when it fails, an answer even when its handler panics, and a connection that can be
//! used again.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use futures::future::Either;
use tower::Service;
use tracing::Instrument;
use uuid::Uuid;

use super::open311;
use super::problem::{self, Problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Who refuses a request need not have read its body, and what is left of it stands before the
/// next request on the connection. Bodies up to so many bytes are therefore read first; after
/// longer ones a refusal ends the connection, and says so.
const WHOLE_BYTES: usize = 64 * 1024;
/// How long such a body may take to come.
const BODY_TIME: Duration = Duration::from_secs(30);

/// Gives each request its identity, keeps the one that it came with, and answers it.
#[derive(Clone)]
pub struct Around<S> {
    inner: S,
    ids: Arc<Ids>,
}

impl<S> Around<S> {
    /// `seed` tells the identities of this process from those of others.
    pub fn new(inner: S, seed: Uuid) -> Self {
        let (_, low) = seed.as_u64_pair();
        Self {
            inner,
            ids: Arc::new(Ids {
                seed: low,
                given: AtomicU64::new(0),
            }),
        }
    }
}

/// Identities that cost no randomness: what is random once, and a number.
struct Ids {
    seed: u64,
    given: AtomicU64,
}

impl Ids {
    fn identify(&self, headers: &HeaderMap) -> HeaderValue {
        if let Some(id) = headers.get(REQUEST_ID) {
            return id.clone();
        }
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        let mut text = [0; Uuid::encode_buffer().len()];
        let id = Uuid::from_u64_pair(self.seed, number);
        let text = id.simple().encode_lower(&mut text);
        HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("unknown"))
    }
}

impl<S> Service<Request> for Around<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = self.ids.identify(request.headers());
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let span = tracing::debug_span!("request", ?id, %method, path = uri.path());
        let body = Coming::of(request.body());
        let answer = match body {
            Coming::Short => {
                let mut inner = self.inner.clone();
                Either::Left(async move {
                    match gather(request).await {
                        Ok(request) => inner.call(request).await,
                        Err(problem) => Ok(problem.into_response()),
                    }
                })
            }
            Coming::Nothing | Coming::Long => Either::Right(self.inner.call(request)),
        };
        let answer = answer.instrument(span);
        Box::pin(async move {
            // Nothing of a broken request is used again.
            let answer = AssertUnwindSafe(answer).catch_unwind().await;
            let response = answer.unwrap_or_else(|panic| Ok(problem::of_panic(panic)))?;
            let mut response = open311::in_its_own_words(&uri, response);
            let status = response.status();
            if status.is_server_error() {
                // What stands behind `?` may be a key.
                tracing::error!(?id, %method, path = uri.path(), %status, "a request failed");
            }
            let is_refused = status.is_client_error() || status.is_server_error();
            if matches!(body, Coming::Long) && is_refused {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            response.headers_mut().insert(REQUEST_ID, id);
            Ok(response)
        })
    }
}

/// What comes behind the head of a request.
#[derive(Clone, Copy)]
enum Coming {
    Nothing,
    Short,
    Long,
}

impl Coming {
    fn of(body: &Body) -> Self {
        if body.is_end_stream() {
            return Self::Nothing;
        }
        let most = body.size_hint().upper();
        if most.is_some_and(|most| most <= WHOLE_BYTES as u64) {
            Self::Short
        } else {
            Self::Long
        }
    }
}

/// The request with all of its body.
async fn gather(request: Request) -> Result<Request, Problem> {
    let (head, body) = request.into_parts();
    let bytes = tokio::time::timeout(BODY_TIME, to_bytes(body, WHOLE_BYTES)).await;
    match bytes {
        Ok(Ok(bytes)) => Ok(Request::from_parts(head, bytes.into())),
        Ok(Err(_)) => Err(Problem::invalid("the body ends too early")),
        Err(_) => Err(Problem::invalid(format!(
            "the body did not come within {} s",
            BODY_TIME.as_secs()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::StatusCode;
    use std::collections::HashSet;

    async fn id_of<S>(around: &mut Around<S>, sent: Option<&str>) -> String
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send + 'static,
    {
        let mut request = Request::new(Body::empty());
        if let Some(sent) = sent {
            request
                .headers_mut()
                .insert(REQUEST_ID, sent.parse().unwrap());
        }
        let response = around.call(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::IM_A_TEAPOT);
        response.headers()[REQUEST_ID].to_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn every_request_has_an_identity_of_its_own_or_that_which_it_came_with() {
        let inner = tower::service_fn(async |_: Request| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::IM_A_TEAPOT;
            Ok(response)
        });
        let mut around = Around::new(inner, Uuid::from_u128(7));
        let mut other = Around::new(inner, Uuid::from_u128(8));
        let mut given = HashSet::new();
        for _ in 0..10 {
            assert!(given.insert(id_of(&mut around, None).await));
            assert!(given.insert(id_of(&mut other, None).await));
        }
        assert_eq!(id_of(&mut around, Some("from afar")).await, "from afar");
    }

    #[tokio::test]
    async fn a_refusal_leaves_nothing_of_a_body_on_the_connection() {
        let refuse = tower::service_fn(async |_: Request| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            Ok(response)
        });
        let mut around = Around::new(refuse, Uuid::nil());
        for (bytes, is_closed) in [(0, false), (WHOLE_BYTES, false), (WHOLE_BYTES + 1, true)] {
            let request = Request::new(Body::from(vec![b' '; bytes]));
            let response = around.call(request).await.unwrap();
            assert_eq!(
                response.headers().contains_key(header::CONNECTION),
                is_closed,
                "{bytes}"
            );
        }
    }
}
