//! A small territory of rectangles, made by hand, for the tests of the demonstration.

use std::sync::Arc;

use uuid::Uuid;

use super::Material;
use crate::domain::rules::Rules;
use crate::domain::{
    Area, AreaCode, AreaId, Catalogue, GridKind, Level, LngLat, Polygon, Ring, Shape, Timestamp,
};
use crate::service::built_in_rulebook;

pub fn now() -> Timestamp {
    "2026-11-22T08:00:00.123456789Z".parse().unwrap()
}

pub fn material() -> Material {
    Material::load().unwrap()
}

pub fn catalogue() -> Catalogue {
    Catalogue::parse(include_str!("../../../data/services.json")).unwrap()
}

pub fn rules() -> Rules {
    Rules::new(built_in_rulebook().unwrap(), &catalogue()).unwrap()
}

/// West, south, east and north on the lattice.
type Sides = [i32; 4];

fn area(code: &str, name: &str, level: Level, parent: Option<&str>, sides: Option<Sides>) -> Area {
    let point = |x, y| LngLat::from_e7(x, y).unwrap();
    let shape = sides.map(|[west, south, east, north]| {
        let corners = [(west, south), (east, south), (east, north), (west, north)];
        let ring = Ring::from_open(corners.map(|(x, y)| point(x, y)).to_vec()).unwrap();
        let polygon = Polygon {
            exterior: ring,
            holes: vec![],
        };
        Arc::new(Shape::new(vec![polygon]).unwrap())
    });
    Area {
        id: AreaId(Uuid::from_u128(code.parse().unwrap())),
        code: code.parse().unwrap(),
        name: name.to_owned(),
        level,
        parent: parent.map(|parent| parent.parse::<AreaCode>().unwrap()),
        kind: (level >= Level::Grid).then_some(GridKind::General),
        label: sides
            .map(|[west, south, east, north]| point(west.midpoint(east), south.midpoint(north))),
        shape,
        area_m2: None,
        generated: true,
    }
}

/// One city with a county of `townships` times `communities` times `grids`, and a county
/// whose ground is not known. Every second township is a town of villages. The grids of
/// the first community have two microgrids each.
pub fn territory(townships: i32, communities: i32, grids: i32) -> Vec<Area> {
    let (west, south) = (1_190_000_000, 335_000_000);
    let (width, height, wide) = (50_000, 40_000, 50_000 * grids);
    let whole = [
        west,
        south,
        west + wide * townships,
        south + height * communities,
    ];
    let mut areas = vec![
        area("32", "江苏省", Level::Province, None, Some(whole)),
        area("3208", "淮安市", Level::City, Some("32"), Some(whole)),
        area(
            "320812",
            "清江浦区",
            Level::County,
            Some("3208"),
            Some(whole),
        ),
        area("320871", "开发区", Level::County, Some("3208"), None),
        area(
            "320871001",
            "东湖街道",
            Level::Township,
            Some("320871"),
            None,
        ),
        area("320812999", "农场", Level::Township, Some("320812"), None),
    ];
    for t in 0..townships {
        let left = west + wide * t;
        let sides = [left, south, left + wide, whole[3]];
        let code = format!("320812{:03}", t + 1);
        let (kind, committee) = if t % 2 == 0 {
            ("街道", "社区居委会")
        } else {
            ("镇", "村委会")
        };
        let name = format!("第{t}{kind}");
        let level = Level::Township;
        areas.push(area(&code, &name, level, Some("320812"), Some(sides)));
        for c in 0..communities {
            let low = south + height * c;
            let within = format!("{code}{:03}", c + 1);
            let sides = [left, low, left + wide, low + height];
            let name = format!("第{c}{committee}");
            let level = Level::Community;
            areas.push(area(&within, &name, level, Some(&code), Some(sides)));
            for g in 0..grids {
                let side = left + width * g;
                let grid = format!("{within}{:03}", g + 1);
                let sides = [side, low, side + width, low + height];
                let name = format!("第{g}网格");
                areas.push(area(&grid, &name, Level::Grid, Some(&within), Some(sides)));
                for m in (0..2).filter(|_| t == 0 && c == 0) {
                    let bottom = low + height / 2 * m;
                    let sides = [side, bottom, side + width, bottom + height / 2];
                    let code = format!("{grid}{:03}", m + 1);
                    let (name, level) = (format!("第{m}微网格"), Level::Microgrid);
                    areas.push(area(&code, &name, level, Some(&grid), Some(sides)));
                }
            }
        }
    }
    areas
}
