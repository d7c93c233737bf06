//! Boundary changes on their way to an edition.

use std::sync::Arc;
use std::time::Instant;

use futures::future::join;
use serde_json::{Value, json};
use wangge::domain::draft::{Draft, DraftArea, DraftEntry, DraftSource, DraftState, DraftStep};
use wangge::domain::{
    Area, AreaId, DraftId, EditionId, GridKind, Level, LngLat, Outline, Timestamp, Topic,
};
use wangge::store::{NewEdition, Store, StoreError};

use crate::log::{announced, announced_topics};
use crate::sample::{code, first_edition, grid, time, uuid};

pub type Change = (AreaId, Option<DraftEntry>);
pub type Changes = Vec<Change>;

/// A draft with everything that an open one can have, a base apart.
pub fn draft(n: u128) -> Draft {
    let columns = [("code", "编码"), ("name", "名称")];
    Draft {
        id: DraftId(uuid(n)),
        title: format!("清江浦区网格调整（{n}）"),
        base: None,
        state: DraftState::Open,
        version: 1,
        scheme: "national".into(),
        within: Some(code("320812")),
        source: Some(DraftSource {
            file_name: "网格\\2026 \"新\".zip".into(),
            bytes: u64::MAX >> 11,
            sha256: "9f".repeat(32),
            format: "shapefile".into(),
            layer: "网格".into(),
            crs: "EPSG:4549".into(),
            encoding: "GB18030".into(),
            columns: columns
                .map(|(word, name)| (word.into(), name.into()))
                .into(),
            columns_chosen: true,
            file_columns: vec!["XZQDM".into(), "面积 ㎡".into()],
        }),
        created_by: "测绘员 甲".into(),
        created_at: time(0),
        updated_at: time(0),
        edition: None,
    }
}

pub fn first_step(changes: &[Change]) -> DraftStep {
    DraftStep {
        version: 1,
        at: time(0),
        by: "测绘员 甲".into(),
        operation: "upload".into(),
        record: json!({ "areas": changes.len() }),
        undoes: None,
        before: changes.iter().map(|(id, _)| (*id, None)).collect(),
    }
}

/// The draft after another change, and the step that leads there.
pub fn next(draft: &Draft, before: Changes) -> (Draft, DraftStep) {
    let version = draft.version + 1;
    let at = time(version);
    let after = Draft {
        version,
        updated_at: at,
        ..draft.clone()
    };
    let step = DraftStep {
        version,
        at,
        by: "测绘员 乙".into(),
        operation: "split".into(),
        record: json!({ "line": [[119.0, 33.6], [119.1, 33.7]] }),
        undoes: None,
        before,
    };
    (after, step)
}

fn put(area: DraftArea) -> Change {
    (area.id, Some(DraftEntry::Put(area)))
}

/// An area of an edition, drafted as it is.
fn drafted(n: i32) -> DraftArea {
    DraftArea::of(&grid(n))
}

fn id(n: i32) -> AreaId {
    grid(n).id
}

async fn open(store: &dyn Store, draft: &Draft, changes: &[Change]) {
    store
        .open_draft(draft, &first_step(changes), changes)
        .await
        .unwrap();
}

/// The entries of a draft in the order of their areas.
async fn entries(store: &dyn Store, id: DraftId) -> Vec<(AreaId, DraftEntry)> {
    let mut entries = store.load_draft_entries(id).await.unwrap();
    entries.sort_by_key(|(area, _)| *area);
    entries
}

/// What is left of changes: entries, in the order of their areas.
fn kept(changes: &[Change]) -> Vec<(AreaId, DraftEntry)> {
    let entries = changes.iter().cloned();
    let mut entries: Vec<_> = entries
        .filter_map(|(area, entry)| Some((area, entry?)))
        .collect();
    entries.sort_by_key(|(area, _)| *area);
    entries
}

fn is_stale(result: &Result<(), StoreError>, version: i64) -> bool {
    matches!(result, Err(StoreError::StaleDraft { expected }) if *expected == version)
}

