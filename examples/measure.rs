use chrono::Utc;
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;
use wangge::domain::incident::NewIncident;
use wangge::domain::*;
use wangge::store::{self, *};

fn area(n: i32) -> Area {
    let cx = 1_180_000_000 + (n % 400) * 20_000;
    let cy = 320_000_000 + (n / 400) * 20_000;
    let pts = (0..64)
        .map(|i| {
            let a = f64::from(i) / 64.0 * std::f64::consts::TAU;
            LngLat::from_e7(
                cx + (9_000.0 * a.cos()) as i32,
                cy + (9_000.0 * a.sin()) as i32,
            )
            .unwrap()
        })
        .collect();
    let shape = Shape::new(vec![Polygon {
        exterior: Ring::from_open(pts).unwrap(),
        holes: vec![],
    }])
    .unwrap();
    Area {
        id: AreaId(Uuid::now_v7()),
        code: format!("320812001001{n:06}").parse().unwrap(),
        name: format!("第{n}网格"),
        level: Level::Grid,
        parent: Some("320812001001".parse().unwrap()),
        kind: Some(GridKind::General),
        label: Some(LngLat::from_e7(cx, cy).unwrap()),
        shape: Some(Arc::new(shape)),
        area_m2: Some(1.5),
        generated: true,
    }
}
fn edition(base: Option<EditionId>, put: Vec<Area>, removed: Vec<AreaId>) -> NewEdition {
    NewEdition {
        base,
        title: "t".into(),
        notice: None,
        effective_from: Utc::now(),
        published_at: Utc::now(),
        put,
        removed,
    }
}
fn incident(n: u64) -> NewIncident {
    let chain = [
        ("32", Level::Province),
        ("3208", Level::City),
        ("320812", Level::County),
        ("320812001", Level::Township),
        ("320812001001", Level::Community),
    ]
    .into_iter()
    .map(|(c, level)| AreaRef {
        code: c.parse().unwrap(),
        name: format!("名{c}"),
        level,
    })
    .chain([AreaRef {
        code: format!("320812001001{:03}", n % 500).parse().unwrap(),
        name: "第三网格".into(),
        level: Level::Grid,
    }])
    .collect();
    NewIncident {
        id: IncidentId(Uuid::now_v7()),
        service: ServiceCode("illegal_parking".into()),
        priority: Priority::Normal,
        description: "小区门口有机动车乱停放，堵塞消防通道".into(),
        address: Some("健康东路1号".into()),
        position: LngLat::from_e7(
            1_190_000_000 + (n.wrapping_mul(2654435761) % 5_000_000) as i32,
            336_000_000 + (n.wrapping_mul(40503) % 5_000_000) as i32,
        )
        .unwrap(),
        matched: Match::Grid,
        chain,
        source: Source::Resident,
        reporter: None,
        form: serde_json::Map::new(),
        holder: Some(OrganisationId(Uuid::nil())),
        tracking_key: format!("{n:032x}"),
        reported_at: Utc::now(),
    }
}

