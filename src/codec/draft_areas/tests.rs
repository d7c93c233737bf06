use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::codec::detective::{COUNTIES, national_scheme};
use crate::domain::{Edition, EditionId, LngLat, Outline};

/// A square of one hundredth of a degree, so many hundredths east of a corner, closed.
fn square(east: i32) -> Outline {
    let p =
        |x: i32, y: i32| LngLat::from_e7(1_190_000_000 + x * 100_000, 330_000_000 + y * 100_000);
    let corners = [
        (east, 0),
        (east + 1, 0),
        (east + 1, 1),
        (east, 1),
        (east, 0),
    ];
    Outline {
        polygons: vec![vec![
            corners.iter().map(|&(x, y)| p(x, y).unwrap()).collect(),
        ]],
    }
}

fn feature(index: usize, properties: &Value) -> PlacedFeature {
    PlacedFeature {
        index,
        outline: Ok(square(0)),
        properties: properties.as_object().unwrap().clone(),
    }
}

fn features(rows: &[Value]) -> Vec<PlacedFeature> {
    let rows = rows.iter().enumerate();
    rows.map(|(index, row)| feature(index + 1, row)).collect()
}

fn number_ids() -> impl FnMut() -> AreaId {
    let mut last = 0;
    move || {
        last += 1;
        AreaId(uuid::Uuid::from_u128(last))
    }
}

fn standing(code: &str, level: Level, parent: Option<&str>) -> Area {
    Area {
        id: AreaId(uuid::Uuid::from_u128(1_000 + code.parse::<u128>().unwrap())),
        code: code.parse().unwrap(),
        name: format!("旧{code}"),
        level,
        parent: parent.map(|parent| parent.parse().unwrap()),
        kind: (level == Level::Grid).then_some(GridKind::Special),
        shape: None,
        label: None,
        area_m2: None,
        generated: true,
    }
}

fn atlas(areas: Vec<Area>) -> Atlas {
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    let edition = Edition {
        id: EditionId(1),
        title: "test".to_owned(),
        notice: None,
        effective_from: at,
        published_at: at,
        area_count: 0,
        published_by: None,
        reason: None,
        restores: None,
    };
    Atlas::build(edition, areas).unwrap()
}

fn mapping(columns: &[&str]) -> FieldMapping {
    let columns: BTreeMap<&str, &str> = columns.iter().map(|&name| (name, name)).collect();
    serde_json::from_value(json!(columns)).unwrap()
}

fn draft(rows: &[Value], columns: &[&str], atlas: &Atlas) -> Drafted {
    let mapping = mapping(columns);
    make_draft_areas(
        features(rows),
        &mapping,
        &national_scheme(),
        atlas,
        number_ids(),
    )
}

fn parents(drafted: &Drafted) -> Vec<(&str, Option<&str>)> {
    let areas = drafted.areas.iter();
    areas
        .map(|area| (area.code.as_str(), area.parent.as_deref()))
        .collect()
}

