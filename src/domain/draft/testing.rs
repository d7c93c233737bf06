//! Small areas to try rules on.

use std::sync::{Arc, LazyLock};

use uuid::Uuid;

use super::{Ground, Plot};
use crate::domain::{Area, AreaId, Level, LngLat, Outline};

static SQUARE: LazyLock<Outline> = LazyLock::new(|| {
    let corners = [(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)];
    let ring = corners.map(|(x, y)| LngLat::from_e7(x, y).unwrap());
    Outline {
        polygons: vec![vec![ring.into()]],
    }
});

/// The identity is made of the code, so that equal codes are one area.
pub(super) fn id_of(code: &str) -> AreaId {
    let bytes = code
        .bytes()
        .fold(0_u128, |all, byte| all << 8 | u128::from(byte));
    AreaId(Uuid::from_u128(bytes))
}

/// An area of an edition, on a small square.
pub(super) fn area(code: &str, level: Level, parent: Option<&str>) -> Area {
    Area {
        id: id_of(code),
        code: code.parse().unwrap(),
        name: format!("name of {code}"),
        level,
        parent: parent.map(|code| code.parse().unwrap()),
        kind: None,
        shape: SQUARE.to_shape().ok().map(Arc::new),
        label: None,
        area_m2: None,
        generated: false,
    }
}

/// A changed area on a small square, named by its code.
pub(super) fn plot<'a>(code: &'a str, level: Level, parent: Option<&'a str>) -> Plot<'a> {
    Plot {
        id: id_of(code),
        code,
        name: code,
        level: Some(level),
        parent,
        ground: Ground::Drawn(&SQUARE),
        touched: true,
    }
}
