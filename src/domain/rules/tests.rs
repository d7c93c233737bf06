use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::*;
use crate::domain::Timestamp;
use crate::domain::actor::{Actor, Role};
use crate::domain::area::AreaRef;
use crate::domain::calendar::Clock;
use crate::domain::catalogue::{LeadKind, Priority, Service};
use crate::domain::code::AreaCode;
use crate::domain::identity::{IncidentId, OrganisationId, TaskId, WorkerId};
use crate::domain::incident::{
    Assignee, Deadlines, Deferral, Fired, Incident, IncidentEvent, IncidentNumber, Match,
    NewIncident, Source, Status, Task as IncidentTask, TaskRole, TaskStatus,
};
use crate::domain::level::Level;
use crate::domain::position::LngLat;
use crate::domain::workflow::Action;

/// A Sunday afternoon in China.
fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn catalogue() -> Catalogue {
    Catalogue::parse(include_str!("../../../data/services.json")).unwrap()
}

fn chain() -> Vec<AreaRef> {
    [
        ("3208", Level::City),
        ("320812", Level::County),
        ("320812001", Level::Township),
        ("320812001001", Level::Community),
        ("320812001001001", Level::Grid),
    ]
    .map(|(text, level)| AreaRef {
        code: code(text),
        name: String::new(),
        level,
    })
    .to_vec()
}

fn book(parts: Value) -> Rulebook {
    let mut book = parts;
    book["calendar"] =
        serde_json::from_str(include_str!("../../../data/calendars/china.json")).unwrap();
    serde_json::from_value(book).unwrap()
}

fn rules(parts: Value) -> Rules {
    Rules::new(book(parts), &catalogue()).unwrap()
}