fn faults(drafted: &Drafted) -> Vec<String> {
    drafted
        .faults
        .listed
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn codes(codes: &[&str]) -> Vec<Value> {
    codes.iter().map(|code| json!({ "code": code })).collect()
}

#[test]
fn codes_say_levels_and_parents() {
    let drafted = draft(
        &codes(&["320812", "320812001001", "320812001", "320812002001001"]),
        &["code"],
        &Atlas::empty(),
    );
    let levels: Vec<_> = drafted.areas.iter().map(|area| area.level).collect();
    let expected = [
        Level::County,
        Level::Community,
        Level::Township,
        Level::Grid,
    ];
    assert_eq!(levels, expected.map(Some));
    assert_eq!(
        parents(&drafted),
        [
            ("320812", None),
            ("320812001001", Some("320812001")),
            ("320812001", Some("320812")),
            // An orphan keeps the parent it should have.
            ("320812002001001", Some("320812002001")),
        ]
    );
    assert_eq!(drafted.areas[3].kind, Some(GridKind::General));
    assert_eq!(drafted.areas[0].kind, None);
    assert_eq!(drafted.faults.total, 0);
}

#[test]
fn levels_that_nobody_has_are_skipped() {
    let drafted = draft(
        &codes(&["320812", "320812001001001"]),
        &["code"],
        &Atlas::empty(),
    );
    assert_eq!(drafted.areas[1].parent.as_deref(), Some("320812"));
    let territory = atlas(vec![
        standing("32", Level::Province, None),
        standing("320812", Level::County, Some("32")),
    ]);
    let drafted = draft(
        &codes(&["320812001001001", "3207", "320899001001001"]),
        &["code"],
        &territory,
    );
    assert_eq!(
        parents(&drafted),
        [
            ("320812001001001", Some("320812")),
            ("3207", Some("32")),
            ("320899001001001", Some("320899"))
        ]
    );
}

#[test]
fn what_is_wrong_comes_in_as_it_is() {
    let mut features = features(&[
        json!({"code": null, "name": "甲", "level": "grid", "parent": null, "kind": null}),
        json!({"code": "32 08", "name": null, "level": "大", "parent": "无", "kind": null}),
        json!({"code": "3208120", "name": "乙", "level": null, "parent": null, "kind": null}),
        json!({"code": "320812001001001", "name": "丙", "level": "社区", "parent": "320812", "kind": "甲"}),
        json!({"code": 320_812.0, "name": " 丁 ", "level": null, "parent": "3208", "kind": "x"}),
    ]);
    let open = Outline {
        polygons: vec![vec![vec![LngLat::from_e7(0, 0).unwrap()], vec![]]],
    };
    features[0].outline = Ok(open.clone());
    features[2].outline = Err(FeatureFault::NoGeometry);
    let mapping = mapping(&["code", "name", "level", "parent", "kind"]);
    let drafted = make_draft_areas(
        features,
        &mapping,
        &national_scheme(),
        &Atlas::empty(),
        number_ids(),
    );
    let told: Vec<_> = drafted
        .areas
        .iter()
        .map(|area| {
            (
                area.code.as_str(),
                area.name.as_str(),
                area.level,
                area.parent.as_deref(),
                area.feature,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("", "甲", Some(Level::Grid), None, Some(1)),
            ("32 08", "", None, None, Some(2)),
            ("3208120", "乙", None, Some("320812"), Some(3)),
            (
                "320812001001001",
                "丙",
                Some(Level::Community),
                Some("320812"),
                Some(4)
            ),
            // Nothing is known of any city.
            ("320812", "丁", Some(Level::County), None, Some(5)),
        ]
    );
    assert_eq!(drafted.areas[0].outline.as_deref(), Some(&open));
    assert_eq!(drafted.areas[2].outline, None);
    assert_eq!(
        faults(&drafted),
        [
            "feature 2 (32 08): its level \"大\" is not known; use one of province, city, county, township, community, grid, microgrid",
            "feature 3 (3208120 乙): it has no geometry; draw its polygon, or remove the feature",
        ]
    );
}

#[test]
fn a_kind_that_is_not_known_is_told() {
    let rows = [
        json!({"code": "320812001001001", "kind": "专属"}),
        json!({"code": "320812001001002", "kind": "甲"}),
    ];
    let drafted = draft(&rows, &["code", "kind"], &Atlas::empty());
    let kinds: Vec<_> = drafted.areas.iter().map(|area| area.kind).collect();
    assert_eq!(kinds, [Some(GridKind::Special), Some(GridKind::General)]);
    assert_eq!(drafted.faults.total, 1);
}

#[test]
fn areas_that_stand_keep_who_they_are() {
    let grid = "320812001001001";
    let territory = atlas(vec![
        standing("320812", Level::County, None),
        standing(grid, Level::Grid, Some("320812")),
    ]);
    let rows = [
        json!({"code": grid, "generated": true}),
        json!({"code": grid}),
        json!({"code": "320812001001002"}),
    ];
    let drafted = draft(&rows, &["code"], &territory);
    let before = territory.area(territory.find(&grid.parse().unwrap()).unwrap());
    let ids: Vec<_> = drafted.areas.iter().map(|area| area.id).collect();
    let fresh = |number| AreaId(uuid::Uuid::from_u128(number));
    assert_eq!(ids, [before.id, fresh(1), fresh(2)]);
    assert_eq!(drafted.areas[0].name, format!("旧{grid}"));
    assert_eq!(drafted.areas[0].kind, Some(GridKind::Special));
    assert_eq!(drafted.areas[2].kind, Some(GridKind::General));
    assert!(drafted.areas[0].generated && !drafted.areas[1].generated);
    // A column of names says what the name is, even if it is none.
    let rows = [json!({"code": grid, "name": null})];
    let drafted = draft(&rows, &["code", "name"], &territory);
    assert_eq!(drafted.areas[0].name, "");
}

#[test]
fn without_prefixes_parents_are_named_or_stay() {
    let mut scheme = national_scheme();
    scheme.prefix = false;
    let territory = atlas(vec![
        standing("11", Level::Province, None),
        standing("9999", Level::City, Some("11")),
    ]);
    let rows = [
        json!({"code": "9999", "parent": null}),
        json!({"code": "1234", "parent": "11"}),
        json!({"code": "1235", "parent": null}),
        json!({"code": "1236", "parent": "77"}),
    ];
    let mapping = mapping(&["code", "parent"]);
    let drafted = make_draft_areas(features(&rows), &mapping, &scheme, &territory, number_ids());
    assert_eq!(
        parents(&drafted),
        [
            ("9999", Some("11")),
            ("1234", Some("11")),
            ("1235", None),
            ("1236", Some("77"))
        ]
    );
}

#[test]
fn a_judged_area_becomes_one_to_publish() {
    let rows = [json!({"code": "320812001001001", "name": "第一网格"})];
    let territory = atlas(vec![standing("320812001", Level::Township, None)]);
    let mut drafted = draft(&rows, &["code", "name"], &territory);
    let area = to_area(&drafted.areas[0]).unwrap();
    assert_eq!(area.code.as_str(), "320812001001001");
    assert_eq!(area.level, Level::Grid);
    assert_eq!(area.parent.as_ref().unwrap().as_str(), "320812001");
    assert_eq!(area.id, drafted.areas[0].id);
    // A hundredth of a degree there is 935 m by 1,109 m.
    assert!(
        (area.area_m2.unwrap() - 1_036_700.0).abs() < 1_000.0,
        "{:?}",
        area.area_m2
    );
    assert!(area.shape.unwrap().covers(area.label.unwrap()));

    let mut check = |change: fn(&mut DraftArea), expected: &str| {
        let before = drafted.areas[0].clone();
        change(&mut drafted.areas[0]);
        assert_eq!(
            to_area(&drafted.areas[0]).unwrap_err().to_string(),
            expected
        );
        drafted.areas[0] = before;
    };
    check(
        |area| area.code.clear(),
        "\"\" is not an area code: use 1 to 32 letters, digits, - or _",
    );
    check(
        |area| area.name = " ".to_owned(),
        "area 320812001001001 has no name; name it",
    );
    check(
        |area| area.level = None,
        "area 320812001001001 has no level; choose one",
    );
    check(
        |area| area.outline = Some(Arc::default()),
        "area 320812001001001 has no shape: the geometry has no polygon",
    );
    check(
        |area| area.parent = Some("上级".to_owned()),
        "\"上级\" is not an area code: use 1 to 32 letters, digits, - or _",
    );

    drafted.areas[0].outline = None;
    let area = to_area(&drafted.areas[0]).unwrap();
    assert_eq!((area.shape, area.label, area.area_m2), (None, None, None));
}

#[test]
fn the_demonstration_counties_go_through_whole() {
    let placed: Vec<PlacedFeature> = COUNTIES
        .iter()
        .enumerate()
        .map(|(index, (code, shape))| PlacedFeature {
            outline: Ok(shape.into()),
            ..feature(index + 1, &json!({"code": code, "name": code}))
        })
        .collect();
    let mapping = mapping(&["code", "name"]);
    let drafted = make_draft_areas(
        placed,
        &mapping,
        &national_scheme(),
        &Atlas::empty(),
        number_ids(),
    );
    assert_eq!(drafted.faults.total, 0);
    for (area, (_, shape)) in drafted.areas.iter().zip(&*COUNTIES) {
        let area = to_area(area).unwrap();
        assert_eq!(area.shape.as_deref(), Some(shape));
        assert_eq!((area.level, area.parent), (Level::County, None));
    }
}