#[tokio::main]
async fn main() {
    let url = std::env::var("WANGGE_TEST_POSTGRES_URL").unwrap();
    let what: Vec<String> = std::env::args().skip(1).collect();
    let admin = sqlx::PgPool::connect(&url).await.unwrap();
    sqlx::raw_sql("DROP DATABASE IF EXISTS measure WITH (FORCE)")
        .execute(&admin)
        .await
        .unwrap();
    sqlx::raw_sql("CREATE DATABASE measure")
        .execute(&admin)
        .await
        .unwrap();
    let url = url.replace("/wangge", "/measure");
    let t = Instant::now();
    let store = store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    println!("migrate {:?}", t.elapsed());
    if what.iter().any(|w| w == "areas") {
        let mut base = None;
        for n in [8_000, 120_000] {
            let areas: Vec<Area> = (0..n).map(area).collect();
            let removed = match base {
                Some(b) => store
                    .load_areas(b)
                    .await
                    .unwrap()
                    .iter()
                    .map(|a| a.id)
                    .collect(),
                None => vec![],
            };
            let t = Instant::now();
            base = Some(
                store
                    .publish_edition(edition(base, areas.clone(), removed))
                    .await
                    .unwrap()
                    .id,
            );
            println!("publish {n}: {:?}", t.elapsed());
            let t = Instant::now();
            let loaded = store.load_areas(base.unwrap()).await.unwrap();
            println!("load {n}: {:?} ({})", t.elapsed(), loaded.len());
            if n == 120_000 {
                let t = Instant::now();
                base = Some(
                    store
                        .publish_edition(edition(base, areas[..100].to_vec(), vec![]))
                        .await
                        .unwrap()
                        .id,
                );
                println!("publish 100 of {n}: {:?}", t.elapsed());
                let t = Instant::now();
                base = Some(
                    store
                        .publish_edition(edition(base, areas.clone(), vec![]))
                        .await
                        .unwrap()
                        .id,
                );
                println!("republish {n}: {:?}", t.elapsed());
                let t = Instant::now();
                store.load_areas(base.unwrap()).await.unwrap();
                println!("load again {n}: {:?}", t.elapsed());
            }
        }
    }
    if what.iter().any(|w| w == "filing") {
        let pool = sqlx::postgres::PgPoolOptions::new()
            .max_connections(32)
            .connect(&url)
            .await
            .unwrap();
        sqlx::raw_sql(
            "CREATE TABLE bare (id uuid PRIMARY KEY, at timestamptz NOT NULL, body text NOT NULL)",
        )
        .execute(&pool)
        .await
        .unwrap();
        let secs = 5;
        for round in 0..3 {
            let run = |kind: u8| {
                let (store, pool) = (store.clone(), pool.clone());
                async move {
                    let end = Instant::now() + std::time::Duration::from_secs(secs);
                    let tasks: Vec<_> = (0..32u64)
                        .map(|t| {
                            let (store, pool) = (store.clone(), pool.clone());
                            tokio::spawn(async move {
                                let actor = Actor::public();
                                let mut n = 0u64;
                                while Instant::now() < end {
                                    n += 1;
                                    if kind == 0 {
                                        sqlx::query("INSERT INTO bare VALUES ($1, $2, $3)")
                                            .bind(Uuid::now_v7())
                                            .bind(Utc::now())
                                            .bind("小区门口有机动车乱停放，堵塞消防通道")
                                            .execute(&pool)
                                            .await
                                            .unwrap();
                                    } else {
                                        let incident = incident(t * 1_000_000 + n);
                                        let event = IncidentEvent::report(&incident, &actor);
                                        let key = (kind == 2).then(|| IdempotencyKey {
                                            scope: "x".into(),
                                            key: incident.id.to_string(),
                                            fingerprint: [3; 32],
                                        });
                                        store
                                            .file_incident(incident, &event, key.as_ref())
                                            .await
                                            .unwrap();
                                    }
                                }
                                n
                            })
                        })
                        .collect();
                    let mut sum = 0;
                    for t in tasks {
                        sum += t.await.unwrap();
                    }
                    sum / secs
                }
            };
            println!(
                "round {round}: bare {}/s, filings {}/s, with key {}/s",
                run(0).await,
                run(1).await,
                run(2).await
            );
        }
        let t = Instant::now();
        let open = store.list_open_incidents().await.unwrap();
        println!("list_open {}: {:?}", open.len(), t.elapsed());
        sqlx::raw_sql("ANALYZE").execute(&pool).await.unwrap();
        for (name, q) in [
            (
                "newest",
                IncidentQuery {
                    limit: 50,
                    ..Default::default()
                },
            ),
            (
                "grid",
                IncidentQuery {
                    limit: 50,
                    within: open[0].chain.last().cloned(),
                    ..Default::default()
                },
            ),
            (
                "bbox",
                IncidentQuery {
                    limit: 50,
                    bounds: BoundingBox::parse("119.1,33.7,119.101,33.701").ok(),
                    ..Default::default()
                },
            ),
            (
                "text",
                IncidentQuery {
                    limit: 50,
                    text: Some("没有这样的".into()),
                    ..Default::default()
                },
            ),
            (
                "open+city",
                IncidentQuery {
                    limit: 50,
                    statuses: vec![Status::Reported],
                    within: Some(open[0].chain[1].clone()),
                    ..Default::default()
                },
            ),
        ] {
            let t = Instant::now();
            let n = store.search_incidents(&q).await.unwrap().len();
            println!("search {name}: {n} in {:?}", t.elapsed());
        }
    }
    if what.iter().any(|w| w == "positions") {
        let fixes = |s: i64| -> Vec<Fix> {
            (0..100_000u128)
                .map(|n| Fix {
                    worker: WorkerId(Uuid::from_u128(
                        n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835),
                    )),
                    position: LngLat::from_e7(1_190_000_000 + s as i32, 336_000_000 + n as i32)
                        .unwrap(),
                    at: Utc::now() + chrono::TimeDelta::seconds(s),
                    accuracy_m: Some(5.0),
                    speed_mps: None,
                    heading_deg: None,
                })
                .collect()
        };
        for s in 0..3 {
            let f = fixes(s);
            let t = Instant::now();
            store.record_positions(&f, Utc::now()).await.unwrap();
            println!("positions 100000: {:?}", t.elapsed());
        }
        let now = Utc::now();
        let f = fixes(9);
        let t = Instant::now();
        store.record_positions(&f[..20_000], now).await.unwrap();
        println!("positions 20000: {:?}", t.elapsed());
        let t = Instant::now();
        let n = store.list_positions(Some(now)).await.unwrap().len();
        println!("list since: {n} in {:?}", t.elapsed());
    }
}
