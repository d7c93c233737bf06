//! Counts for whoever watches the server.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::client::Client;
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{Place, places};

/// Samples by name and labels, as they are written.
type Samples = BTreeMap<String, f64>;

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Reads the text format (0.0.4) as strictly as it is described: each metric has one HELP
/// and one TYPE before its samples, which stand together; no sample comes twice.
fn read(text: &str) -> Samples {
    let mut samples = Samples::new();
    let mut finished = BTreeSet::new();
    let (mut metric, mut kind) = (String::new(), String::new());
    let mut helped = String::new();
    assert!(text.ends_with('\n'), "the last line ends too");
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, about) = help.split_once(' ').expect(line);
            assert!(is_name(name) && !about.contains('\\'), "{line}");
            name.clone_into(&mut helped);
            continue;
        }
        if let Some(described) = line.strip_prefix("# TYPE ") {
            let (name, of_kind) = described.split_once(' ').expect(line);
            assert_eq!(name, helped, "{line}");
            assert!(
                ["counter", "gauge", "histogram"].contains(&of_kind),
                "{line}"
            );
            finished.insert(std::mem::replace(&mut metric, name.to_owned()));
            assert!(!finished.contains(name), "{name} comes twice");
            of_kind.clone_into(&mut kind);
            continue;
        }
        let (series, value) = line.rsplit_once(' ').expect(line);
        let value: f64 = value.parse().expect(line);
        let (name, labels) = match series.split_once('{') {
            None => (series, ""),
            Some((name, labels)) => (name, labels.strip_suffix('}').expect(line)),
        };
        let suffixes: &[&str] = match kind.as_str() {
            "histogram" => &["_bucket", "_sum", "_count"],
            _ => &[""],
        };
        let is_of_metric = suffixes
            .iter()
            .any(|suffix| name == format!("{metric}{suffix}"));
        assert!(is_of_metric && is_name(name), "{line} is not of {metric}");
        assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
        let mut rest = labels;
        while !rest.is_empty() {
            let (label, after) = rest.split_once("=\"").expect(line);
            let (text, after) = after.split_once('"').expect(line);
            assert!(is_name(label) && !text.contains(['\\', '\n']), "{line}");
            rest = after.strip_prefix(',').unwrap_or(after);
        }
        assert!(
            samples.insert(series.to_owned(), value).is_none(),
            "{line} comes twice"
        );
    }
    samples
}

async fn watch(client: &Client) -> Samples {
    let page = client.get("/metrics").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.headers["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    read(&page.text)
}

/// How much more there is of a series than before.
fn more(before: &Samples, after: &Samples, series: &str) -> f64 {
    let value = |samples: &Samples| samples.get(series).copied().unwrap_or(0.0);
    value(after) - value(before)
}

async fn do_a_bit_of_everything(client: &Client, place: &Place) {
    for _ in 0..3 {
        let at = format!("/api/v1/lookup?lon={}&lat={}", place.lon, place.lat);
        client.get(&at).await.ok();
    }
    client
        .get("/api/v1/areas/none")
        .await
        .problem(404, "not_found");
    for _ in 0..2 {
        assert_eq!(client.get("/tiles/grids/6/53/25.mvt").await.status, 200);
    }
    place.file(client, "井盖松动").await;
    let mut workers = client.list("/api/v1/workers?limit=1000&on_duty=true").await;
    workers.retain(|worker| worker["position"].is_object());
    let worker = &workers[0]["id"];
    let positions = json!([
        { "worker": worker, "lon": 0, "lat": 0 },
        { "worker": worker, "lon": 119.0, "lat": 133.6 },
    ]);
    let told = client.post("/api/v1/positions", &positions).await.ok();
    assert_eq!(told["accepted"], 0, "{told}");
    let last = &workers[1]["position"];
    let position = json!({ "worker": workers[1]["id"], "lon": last["lon"], "lat": last["lat"] });
    let told = client.post("/api/v1/positions", &position).await.ok();
    assert_eq!(told["accepted"], 1, "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_go_up_by_what_was_done() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let places = places(&client).await;
    let before = watch(&client).await;
    do_a_bit_of_everything(&client, &places[5]).await;
    let after = watch(&client).await;

    let requests = |route: &str, method: &str, status: &str| {
        format!(
            "wangge_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}"
        )
    };
    let took = |kind: &str, more: &str| {
        format!(
            "wangge_http_request_duration_seconds_{kind}{{route=\"/api/v1/lookup\",method=\"GET\"{more}}}"
        )
    };
    for (series, expected) in [
        (requests("/api/v1/lookup", "GET", "2xx"), 3.0),
        (requests("/api/v1/areas/{code}", "GET", "4xx"), 1.0),
        (requests("/api/v1/incidents", "POST", "2xx"), 1.0),
        (requests("/tiles/{layer}/{z}/{x}/{y}", "GET", "2xx"), 2.0),
        (requests("/metrics", "GET", "2xx"), 1.0),
        (took("count", ""), 3.0),
        (took("bucket", ",le=\"+Inf\""), 3.0),
        ("wangge_incidents_open".into(), 1.0),
        ("wangge_tile_cache_misses_total".into(), 1.0),
        ("wangge_tile_cache_hits_total".into(), 1.0),
        ("wangge_positions_accepted_total".into(), 1.0),
        ("wangge_positions_refused_total".into(), 0.0),
        (
            "wangge_positions_set_aside_total{reason=\"null_island\"}".into(),
            1.0,
        ),
        (
            "wangge_positions_set_aside_total{reason=\"out_of_range\"}".into(),
            1.0,
        ),
    ] {
        assert!(
            (more(&before, &after, &series) - expected).abs() < 0.5,
            "{series} should have gone up by {expected}: {:?} to {:?}",
            before.get(&series),
            after.get(&series)
        );
    }
    let bucket = took("bucket", ",le=");
    let bucket = bucket.trim_end_matches('}');
    let buckets = after.keys().filter(|series| series.starts_with(bucket));
    assert!(buckets.count() > 5, "a histogram has steps");

    let on_duty = client.list("/api/v1/workers?limit=1000&on_duty=true").await;
    #[expect(clippy::cast_precision_loss, reason = "few")]
    let counted = [
        ("wangge_areas{level=\"grid\"}", places.len() as f64),
        ("wangge_workers_on_duty", on_duty.len() as f64),
        ("wangge_edition", 1.0),
        ("wangge_build_info{version=\"0.1.0\"}", 1.0),
        ("wangge_stream_listeners", 0.0),
    ];
    for (series, expected) in counted {
        let value = after.get(series).copied();
        assert!(
            value.is_some_and(|value| (value - expected).abs() < 0.5),
            "{series} should be {expected}: {value:?}"
        );
    }
    assert!(after["wangge_feed_behind_seconds"] < 60.0);
    assert!(after["process_resident_memory_bytes"] > 1e6);
}
