use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::*;
use crate::codec::boundaries::{ReadOptions, read};
use crate::domain::{Polygon, Ring, Shape};

fn scheme() -> CodeScheme {
    let file = include_str!("../../../data/code-schemes.json");
    let schemes: crate::domain::code::CodeSchemes = serde_json::from_str(file).unwrap();
    schemes.schemes.into_iter().next().unwrap()
}

/// A square of one hundredth of a degree, so many hundredths east of a corner.
fn square(east: i32) -> Shape {
    let p =
        |x: i32, y: i32| LngLat::from_e7(1_190_000_000 + x * 100_000, 330_000_000 + y * 100_000);
    let points = [(east, 0), (east + 1, 0), (east + 1, 1), (east, 1)];
    let points = points.iter().map(|&(x, y)| p(x, y).unwrap()).collect();
    Shape::new(vec![Polygon {
        exterior: Ring::from_open(points).unwrap(),
        holes: vec![],
    }])
    .unwrap()
}

fn feature(index: usize, properties: Value) -> Feature {
    let Value::Object(properties) = properties else {
        panic!("{properties}");
    };
    Feature {
        index,
        geometry: square(0),
        properties,
    }
}

/// Features with these codes, all on the same ground.
fn coded(codes: &[&str]) -> Vec<Feature> {
    let features = codes.iter().enumerate();
    features
        .map(|(index, code)| {
            feature(
                index + 1,
                json!({"编码": code, "名称": format!("甲{index}")}),
            )
        })
        .collect()
}

fn number_ids() -> impl FnMut() -> AreaId {
    let mut last = 0;
    move || {
        last += 1;
        AreaId(uuid::Uuid::from_u128(last))
    }
}

fn assemble_all(features: &[Feature], existing: &[Area]) -> Result<Assembly, Vec<String>> {
    let mapping = FieldMapping::propose(features);
    assemble(features, &mapping, &scheme(), existing, number_ids())
        .map_err(|faults| faults.listed.iter().map(ToString::to_string).collect())
}

fn parents(assembly: &Assembly) -> BTreeMap<&str, Option<&str>> {
    let areas = assembly.areas.iter();
    areas
        .map(|area| {
            (
                area.code.as_str(),
                area.parent.as_ref().map(AreaCode::as_str),
            )
        })
        .collect()
}

#[test]
fn the_demonstration_counties_are_roots_of_a_new_territory() {
    let file = include_bytes!("../../../data/demonstration/jiangsu-counties.geojson");
    let file = read(file, "counties", &ReadOptions::default()).unwrap();
    let assembly = assemble_all(&file.features, &[]).unwrap();
    assert_eq!(assembly.areas.len(), 95);
    assert_eq!(assembly.roots.len(), 95);
    let area = &assembly.areas[1];
    assert_eq!(
        (
            area.code.as_str(),
            &*area.name,
            area.level,
            &area.parent,
            area.kind
        ),
        ("320104", "秦淮区", Level::County, &None, None)
    );
    // About 49 km².
    assert!((45e6..55e6).contains(&area.area_m2.unwrap()));
    assert!(area.shape.as_ref().unwrap().covers(area.label.unwrap()));
    assert_eq!(area.id, AreaId(uuid::Uuid::from_u128(2)));
}

#[test]
fn parents_come_from_codes_and_areas_keep_their_identity() {
    let before = assemble_all(&coded(&["32", "3208"]), &[]).unwrap();
    assert!(before.roots.is_empty());
    let grids = coded(&[
        "3208",
        "320812",
        "320812001",
        "320812001001",
        "320812001001001",
    ]);
    let after = assemble_all(&grids, &before.areas).unwrap();
    assert_eq!(
        parents(&after),
        BTreeMap::from([
            ("3208", Some("32")),
            ("320812", Some("3208")),
            ("320812001", Some("320812")),
            ("320812001001", Some("320812001")),
            ("320812001001001", Some("320812001001")),
        ])
    );
    assert_eq!(after.areas[0].id, before.areas[1].id);
    assert_eq!(after.areas[4].level, Level::Grid);
    assert_eq!(after.areas[4].kind, Some(GridKind::General));
}

#[test]
fn levels_that_nobody_has_are_skipped() {
    let assembly = assemble_all(&coded(&["32", "320812", "320812001001001"]), &[]).unwrap();
    assert_eq!(
        parents(&assembly),
        BTreeMap::from([
            ("32", None),
            ("320812", Some("32")),
            ("320812001001001", Some("320812")),
        ])
    );
}

#[test]
fn a_parent_that_is_nowhere_is_a_fault_below_the_top() {
    assert_eq!(
        assemble_all(&coded(&["3208", "320812", "320999"]), &[]).unwrap_err(),
        [
            "feature 3 (320999 甲2): its parent 3209 is neither in the file nor in the territory; add the parent, or correct the code"
        ]
    );
    let territory = assemble_all(&coded(&["3208"]), &[]).unwrap().areas;
    assert_eq!(
        assemble_all(&coded(&["320999"]), &territory).unwrap_err(),
        [
            "feature 1 (320999 甲0): its parent 3209 is neither in the file nor in the territory; add the parent, or correct the code"
        ]
    );
}

#[test]
fn columns_say_more_than_codes() {
    let features = [
        feature(
            1,
            json!({"XZQDM": 320_812, "XZQMC": "清江浦区", "级别": "县区", "上级": "0"}),
        ),
        feature(
            2,
            json!({"XZQDM": 320_812_001_001_001_u64, "XZQMC": "第一网格", "级别": "网格", "上级": 320_812, "网格类型": "专属网格"}),
        ),
    ];
    let assembly = assemble_all(&features, &[]).unwrap();
    let grid = &assembly.areas[1];
    assert_eq!(grid.parent.as_ref().unwrap().as_str(), "320812");
    assert_eq!(
        (grid.level, grid.kind),
        (Level::Grid, Some(GridKind::Special))
    );
}

