//! Lists of incidents.

use wangge::domain::incident::{NewIncident, Reporter, Sorting};
use wangge::domain::{
    AreaRef, BoundingBox, Incident, IncidentId, IncidentNumber, Level, LngLat, Phone, Priority,
    ServiceCode, Source, Status, Timestamp,
};
use wangge::store::{HeldFirst, IncidentQuery, People, Store};

use crate::sample::{
    bare_incident, chain, code, file, new_incident, organisation, step, task, time, uuid,
};

fn all() -> IncidentQuery {
    IncidentQuery {
        limit: 1_000,
        ..IncidentQuery::default()
    }
}

async fn search(store: &dyn Store, query: &IncidentQuery) -> Vec<IncidentId> {
    let incidents = store.search_incidents(query).await.unwrap();
    incidents.into_iter().map(|incident| incident.id).collect()
}

/// Files the report and says what it is found by.
async fn filed(store: &dyn Store, new: NewIncident) -> IncidentId {
    file(store, new).await.id
}

pub async fn the_newest_come_first_and_whole(store: &dyn Store) {
    assert_eq!(store.search_incidents(&all()).await.unwrap(), []);
    let mut expected: Vec<Incident> = vec![];
    for (n, seconds) in [(1, 30), (2, 10), (3, 20)] {
        let reported_at = time(seconds);
        let incident = file(
            store,
            NewIncident {
                reported_at,
                ..new_incident(n)
            },
        )
        .await;
        let next = step(&incident, |incident| incident.tasks = vec![task(n)]);
        store.record_step(&next).await.unwrap();
        expected.push(next.incident);
    }
    expected.sort_by_key(|incident| std::cmp::Reverse(incident.reported_at));
    assert_eq!(store.search_incidents(&all()).await.unwrap(), expected);
}

pub async fn any_of_the_statuses_is_found(store: &dyn Store) {
    let mut ids = vec![];
    for (n, &status) in (0..).zip(Status::ALL) {
        let incident = file(store, new_incident(n)).await;
        let next = step(&incident, |incident| incident.status = status);
        store.record_step(&next).await.unwrap();
        ids.push(incident.id);
    }
    let with = |statuses: &[Status]| IncidentQuery {
        statuses: statuses.to_vec(),
        ..all()
    };
    for (&status, &id) in Status::ALL.iter().zip(&ids) {
        assert_eq!(search(store, &with(&[status])).await, [id]);
    }
    let mut two = search(store, &with(&[Status::Closed, Status::Filed])).await;
    two.sort_by_key(|id| ids.iter().position(|other| other == id));
    assert_eq!(two, [ids[1], ids[5]]);
    assert_eq!(search(store, &with(Status::ALL)).await.len(), 7);
    assert_eq!(search(store, &with(&[])).await.len(), 7);
}

pub async fn an_area_of_any_level_bounds_the_list(store: &dyn Store) {
    let here = filed(store, new_incident(1)).await;
    // The neighbour shares everything down to the county.
    let mut elsewhere = chain();
    elsewhere.truncate(3);
    elsewhere.push(AreaRef {
        code: code("320812002"),
        name: "长西街道".into(),
        level: Level::Township,
    });
    let there = filed(
        store,
        NewIncident {
            chain: elsewhere,
            reported_at: time(-1),
            ..new_incident(2)
        },
    )
    .await;
    filed(store, bare_incident(3)).await;
    for area in chain() {
        let expected = match area.level {
            Level::Province | Level::City | Level::County => vec![here, there],
            _ => vec![here],
        };
        let query = IncidentQuery {
            within: Some(area.clone()),
            ..all()
        };
        assert_eq!(search(store, &query).await, expected, "{area:?}");
    }
    let absent = IncidentQuery {
        within: Some(AreaRef {
            code: code("320899"),
            ..chain()[2].clone()
        }),
        ..all()
    };
    assert_eq!(search(store, &absent).await, []);
}