pub async fn a_draft_comes_back_as_it_was_kept(store: &dyn Store) {
    store
        .publish_edition(first_edition(vec![grid(1)]))
        .await
        .unwrap();
    let full = Draft {
        base: Some(EditionId(1)),
        ..draft(1)
    };
    let bare = Draft {
        within: None,
        source: None,
        title: String::new(),
        ..draft(2)
    };
    let changes = vec![put(drafted(1)), (id(2), Some(DraftEntry::Removed))];
    open(store, &full, &changes).await;
    open(store, &bare, &[]).await;

    assert_eq!(store.find_draft(full.id).await.unwrap(), Some(full.clone()));
    assert_eq!(store.find_draft(bare.id).await.unwrap(), Some(bare.clone()));
    assert_eq!(entries(store, full.id).await, kept(&changes));
    assert_eq!(entries(store, bare.id).await, []);

    let nobody = DraftId(uuid(3));
    assert_eq!(store.find_draft(nobody).await.unwrap(), None);
    assert_eq!(entries(store, nobody).await, []);
    assert_eq!(store.list_draft_steps(nobody).await.unwrap(), []);
    assert_eq!(store.find_draft_step(nobody, 1).await.unwrap(), None);
    assert_eq!(store.find_draft_step(full.id, 2).await.unwrap(), None);
}

fn outline(polygons: &[&[&[(i32, i32)]]]) -> Arc<Outline> {
    let point = |&(lon, lat): &(i32, i32)| LngLat::from_e7(lon, lat).unwrap();
    let ring = |ring: &&[(i32, i32)]| ring.iter().map(point).collect();
    let polygons = polygons
        .iter()
        .map(|rings| rings.iter().map(ring).collect())
        .collect();
    Arc::new(Outline { polygons })
}

/// Grounds as files have them, most of them wrong.
fn odd_outlines() -> Vec<Arc<Outline>> {
    let (west, east) = (-1_800_000_000, 1_800_000_000);
    let (south, north) = (-900_000_000, 900_000_000);
    vec![
        outline(&[]),
        outline(&[&[]]),
        outline(&[&[&[]], &[], &[&[], &[]]]),
        outline(&[&[&[(1, 2)]]]),
        outline(&[&[&[(0, 0), (5, 0), (5, 5)]]]),
        outline(&[&[&[(0, 0), (5, 5), (5, 0), (0, 5), (0, 0)]]]),
        outline(&[&[&[(7, 7), (7, 7), (7, 7), (7, 7)]]]),
        outline(&[
            &[
                &[(west, south), (east, north), (east, south), (west, north)],
                &[(east, south), (west, south), (east, south)],
            ],
            &[&[(0, north), (0, south), (0, north)]],
        ]),
    ]
}

pub async fn entries_come_back_bit_for_bit(store: &dyn Store) {
    let mut changes: Changes = vec![
        put(DraftArea {
            code: String::new(),
            name: "\0\u{1} “引号” \"'\\ \u{FFFD}🏘".into(),
            level: None,
            parent: None,
            kind: None,
            outline: None,
            generated: false,
            lineage: vec![id(7), id(3), id(7)],
            feature: Some(usize::MAX),
            ..drafted(1)
        }),
        put(DraftArea {
            code: "不是编码 ' OR 1=1".into(),
            name: String::new(),
            parent: Some(String::new()),
            generated: true,
            ..drafted(2)
        }),
        (id(3), Some(DraftEntry::Removed)),
        // The base holds: there is nothing to keep.
        (id(4), None),
    ];
    for (n, outline) in (10..).zip(odd_outlines()) {
        let outline = Some(outline);
        changes.push(put(DraftArea {
            outline,
            ..drafted(n)
        }));
    }
    for (n, &level) in (30..).zip(Level::ALL) {
        let level = Some(level);
        changes.push(put(DraftArea {
            level,
            ..drafted(n)
        }));
    }
    for (n, &kind) in (40..).zip(GridKind::ALL) {
        let kind = Some(kind);
        changes.push(put(DraftArea { kind, ..drafted(n) }));
    }
    open(store, &draft(1), &changes).await;
    assert_eq!(entries(store, draft(1).id).await, kept(&changes));

    // As what was there before a step they come back too, in their order.
    let (after, step) = next(&draft(1), changes.clone());
    let gone: Changes = changes.iter().map(|(id, _)| (*id, None)).collect();
    store.record_draft_step(&after, &step, &gone).await.unwrap();
    assert_eq!(entries(store, draft(1).id).await, []);
    let found = store.find_draft_step(draft(1).id, 2).await.unwrap();
    assert_eq!(found, Some(step));
}

