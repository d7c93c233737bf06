//! One county set in every format and every coordinate system, with what the file declares
//! and without: it comes in where it was and under its names, or it asks.

use std::io::Cursor;

use super::tests::{COUNTIES, Drawn, SYSTEMS, TERRITORY, national_scheme};
use super::*;
use crate::codec::boundaries::{BoundaryFormat, ReadOptions, read_layer};
use crate::codec::columns::propose_mapping;
use crate::codec::draft_areas::make_draft_areas;
use crate::codec::export::{ExportFeature, ExportOptions, write};
use crate::codec::source::place;
use crate::domain::{AreaId, EditionId, Level, Ring};
use crate::geometry::measure::border_distance_m;

/// Of the cities in the south and the west.
fn counties() -> &'static [Drawn] {
    &COUNTIES[..25]
}

fn name(code: &str) -> String {
    format!("第{code}区")
}

fn export(format: BoundaryFormat, crs: Crs) -> Option<Vec<u8>> {
    let names: Vec<String> = counties().iter().map(|(code, _)| name(code)).collect();
    let features = counties()
        .iter()
        .zip(&names)
        .map(|((code, shape), name)| ExportFeature {
            id: AreaId(uuid::Uuid::nil()),
            code,
            name,
            level: Level::County,
            parent: None,
            kind: None,
            area_m2: None,
            edition: EditionId(1),
            shape,
        });
    let options = ExportOptions {
        format,
        crs,
        layer: "网格".to_owned(),
        at: "2026-03-01T08:00:00Z".parse().unwrap(),
    };
    let mut out = Cursor::new(Vec::new());
    write(features, &options, &mut out).ok()?;
    Some(out.into_inner())
}

/// True when it was decided; then everything is where it was, under its name.
fn comes_in(layer: &SourceLayer, atlas: &Atlas, context: &str) -> bool {
    let scheme = national_scheme();
    let mapping = propose_mapping(layer, &scheme).mapping;
    let proposal = propose(layer, "counties", &mapping, &scheme, atlas);
    let Some(placement) = proposal.decision() else {
        assert!(!proposal.remarks.is_empty(), "{context}");
        return false;
    };
    let mut last = 0;
    let fresh_id = || {
        last += 1;
        AreaId(uuid::Uuid::from_u128(last))
    };
    let placed = place(layer.features.clone(), placement);
    let drafted = make_draft_areas(placed, &mapping, &scheme, atlas, fresh_id);
    assert_eq!(drafted.faults.total, 0, "{context}: {}", drafted.faults);
    assert_eq!(drafted.areas.len(), counties().len());
    // A FlatGeobuf has its own order.
    let find = |code: &String| drafted.areas.iter().find(|area| area.code == *code);
    for (code, before) in counties() {
        let area = find(code).unwrap();
        assert_eq!(area.name, name(code), "{context}");
        let shape = area.outline.as_deref().unwrap().to_shape().unwrap();
        assert_eq!(shape.vertex_count(), before.vertex_count());
        let vertices = before.rings().flat_map(Ring::points);
        for &vertex in vertices.step_by(5) {
            assert!(border_distance_m(vertex, &shape) < 0.5, "{context}: {code}");
        }
    }
    true
}

#[test]
fn a_county_set_comes_in_from_every_format_and_system_or_asks() {
    let mut written = 0;
    for &format in BoundaryFormat::ALL {
        for system in SYSTEMS {
            let crs: Crs = system.parse().unwrap();
            // KML holds no metres.
            let Some(bytes) = export(format, crs) else {
                assert!(!crs.is_geographic());
                continue;
            };
            written += 1;
            let options = ReadOptions::default();
            let declared = read_layer(&bytes[..], "counties", &options).unwrap();
            let silent = SourceLayer {
                declared_crs: DeclaredCrs::None,
                ..declared.clone()
            };
            for layer in [&declared, &silent] {
                let context = format!("{format} in {system}, {:?}", layer.declared_crs);
                assert!(comes_in(layer, &TERRITORY, &context), "{context}");
                let told = layer.declared_crs != DeclaredCrs::None || !crs.is_geographic();
                assert_eq!(
                    comes_in(layer, &Atlas::empty(), &context),
                    told,
                    "{context}"
                );
            }
        }
    }
    assert_eq!(written, 9 * 8 - 2 * 5);
}