pub async fn service_time_and_box_bound_the_list(store: &dyn Store) {
    let report = |n, service: &str, lon_e7, lat_e7, seconds| NewIncident {
        service: ServiceCode(service.into()),
        position: LngLat::from_e7(lon_e7, lat_e7).unwrap(),
        reported_at: time(seconds),
        ..new_incident(n)
    };
    let a = filed(store, report(1, "noise", 100, 100, 3)).await;
    let b = filed(store, report(2, "noise", 200, 200, 2)).await;
    let c = filed(store, report(3, "road", 100, 200, 1)).await;
    let bounds = |west, south, east, north| {
        Some(BoundingBox {
            min: LngLat::from_e7(west, south).unwrap(),
            max: LngLat::from_e7(east, north).unwrap(),
        })
    };
    let services = |codes: &[&str]| -> Vec<ServiceCode> {
        codes.iter().map(|&code| ServiceCode(code.into())).collect()
    };
    for (query, expected) in [
        (all(), vec![a, b, c]),
        (
            IncidentQuery {
                services: services(&["noise"]),
                ..all()
            },
            vec![a, b],
        ),
        (
            IncidentQuery {
                services: services(&["Noise"]),
                ..all()
            },
            vec![],
        ),
        (
            IncidentQuery {
                services: services(&["road", "noise", "fire"]),
                ..all()
            },
            vec![a, b, c],
        ),
        (
            IncidentQuery {
                since: Some(time(2)),
                ..all()
            },
            vec![a, b],
        ),
        (
            IncidentQuery {
                until: Some(time(2)),
                ..all()
            },
            vec![b, c],
        ),
        (
            IncidentQuery {
                since: Some(time(2)),
                until: Some(time(2)),
                ..all()
            },
            vec![b],
        ),
        (
            IncidentQuery {
                since: Some(time(4)),
                ..all()
            },
            vec![],
        ),
        (
            IncidentQuery {
                bounds: bounds(100, 100, 200, 200),
                ..all()
            },
            vec![a, b, c],
        ),
        (
            IncidentQuery {
                bounds: bounds(100, 100, 199, 200),
                ..all()
            },
            vec![a, c],
        ),
        (
            IncidentQuery {
                bounds: bounds(100, 101, 200, 200),
                ..all()
            },
            vec![b, c],
        ),
        (
            IncidentQuery {
                bounds: bounds(100, 200, 100, 200),
                ..all()
            },
            vec![c],
        ),
        (
            IncidentQuery {
                bounds: bounds(-100, -100, 99, 300),
                ..all()
            },
            vec![],
        ),
        // Together.
        (
            IncidentQuery {
                services: services(&["noise"]),
                bounds: bounds(150, 150, 300, 300),
                since: Some(time(2)),
                statuses: vec![Status::Reported],
                within: Some(chain()[3].clone()),
                text: Some("咚咚".into()),
                ..all()
            },
            vec![b],
        ),
        (IncidentQuery { limit: 2, ..all() }, vec![a, b]),
        (IncidentQuery { limit: 0, ..all() }, vec![]),
        (IncidentQuery { skip: 1, ..all() }, vec![b, c]),
        (
            IncidentQuery {
                skip: 1,
                limit: 1,
                ..all()
            },
            vec![b],
        ),
        (IncidentQuery { skip: 3, ..all() }, vec![]),
    ] {
        assert_eq!(search(store, &query).await, expected, "{query:?}");
    }
}