pub async fn a_step_replaces_what_it_changes(store: &dyn Store) {
    store
        .publish_edition(first_edition(vec![grid(1)]))
        .await
        .unwrap();
    let of = |n: i32| (1..=n).map(|n| put(drafted(n))).collect::<Changes>();
    open(store, &draft(1), &of(5)).await;
    open(store, &draft(2), &of(5)).await;

    let redrawn = DraftArea {
        name: "改名".into(),
        outline: Some(outline(&[&[&[(0, 0), (9, 9)]]])),
        ..drafted(2)
    };
    let changes = vec![
        (id(1), Some(DraftEntry::Removed)),
        put(redrawn.clone()),
        (id(3), None),
        put(drafted(6)),
        (id(99), None),
    ];
    let (mut after, step) = next(&draft(1), of(3));
    after.title = "新题".into();
    after.base = Some(EditionId(1));
    after.scheme = "cjt349".into();
    after.within = None;
    after.source = None;
    store
        .record_draft_step(&after, &step, &changes)
        .await
        .unwrap();

    let expected = vec![
        (id(1), Some(DraftEntry::Removed)),
        put(redrawn),
        put(drafted(4)),
        put(drafted(5)),
        put(drafted(6)),
    ];
    assert_eq!(entries(store, draft(1).id).await, kept(&expected));
    assert_eq!(store.find_draft(after.id).await.unwrap(), Some(after));
    // Another draft is another draft.
    assert_eq!(entries(store, draft(2).id).await, kept(&of(5)));
    assert_eq!(store.find_draft(draft(2).id).await.unwrap(), Some(draft(2)));
}

pub async fn steps_tell_what_is_needed_to_undo_them(store: &dyn Store) {
    let uploaded = vec![put(drafted(1)), put(drafted(2))];
    open(store, &draft(1), &uploaded).await;
    let cut = DraftArea {
        outline: Some(outline(&[&[&[(0, 0), (1, 0)]]])),
        ..drafted(1)
    };
    let changes = vec![
        put(cut),
        (id(2), Some(DraftEntry::Removed)),
        put(drafted(3)),
    ];
    let before = vec![uploaded[0].clone(), uploaded[1].clone(), (id(3), None)];
    let (second, step) = next(&draft(1), before);
    let step = DraftStep {
        record: json!({ "text": "\0\u{1F3D8}\"", "float": 1e-300, "none": null, "甲": [{}, []] }),
        ..step
    };
    store
        .record_draft_step(&second, &step, &changes)
        .await
        .unwrap();

    // What was before is all that is needed to go back.
    let found = store.find_draft_step(draft(1).id, 2).await.unwrap();
    let found = found.unwrap();
    assert_eq!(found, step);
    let (third, undo) = next(&second, changes);
    let undo = DraftStep {
        operation: "undo".into(),
        undoes: Some(found.version),
        record: Value::Null,
        ..undo
    };
    store
        .record_draft_step(&third, &undo, &found.before)
        .await
        .unwrap();
    assert_eq!(entries(store, draft(1).id).await, kept(&uploaded));

    let steps = store.list_draft_steps(draft(1).id).await.unwrap();
    let without = |step: DraftStep| DraftStep {
        before: vec![],
        ..step
    };
    let all = [first_step(&uploaded), step, undo].map(without);
    assert_eq!(steps, all);
}

