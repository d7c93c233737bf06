//! What became of areas over the editions.

use wangge::domain::{Area, AreaId, EditionId};
use wangge::store::{AreaVersion, NewEdition, Store};

use crate::sample::{code, first_edition, grid};

/// Publishes an edition on the one before.
async fn publish(
    store: &dyn Store,
    put: Vec<Area>,
    removed: &[i32],
    lineage: &[(i32, &[i32])],
) -> EditionId {
    let ids = |numbers: &[i32]| numbers.iter().map(|&n| grid(n).id).collect::<Vec<AreaId>>();
    let latest = store.list_editions().await.unwrap().pop();
    let edition = NewEdition {
        base: latest.map(|edition| edition.id),
        removed: ids(removed),
        lineage: lineage
            .iter()
            .map(|&(area, origins)| (grid(area).id, ids(origins)))
            .collect(),
        ..first_edition(put)
    };
    store.publish_edition(edition).await.unwrap().id
}

fn version(area: Area, from: i64, until: Option<i64>, made_from: &[i32]) -> AreaVersion {
    AreaVersion {
        area,
        from: EditionId(from),
        until: until.map(EditionId),
        made_from: made_from.iter().map(|&n| grid(n).id).collect(),
    }
}

async fn versions(store: &dyn Store, n: i32) -> Vec<AreaVersion> {
    store.list_area_versions(&grid(n).code).await.unwrap()
}

pub async fn an_area_is_listed_in_all_its_versions(store: &dyn Store) {
    let renamed = Area {
        name: "改名".into(),
        shape: None,
        label: None,
        ..grid(1)
    };
    let recoded = Area {
        code: code("320812001001900001"),
        ..grid(1)
    };
    publish(store, vec![grid(1), grid(2)], &[], &[]).await;
    publish(store, vec![renamed.clone()], &[], &[]).await;
    publish(store, vec![grid(3)], &[], &[]).await;
    publish(store, vec![recoded.clone()], &[], &[]).await;
    publish(store, vec![], &[1], &[]).await;
    // Another area takes over the code, and later the first comes back.
    let successor = Area {
        id: grid(9).id,
        ..grid(1)
    };
    publish(store, vec![successor.clone(), recoded.clone()], &[], &[]).await;

    let expected = [
        version(grid(1), 1, Some(2), &[]),
        version(renamed, 2, Some(4), &[]),
        version(recoded.clone(), 4, Some(5), &[]),
        version(successor, 6, None, &[]),
        version(recoded.clone(), 6, None, &[]),
    ];
    assert_eq!(versions(store, 1).await, expected);
    // Whoever asks by the later code learns of the earlier one, but not of its new bearer.
    let by_later_code = store.list_area_versions(&recoded.code).await.unwrap();
    let [first, second, third, _, last] = expected;
    assert_eq!(by_later_code, [first, second, third, last]);
    assert_eq!(versions(store, 2).await, [version(grid(2), 1, None, &[])]);
    assert_eq!(versions(store, 77).await, []);
}

pub async fn areas_know_what_they_were_split_from(store: &dyn Store) {
    publish(store, vec![grid(1), grid(2)], &[], &[]).await;
    let parts = vec![grid(11), grid(12)];
    publish(store, parts, &[1], &[(11, &[1]), (12, &[1])]).await;
    // One of the parts is split again, and the other only redrawn.
    let redrawn = Area {
        area_m2: Some(1.0),
        ..grid(12)
    };
    let parts = vec![grid(111), redrawn.clone()];
    publish(store, parts, &[11], &[(111, &[11])]).await;

    let whole = version(grid(1), 1, Some(2), &[]);
    let west = version(grid(11), 2, Some(3), &[1]);
    let east = version(grid(12), 2, Some(3), &[1]);
    let east_redrawn = version(redrawn, 3, None, &[]);
    let part_of_west = version(grid(111), 3, None, &[11]);
    assert_eq!(
        versions(store, 1).await,
        [&whole, &west, &east, &east_redrawn, &part_of_west].map(Clone::clone)
    );
    // A part knows where it is from and what became of it, but not its sisters.
    assert_eq!(
        versions(store, 11).await,
        [&whole, &west, &part_of_west].map(Clone::clone)
    );
    assert_eq!(
        versions(store, 111).await,
        [whole.clone(), west, part_of_west]
    );
    assert_eq!(versions(store, 12).await, [whole, east, east_redrawn]);
    assert_eq!(versions(store, 2).await, [version(grid(2), 1, None, &[])]);
}

pub async fn areas_know_what_they_were_merged_from(store: &dyn Store) {
    publish(store, vec![grid(1), grid(2), grid(3)], &[], &[]).await;
    // The order says whose ground was the larger part.
    let removed = [1, 2, 3];
    publish(store, vec![grid(9)], &removed, &[(9, &[3, 1, 2])]).await;
    // It is undone: the areas are made from what they had become.
    let again = vec![grid(1), grid(2), grid(3)];
    let back: [(i32, &[i32]); 3] = [(1, &[9]), (2, &[9]), (3, &[9])];
    publish(store, again, &[9], &back).await;

    let before = [1, 2, 3].map(|n| version(grid(n), 1, Some(2), &[]));
    let merged = version(grid(9), 2, Some(3), &[3, 1, 2]);
    let after = [1, 2, 3].map(|n| version(grid(n), 3, None, &[9]));
    let all: Vec<AreaVersion> = [&before[..], &[merged], &after].concat();
    // Going round in a circle comes to an end.
    for n in [1, 2, 3, 9] {
        assert_eq!(versions(store, n).await, all, "{n}");
    }
}