pub async fn text_is_found_as_it_is_written(store: &dyn Store) {
    let report = |n: u128, description: &str, address: Option<&str>| NewIncident {
        description: description.into(),
        address: address.map(Into::into),
        reported_at: time(-i64::try_from(n).unwrap()),
        ..new_incident(n)
    };
    let percent = filed(store, report(1, "100% 确定", None)).await;
    let under = filed(store, report(2, "file_name", None)).await;
    let slash = filed(store, report(3, r"C:\temp", Some("“东”门"))).await;
    let plain = filed(store, report(4, "1000 filename", Some("Block B 3号"))).await;
    let quote = filed(store, report(5, "it's", Some("淮海东路"))).await;
    let everything = vec![percent, under, slash, plain, quote];
    for (text, expected) in [
        ("", everything.clone()),
        ("%", vec![percent]),
        ("100%", vec![percent]),
        ("_", vec![under]),
        ("e_n", vec![under]),
        ("\\", vec![slash]),
        (r"\t", vec![slash]),
        (r"\%", vec![]),
        ("100", vec![percent, plain]),
        ("filename", vec![plain]),
        ("block b", vec![plain]),
        ("FILE", vec![under, plain]),
        ("'", vec![quote]),
        ("东", vec![slash, quote]),
        ("确定", vec![percent]),
        ("'; DROP TABLE incidents; --", vec![]),
        ("?", vec![]),
        ("$1", vec![]),
        // Every number begins with its day.
        ("20261122", everything),
    ] {
        let query = IncidentQuery {
            text: Some(text.into()),
            ..all()
        };
        assert_eq!(search(store, &query).await, expected, "{text:?}");
    }
}

pub async fn an_incident_is_found_by_part_of_its_number(store: &dyn Store) {
    file(store, new_incident(1)).await;
    let incident = file(store, new_incident(2)).await;
    let query = IncidentQuery {
        text: Some(incident.number.0[4..].into()),
        ..all()
    };
    assert_eq!(search(store, &query).await, [incident.id]);
}

pub async fn numbers_are_found_each_once(store: &dyn Store) {
    let mut numbers = vec![];
    let mut ids = vec![];
    for n in 0..4 {
        let reported_at = time(-i64::try_from(n).unwrap());
        let new = NewIncident {
            reported_at,
            ..new_incident(n)
        };
        let incident = file(store, new).await;
        numbers.push(incident.number);
        ids.push(incident.id);
    }
    let unknown = IncidentNumber("19990101000001".into());
    let query = IncidentQuery {
        numbers: vec![
            numbers[2].clone(),
            unknown.clone(),
            numbers[0].clone(),
            numbers[2].clone(),
        ],
        ..all()
    };
    assert_eq!(search(store, &query).await, [ids[0], ids[2]]);
    let query = IncidentQuery {
        numbers: vec![unknown],
        ..all()
    };
    assert_eq!(search(store, &query).await, []);
}

pub async fn an_incident_is_found_by_when_it_last_changed(store: &dyn Store) {
    let report = |n| NewIncident {
        reported_at: time(0),
        ..new_incident(n)
    };
    let still = filed(store, report(1)).await;
    let moved = file(store, report(2)).await;
    // A second later.
    let after = step(&moved, |_| ());
    store.record_step(&after).await.unwrap();
    for (from, to, expected) in [
        (None, None, vec![still, moved.id]),
        (Some(0), None, vec![still, moved.id]),
        (Some(1), None, vec![moved.id]),
        (Some(1), Some(1), vec![moved.id]),
        (Some(2), None, vec![]),
        (None, Some(0), vec![still]),
        (None, Some(-1), vec![]),
    ] {
        let query = IncidentQuery {
            updated_since: from.map(time),
            updated_until: to.map(time),
            ..all()
        };
        assert_eq!(search(store, &query).await, expected, "{from:?} to {to:?}");
    }
}

