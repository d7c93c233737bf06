//! Editions and the areas in them.

use std::sync::Arc;

use futures::future::join;
use wangge::domain::{
    Area, AreaId, Edition, EditionId, GridKind, Level, LngLat, Polygon, Ring, Shape, Topic,
};
use wangge::store::{NewEdition, Store, StoreError};

use crate::log::{announced, announced_topics};
use crate::sample::{code, first_edition, grid, ring, sorted, square, time, uuid};

pub async fn an_edition_comes_back_as_it_was_published(store: &dyn Store) {
    assert_eq!(store.list_editions().await.unwrap(), []);
    let first = store
        .publish_edition(NewEdition {
            published_by: Some("测绘员 甲".into()),
            reason: Some("河道有缝，待测".into()),
            ..first_edition(vec![grid(1), grid(2)])
        })
        .await
        .unwrap();
    assert_eq!(
        first,
        Edition {
            id: EditionId(1),
            title: "清江浦区网格".into(),
            notice: Some("演示数据，界线不作划界依据".into()),
            effective_from: time(86_400),
            published_at: time(0),
            area_count: 2,
            published_by: Some("测绘员 甲".into()),
            reason: Some("河道有缝，待测".into()),
            restores: None,
        }
    );
    let second = store
        .publish_edition(NewEdition {
            base: Some(first.id),
            title: "第二版".into(),
            notice: None,
            effective_from: time(1),
            published_at: time(2),
            put: vec![grid(3)],
            restores: Some(first.id),
            ..first_edition(vec![])
        })
        .await
        .unwrap();
    assert_eq!((second.id, second.area_count), (EditionId(2), 3));
    assert_eq!(
        (second.notice.as_ref(), second.restores),
        (None, Some(first.id))
    );
    assert_eq!(
        (second.published_by.as_ref(), second.reason.as_ref()),
        (None, None)
    );
    assert_eq!(store.list_editions().await.unwrap(), [first, second]);
}

pub async fn areas_come_back_bit_for_bit(store: &dyn Store) {
    let far = Shape::new(vec![
        Polygon {
            exterior: ring(&[
                (-1_800_000_000, -900_000_000),
                (1_800_000_000, -900_000_000),
                (1_799_999_999, 899_999_999),
                (-1, 900_000_000),
            ]),
            holes: vec![
                ring(&[(0, 0), (0, 7), (7, 7)]),
                ring(&[
                    (1_190_000_001, 33),
                    (1_190_000_003, 35),
                    (1_190_000_002, 39),
                ]),
            ],
        },
        Polygon {
            exterior: ring(&[(3, 3), (1, 2), (2, 1)]),
            holes: vec![],
        },
    ])
    .unwrap();
    let mut areas = vec![
        Area {
            shape: Some(Arc::new(far)),
            area_m2: Some(0.1 + 0.2),
            name: "“引号”、'单引号' 和 \\ 反斜线 🏘".into(),
            ..grid(1)
        },
        Area {
            parent: None,
            kind: None,
            shape: None,
            label: None,
            area_m2: None,
            name: String::new(),
            ..grid(2)
        },
    ];
    for (n, &level) in (10..).zip(Level::ALL) {
        areas.push(Area { level, ..grid(n) });
    }
    for (n, &kind) in (20..).zip(GridKind::ALL) {
        areas.push(Area {
            kind: Some(kind),
            ..grid(n)
        });
    }
    for (n, shape) in (100..).zip(scattered_shapes(200)) {
        areas.push(Area {
            shape: Some(Arc::new(shape)),
            ..grid(n)
        });
    }
    let edition = store
        .publish_edition(first_edition(areas.clone()))
        .await
        .unwrap();
    let loaded = store.load_areas(edition.id).await.unwrap();
    assert_eq!(sorted(loaded), sorted(areas));
}

/// Triangles over the whole earth, from a fixed sequence (Knuth's multiplier, 64 bits).
fn scattered_shapes(count: usize) -> Vec<Shape> {
    let mut state = 20_261_122_u64;
    let mut next = |range: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        i32::try_from((state >> 33) % range).unwrap()
    };
    std::iter::repeat_with(|| {
        let points = (0..3)
            .map(|_| {
                let lon = i64::from(next(1_800_000_001)) * 2 - 1_800_000_000;
                let lat = next(1_800_000_001) - 900_000_000;
                LngLat::from_e7(i32::try_from(lon).unwrap(), lat).unwrap()
            })
            .collect();
        let exterior = Ring::from_open(points).unwrap();
        let holes = vec![];
        Shape::new(vec![Polygon { exterior, holes }]).unwrap()
    })
    .take(count)
    .collect()
}

