//! Photos and documents of incidents: what is kept of them, who may add and see them.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value as Exif};
use futures::future::join_all;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use uuid::Uuid;
use wangge::domain::incident::IncidentKey;
use wangge::domain::media::MediaStage;
use wangge::domain::{Actor, LngLat, Role};
use wangge::service::media::NewMedia;

use crate::client::{Answer, Client, id_of, incident_path};
use crate::desk::send_file;
use crate::ground::{Backend, Ground};
use crate::listener::Listener;
use crate::process::Server;
use crate::rules::Node;
use crate::territory::{places, two_townships};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";
const SOON: Duration = Duration::from_secs(10);

/// What a phone that is held upright makes: it lies on its side, red where its top is, and
/// says where it was taken.
pub fn photo() -> Vec<u8> {
    let picture = RgbImage::from_fn(480, 360, |x, _| {
        if x < 120 {
            Rgb([250, 10, 10])
        } else {
            Rgb([128, 128, 128])
        }
    });
    let field = |tag, value| Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    };
    let degrees = |degrees| {
        let parts = [(degrees, 1), (36, 1), (1_234, 100)];
        Exif::Rational(parts.map(|(num, denom)| Rational { num, denom }).to_vec())
    };
    let fields = [
        field(Tag::Orientation, Exif::Short(vec![6])),
        field(Tag::Make, Exif::Ascii(vec!["Telltale".into()])),
        field(Tag::GPSLatitudeRef, Exif::Ascii(vec!["N".into()])),
        field(Tag::GPSLatitude, degrees(33)),
        field(Tag::GPSLongitudeRef, Exif::Ascii(vec!["E".into()])),
        field(Tag::GPSLongitude, degrees(119)),
    ];
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut written = Cursor::new(Vec::new());
    writer.write(&mut written, false).unwrap();
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 90);
    encoder.set_exif_metadata(written.into_inner()).unwrap();
    let (width, height) = picture.dimensions();
    encoder
        .write_image(&picture, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    file
}

fn tags_in(file: &[u8]) -> Vec<Tag> {
    let found = exif::Reader::new().read_from_container(&mut Cursor::new(file));
    found.unwrap().fields().map(|field| field.tag).collect()
}