pub async fn pages_over_equal_times_lose_and_repeat_nothing(store: &dyn Store) {
    let mut expected: Vec<(Timestamp, IncidentId)> = vec![];
    for n in 0..40 {
        // Ten at each of four times.
        let reported_at = time(i64::try_from(n % 4).unwrap());
        let id = filed(
            store,
            NewIncident {
                reported_at,
                ..new_incident(n)
            },
        )
        .await;
        expected.push((reported_at, id));
    }
    expected.sort_unstable_by(|a, b| b.cmp(a));
    for within in [None, Some(chain()[3].clone())] {
        for limit in [1, 3, 10, 39, 40, 41] {
            let mut query = IncidentQuery {
                within: within.clone(),
                limit,
                ..IncidentQuery::default()
            };
            let mut seen = vec![];
            loop {
                let page = store.search_incidents(&query).await.unwrap();
                assert!(page.len() <= limit as usize);
                let Some(last) = page.last() else { break };
                query.after = Some((last.reported_at, last.id));
                seen.extend(page.iter().map(|one| (one.reported_at, one.id)));
                assert!(
                    seen.len() <= expected.len(),
                    "{limit}: something is repeated"
                );
            }
            assert_eq!(seen, expected, "{limit}");
        }
    }
}

pub async fn pages_run_in_every_order_and_survive_new_rows(store: &dyn Store) {
    let mut known: Vec<Incident> = vec![];
    for n in 0..24 {
        let new = NewIncident {
            reported_at: time(i64::try_from(n % 5).unwrap()),
            ..new_incident(n)
        };
        let mut incident = file(store, new).await;
        for _ in 0..n % 4 {
            let next = step(&incident, |_| ());
            store.record_step(&next).await.unwrap();
            incident = next.incident;
        }
        known.push(incident);
    }
    let mut extra = 1_000;
    for &sorting in Sorting::ALL {
        let mut expected: Vec<_> = known.iter().map(|one| sorting.place_of(one)).collect();
        expected.sort_unstable();
        if sorting.is_newest_first() {
            expected.reverse();
        }
        let mut query = IncidentQuery {
            sorting,
            limit: 5,
            ..IncidentQuery::default()
        };
        let mut seen = vec![];
        loop {
            let page = store.search_incidents(&query).await.unwrap();
            let Some(last) = page.last() else { break };
            query.after = Some(sorting.place_of(last));
            seen.extend(page.iter().map(|one| sorting.place_of(one)));
            // What comes meanwhile stands before the first page, or after the last.
            let reported_at = time(if sorting.is_newest_first() { 500 } else { -500 });
            let new = NewIncident {
                reported_at,
                ..new_incident(extra)
            };
            known.push(file(store, new).await);
            extra += 1;
        }
        assert_eq!(seen, expected, "{sorting}");
    }
}

pub async fn people_and_channels_bound_the_list(store: &dyn Store) {
    let people = People {
        organisations: vec![organisation(100)],
        ..People::default()
    };
    store.save_people(&people, time(0)).await.unwrap();
    let phone = |text: &str| {
        let phone = Some(Phone::parse(text).unwrap());
        Some(Reporter { name: None, phone })
    };
    let a = NewIncident {
        reporter: phone("+86 138-1234-5678"),
        priority: Priority::Urgent,
        source: Source::Hotline,
        reported_at: time(3),
        ..new_incident(1)
    };
    let b = NewIncident {
        reporter: phone("13812345678"),
        source: Source::Worker,
        holder: None,
        reported_at: time(2),
        ..new_incident(2)
    };
    let c = NewIncident {
        reporter: phone("(0517) 8888 0000"),
        chain: chain()[..4].to_vec(),
        reported_at: time(1),
        ..new_incident(3)
    };
    let a = file(store, a).await;
    let (b, c) = (filed(store, b).await, filed(store, c).await);
    let led = step(&a, |incident| {
        incident.tasks = vec![task(1)];
        incident.status = Status::Closed;
        incident.closed_at = Some(time(50));
    });
    store.record_step(&led).await.unwrap();
    let a = a.id;
    let with = |change: fn(&mut IncidentQuery)| {
        let mut query = all();
        change(&mut query);
        query
    };
    for (query, expected) in [
        (
            with(|query| query.priorities = vec![Priority::Urgent]),
            vec![a],
        ),
        (
            with(|query| query.priorities = vec![Priority::High, Priority::Urgent]),
            vec![a, b, c],
        ),
        (with(|query| query.priorities = vec![Priority::Low]), vec![]),
        (
            with(|query| query.sources = vec![Source::Worker, Source::Hotline]),
            vec![a, b],
        ),
        (with(|query| query.lead = Some(uuid(1))), vec![a]),
        (with(|query| query.lead = Some(uuid(2))), vec![]),
        (
            with(|query| query.held_first = Some(HeldFirst::At(Level::Township))),
            vec![a, c],
        ),
        (
            with(|query| query.held_first = Some(HeldFirst::At(Level::County))),
            vec![],
        ),
        (
            with(|query| query.held_first = Some(HeldFirst::Nowhere)),
            vec![b],
        ),
        (with(|query| query.without = Some(Level::Grid)), vec![c]),
        (with(|query| query.without = Some(Level::Township)), vec![]),
        (
            with(|query| query.phone = Phone::parse("138 1234 5678").ok()),
            vec![a, b],
        ),
        (
            with(|query| query.phone = Phone::parse("0517-88880000").ok()),
            vec![c],
        ),
        (
            with(|query| query.phone = Phone::parse("88880000").ok()),
            vec![],
        ),
        (with(|query| query.closed_since = Some(time(50))), vec![a]),
        (with(|query| query.closed_since = Some(time(51))), vec![]),
        (with(|query| query.closed_until = Some(time(50))), vec![a]),
        (with(|query| query.closed_until = Some(time(49))), vec![]),
    ] {
        assert_eq!(search(store, &query).await, expected, "{query:?}");
    }
}