pub async fn more_areas_than_fit_one_statement_come_back(store: &dyn Store) {
    let areas: Vec<Area> = (0..2_501).map(grid).collect();
    let edition = store
        .publish_edition(first_edition(areas.clone()))
        .await
        .unwrap();
    assert_eq!(edition.area_count, 2_501);
    let loaded = store.load_areas(edition.id).await.unwrap();
    assert_eq!(sorted(loaded), sorted(areas.clone()));

    // All of them change.
    let moved: Vec<Area> = areas
        .into_iter()
        .map(|area| Area {
            name: format!("{}（新）", area.name),
            ..area
        })
        .collect();
    let next = store
        .publish_edition(NewEdition {
            base: Some(edition.id),
            ..first_edition(moved.clone())
        })
        .await
        .unwrap();
    assert_eq!(next.area_count, 2_501);
    let loaded = store.load_areas(next.id).await.unwrap();
    assert_eq!(sorted(loaded), sorted(moved));
}

pub async fn an_old_edition_can_still_be_loaded(store: &dyn Store) {
    let old = vec![grid(1), grid(2), grid(3)];
    let first = store
        .publish_edition(first_edition(old.clone()))
        .await
        .unwrap();
    let redrawn = Area {
        shape: Some(Arc::new(square(77))),
        ..grid(2)
    };
    let second = store
        .publish_edition(NewEdition {
            base: Some(first.id),
            put: vec![redrawn.clone(), grid(4)],
            removed: vec![grid(3).id],
            ..first_edition(vec![])
        })
        .await
        .unwrap();
    assert_eq!(second.area_count, 3);
    let loaded = store.load_areas(second.id).await.unwrap();
    assert_eq!(sorted(loaded), sorted(vec![grid(1), redrawn, grid(4)]));
    let loaded = store.load_areas(first.id).await.unwrap();
    assert_eq!(sorted(loaded), sorted(old));
}

pub async fn a_removed_area_may_come_back(store: &dyn Store) {
    let mut base = None;
    let mut counts = vec![];
    for (put, removed) in [
        (vec![grid(1), grid(2)], vec![]),
        (vec![], vec![grid(2).id]),
        (vec![grid(2)], vec![]),
        // Another area takes over the code of the one that goes.
        (
            vec![Area {
                id: AreaId(uuid(99)),
                ..grid(2)
            }],
            vec![grid(2).id],
        ),
        // What is not there can be removed without harm.
        (vec![], vec![AreaId(uuid(12_345))]),
    ] {
        let edition = store
            .publish_edition(NewEdition {
                base,
                removed,
                ..first_edition(put)
            })
            .await
            .unwrap();
        base = Some(edition.id);
        counts.push(edition.area_count);
    }
    assert_eq!(counts, [2, 1, 2, 2, 2]);
    for (edition, &count) in (1..).zip(&counts) {
        let areas = store.load_areas(EditionId(edition)).await.unwrap();
        assert_eq!(i64::try_from(areas.len()).unwrap(), count, "{edition}");
    }
    let last = store.load_areas(EditionId(5)).await.unwrap();
    assert!(last.iter().any(|area| area.id == AreaId(uuid(99))));
    assert!(last.iter().all(|area| area.id != grid(2).id));
}