fn digest_of(file: &[u8]) -> String {
    let digest = Sha256::digest(file);
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// Adds a file to an incident.
pub async fn add(
    client: &Client,
    incident: &Value,
    file: &[u8],
    fields: &[(&str, &str)],
) -> Answer {
    let path = format!("{}/media", incident_path(incident));
    send_file(client, &path, "DSC_0001.HEIC", file, fields).await
}

/// The bytes that lie at an address, and what is said of them.
pub async fn fetch(client: &Client, path: &str) -> (HeaderMap, Vec<u8>) {
    let response = client.request(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    let headers = response.headers().clone();
    (headers, response.bytes().await.unwrap().to_vec())
}

pub async fn a_photo_loses_its_place_and_evidence_keeps_it(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let dispatcher = public.with_key(&ground.key("调度员", "dispatcher", &[]));
    let incident = places(&public).await[3].file(&public, "旧沙发").await;
    let reporter = public.with_tracking_key(incident["tracking_key"].as_str().unwrap());
    let mut listener = Listener::open(&dispatcher, "incidents", None).await;
    let sent = photo();
    assert!(
        tags_in(&sent).contains(&Tag::GPSLatitude),
        "or the test says nothing"
    );

    let fields = [("stage", "before"), ("caption", " 楼道口 ")];
    let added = add(&reporter, &incident, &sent, &fields).await;
    let location = added.headers.get("location").cloned();
    let before = added.expect(201);
    let path = format!("/api/v1/media/{}", id_of(&before));
    assert_eq!(location.unwrap(), path.as_str());
    assert_eq!(
        (
            &before["kind"],
            &before["stage"],
            &before["caption"],
            &before["evidence"]
        ),
        (
            &json!("jpeg"),
            &json!("before"),
            &json!("楼道口"),
            &json!(false)
        )
    );
    assert_eq!(
        before["actor"],
        json!({ "name": "public", "role": "resident" })
    );
    assert_eq!(
        before["size"],
        json!({ "width": 360, "height": 480 }),
        "upright"
    );
    assert_eq!(before["sent_sha256"], digest_of(&sent));

    let heard = listener.find(SOON, |event| event.data["media"] == before["id"]);
    let heard = heard.await;
    assert_eq!(heard.name, "incident");
    for member in ["id", "number", "version", "status"] {
        assert_eq!(heard.data[member], incident[member], "{member}: {heard:?}");
    }
    let now = dispatcher.get(&incident_path(&incident)).await.ok();
    assert_eq!(now["version"], 1, "whoever acts now has not been overtaken");

    let (headers, kept) = fetch(&dispatcher, &path).await;
    assert_eq!(tags_in(&kept), [Tag::Orientation]);
    assert_eq!(before["sha256"], digest_of(&kept));
    assert_eq!(before["bytes"], kept.len());
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/jpeg");
    assert_eq!(header("content-length"), kept.len().to_string());
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert!(header("cache-control").contains("private"));
    assert!(header("content-disposition").starts_with("inline; filename="));
    let (small_headers, small) = fetch(&reporter, &format!("{path}/thumbnail")).await;
    assert_ne!(small_headers["etag"], headers["etag"]);
    let small = image::load_from_memory(&small).unwrap().to_rgb8();
    assert_eq!(small.dimensions(), (240, 320));
    let [top, bottom] = [10, 310].map(|y| small.get_pixel(120, y).0);
    assert!(top[0] > 200 && top[1] < 60, "red should be on top: {top:?}");
    assert!(bottom[0] < 160, "{bottom:?}");
    for (path, tag) in [
        (path.clone(), &headers["etag"]),
        (format!("{path}/thumbnail"), &small_headers["etag"]),
    ] {
        let request = dispatcher.request(Method::GET, &path);
        let again = dispatcher.send(request.header("if-none-match", tag)).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
    }

    let fields = [("stage", "after"), ("evidence", "true")];
    let after = add(&dispatcher, &incident, &sent, &fields)
        .await
        .expect(201);
    let (_, kept) = fetch(&dispatcher, after["href"].as_str().unwrap()).await;
    assert_eq!(kept, sent, "evidence is kept bit for bit");
    assert_eq!(
        (&after["sha256"], &after["sent_sha256"]),
        (&before["sent_sha256"], &before["sent_sha256"])
    );
    assert_eq!(
        (&before["stripped"], &after["stripped"]),
        (&json!(true), &json!(false))
    );

    let document = add(&dispatcher, &incident, PDF, &[]).await.expect(201);
    assert_eq!(
        (&document["kind"], &document["stage"]),
        (&json!("pdf"), &json!("other"))
    );
    let href = document["href"].as_str().unwrap();
    let (headers, kept) = fetch(&dispatcher, href).await;
    assert_eq!(kept, PDF);
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment;"), "{disposition}");
    dispatcher
        .get(&format!("{href}/thumbnail"))
        .await
        .problem(404, "not_found");

    let list = reporter
        .get(&format!("{}/media", incident_path(&incident)))
        .await
        .ok();
    assert_eq!(list["items"], json!([before, after, document]));
    assert_eq!(
        list["pair"],
        json!({ "before": before["id"], "after": after["id"] })
    );
}

pub async fn an_incident_has_thirty_files_however_many_come_at_once(backend: Backend) {
    let ground = Ground::empty(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let report = json!({
        "service": "city-bulky-waste", "lon": 119.02, "lat": 33.6, "description": "旧沙发",
    });
    let incident = client.post("/api/v1/incidents", &report).await.expect(201);
    let added = (0..34).map(|_| add(&client, &incident, PDF, &[]));
    let added = join_all(added).await;
    let taken = added.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(taken, 30);
    for answer in added.into_iter().filter(|answer| answer.status != 201) {
        answer.problem(409, "too_many_files");
    }
    let list = client
        .get(&format!("{}/media", incident_path(&incident)))
        .await
        .ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_neither_see_nor_add_anything() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let [here, there] = two_townships(&public).await;
    let incident = here.file(&public, "本镇").await;
    let reporter = public.with_tracking_key(incident["tracking_key"].as_str().unwrap());
    let media = add(&reporter, &incident, PDF, &[]).await.expect(201);
    let href = media["href"].as_str().unwrap();
    let list = format!("{}/media", incident_path(&incident));
    let by_number = format!(
        "/api/v1/incidents/{}/media",
        incident["number"].as_str().unwrap()
    );

    let elsewhere = there.file(&public, "外镇").await;
    let other_reporter = public.with_tracking_key(elsewhere["tracking_key"].as_str().unwrap());
    let key = ground.key("外镇调度员", "dispatcher", &["--area", there.township()]);
    let neighbour = public.with_key(&key);
    let surveyor = public.with_key(&ground.key("测绘员", "gis", &[]));
    for (who, status, code) in [
        (&public, 401, "needs_credentials"),
        (&other_reporter, 401, "needs_credentials"),
        (&surveyor, 403, "forbidden"),
        (&neighbour, 404, "not_found"),
    ] {
        for path in [&list, &by_number, href, &format!("{href}/thumbnail")] {
            who.get(path).await.problem(status, code);
        }
        add(who, &incident, PDF, &[]).await.problem(status, code);
    }
    // Who looks, but does not act.
    let auditor = public.with_key(&ground.key("审计员", "auditor", &[]));
    auditor.get(href).await;
    assert_eq!(auditor.get(&list).await.ok()["items"], json!([media]));
    add(&auditor, &incident, PDF, &[])
        .await
        .problem(403, "forbidden");

    // Whoever reported it has their say until it is closed.
    let key = ground.key("本镇调度员", "dispatcher", &["--area", here.township()]);
    let dispatcher = public.with_key(&key);
    let now = reporter.get(&incident_path(&incident)).await.ok();
    dispatcher
        .act(&now, json!({ "action": "self_handle", "proof": "已搬走" }))
        .await
        .ok();
    add(&reporter, &incident, PDF, &[])
        .await
        .problem(409, "incident_closed");
    assert_eq!(reporter.get(&list).await.ok()["items"], json!([media]));
    add(&dispatcher, &incident, PDF, &[]).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_that_it_is_done_may_name_the_files_that_show_it() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    ground.leave_to_people().await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(3);
    let other = place.file(&client, "另一件").await;
    let elsewhere = add(&client, &other, PDF, &[]).await.expect(201);
    let incident = place.file(&client, "旧沙发").await;
    let mut files = Vec::new();
    for _ in 0..3 {
        let file = add(&client, &incident, PDF, &[]).await.expect(201);
        files.push(file["id"].clone());
    }
    let done = |media: Value| json!({ "action": "self_handle", "proof": "已搬走", "media": media });
    let refused = client.act(&incident, done(json!([files[0], elsewhere["id"]])));
    let refused = refused.await.problem(422, "invalid_field");
    let stranger = id_of(&elsewhere);
    assert!(
        refused["detail"].as_str().unwrap().contains(stranger),
        "{refused}"
    );
    let named = json!([files[2], files[0], files[2]]);
    client.act(&incident, done(named)).await.ok();
    let events = format!("{}/events", incident_path(&incident));
    let events = client.list(&events).await;
    assert_eq!(
        events[1]["detail"],
        json!({ "media": [files[0], files[2]] })
    );
}

/// A PNG of so many points, with next to nothing in it.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let chunk = |name: &[u8], content: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(content);
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[..], name, content, &crc.sum().to_be_bytes()].concat()
    };
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[&size[..], &[8, 2, 0, 0, 0]].concat()),
        chunk(b"IDAT", &[0x78, 0x9C, 3, 0, 0, 0, 0, 1]),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_photo_or_document_is_refused() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let incident = places(&client).await[3].file(&client, "旧沙发").await;
    let large = [&photo()[..], &vec![0; 20 * 1024 * 1024]].concat();
    let damaged = &photo()[..200];
    let bombs = [bomb(50_000, 50_000), bomb(1_000_000, 52)];
    for (file, status, code) in [
        (
            &b"<script>alert(1)</script>"[..],
            415,
            "unsupported_media_type",
        ),
        (b"\0\0\0\x18ftypheic\0\0\0\0", 415, "unsupported_media_type"),
        (b"", 415, "unsupported_media_type"),
        (damaged, 422, "unreadable_file"),
        (b"%PDF-1.7\n", 422, "unreadable_file"),
        (&large, 413, "file_too_large"),
        (&bombs[0], 413, "file_too_large"),
        (&bombs[1], 413, "file_too_large"),
    ] {
        add(&client, &incident, file, &[])
            .await
            .problem(status, code);
    }
    for (name, value) in [
        ("stage", "during"),
        ("evidence", "maybe"),
        ("colour", "red"),
    ] {
        add(&client, &incident, PDF, &[(name, value)])
            .await
            .problem(400, "invalid_request");
    }
    let caption = "长".repeat(501);
    add(&client, &incident, PDF, &[("caption", &caption)])
        .await
        .problem(422, "invalid_field");
    let path = format!("{}/media", incident_path(&incident));
    client
        .post(&path, &json!({}))
        .await
        .problem(415, "unsupported_media_type");
    let stranger = "00000000-0000-7000-8000-000000000001";
    client
        .get(&format!("/api/v1/media/{stranger}"))
        .await
        .problem(404, "not_found");
    assert_eq!(
        client.get(&path).await.ok(),
        json!({ "items": [], "pair": null })
    );
}