#[test]
fn every_fault_of_every_feature_is_told() {
    let good = |code: &str| json!({"code": code, "name": "甲", "level": "", "parent": ""});
    let with = |change: Value| {
        let mut properties = good("320812001").as_object().unwrap().clone();
        properties.extend(change.as_object().unwrap().clone());
        properties
    };
    let mut features = vec![feature(1, good("320812"))];
    for change in [
        json!({"code": ""}),
        json!({"code": "32 08"}),
        json!({"code": "3208120010"}),
        json!({"name": null}),
        json!({"name": "锟斤拷锟斤拷", "code": "320812002"}),
        json!({"code": "320812003", "level": "planet"}),
        json!({"code": "320812004", "level": "网格"}),
        json!({"code": "320812005", "parent": "320813"}),
        json!({"code": "320812006", "parent": "320812001"}),
        json!({"code": "320814001", "parent": "320812"}),
        json!({"code": "320812"}),
    ] {
        features.push(feature(features.len() + 1, Value::Object(with(change))));
    }
    let faults = assemble_all(&features, &[]).unwrap_err();
    let expected = [
        "feature 2 (甲): its code is missing; fill in the column \"code\"",
        "feature 3 (32 08 甲): \"32 08\" is not an area code: use 1 to 32 letters, digits, - or _; correct it",
        "feature 4 (3208120010 甲): code 3208120010 has 10 characters, which is no level of the scheme cn-statistical; correct it",
        "feature 5 (320812001): its name is missing; fill in the column \"name\"",
        "feature 6 (320812002 锟斤拷锟斤拷): its name \"锟斤拷锟斤拷\" is garbled; name the encoding that the file is in",
        "feature 7 (320812003 甲): its level \"planet\" is not known; use one of province (省), city (市), county (县区), township (乡镇街道), community (村社区), grid (网格), microgrid (微网格)",
        "feature 8 (320812004 甲): code 320812004 has 9 characters, but a grid code of the scheme cn-statistical has 15; correct it",
        "feature 9 (320812005 甲): its parent 320813 is neither in the file nor in the territory; add the parent, or correct the code",
        "feature 10 (320812006 甲): it is a township, and so can be no part of 320812001, which is a township; correct the level or the parent",
        "feature 11 (320814001 甲): code 320814001 does not begin with the code of its parent, 320812; correct it",
        "feature 12 (320812 甲): its code 320812 is also that of feature 1 (320812 甲); give one of them another code, or merge them",
    ];
    assert_eq!(faults, expected);
}

#[test]
fn a_level_that_changes_under_a_code_is_a_fault() {
    let territory = assemble_all(&coded(&["320812"]), &[]).unwrap().areas;
    let mut other = scheme();
    other.levels.insert(Level::County, 4);
    other.levels.insert(Level::Township, 6);
    let features = coded(&["320812"]);
    let mapping = FieldMapping::propose(&features);
    let faults = assemble(&features, &mapping, &other, &territory, number_ids()).unwrap_err();
    assert!(
        faults.listed.iter().any(|fault| fault.to_string()
            == "feature 1 (320812 甲0): its code 320812 is that of a county in the territory, but here it is a township; correct one of them"),
        "{faults}"
    );
}

#[test]
fn columns_that_are_missing_are_named() {
    let features = [feature(1, json!({"甲": 1, "乙": 2}))];
    assert_eq!(
        assemble_all(&features, &[]).unwrap_err(),
        [
            "no column holds the code; name it, or rename one of 乙, 甲",
            "no column holds the name; name it, or rename one of 乙, 甲",
        ]
    );
}

#[test]
fn ground_is_checked() {
    let mut features = coded(&["320812", "320812001", "320812002"]);
    features[1].geometry = square(7);
    let points = [(0, 0), (80_000, 80_000), (80_000, 0), (0, 100_000)];
    let points = points
        .iter()
        .map(|&(x, y)| LngLat::from_e7(1_190_000_000 + x, 330_000_000 + y).unwrap());
    features[2].geometry = Shape::new(vec![Polygon {
        exterior: Ring::from_open(points.collect()).unwrap(),
        holes: vec![],
    }])
    .unwrap();
    assert_eq!(
        assemble_all(&features, &[]).unwrap_err(),
        [
            "feature 2 (320812001 甲1): it lies outside its parent 320812, at (119.075, 33.005); correct its code, or its place",
            "feature 3 (320812002 甲2): the border crosses itself at (119.0044444, 33.0044444); mend its border there",
        ]
    );
}

#[test]
fn no_more_than_a_hundred_faults_are_listed() {
    let codes: Vec<String> = (0..150).map(|n| format!("x{n:04}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let features = coded(&codes);
    let mapping = FieldMapping::propose(&features);
    let faults = assemble(&features, &mapping, &scheme(), &[], number_ids()).unwrap_err();
    assert_eq!((faults.listed.len(), faults.total), (100, 150));
}

#[test]
fn nothing_is_proposed_for_columns_with_other_names() {
    let features = [feature(1, json!({"QHDM": "32", "mc": "江苏省", "FID": 3}))];
    let mapping = FieldMapping::propose(&features);
    assert_eq!(mapping.code.as_deref(), Some("QHDM"));
    assert_eq!(mapping.name.as_deref(), Some("mc"));
    assert_eq!((mapping.level, mapping.parent), (None, None));
    let blank = Feature {
        properties: Map::new(),
        ..features[0].clone()
    };
    assert_eq!(FieldMapping::propose(&[blank]), FieldMapping::default());
}