pub async fn the_second_of_two_who_edit_is_refused(store: &dyn Store) {
    let uploaded = vec![put(drafted(1)), put(drafted(2))];
    open(store, &draft(1), &uploaded).await;
    let (after, step) = next(&draft(1), vec![uploaded[0].clone()]);
    let won = vec![(id(1), Some(DraftEntry::Removed))];
    store.record_draft_step(&after, &step, &won).await.unwrap();

    let (mut late, step) = next(&draft(1), vec![uploaded[1].clone()]);
    late.title = "晚了".into();
    let lost = vec![(id(2), Some(DraftEntry::Removed)), put(drafted(3))];
    let refused = store.record_draft_step(&late, &step, &lost).await;
    assert!(is_stale(&refused, 1), "{refused:?}");
    // Neither can a step come before its time, or on a draft that is not there.
    let (later, step) = next(
        &Draft {
            version: 7,
            ..after.clone()
        },
        vec![],
    );
    let refused = store.record_draft_step(&later, &step, &lost).await;
    assert!(is_stale(&refused, 7), "{refused:?}");
    let (nobody, step) = next(&draft(9), vec![]);
    let refused = store.record_draft_step(&nobody, &step, &lost).await;
    assert!(is_stale(&refused, 1), "{refused:?}");

    let expected = vec![won[0].clone(), uploaded[1].clone()];
    assert_eq!(entries(store, draft(1).id).await, kept(&expected));
    assert_eq!(store.find_draft(draft(1).id).await.unwrap(), Some(after));
    assert_eq!(store.list_draft_steps(draft(1).id).await.unwrap().len(), 2);
    assert_eq!(announced_topics(store).await, [Topic::Drafts; 2]);
}

pub async fn of_two_who_edit_at_once_one_is_refused(store: &dyn Store) {
    open(store, &draft(1), &[]).await;
    let (after, step) = next(&draft(1), vec![]);
    let (a, b) = (vec![put(drafted(1))], vec![put(drafted(2))]);
    let (first, second) = join(
        store.record_draft_step(&after, &step, &a),
        store.record_draft_step(&after, &step, &b),
    )
    .await;
    let (lost, won) = if first.is_ok() {
        (second, a)
    } else {
        (first, b)
    };
    assert!(is_stale(&lost, 1), "{lost:?}");
    assert_eq!(entries(store, draft(1).id).await, kept(&won));
    assert_eq!(store.list_draft_steps(draft(1).id).await.unwrap().len(), 2);
}

pub async fn a_change_that_fails_half_way_leaves_nothing(store: &dyn Store) {
    open(store, &draft(1), &[put(drafted(1))]).await;
    let twice = vec![put(drafted(2)), put(drafted(1)), put(drafted(2))];
    let (after, step) = next(&draft(1), vec![]);
    let failed = store.record_draft_step(&after, &step, &twice).await;
    assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");
    let failed = store
        .open_draft(&draft(2), &first_step(&twice), &twice)
        .await;
    assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");

    assert_eq!(entries(store, draft(1).id).await, kept(&[put(drafted(1))]));
    assert_eq!(store.list_drafts(None, 10).await.unwrap(), [draft(1)]);
    assert_eq!(store.list_draft_steps(draft(1).id).await.unwrap().len(), 1);
    assert_eq!(announced_topics(store).await, [Topic::Drafts]);
}

pub async fn a_published_draft_became_its_edition(store: &dyn Store) {
    let uploaded = vec![put(drafted(1))];
    open(store, &draft(1), &uploaded).await;
    open(store, &draft(2), &[]).await;
    let (second, step) = next(&draft(1), vec![]);
    store.record_draft_step(&second, &step, &[]).await.unwrap();
    let edition = store
        .publish_edition(NewEdition {
            draft: Some((second.id, 2)),
            published_at: time(60),
            ..first_edition(vec![grid(1)])
        })
        .await
        .unwrap();
    let published = Draft {
        state: DraftState::Published,
        edition: Some(edition.id),
        updated_at: time(60),
        ..second
    };
    assert_eq!(
        store.find_draft(published.id).await.unwrap(),
        Some(published.clone())
    );
    // What it was can still be read; other drafts go on.
    assert_eq!(entries(store, published.id).await, kept(&uploaded));
    assert_eq!(store.list_draft_steps(published.id).await.unwrap().len(), 2);
    assert_eq!(store.find_draft(draft(2).id).await.unwrap(), Some(draft(2)));
    is_over(store, &published).await;
}