/// A service of buckets that keeps what it is given, and asks who gives it.
#[derive(Clone, Default)]
struct Buckets {
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Buckets {
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let buckets = self.clone();
        let routes =
            axum::Router::new().fallback(async move |request| buckets.answer(request).await);
        tokio::spawn(async { axum::serve(listener, routes).await });
        format!("http://{address}")
    }

    async fn answer(&self, request: axum::extract::Request) -> axum::response::Response {
        use axum::response::IntoResponse;
        let (parts, body) = request.into_parts();
        let signed = parts
            .headers
            .get("authorization")
            .map(|value| value.to_str().unwrap());
        let scope = format!("/{}/cn-east-1/s3/aws4_request", Utc::now().format("%Y%m%d"));
        if !signed.is_some_and(|value| {
            value.starts_with("AWS4-HMAC-SHA256 Credential=the-key/") && value.contains(&scope)
        }) {
            return axum::http::StatusCode::FORBIDDEN.into_response();
        }
        let path = parts.uri.path().to_owned();
        self.asked
            .lock()
            .unwrap()
            .push(format!("{} {}", parts.method, parts.uri));
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let about = [
            ("etag", "\"1\""),
            ("last-modified", "Mon, 23 Nov 2026 00:00:00 GMT"),
        ];
        let list = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
        match parts.method {
            Method::PUT => {
                self.objects.lock().unwrap().insert(path, body.to_vec());
                about.into_response()
            }
            Method::GET if path.trim_matches('/') == "photos" => list.into_response(),
            Method::GET => match self.objects.lock().unwrap().get(&path) {
                Some(object) => (about, object.clone()).into_response(),
                None => axum::http::StatusCode::NOT_FOUND.into_response(),
            },
            _ => axum::http::StatusCode::METHOD_NOT_ALLOWED.into_response(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_may_lie_in_a_bucket() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let buckets = Buckets::default();
    let endpoint = buckets.start().await;
    ground.write(
        "wangge.toml",
        format!(
            "[media]\nkind = \"s3\"\nbucket = \"photos\"\nendpoint = \"{endpoint}\"\n\
             region = \"cn-east-1\"\n"
        ),
    );
    let keys = [
        ("AWS_ACCESS_KEY_ID", "the-key"),
        ("AWS_SECRET_ACCESS_KEY", "the-secret"),
    ];
    let server = Server::open_with(&ground, &keys).await;
    let client = server.client();
    let incident = places(&client).await[3].file(&client, "旧沙发").await;
    let media = add(&client, &incident, &photo(), &[]).await.expect(201);
    let day = media["at"].as_str().unwrap()[..10].to_owned();
    let place = format!("/photos/{day}/{}", id_of(&media));
    let kept: Vec<String> = buckets.objects.lock().unwrap().keys().cloned().collect();
    assert_eq!(kept, [place.clone(), format!("{place}.thumbnail")]);
    let (_, whole) = fetch(&client, media["href"].as_str().unwrap()).await;
    assert_eq!(whole, buckets.objects.lock().unwrap()[&place]);
    assert_eq!(media["sha256"], digest_of(&whole));
    assert!(!ground.file("data").join("media").exists());
}

/// Every file below a folder.
fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_failed_upload_leaves_is_gone_after_a_day() {
    let ground = Ground::empty(Backend::Sqlite).await;
    let began: DateTime<Utc> = "2026-11-22T23:59:00Z".parse().unwrap();
    let clock = Arc::new(AtomicI64::new(began.timestamp_millis()));
    let node = Node::start(&ground, &clock).await;
    let incident = node.file(LngLat::from_degrees(119.02, 33.6).unwrap()).await;
    // Nothing lies there yet.
    node.services.clear_media().await.unwrap();

    let mut file = NamedTempFile::new().unwrap();
    file.write_all(&photo()).unwrap();
    let dispatcher = Actor::with_role("调度员", Role::Dispatcher);
    let new = NewMedia {
        file,
        sha256: digest_of(&photo()),
        stage: MediaStage::Before,
        evidence: false,
        caption: None,
    };
    let key = IncidentKey::Id(incident.id);
    let added = node.services.add_media(&dispatcher, &key, new);
    let added = added.await.unwrap();
    let folder = ground.file("media");
    let known = files_below(&folder);
    assert_eq!(known.len(), 2, "a photo and its thumbnail: {known:?}");

    let beside = known[0].parent().unwrap();
    let orphan = Uuid::from_u128(added.id.0.as_u128() + 1).to_string();
    for name in [&orphan, &format!("{orphan}.thumbnail")] {
        std::fs::write(beside.join(name), "half a photo").unwrap();
    }
    std::fs::write(beside.join("README.txt"), "not ours").unwrap();
    let before = files_below(&folder);
    node.services.clear_media().await.unwrap();
    node.pass(minutes(TimeDelta::hours(24)));
    node.services.clear_media().await.unwrap();
    assert_eq!(files_below(&folder), before, "it may still be on its way");
    node.pass(minutes(TimeDelta::hours(24)));
    node.services.clear_media().await.unwrap();
    let mut expected = known.clone();
    expected.push(beside.join("README.txt"));
    expected.sort();
    assert_eq!(files_below(&folder), expected);
}

fn minutes(time: TimeDelta) -> i64 {
    time.num_minutes()
}
