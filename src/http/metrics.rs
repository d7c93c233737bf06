//! Counts for whoever watches the server, in the text format of Prometheus (0.0.4).
//!
//! What is counted with each request stands in places that are there from the start: no
//! request waits for another or takes memory for it.

use std::collections::HashMap;
use std::fmt::{Display, Write};
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{MatchedPath, State};
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use foldhash::fast::FixedState;
use futures::FutureExt;
use futures::future::{Join, Map, join};
use tower::{Layer, Service};

use super::Api;
use super::positions::incoming_bytes;
use super::problem::Problem;
use crate::service::clock::Stopwatch;
use crate::service::metering::Measures;

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The last stands for all others.
const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other",
];
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper ends of the histogram's steps, in seconds as they are written, and in microseconds.
const STEPS: [(&str, u64); 13] = [
    ("0.0001", 100),
    ("0.00025", 250),
    ("0.0005", 500),
    ("0.001", 1_000),
    ("0.0025", 2_500),
    ("0.005", 5_000),
    ("0.01", 10_000),
    ("0.025", 25_000),
    ("0.1", 100_000),
    ("0.25", 250_000),
    ("1", 1_000_000),
    ("5", 5_000_000),
    ("30", 30_000_000),
];

/// Requests by route, method and status, with how long the answers took to begin.
#[derive(Debug)]
pub struct Requests {
    /// The last is for what has no route of the documented ones, such as the web
    /// application.
    routes: Vec<(String, [Answers; METHODS.len()])>,
    numbers: HashMap<String, usize, FixedState>,
}

#[derive(Debug, Default)]
struct Answers {
    by_status: [AtomicU64; STATUSES.len()],
    /// By the first step that they are within, and those beyond all.
    by_step: [AtomicU64; STEPS.len() + 1],
    total_us: AtomicU64,
}

impl Default for Requests {
    fn default() -> Self {
        let document = super::openapi::document();
        let paths = document.paths.paths.into_keys();
        let routes: Vec<_> = paths
            .chain(["other".to_owned()])
            .map(|path| (path, Default::default()))
            .collect();
        let numbered = routes.iter().enumerate();
        Self {
            numbers: numbered.map(|(at, (path, _))| (path.clone(), at)).collect(),
            routes,
        }
    }
}

impl Requests {
    fn place_of<B>(&self, request: &Request<B>) -> (usize, usize) {
        let path = request.extensions().get::<MatchedPath>();
        let route = path.and_then(|path| self.numbers.get(path.as_str()));
        let other = self.routes.len() - 1;
        (route.copied().unwrap_or(other), number_of(request.method()))
    }

    fn count(&self, (route, method): (usize, usize), status: StatusCode, took: Duration) {
        let Some(answers) = self.routes.get(route).and_then(|(_, all)| all.get(method)) else {
            return;
        };
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        let class = class.min(STATUSES.len() - 1);
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let step = STEPS.partition_point(|&(_, end_us)| end_us < took_us);
        answers.by_status[class].fetch_add(1, Ordering::Relaxed);
        answers.by_step[step].fetch_add(1, Ordering::Relaxed);
        answers.total_us.fetch_add(took_us, Ordering::Relaxed);
    }

    /// What has been asked for at least once: route, method and answers.
    fn asked(&self) -> impl Iterator<Item = (&str, &'static str, &Answers)> {
        self.routes.iter().flat_map(|(route, by_method)| {
            let by_method = METHODS.iter().zip(by_method);
            by_method
                .filter(|(_, answers)| answers.by_step.iter().any(|count| read(count) > 0))
                .map(|(method, answers)| (route.as_str(), *method, answers))
        })
    }
}

fn number_of(method: &Method) -> usize {
    let name = method.as_str();
    let known = METHODS.iter().position(|known| *known == name);
    known.unwrap_or(METHODS.len() - 1)
}