pub async fn a_text_of_any_length_is_found(store: &dyn Store) {
    let descriptions = [
        "小区路灯不亮，已经三天",
        "路边的灯箱倒了",
        "灯",
        "Block B 电梯Block故障 🔨",
        "４号楼（东）4711室漏水",
        "",
    ];
    let mut known = vec![];
    for (n, description) in (0..).zip(descriptions) {
        let new = NewIncident {
            description: description.into(),
            address: Some(format!("淮海东路{n}号")),
            reported_at: time(-i64::try_from(n).unwrap()),
            ..new_incident(n)
        };
        known.push(file(store, new).await);
    }
    let mut texts: Vec<String> = vec!["查无此字".into(), "路路".into(), "BLOCK".into()];
    for one in &known {
        for whole in [&one.number.0, &one.description] {
            let characters: Vec<char> = whole.chars().collect();
            for length in 1..=characters.len() {
                texts.extend(characters.windows(length).map(String::from_iter));
            }
        }
    }
    for text in texts {
        let lower = text.to_ascii_lowercase();
        let has = |part: &str| part.to_ascii_lowercase().contains(&lower);
        let expected: Vec<IncidentId> = known
            .iter()
            .filter(|one| {
                let address = one.address.as_deref().unwrap_or_default();
                has(&one.number.0) || has(&one.description) || has(address)
            })
            .map(|one| one.id)
            .collect();
        let query = IncidentQuery {
            text: Some(text.clone()),
            ..all()
        };
        assert_eq!(search(store, &query).await, expected, "{text:?}");
    }
}

pub async fn what_changes_of_an_incident_is_found_by_what_it_is_now(store: &dyn Store) {
    let incident = file(store, new_incident(1)).await;
    let by_lead = |lead| IncidentQuery {
        lead: Some(uuid(lead)),
        ..all()
    };
    assert_eq!(search(store, &by_lead(1)).await, []);
    let led = step(&incident, |incident| incident.tasks = vec![task(1)]);
    store.record_step(&led).await.unwrap();
    assert_eq!(search(store, &by_lead(1)).await, [incident.id]);
    let returned = step(&led.incident, |incident| {
        incident.tasks[0].status = wangge::domain::TaskStatus::Returned;
    });
    store.record_step(&returned).await.unwrap();
    assert_eq!(search(store, &by_lead(1)).await, []);
}
