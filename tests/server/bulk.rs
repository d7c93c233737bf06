//! Many points at once, of every kind.

use std::fs::File;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, BinaryArray, Float64Array, RecordBatch, StringArray};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use axum::body::Bytes;
use futures::StreamExt;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{Place, places};

const ARROW: &str = "application/vnd.apache.arrow.stream";

async fn ask(client: &Client, kind: &str, body: impl Into<reqwest::Body>) -> reqwest::Response {
    client
        .request(Method::POST, "/api/v1/lookup")
        .header("content-type", kind)
        .body(body)
        .send()
        .await
        .unwrap()
}

/// Numbers, longitudes, latitudes and the points as well-known binary.
fn batch(places: &[Place]) -> RecordBatch {
    let numbers: StringArray = (0..places.len())
        .map(|n| Some(format!("第{n}点")))
        .collect();
    let [lon, lat] = [|place: &Place| place.lon, |place: &Place| place.lat]
        .map(|way| places.iter().map(way).collect::<Vec<f64>>());
    let points = places.iter().map(|place| {
        let numbers = [place.lon, place.lat].map(f64::to_le_bytes).concat();
        [&[1, 1, 0, 0, 0][..], &numbers].concat()
    });
    let points: BinaryArray = points.map(Some).collect();
    RecordBatch::try_from_iter([
        ("id", Arc::new(numbers) as ArrayRef),
        ("lon", Arc::new(Float64Array::from(lon))),
        ("lat", Arc::new(Float64Array::from(lat))),
        ("place", Arc::new(points)),
    ])
    .unwrap()
}