/// Nothing can be done with a draft any more.
async fn is_over(store: &dyn Store, draft: &Draft) {
    let editions = store.list_editions().await.unwrap();
    let open = Draft {
        state: DraftState::Open,
        edition: None,
        ..draft.clone()
    };
    let (after, step) = next(&open, vec![]);
    let version = draft.version;
    let refused = store
        .record_draft_step(&after, &step, &[put(drafted(50))])
        .await;
    assert!(is_stale(&refused, version), "{refused:?}");
    let refused = store.discard_draft(draft.id, version, time(90)).await;
    assert!(is_stale(&refused, version), "{refused:?}");
    let refused = store
        .publish_edition(NewEdition {
            base: editions.last().map(|edition| edition.id),
            draft: Some((draft.id, version)),
            ..first_edition(vec![grid(50)])
        })
        .await
        .map(|_| ());
    assert!(is_stale(&refused, version), "{refused:?}");
    assert_eq!(store.list_editions().await.unwrap(), editions);
    assert_eq!(
        store.find_draft(draft.id).await.unwrap().as_ref(),
        Some(draft)
    );
}

pub async fn a_publication_that_fails_leaves_the_draft_open(store: &dyn Store) {
    store
        .publish_edition(first_edition(vec![grid(1), grid(2)]))
        .await
        .unwrap();
    let base = Some(EditionId(1));
    let kept_draft = Draft { base, ..draft(1) };
    open(store, &kept_draft, &[put(drafted(1))]).await;
    let publication = |base, version, put: Vec<Area>| {
        store.publish_edition(NewEdition {
            base,
            put,
            removed: vec![id(2)],
            lineage: vec![(id(3), vec![id(2)])],
            draft: Some((kept_draft.id, version)),
            ..first_edition(vec![])
        })
    };
    let twice = Area {
        code: grid(1).code,
        ..grid(3)
    };
    let stale = publication(None, 1, vec![grid(3)]).await;
    assert!(
        matches!(stale, Err(StoreError::StaleEdition { .. })),
        "{stale:?}"
    );
    let failed = publication(base, 1, vec![twice]).await;
    assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");
    // The other way round: a draft that has gone on leaves the territory as it is.
    for version in [0, 2] {
        let stale = publication(base, version, vec![grid(3)]).await.map(|_| ());
        assert!(is_stale(&stale, version), "{stale:?}");
    }

    assert_eq!(
        store.find_draft(kept_draft.id).await.unwrap().as_ref(),
        Some(&kept_draft)
    );
    assert_eq!(store.list_editions().await.unwrap().len(), 1);
    let versions = store.list_area_versions(&grid(2).code).await.unwrap();
    assert_eq!((versions.len(), versions[0].until), (1, None));
    assert_eq!(
        announced_topics(store).await,
        [Topic::Editions, Topic::Drafts]
    );
    // And then it goes well.
    let edition = publication(base, 1, vec![grid(3)]).await.unwrap();
    let found = store.find_draft(kept_draft.id).await.unwrap().unwrap();
    assert_eq!(found.edition, Some(edition.id));
}

pub async fn a_draft_given_up_keeps_its_history(store: &dyn Store) {
    let changes = vec![put(drafted(1))];
    open(store, &draft(1), &changes).await;
    open(store, &draft(2), &[]).await;
    let refused = store.discard_draft(draft(1).id, 2, time(5)).await;
    assert!(is_stale(&refused, 2), "{refused:?}");
    let refused = store.discard_draft(DraftId(uuid(9)), 1, time(5)).await;
    assert!(is_stale(&refused, 1), "{refused:?}");

    store.discard_draft(draft(1).id, 1, time(6)).await.unwrap();
    let discarded = Draft {
        state: DraftState::Discarded,
        updated_at: time(6),
        ..draft(1)
    };
    assert_eq!(
        store.find_draft(discarded.id).await.unwrap().as_ref(),
        Some(&discarded)
    );
    assert_eq!(entries(store, discarded.id).await, kept(&changes));
    let step = store.find_draft_step(discarded.id, 1).await.unwrap();
    assert_eq!(step, Some(first_step(&changes)));
    is_over(store, &discarded).await;
    assert_eq!(store.find_draft(draft(2).id).await.unwrap(), Some(draft(2)));
}

