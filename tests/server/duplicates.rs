//! What was reported more than once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::incident_path;
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::places;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_reported_twice_is_found_merged_and_followed() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let place = places(&public).await.swap_remove(40);

    let first = place
        .file(&public, "3号楼楼道口堆了一张旧沙发，挡住了路")
        .await;
    let again = place
        .file(&public, "楼道口有人扔旧沙发，路被挡住，3号楼")
        .await;
    let other = place.file(&public, "水管爆裂，一楼进水严重").await;
    let path = format!("{}/duplicates", incident_path(&again));
    public.get(&path).await.expect(401);
    let likely = admin.list(&path).await;
    let found: Vec<&Value> = likely.iter().map(|one| &one["incident"]["id"]).collect();
    assert_eq!(found[0], &first["id"], "{likely:?}");
    assert!(!found.contains(&&other["id"]) && !found.contains(&&again["id"]));
    assert_eq!(likely[0]["parts"].as_array().unwrap().len(), 4);

    // Whoever reported it again follows what becomes of the first.
    let again = admin.get(&incident_path(&again)).await.ok();
    let merge = json!({ "action": "mark_duplicate", "of": first["number"] });
    let merged = admin.act(&again, merge).await.ok();
    assert_eq!(merged["outcome"], "duplicate");
    let number = again["number"].as_str().unwrap();
    let by_number = format!("/api/v1/incidents/{number}");
    let told = public.get(&by_number).await.ok();
    assert_eq!(told["original"]["number"], first["number"]);
    assert_eq!(told["original"]["status"], "reported");
    let seen = admin.get(&incident_path(&first)).await.ok();
    let filed = admin.act(&seen, json!({ "action": "file" })).await.ok();
    let told = public.get(&by_number).await.ok();
    assert_eq!(told["original"]["status"], "filed");
    assert_eq!(filed.get("original"), None, "what repeats nothing has none");

    // A crowd is one spot.
    for _ in 0..4 {
        place.file(&public, "旧沙发没人管").await;
    }
    let spots = admin
        .list(&format!(
            "/api/v1/hot-spots?area={}&days=1&least=6",
            place.township()
        ))
        .await;
    let here = |spot: &&Value| {
        let members = spot["incidents"].as_array().unwrap();
        members.contains(&first["id"])
    };
    let spot = spots.iter().find(here).expect("the crowd should be a spot");
    assert!(spot["count"].as_u64().unwrap() >= 6, "{spot}");
    for query in ["days=0", "days=91", "least=1", "radius_m=0.5", "least=x"] {
        let path = format!("/api/v1/hot-spots?{query}");
        admin
            .send(admin.request(Method::GET, &path))
            .await
            .expect(400);
    }
}