pub async fn what_changed_between_editions_is_told(store: &dyn Store) {
    let recoded = Area {
        code: code("320812999"),
        ..grid(3)
    };
    let renamed = Area {
        name: "新名".into(),
        ..grid(1)
    };
    // Another area takes over the code of one that goes.
    let heir = Area {
        id: AreaId(uuid(99)),
        ..grid(2)
    };
    let editions = [
        (vec![grid(1), grid(2), grid(3), grid(4)], vec![]),
        (vec![renamed.clone()], vec![grid(2).id]),
        (vec![heir.clone(), recoded.clone()], vec![grid(4).id]),
        (vec![grid(4), grid(1)], vec![recoded.id]),
    ];
    let mut base = None;
    for (put, removed) in editions {
        let edition = NewEdition {
            base,
            removed,
            ..first_edition(put)
        };
        base = Some(store.publish_edition(edition).await.unwrap().id);
    }
    let nothing = (vec![], vec![]);
    for (from, to, (put, mut removed)) in [
        (1, 1, nothing),
        (1, 2, (vec![renamed.clone()], vec![grid(2).code])),
        (
            1,
            3,
            (
                vec![renamed, heir.clone(), recoded.clone()],
                vec![grid(3).code, grid(4).code],
            ),
        ),
        (
            2,
            3,
            (
                vec![heir.clone(), recoded.clone()],
                vec![grid(3).code, grid(4).code],
            ),
        ),
        (3, 4, (vec![grid(4), grid(1)], vec![recoded.code])),
        // What came back as it was is told all the same: it is another version.
        (1, 4, (vec![heir, grid(4), grid(1)], vec![grid(3).code])),
    ] {
        let changes = store
            .load_area_changes(EditionId(from), EditionId(to))
            .await;
        let mut changes = changes.unwrap();
        changes.removed.sort();
        removed.sort();
        assert_eq!(sorted(changes.put), sorted(put), "{from} to {to}");
        assert_eq!(changes.removed, removed, "{from} to {to}");
    }
    let error = store.load_area_changes(EditionId(1), EditionId(9)).await;
    assert!(matches!(error, Err(StoreError::NoEdition(EditionId(9)))));
}

pub async fn a_change_made_on_another_edition_is_refused(store: &dyn Store) {
    let on = |base| NewEdition {
        base,
        ..first_edition(vec![grid(1)])
    };
    for (base, latest) in [
        (Some(EditionId(1)), None),
        (None, Some(EditionId(1))),
        (Some(EditionId(2)), Some(EditionId(1))),
    ] {
        if latest.is_some() && store.list_editions().await.unwrap().is_empty() {
            store.publish_edition(on(None)).await.unwrap();
        }
        let error = store.publish_edition(on(base)).await.unwrap_err();
        let StoreError::StaleEdition { base: b, latest: l } = error else {
            panic!("{error:?}");
        };
        assert_eq!((b, l), (base, latest));
    }
    assert_eq!(store.list_editions().await.unwrap().len(), 1);
    assert_eq!(announced_topics(store).await, [Topic::Editions]);
}

pub async fn of_two_publishers_on_one_edition_one_is_refused(store: &dyn Store) {
    let publish = |n| store.publish_edition(first_edition(vec![grid(n)]));
    let (a, b) = join(publish(1), publish(2)).await;
    let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
    assert_eq!(won.unwrap().id, EditionId(1));
    assert!(matches!(
        lost,
        Err(StoreError::StaleEdition {
            base: None,
            latest: Some(EditionId(1))
        })
    ));
    assert_eq!(store.load_areas(EditionId(1)).await.unwrap().len(), 1);
}

pub async fn an_edition_with_a_code_twice_leaves_nothing(store: &dyn Store) {
    store
        .publish_edition(first_edition(vec![grid(1), grid(2)]))
        .await
        .unwrap();
    let twice = Area {
        code: code(grid(1).code.as_str()),
        ..grid(3)
    };
    let error = store
        .publish_edition(NewEdition {
            base: Some(EditionId(1)),
            put: vec![grid(4), twice],
            removed: vec![grid(2).id],
            ..first_edition(vec![])
        })
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Database(_)), "{error:?}");
    assert_eq!(store.list_editions().await.unwrap().len(), 1);
    let areas = store.load_areas(EditionId(1)).await.unwrap();
    assert_eq!(sorted(areas), sorted(vec![grid(1), grid(2)]));
    assert_eq!(announced_topics(store).await, [Topic::Editions]);
}

pub async fn an_unknown_edition_is_not_loaded(store: &dyn Store) {
    store
        .publish_edition(first_edition(vec![grid(1)]))
        .await
        .unwrap();
    for id in [EditionId(0), EditionId(2)] {
        let error = store.load_areas(id).await.unwrap_err();
        assert!(matches!(error, StoreError::NoEdition(absent) if absent == id));
    }
}

pub async fn an_edition_is_announced(store: &dyn Store) {
    store
        .publish_edition(first_edition(vec![grid(1)]))
        .await
        .unwrap();
    let changes = announced(store).await;
    let [change] = &changes[..] else {
        panic!("{changes:?}");
    };
    assert_eq!((change.topic, change.at), (Topic::Editions, time(0)));
    assert_eq!((change.key.as_str(), &change.area), ("1", &None));
    assert_eq!(change.payload["id"], 1);
    let effective_from = serde_json::from_value(change.payload["effective_from"].clone());
    assert_eq!(Some(time(86_400)), effective_from.ok());
}
