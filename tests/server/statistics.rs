//! Figures for boards, and the lists that they lead to.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, id_of};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::places;

const WINDOW: &str = "time=reported";

/// How many incidents a query of a figure lists, each once.
async fn listed(client: &Client, query: &str) -> usize {
    let items = client
        .list(&format!("/api/v1/incidents?limit=1000&{query}"))
        .await;
    let mut ids: Vec<&str> = items.iter().map(id_of).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), items.len(), "{query} lists something twice");
    items.len()
}

async fn statistics(client: &Client, query: &str) -> Value {
    client
        .get(&format!("/api/v1/statistics?{query}"))
        .await
        .ok()
}

fn cases(figures: &Value) -> Vec<(String, u64)> {
    let cases = figures["cases"].as_object().unwrap().iter();
    cases
        .map(|(figure, count)| (figure.clone(), count.as_u64().unwrap()))
        .collect()
}

fn sum_of(groups: &[Value], figure: &str) -> u64 {
    let counts = groups.iter().map(|group| group["cases"][figure].as_u64());
    counts.map(Option::unwrap).sum()
}

pub async fn every_figure_leads_to_its_cases(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let admin = server
        .client()
        .with_key(&ground.key("管理员", "administrator", &[]));
    let by = "by=area,status,service,source,priority,level,day,week,month";
    let found = statistics(&admin, &format!("{WINDOW}&{by}&level=county")).await;
    let total = &found["total"];
    let query = total["query"].as_str().unwrap();
    assert!(
        total["cases"]["reported"].as_u64().unwrap() > 500,
        "{total}"
    );
    for (figure, count) in cases(total) {
        let listed = listed(&admin, &format!("{query}&figure={figure}")).await;
        assert_eq!(listed as u64, count, "{figure}: {query}");
    }
    let breakdowns = found["breakdowns"].as_array().unwrap();
    assert_eq!(breakdowns.len(), 9);
    let mut turn = 0;
    for breakdown in breakdowns {
        let groups = breakdown["groups"].as_array().unwrap();
        if breakdown["by"] == "level" {
            // All are reported to their township's centre.
            assert_eq!(groups[0]["key"], "township");
        } else {
            assert!(groups.len() > 1, "{} tells nothing apart", breakdown["by"]);
        }
        for (figure, count) in cases(total) {
            let what = format!("{figure} by {}", breakdown["by"]);
            assert_eq!(sum_of(groups, &figure), count, "{what}");
        }
        let busiest = groups
            .iter()
            .max_by_key(|group| group["cases"]["open"].as_u64());
        for group in [groups.first(), groups.last(), busiest]
            .into_iter()
            .flatten()
        {
            let query = group["query"].as_str().unwrap();
            for (figure, count) in cases(group).into_iter().skip(turn % 5).step_by(5) {
                let listed = listed(&admin, &format!("{query}&figure={figure}")).await;
                assert_eq!(listed as u64, count, "{figure}: {query}");
            }
            turn += 1;
        }
    }
    // Days follow each other without a gap.
    let days = breakdowns[6]["groups"].as_array().unwrap();
    for pair in days.windows(2) {
        assert_eq!(pair[0]["until"], pair[1]["from"]);
    }
    assert_eq!(days[0]["from"], found["from"]);
    assert_eq!(days.last().unwrap()["until"], found["until"]);
    assert!(days.len() >= 30);

    // What was closed in a week, whenever it was reported.
    let closed = statistics(&admin, "time=closed&by=day").await;
    let query = closed["total"]["query"].as_str().unwrap();
    let resolved = listed(&admin, &format!("{query}&figure=resolved")).await;
    assert_eq!(json!(resolved), closed["total"]["cases"]["resolved"]);
    assert_eq!(
        closed["total"]["cases"]["open"], 0,
        "what is open was not closed"
    );
    let days = closed["breakdowns"][0]["groups"].as_array().unwrap();
    assert_eq!(json!(sum_of(days, "resolved")), json!(resolved));
}

pub async fn figures_are_of_what_the_caller_may_see(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let place = places(&public).await.swap_remove(40);
    let filed = place.file(&public, "电梯困人").await;
    let township = place.township();
    let centre = public.with_key(&ground.key("调度员", "dispatcher", &["--area", township]));
    let leader = public.with_key(&ground.key("领导", "leader", &[]));

    public
        .get("/api/v1/statistics")
        .await
        .problem(401, "needs_credentials");
    let own = statistics(&centre, "by=area").await;
    assert_eq!(own["area"]["code"], township);
    assert_eq!(own["breakdowns"][0]["level"], "community");
    let whole = statistics(&admin, &format!("area={township}")).await;
    assert_eq!(own["total"]["cases"], whole["total"]["cases"]);
    let county = &township[..6];
    centre
        .get(&format!("/api/v1/statistics?area={county}"))
        .await
        .problem(403, "forbidden");

    for (query, status, code) in [
        (
            "from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
            422,
            "invalid_field",
        ),
        (
            "from=2020-01-01T00:00:00Z&until=2024-01-01T00:00:00Z",
            422,
            "invalid_field",
        ),
        (
            "from=2024-01-01T00:00:00Z&until=2025-01-01T00:00:00Z&by=hour",
            422,
            "invalid_field",
        ),
        ("zone=Mars/Base", 422, "invalid_field"),
        ("by=area&level=grid", 422, "invalid_field"),
        ("by=mood", 400, "invalid_request"),
        ("source=rumour", 400, "invalid_request"),
        ("from=0001-01-01T00:00:00Z", 400, "invalid_request"),
        ("area=999999", 404, "not_found"),
    ] {
        let path = format!("/api/v1/statistics?{query}");
        admin.get(&path).await.problem(status, code);
    }

    // A reporter's phone is for those who dispatch.
    let by_phone = "/api/v1/incidents?phone=138-1234-1234&since=2020-01-01T00:00:00Z";
    leader.get(by_phone).await.problem(403, "forbidden");
    let reported = centre.list(by_phone).await;
    assert!(reported.iter().any(|one| one["id"] == filed["id"]));
    let words = "/api/v1/incidents?q=困人";
    let found = centre.list(words).await;
    assert!(found.iter().any(|one| one["id"] == filed["id"]));

    // A cursor belongs to its order.
    let page = admin
        .get("/api/v1/incidents?limit=1&order=updated_at")
        .await
        .ok();
    let next = page["next"].as_str().unwrap();
    let other = format!("/api/v1/incidents?limit=1&cursor={next}");
    admin
        .send(admin.request(Method::GET, &other))
        .await
        .problem(400, "invalid_request");
    let oldest = admin
        .list("/api/v1/incidents?limit=1000&order=updated_at")
        .await;
    let newest = admin.list("/api/v1/incidents?limit=1000").await;
    assert_eq!(oldest.len(), newest.len());
    let times = |items: &[Value], field: &str| -> Vec<String> {
        let time = |item: &Value| item[field].as_str().unwrap().to_owned();
        items.iter().map(time).collect()
    };
    assert!(times(&oldest, "updated_at").is_sorted());
    assert!(times(&newest, "reported_at").into_iter().rev().is_sorted());
}