fn faults(parts: Value) -> Vec<String> {
    let errors = Rules::new(book(parts), &catalogue()).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

/// A service of the catalogue whose lead is a worker, and one whose lead is a department.
fn two_services(catalogue: &Catalogue) -> [&Service; 2] {
    [LeadKind::Worker, LeadKind::Department].map(|lead| {
        let found = catalogue
            .services
            .iter()
            .find(|service| service.routing.lead == lead);
        found.unwrap().as_ref()
    })
}

fn incident(service: &Service) -> Incident {
    NewIncident {
        id: IncidentId(Uuid::from_u128(7)),
        service: service.code.clone(),
        priority: Priority::Normal,
        description: "井盖松动".into(),
        address: None,
        position: LngLat::from_degrees(119.0, 33.6).unwrap(),
        matched: Match::Grid,
        chain: chain(),
        source: Source::Resident,
        reporter: None,
        form: Map::new(),
        holder: Some(OrganisationId(Uuid::from_u128(100))),
        tracking_key: "key".into(),
        reported_at: now(),
    }
    .numbered(IncidentNumber::new(now(), 1))
}

fn offered(role: TaskRole, id: u128) -> IncidentTask {
    IncidentTask {
        id: TaskId(Uuid::from_u128(id)),
        role,
        assignee: Assignee::Worker(WorkerId(Uuid::from_u128(id))),
        status: TaskStatus::Offered,
        offered_at: now(),
        signed_at: None,
        fed_back_at: None,
        note: None,
        deadlines: Deadlines::default(),
        offer_until: None,
        summoned: false,
        arrived_at: None,
    }
}

#[test]
fn the_most_specific_rule_decides_and_all_are_told() {
    let catalogue = catalogue();
    let [service, _] = two_services(&catalogue);
    let rules = rules(json!({ "routing": [
        { "id": "anything", "to": { "centre": "city" } },
        { "id": "group-here", "scope": { "group": service.group, "area": "320812" },
          "to": { "centre": "county" } },
        { "id": "service", "scope": { "service": service.code },
          "to": { "department": "fire", "lead": "department" } },
        { "id": "service-elsewhere", "scope": { "service": service.code, "area": "320813" },
          "to": { "centre": "city" } },
    ]}));
    let matter = Matter {
        service,
        chain: &chain(),
        priority: Priority::Normal,
    };
    let route = route(&rules.book.routing, &matter, now(), &rules.calendar);
    assert_eq!(route.rule.as_deref(), Some("service"));
    assert_eq!(route.lead, LeadKind::Department);
    assert_eq!(route.department.as_deref(), Some("fire"));
    assert_eq!(
        route.centre,
        Level::Township,
        "not said by the rule that won"
    );
    let considered: Vec<(&str, bool)> = route
        .considered
        .iter()
        .map(|considered| (considered.rule.as_str(), considered.won))
        .collect();
    assert_eq!(
        considered,
        [
            ("service", true),
            ("group-here", false),
            ("anything", false)
        ]
    );
}

#[test]
fn without_a_rule_the_service_itself_decides() {
    let catalogue = catalogue();
    let rules = rules(json!({}));
    for service in two_services(&catalogue) {
        let matter = Matter {
            service,
            chain: &chain(),
            priority: Priority::Normal,
        };
        let route = route(&rules.book.routing, &matter, now(), &rules.calendar);
        assert_eq!(route.rule, None);
        assert_eq!(route.lead, service.routing.lead);
        assert_eq!(route.department, service.routing.department);
        assert_eq!(route.skills, service.routing.skills);
    }
}

#[test]
fn a_deeper_area_wins_over_a_wider_one_and_a_time_over_none() {
    let catalogue = catalogue();
    let [service, _] = two_services(&catalogue);
    let rules = rules(json!({ "routing": [
        { "id": "county", "scope": { "area": "320812" }, "to": { "centre": "county" } },
        { "id": "township", "scope": { "area": "320812001" }, "to": { "centre": "township" } },
        { "id": "at-night", "scope": { "area": "320812001", "during": "off_hours" },
          "to": { "centre": "city" } },
        { "id": "flood", "scope": { "area": "320812001", "season": { "from": "12-01", "until": "02-28" },
          "during": "working" }, "to": { "centre": "county" } },
    ]}));
    let matter = Matter {
        service,
        chain: &chain(),
        priority: Priority::Normal,
    };
    let rule_at = |text: &str| {
        let at = text.parse().unwrap();
        route(&rules.book.routing, &matter, at, &rules.calendar)
            .rule
            .unwrap()
    };
    // Monday 10:00 and 20:00 in China.
    assert_eq!(rule_at("2026-11-23T02:00:00Z"), "township");
    assert_eq!(rule_at("2026-11-23T12:00:00Z"), "at-night");
    // Tuesday, 1 December and Thursday, 31 December, which lie in a season over New Year.
    assert_eq!(rule_at("2026-12-01T02:00:00Z"), "flood");
    assert_eq!(rule_at("2026-12-31T02:00:00Z"), "flood");
}

#[test]
fn ties_are_found_when_rules_are_saved() {
    let rule = |id: &str, scope: Value| json!({ "id": id, "scope": scope, "to": {} });
    let tie = |a: Value, b: Value| {
        let book = book(json!({ "routing": [rule("a", a), rule("b", b)] }));
        Rules::new(book, &catalogue()).is_err()
    };
    assert!(tie(json!({}), json!({})));
    assert!(tie(json!({ "area": "3208" }), json!({ "area": "3208" })));
    assert!(!tie(json!({ "area": "3208" }), json!({ "area": "320812" })));
    assert!(!tie(
        json!({ "during": "working" }),
        json!({ "during": "off_hours" })
    ));
    assert!(!tie(json!({ "during": "working" }), json!({})));
    let season = |from: &str, until: &str| json!({ "season": { "from": from, "until": until } });
    assert!(tie(season("05-01", "09-30"), season("09-30", "10-31")));
    assert!(tie(season("11-01", "02-28"), season("01-01", "01-31")));
    assert!(!tie(season("05-01", "09-30"), season("10-01", "04-30")));
    // One has a season and the other an hour, so neither is the narrower.
    assert!(tie(
        season("05-01", "09-30"),
        json!({ "during": "working" })
    ));
    let told = faults(json!({ "routing": [rule("a", json!({})), rule("b", json!({}))] }));
    assert!(
        told[0].contains("\"a\" and \"b\" are equally specific"),
        "{told:?}"
    );
}

#[test]
fn every_fault_is_told_at_once() {
    let told = faults(json!({
        "routing": [
            { "id": "x", "scope": { "service": "no-such-service" }, "to": {} },
            { "id": "x", "scope": { "group": "no-such-group" }, "to": {} },
        ],
        "escalation": [
            { "id": "up", "status": "dispatched", "minutes": 10, "then": "escalate" },
            { "id": "old", "status": "verifying", "measure": "past_resolving", "minutes": 10,
              "then": "warn" },
        ],
        "sending": [
            { "id": "send", "min_score": 2.0, "offer_minutes": 5, "offers": 3 },
        ],
    }));
    assert_eq!(told.len(), 6, "{told:#?}");
    assert!(told[0].contains("the service \"no-such-service\""));
    assert!(told[1].contains("two rules are called \"x\""));
    assert!(told[2].contains("the group \"no-such-group\""));
    assert!(told[3].contains("escalate is possible while an incident is filed or handling"));
    assert!(told[4].contains("past_resolving has no meaning while an incident is verifying"));
    assert!(told[5].contains("min_score 2 is not between 0 and 1"));
}

fn agenda<'a>(rules: &'a Rules, service: &'a Service) -> Agenda<'a> {
    Agenda {
        rules,
        service,
        level: Some(Level::Township),
        has_centre_above: true,
    }
}

fn when(agenda: &Agenda<'_>, incident: &Incident) -> Vec<(Timestamp, String)> {
    agenda
        .of(incident)
        .iter()
        .map(|due| {
            let what = match due.task {
                DueTask::Obey(rule) => rule.id.clone(),
                DueTask::Send(rule) => format!("send by {}", rule.id),
                other => format!("{other:?}"),
            };
            (due.at, what)
        })
        .collect()
}

#[test]
fn a_rule_is_due_by_its_clock_and_only_once_for_a_status() {
    let catalogue = catalogue();
    let [service, _] = two_services(&catalogue);
    let rules = rules(json!({ "escalation": [
        { "id": "working", "status": "reported", "minutes": 60, "clock": "working",
          "then": "warn" },
        { "id": "natural", "status": "reported", "minutes": 60, "then": "warn" },
        { "id": "county", "status": "reported", "level": "county", "minutes": 1, "then": "warn" },
    ]}));
    let agenda = agenda(&rules, service);
    let mut incident = incident(service);
    let monday_morning: Timestamp = "2026-11-23T01:30:00Z".parse().unwrap();
    assert_eq!(
        when(&agenda, &incident),
        [
            (now() + minutes(60), "natural".to_owned()),
            (monday_morning, "working".to_owned()),
        ]
    );
    incident.fired.push(Fired {
        rule: "natural".into(),
        since: incident.status_since,
    });
    assert_eq!(when(&agenda, &incident).len(), 1);
    incident.status_since = now() + minutes(5);
    assert_eq!(when(&agenda, &incident).len(), 2, "it has come there again");
}

#[test]
fn an_offer_a_summons_and_a_deferral_have_their_time() {
    let catalogue = catalogue();
    let [service, _] = two_services(&catalogue);
    let rules = rules(json!({}));
    let agenda = agenda(&rules, service);
    let mut incident = incident(service);
    incident.status = Status::Dispatched;
    let mut lead = offered(TaskRole::Lead, 1);
    lead.offer_until = Some(now() + minutes(5));
    let mut called = offered(TaskRole::Assist, 2);
    called.summoned = true;
    called.deadlines.sign_by = Some(now() + minutes(30));
    incident.tasks = vec![lead, called, offered(TaskRole::Assist, 3)];
    let what: Vec<String> = when(&agenda, &incident)
        .into_iter()
        .map(|(_, what)| what)
        .collect();
    assert_eq!(what.len(), 2, "{what:?}");
    assert_eq!(what[0], "NextOffer");
    assert!(what[1].starts_with("PassUp"));
    incident.deferral = Some(Deferral {
        since: now(),
        until: now() + minutes(600),
        reason: "等材料".into(),
    });
    assert_eq!(
        when(&agenda, &incident),
        [(now() + minutes(600), "Resume".to_owned())],
        "nothing else happens to what was put off"
    );
}

#[test]
fn a_rule_sends_until_its_offers_are_used_up() {
    let catalogue = catalogue();
    let [service, _] = two_services(&catalogue);
    let rules = rules(json!({ "sending": [
        { "id": "urgent", "scope": { "priority": "urgent" }, "offer_minutes": 5, "offers": 9 },
        { "id": "rest", "offer_minutes": 5, "offers": 2 },
    ]}));
    let agenda = agenda(&rules, service);
    let mut incident = incident(service);
    assert!(
        when(&agenda, &incident).is_empty(),
        "the rule does not file"
    );
    incident.status = Status::Filed;
    assert_eq!(when(&agenda, &incident)[0].1, "send by rest");
    for id in [1, 2] {
        let mut task = offered(TaskRole::Lead, id);
        task.status = TaskStatus::Expired;
        task.offer_until = Some(now());
        incident.tasks.push(task);
    }
    assert!(when(&agenda, &incident).is_empty());
    incident.priority = Priority::Urgent;
    assert_eq!(when(&agenda, &incident)[0].1, "send by urgent");
}

/// The history of an incident: each step some minutes after the report.
fn history(steps: &[(i64, Action, Status, Value)]) -> Vec<IncidentEvent> {
    let mut from = None;
    (1..)
        .zip(steps)
        .map(|(version, (at, action, to, detail))| {
            let event = IncidentEvent {
                incident: IncidentId(Uuid::from_u128(7)),
                version,
                at: now() + minutes(*at),
                actor: Actor::system().name,
                role: Role::System,
                action: *action,
                from,
                to: *to,
                note: None,
                detail: detail.clone(),
            };
            from = Some(*to);
            event
        })
        .collect()
}

#[test]
fn a_rehearsal_tells_what_rules_would_have_done() {
    let catalogue = catalogue();
    let [service, _] = two_services(&catalogue);
    let mut service = service.clone();
    service.limits.sign_minutes = 30;
    service.limits.resolve_minutes = 100;
    service.limits.clock = Clock::Natural;
    let [township, county] = [100, 101].map(|n| OrganisationId(Uuid::from_u128(n)));
    let rules = rules(json!({ "escalation": [
        { "id": "slow", "status": "filed", "minutes": 10, "then": "warn" },
        { "id": "slow-at-county", "status": "filed", "level": "county", "minutes": 10,
          "then": "supervise" },
        { "id": "late", "status": "handling", "measure": "past_resolving", "minutes": 0,
          "then": "warn" },
    ]}));
    let events = history(&[
        (
            0,
            Action::Report,
            Status::Reported,
            json!({ "holder": township }),
        ),
        (1, Action::File, Status::Filed, json!({})),
        // Twelve minutes filed at the township's centre, then as long at the county's.
        (
            13,
            Action::Escalate,
            Status::Filed,
            json!({ "holder": county }),
        ),
        (25, Action::Dispatch, Status::Dispatched, json!({})),
        (26, Action::Sign, Status::Handling, json!({})),
        // The limit is at 125; sixty minutes of rest make it 185.
        (40, Action::Defer, Status::Handling, json!({})),
        (100, Action::Resume, Status::Handling, json!({})),
        (190, Action::FeedBack, Status::Verifying, json!({})),
        (195, Action::Pass, Status::Closed, json!({})),
    ]);
    let mut last = incident(&service);
    last.holder = Some(county);
    let past = Past {
        incident: &last,
        events: &events,
        service: &service,
    };
    let fires = replay(&past, &rules, now() + minutes(10_000), |holder| {
        Some(if holder == county {
            Level::County
        } else {
            Level::Township
        })
    });
    let told: Vec<(&str, i64)> = fires
        .iter()
        .map(|fire| (fire.rule.as_str(), (fire.at - now()).num_minutes()))
        .collect();
    assert_eq!(
        told,
        [
            ("slow", 11),
            ("slow", 23),
            ("slow-at-county", 23),
            ("late", 185)
        ]
    );
}

#[test]
fn a_day_of_the_year_is_written_as_month_and_day() {
    let read =
        |text: &str| serde_json::from_value::<Season>(json!({ "from": text, "until": text }));
    assert!(read("02-29").is_ok() && read("02-30").is_err() && read("0501").is_err());
    let season = read("05-01").unwrap();
    assert_eq!(serde_json::to_value(season).unwrap()["from"], "05-01");
}

#[test]
fn a_rule_that_says_too_much_is_refused() {
    let unknown = json!({ "id": "a", "scope": {}, "to": {}, "colour": "red" });
    assert!(serde_json::from_value::<RoutingRule>(unknown).is_err());
}
