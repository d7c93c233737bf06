//! What keeps rings from vanishing before they are smaller than a pixel.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::arcs::ArcUse;
use super::borders::Borders;
use super::thinning::Need;
use super::world::WorldPoint;

/// What the rings of some areas need of lines. Rings of one or two lines would vanish if these
/// became straight; the others need nothing.
pub(super) fn find_needs(borders: &Borders, areas: &[u32]) -> HashMap<u32, Need, FixedState> {
    let mut needs: HashMap<u32, Need, FixedState> = HashMap::default();
    for ring in areas.iter().flat_map(|&area| borders.outline(area).rings()) {
        let (line, points) = match ring {
            [only] => (only.arc(), 2),
            [one, other] => {
                let [one, other] = [one, other].map(|along| along.arc());
                let bulge = |line| doubled_area(borders.line(line).points().iter().copied());
                let is_flatter = bulge(one) < bulge(other);
                (if is_flatter { other } else { one }, 1)
            }
            _ => continue,
        };
        let around = ring.iter().flat_map(|&along| run_of(borders, along));
        let area = doubled_area(around);
        let need = needs.entry(line).or_default();
        need.points = need.points.max(points);
        need.area = need.area.max(area);
    }
    needs
}

/// The points of a line in the direction it is run along.
fn run_of(borders: &Borders, along: ArcUse) -> impl Iterator<Item = WorldPoint> + Clone {
    let mut points = borders.line(along.arc()).points().iter().copied();
    std::iter::from_fn(move || {
        if along.is_against() {
            points.next_back()
        } else {
            points.next()
        }
    })
}

/// Twice the area of a ring in square world units.
pub(super) fn doubled_area(ring: impl Iterator<Item = WorldPoint> + Clone) -> u128 {
    let Some(origin) = ring.clone().next() else {
        return 0;
    };
    let from_origin = |point: WorldPoint| {
        let x = i64::from(point.x) - i64::from(origin.x);
        let y = i64::from(point.y) - i64::from(origin.y);
        (i128::from(x), i128::from(y))
    };
    let next = ring.clone().skip(1).chain(Some(origin));
    ring.zip(next)
        .map(|(a, b)| {
            let ((ax, ay), (bx, by)) = (from_origin(a), from_origin(b));
            ax * by - bx * ay
        })
        .sum::<i128>()
        .unsigned_abs()
}