pub async fn drafts_are_listed_from_the_newest_on(store: &dyn Store) {
    let at = |n: u128, second: i64| Draft {
        created_at: time(second),
        updated_at: time(second),
        ..draft(n)
    };
    // They come in any order, two of them at the same time.
    for draft in [at(3, 20), at(1, 30), at(2, 10), at(5, 20), at(4, 40)] {
        open(store, &draft, &[]).await;
    }
    store.discard_draft(draft(1).id, 1, time(50)).await.unwrap();
    let edition = NewEdition {
        draft: Some((draft(2).id, 1)),
        ..first_edition(vec![])
    };
    store.publish_edition(edition).await.unwrap();

    let list = async |state, limit| {
        let drafts: Vec<Draft> = store.list_drafts(state, limit).await.unwrap();
        drafts.into_iter().map(|draft| draft.id).collect::<Vec<_>>()
    };
    let id = |n| draft(n).id;
    let (later, earlier) = (id(3).max(id(5)), id(3).min(id(5)));
    let all = [id(4), id(1), later, earlier, id(2)];
    assert_eq!(list(None, 10).await, all);
    assert_eq!(list(None, 2).await, all[..2]);
    assert_eq!(list(None, 0).await, []);
    let open = Some(DraftState::Open);
    assert_eq!(list(open, 10).await, [id(4), later, earlier]);
    assert_eq!(list(open, 1).await, [id(4)]);
    assert_eq!(list(Some(DraftState::Discarded), 10).await, [id(1)]);
    assert_eq!(list(Some(DraftState::Published), 10).await, [id(2)]);
}

pub async fn a_large_draft_is_kept_at_once(store: &dyn Store) {
    const AREAS: i32 = 20_001;
    let changes: Changes = (0..AREAS)
        .map(|n| {
            let ring = (0..65).map(|k| {
                let (lon, lat) = (n % 150 * 6_400 + k * 100, n / 150 * 10_000 + k * 37 % 100);
                LngLat::from_e7(1_180_000_000 + lon, 330_000_000 + lat).unwrap()
            });
            put(DraftArea {
                outline: Some(Arc::new(Outline {
                    polygons: vec![vec![ring.collect()]],
                })),
                feature: usize::try_from(n).ok(),
                ..drafted(n)
            })
        })
        .collect();
    let started = Instant::now();
    open(store, &draft(1), &changes).await;
    assert_eq!(entries(store, draft(1).id).await, kept(&changes));

    // All of it is replaced, and what was before is kept.
    let renamed: Changes = changes
        .iter()
        .map(|change| renamed(change.clone()))
        .collect();
    let (after, step) = next(&draft(1), changes);
    store
        .record_draft_step(&after, &step, &renamed)
        .await
        .unwrap();
    assert_eq!(entries(store, draft(1).id).await, kept(&renamed));
    let found = store.find_draft_step(draft(1).id, 2).await.unwrap();
    assert!(found == Some(step));
    // A row at a time, it would be minutes.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

fn renamed((id, entry): Change) -> Change {
    let Some(DraftEntry::Put(area)) = entry else {
        panic!("{id} is not put");
    };
    let name = format!("{}（新）", area.name);
    put(DraftArea { name, ..area })
}

pub async fn drafts_are_announced_with_every_change(store: &dyn Store) {
    let unbounded = Draft {
        within: None,
        ..draft(2)
    };
    open(store, &draft(1), &[]).await;
    open(store, &unbounded, &[]).await;
    let (mut second, step) = next(&draft(1), vec![]);
    second.title = "改题".into();
    store.record_draft_step(&second, &step, &[]).await.unwrap();
    store
        .discard_draft(unbounded.id, 1, time(10))
        .await
        .unwrap();
    let edition = NewEdition {
        draft: Some((second.id, 2)),
        published_at: time(20),
        ..first_edition(vec![])
    };
    store.publish_edition(edition).await.unwrap();

    let told = |draft: &Draft, at: Timestamp, state: &str| {
        let payload = json!({
            "id": draft.id,
            "version": draft.version,
            "state": state,
            "title": draft.title,
        });
        (at, draft.id.to_string(), draft.within.clone(), payload)
    };
    let changes = announced(store).await;
    let drafts = changes
        .into_iter()
        .filter(|change| change.topic == Topic::Drafts)
        .map(|change| (change.at, change.key, change.area, change.payload));
    assert_eq!(
        drafts.collect::<Vec<_>>(),
        [
            told(&draft(1), time(0), "open"),
            told(&unbounded, time(0), "open"),
            told(&second, time(2), "open"),
            told(&unbounded, time(10), "discarded"),
            told(&second, time(20), "published"),
        ]
    );
}