fn read(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

/// Counts every request that comes through.
#[derive(Debug, Clone)]
pub struct CountLayer(Arc<Requests>);

impl CountLayer {
    pub fn new(requests: &Arc<Requests>) -> Self {
        Self(Arc::clone(requests))
    }
}

impl<S> Layer<S> for CountLayer {
    type Service = Counting<S>;

    fn layer(&self, inner: S) -> Counting<S> {
        Counting {
            inner,
            requests: Arc::clone(&self.0),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Counting<S> {
    inner: S,
    requests: Arc<Requests>,
}

/// A request under way.
pub struct Visit {
    requests: Arc<Requests>,
    place: (usize, usize),
    since: Stopwatch,
}

type Outcome<R, E> = Result<Response<R>, E>;
type Counted<F, R, E> = Map<Join<F, Ready<Visit>>, fn((Outcome<R, E>, Visit)) -> Outcome<R, E>>;

impl<S, B, R> Service<Request<B>> for Counting<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Counted<S::Future, R, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let visit = Visit {
            place: self.requests.place_of(&request),
            requests: Arc::clone(&self.requests),
            since: Stopwatch::start(),
        };
        join(self.inner.call(request), ready(visit)).map(count)
    }
}

fn count<R, E>((outcome, visit): (Outcome<R, E>, Visit)) -> Outcome<R, E> {
    if let Ok(response) = &outcome {
        let took = visit.since.elapsed();
        visit.requests.count(visit.place, response.status(), took);
    }
    outcome
}

/// What the server holds and has done since its start, for Prometheus. Numbers alone.
#[utoipa::path(get, path = "/metrics", tag = "server",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn write_metrics(State(api): State<Api>) -> Result<impl IntoResponse, Problem> {
    let measures = api.services.measure().await?;
    let mut page = Page::default();
    write_requests(&mut page, &api.requests);
    write_measures(&mut page, &measures);
    let listeners = api.feed.listener_count();
    page.gauge(
        "wangge_stream_listeners",
        "Who listens to events",
        listeners,
    );
    if let Some(at) = api.feed.caught_up_at() {
        let behind_ms = (api.services.clock().now() - at).num_milliseconds().max(0);
        let about = "Seconds since memory last held all changes of the database";
        let behind_s = Duration::from_millis(behind_ms.unsigned_abs()).as_secs_f64();
        page.gauge("wangge_feed_behind_seconds", about, behind_s);
    }
    let (incoming, room) = incoming_bytes();
    let about = "Bytes of positions that are coming in";
    page.gauge("wangge_positions_incoming_bytes", about, incoming);
    let about = "Bytes of positions that may come in at once";
    page.gauge("wangge_positions_incoming_room_bytes", about, room);
    page.begin("wangge_build_info", "gauge", "The version of the server");
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    page.sample("wangge_build_info", &version, 1);
    write_memory(&mut page);
    Ok(([(header::CONTENT_TYPE, TEXT_FORMAT)], page.0))
}

fn write_requests(page: &mut Page, requests: &Requests) {
    let name = "wangge_http_requests_total";
    page.begin(name, "counter", "Requests answered");
    for (route, method, answers) in requests.asked() {
        for (status, count) in STATUSES.iter().zip(&answers.by_status) {
            if read(count) > 0 {
                let labels = [("route", route), ("method", method), ("status", status)];
                page.sample(name, &labels, read(count));
            }
        }
    }
    let name = "wangge_http_request_duration_seconds";
    page.begin(name, "histogram", "How long answers took to begin");
    let (bucket, sum, all) = (
        format!("{name}_bucket"),
        format!("{name}_sum"),
        format!("{name}_count"),
    );
    for (route, method, answers) in requests.asked() {
        let ends = STEPS.iter().map(|&(end, _)| end).chain(["+Inf"]);
        let mut within = 0;
        for (end, count) in ends.zip(&answers.by_step) {
            within += read(count);
            let labels = [("route", route), ("method", method), ("le", end)];
            page.sample(&bucket, &labels, within);
        }
        let labels = [("route", route), ("method", method)];
        let total_s = Duration::from_micros(read(&answers.total_us)).as_secs_f64();
        page.sample(&sum, &labels, total_s);
        page.sample(&all, &labels, within);
    }
}

fn write_measures(page: &mut Page, measures: &Measures) {
    if let Some(edition) = measures.edition {
        page.gauge("wangge_edition", "The edition in force", edition);
    }
    page.begin("wangge_areas", "gauge", "Areas with ground");
    for (level, count) in &measures.areas {
        page.sample("wangge_areas", &[("level", level.as_str())], count);
    }
    let open = measures.open_incidents;
    page.gauge("wangge_incidents_open", "Open incidents", open);
    page.gauge("wangge_workers", "Workers", measures.workers);
    let on_duty = measures.workers_on_duty;
    page.gauge("wangge_workers_on_duty", "Workers on duty", on_duty);
    let accepted = measures.positions_accepted;
    let name = "wangge_positions_accepted_total";
    page.counter(name, "Positions taken in", accepted);
    let name = "wangge_positions_set_aside_total";
    page.begin(name, "counter", "Positions that could not be believed");
    for (reason, count) in &measures.positions_set_aside {
        page.sample(name, &[("reason", reason.as_str())], count);
    }
    let name = "wangge_positions_refused_total";
    let about = "Requests with positions that were told to come again";
    page.counter(name, about, measures.positions_refused);
    let about = "Points of tracks that wait to be written";
    page.gauge(
        "wangge_positions_waiting",
        about,
        measures.positions_waiting,
    );
    let about = "Points of tracks that may wait to be written";
    page.gauge("wangge_positions_room", about, measures.positions_room);
    let tiles = measures.tiles;
    let name = "wangge_tile_cache_hits_total";
    page.counter(
        name,
        "Tiles answered that were kept",
        tiles.asked - tiles.made,
    );
    let name = "wangge_tile_cache_misses_total";
    page.counter(name, "Tiles that were made", tiles.made);
    let name = "wangge_tile_cache_bytes";
    page.gauge(name, "Bytes of tiles that are kept", tiles.kept_bytes);
}

/// What the system says that the process takes; nothing where it does not say so.
fn write_memory(page: &mut Page) {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return;
    };
    for (field, name, about) in [
        ("VmRSS:", "process_resident_memory_bytes", "Memory in use"),
        (
            "VmHWM:",
            "process_resident_memory_peak_bytes",
            "Most memory that was in use",
        ),
        (
            "VmSize:",
            "process_virtual_memory_bytes",
            "Memory that is reserved",
        ),
    ] {
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
        if let Some(kib) = kib.and_then(|kib| kib.parse::<u64>().ok()) {
            page.gauge(name, about, kib * 1024);
        }
    }
}

/// Text as Prometheus reads it.
#[derive(Debug, Default)]
struct Page(String);

impl Page {
    fn counter(&mut self, name: &str, about: &str, value: impl Display) {
        self.begin(name, "counter", about);
        self.sample(name, &[], value);
    }

    fn gauge(&mut self, name: &str, about: &str, value: impl Display) {
        self.begin(name, "gauge", about);
        self.sample(name, &[], value);
    }

    /// What comes before the samples of a metric.
    fn begin(&mut self, name: &str, kind: &str, about: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {about}.\n# TYPE {name} {kind}");
    }

    /// Values of labels are words of our own, in which nothing needs escaping.
    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (number, (label, text)) in labels.iter().enumerate() {
            let before = if number == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{before}{label}=\"{text}\"");
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        let _ = writeln!(self.0, " {value}");
    }
}
