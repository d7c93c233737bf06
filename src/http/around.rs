//! What is around every request: an identity by which it can be found in the log, a line
//! there when it fails, and an answer even when its handler panics.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use futures::FutureExt;
use tower::Service;
use tracing::Instrument;
use uuid::Uuid;

use super::problem;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

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
        let id = self.ids.identify(request.headers());
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let span = tracing::debug_span!("request", ?id, %method, path = uri.path());
        let answer = self.inner.call(request).instrument(span);
        Box::pin(async move {
            // Nothing of a broken request is used again.
            let answer = AssertUnwindSafe(answer).catch_unwind().await;
            let mut response = answer.unwrap_or_else(|panic| Ok(problem::of_panic(panic)))?;
            let status = response.status();
            if status.is_server_error() {
                // What stands behind `?` may be a key.
                tracing::error!(?id, %method, path = uri.path(), %status, "a request failed");
            }
            response.headers_mut().insert(REQUEST_ID, id);
            Ok(response)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::StatusCode;
    use std::collections::HashSet;

    async fn id_of(
        around: &mut Around<
            impl Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>,
        >,
        sent: Option<&str>,
    ) -> String {
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
}