fn assert_joined(batch: &RecordBatch, places: &[Place]) {
    let column = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
    assert_eq!(batch.num_rows(), places.len());
    for (row, place) in places.iter().enumerate() {
        assert_eq!(column("id").value(row), format!("第{row}点"));
        assert_eq!(column("match").value(row), "grid");
        let code = column("code").value(row);
        assert!(code.starts_with(&place.grid), "{code} in {}", place.grid);
        assert!(!column("name").value(row).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_lines_and_columns_come_back_with_their_grids() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let places = places(&client).await;

    let mut rows = vec!["id,经度,纬度".to_owned()];
    let mut lines = Vec::new();
    for (number, place) in places.iter().enumerate() {
        rows.push(format!("{number},{},{}", place.lon, place.lat));
        let line = json!({"id": number, "lon": place.lon, "lat": place.lat});
        lines.push(line.to_string());
    }
    let (table, lines) = (rows.join("\n"), lines.join("\n"));
    let answer = ask(&client, "text/csv", table).await;
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let text = answer.text().await.unwrap();
    let mut rows = text.lines();
    assert_eq!(rows.next(), Some("id,经度,纬度,match,code,name"));
    for (number, (row, place)) in rows.zip(&places).enumerate() {
        let expected = format!("{number},{},{},grid,{}", place.lon, place.lat, place.grid);
        assert!(row.starts_with(&expected), "{row}");
    }
    assert_eq!(text.lines().count(), places.len() + 1);

    let answer = ask(&client, "application/x-ndjson", lines).await;
    let text = answer.text().await.unwrap();
    for (number, (line, place)) in text.lines().zip(&places).enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&line["id"], &line["match"]),
            (&json!(number), &json!("grid"))
        );
        assert!(line["code"].as_str().unwrap().starts_with(&place.grid));
    }

    let columns = batch(&places);
    let mut body = Vec::new();
    let mut out = StreamWriter::try_new(&mut body, &columns.schema()).unwrap();
    out.write(&columns).unwrap();
    out.finish().unwrap();
    let answer = ask(&client, ARROW, body).await;
    assert_eq!(answer.headers()["content-type"], ARROW);
    let answer = answer.bytes().await.unwrap();
    let mut batches = StreamReader::try_new(&answer[..], None).unwrap();
    assert_joined(&batches.next().unwrap().unwrap(), &places);
    assert!(batches.next().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_begins_before_the_question_ends() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(0);
    let row = format!("{},{}\n", place.lon, place.lat);
    // Some 60 MB, in pieces that are sent only when the one before was taken.
    let piece = Bytes::from(row.repeat(100_000));
    let (sent, more) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(1);
    let body = reqwest::Body::wrap_stream(tokio_stream::wrappers::ReceiverStream::new(more));
    let question = tokio::spawn({
        let (client, piece) = (client.clone(), piece.clone());
        async move { (ask(&client, "text/csv", body).await, piece.len()) }
    });
    let mut pieces = 0;
    while !question.is_finished() {
        assert!(pieces < 200, "the answer should begin while rows come in");
        sent.send(Ok(piece.clone())).await.unwrap();
        pieces += 1;
    }
    let (answer, _) = question.await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut answered = answer.bytes_stream();
    let first = answered.next().await.unwrap().unwrap();
    assert!(first.starts_with(row.trim_end().as_bytes()));
    // A row that cannot be read breaks the answer off: nobody takes it for whole.
    let ending = tokio::spawn(async move {
        sent.send(Ok(Bytes::from_static(b"119,north\n")))
            .await
            .unwrap();
    });
    let mut broken = false;
    while let Some(piece) = answered.next().await {
        broken |= piece.is_err();
    }
    ending.await.unwrap();
    assert!(broken, "the answer should break off");

    // In a short question it is a problem that names the row.
    let problem = ask(&client, "text/csv", format!("{row}119,north\n")).await;
    assert_eq!(problem.status(), 400);
    let problem: Value = problem.json().await.unwrap();
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.starts_with("line 2: the latitude"), "{detail}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_points_are_joined_without_a_server() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let places = places(&server.client()).await;
    let areas = ground.file("grids.fgb");
    ground
        .run(&["export", areas.to_str().unwrap(), "--level", "grid"])
        .succeeded();
    let join = |points: &str, format: &[&str]| {
        let [from, to] =
            [points.to_owned(), format!("joined-{points}")].map(|name| ground.file(&name));
        let [from, to] = [&from, &to].map(|path| path.to_str().unwrap());
        let arguments = [
            "match",
            from,
            "--areas",
            areas.to_str().unwrap(),
            "--crs",
            "wgs84",
            "-o",
            to,
        ];
        ground.run(&[&arguments[..], format].concat()).succeeded();
        ground.file(&format!("joined-{points}"))
    };

    // GeoParquet says which column has its points.
    let mut columns = batch(&places);
    columns.remove_column(1);
    columns.remove_column(1);
    let file = File::create(ground.file("points.parquet")).unwrap();
    let mut out = ArrowWriter::try_new(file, columns.schema(), None).unwrap();
    out.append_key_value_metadata(parquet::file::metadata::KeyValue::new(
        "geo".to_owned(),
        json!({"version": "1.1.0", "primary_column": "place"}).to_string(),
    ));
    out.write(&columns).unwrap();
    out.close().unwrap();
    let joined = File::open(join("points.parquet", &[])).unwrap();
    let joined = ParquetRecordBatchReaderBuilder::try_new(joined).unwrap();
    let told = joined
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .unwrap();
    assert!(told.iter().any(|pair| pair.key == "geo"));
    let joined = joined.with_batch_size(places.len() + 1).build().unwrap();
    let joined: Vec<_> = joined.map(Result::unwrap).collect();
    assert_eq!(joined.len(), 1);
    assert_joined(&joined[0], &places);

    let features: Vec<Value> = places
        .iter()
        .map(|place| {
            let point = json!({"type": "Point", "coordinates": [place.lon, place.lat]});
            json!({"type": "Feature", "properties": {"id": 1}, "geometry": point})
        })
        .collect();
    let collection = json!({"type": "FeatureCollection", "features": features});
    std::fs::write(ground.file("points"), collection.to_string()).unwrap();
    let joined = std::fs::read(join("points", &["--format", "geojson"])).unwrap();
    let joined: Value = serde_json::from_slice(&joined).unwrap();
    for (feature, place) in joined["features"].as_array().unwrap().iter().zip(&places) {
        assert_eq!(feature["properties"]["code"], *place.grid);
        assert_eq!(feature["properties"]["id"], 1);
    }
    assert_eq!(joined["features"].as_array().unwrap().len(), places.len());
}
