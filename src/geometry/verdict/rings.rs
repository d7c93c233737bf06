//! What is wrong with the rings of one area.

use super::footing::{Footing, close, count_distinct, open};
use super::wording::length;
use crate::domain::draft::attributes::title_of;
use crate::domain::draft::defect::{Defect, DefectKind, Place};
use crate::domain::draft::{Ground, Plot};
use crate::domain::{LngLat, Outline};
use crate::geometry::measure::{length_m, ring_area_m2};
use crate::geometry::validity::{Fault, Trimmed, ValidityError, find_faults, trim};

/// So many defects of rings are told of one area, the worst first. Whoever mends them is told
/// the rest.
const MOST: usize = 20;

/// The ground that an area really has, and what is wrong with how it is drawn. What stands in
/// an edition is valid.
pub(super) fn judge_rings<'a>(plot: &'a Plot<'a>) -> (Footing<'a>, Vec<Defect>) {
    match plot.ground {
        Ground::Unknown => (Footing::default(), Vec::new()),
        Ground::Standing(_) => (Footing::lent(plot.ground, true), Vec::new()),
        Ground::Drawn(outline) => judge_outline(plot, outline),
    }
}

fn judge_outline<'a>(plot: &'a Plot<'a>, outline: &'a Outline) -> (Footing<'a>, Vec<Defect>) {
    let report = Report { plot };
    let trimmed: Vec<Vec<Trimmed<'_>>> = outline
        .polygons
        .iter()
        .map(|rings| rings.iter().map(|ring| trim(ring)).collect())
        .collect();
    let mut defects = Vec::new();
    for (ring, trimmed) in outline.rings().zip(trimmed.iter().flatten()) {
        report.judge_ring(ring, trimmed, &mut defects);
    }
    // Holes in what encloses nothing are holes in nothing.
    let encloses =
        |rings: &&Vec<Trimmed<'_>>| rings.first().is_some_and(|outer| !outer.points.is_empty());
    let polygons: Vec<Vec<&[LngLat]>> = trimmed
        .iter()
        .filter(encloses)
        .map(|rings| {
            let points = rings.iter().map(|ring| &*ring.points);
            points.filter(|points| !points.is_empty()).collect()
        })
        .collect();
    let faults = find_faults(&polygons, MOST);
    let valid = faults.is_empty();
    defects.extend(faults.into_iter().map(|fault| report.tell(fault)));
    let as_drawn = polygons.len() == trimmed.len()
        && trimmed
            .iter()
            .flatten()
            .all(|ring| ring.spikes.is_empty() && !ring.points.is_empty());
    let footing = if as_drawn {
        Footing::lent(plot.ground, valid)
    } else {
        let polygons = polygons.iter();
        let rings = polygons.map(|rings| rings.iter().map(|ring| close(ring)).collect());
        let polygons = rings.collect();
        Footing::own(Outline { polygons }, valid)
    };
    defects.sort_by_key(|defect| (defect.kind.severity(), defect.kind));
    defects.truncate(MOST);
    (footing, defects)
}

/// Tells of one area.
struct Report<'a> {
    plot: &'a Plot<'a>,
}

impl Report<'_> {
    fn defect(&self, kind: DefectKind, place: Place, size_m2: Option<f64>, detail: &str) -> Defect {
        Defect {
            kind,
            areas: vec![self.plot.id],
            codes: vec![self.plot.code.to_owned()],
            place,
            size_m2,
            detail: format!("{}: {detail}", title_of(self.plot)),
        }
    }

    /// What can be said of a ring by itself, but for where it meets itself.
    fn judge_ring(&self, ring: &[LngLat], trimmed: &Trimmed<'_>, defects: &mut Vec<Defect>) {
        let mut tell = |kind, place, detail: &str| {
            let same = defects.iter().filter(|defect| defect.kind == kind);
            if same.count() < MOST {
                defects.push(self.defect(kind, place, None, detail));
            }
        };
        if trimmed.points.is_empty() {
            let count = count_distinct(ring);
            let place = ring.first().map_or(Place::Nowhere, |&at| Place::Point(at));
            if count < 3 {
                let detail = format!(
                    "a ring has {count} different points, and a ring needs three. Draw it again, or remove it."
                );
                tell(DefectKind::TooFewPoints, place, &detail);
            } else {
                let detail = format!(
                    "a ring of {count} points runs only out and back, and encloses nothing. Draw it again, or remove it."
                );
                tell(DefectKind::NoGround, Place::Line(ring.to_vec()), &detail);
            }
            return;
        }
        if let [first, .., last] = *ring
            && first != last
        {
            let detail = format!(
                "a ring ends {} from where it begins, at {last:?}. Close it.",
                length(length_m(first, last))
            );
            tell(
                DefectKind::Unclosed,
                Place::Line(vec![last, first]),
                &detail,
            );
        }
        for spike in trimmed.spikes.iter().take(MOST) {
            let long_m: f64 = spike
                .windows(2)
                .map(|ends| length_m(ends[0], ends[1]))
                .sum();
            let detail = format!(
                "the border runs {} out to {:?} and back along itself. Drop the spike.",
                length(long_m),
                spike[0]
            );
            tell(DefectKind::Spike, Place::Line(spike.clone()), &detail);
        }
        for &at in trimmed.repeated.iter().take(MOST) {
            let detail = format!("the point {at:?} is repeated. Drop the repetition.");
            tell(DefectKind::DuplicateVertex, Place::Point(at), &detail);
        }
    }

    /// What is wrong with how rings meet and lie.
    fn tell(&self, fault: Fault) -> Defect {
        let at = fault.error.place();
        let line = |points: Vec<LngLat>| match points.len() {
            0 => Place::Point(at),
            _ => Place::Line(points),
        };
        let ground = |ring: Vec<LngLat>| {
            let size_m2 = ring_area_m2(open(&ring));
            let outline = Outline {
                polygons: vec![vec![ring]],
            };
            (Place::Ground(outline), Some(size_m2))
        };
        let (kind, (place, size_m2), mend) = match fault.error {
            ValidityError::SelfCrossing { .. } => (
                DefectKind::SelfIntersection,
                (Place::Point(at), None),
                "Redraw it there, or let it be made valid",
            ),
            ValidityError::SelfOverlap { .. } => (
                DefectKind::SelfIntersection,
                (line(fault.along), None),
                "Redraw it there, or let it be made valid",
            ),
            ValidityError::SelfTouch { .. } => (
                DefectKind::SelfTouch,
                (Place::Point(at), None),
                "Let it be made valid",
            ),
            ValidityError::Spike { .. } => (
                DefectKind::Spike,
                (line(fault.along), None),
                "Drop the spike",
            ),
            ValidityError::RingsCross { .. } => (
                DefectKind::CrossingRings,
                (Place::Point(at), None),
                "Redraw one of them there, or let it be made valid",
            ),
            ValidityError::RingsOverlap { .. } => (
                DefectKind::CrossingRings,
                (line(fault.along), None),
                "Draw them as one, or let it be made valid",
            ),
            ValidityError::HoleOutside { .. } => (
                DefectKind::HoleOutside,
                ground(fault.along),
                "Remove the hole, or draw it as a polygon",
            ),
            ValidityError::HoleInHole { .. } => (
                DefectKind::NestedHoles,
                ground(fault.along),
                "Remove one of them, or draw the inner one as a polygon",
            ),
            ValidityError::PartsOverlap { .. } => (
                DefectKind::OverlappingParts,
                ground(fault.along),
                "Remove one of them, or draw the inner one as a hole",
            ),
            ValidityError::GroundCut { .. } => (
                DefectKind::GroundCut,
                (Place::Point(at), None),
                "Let it be made valid",
            ),
        };
        self.defect(kind, place, size_m2, &format!("{}. {mend}.", fault.error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AreaId, Level};

    type Points<'a> = &'a [(i32, i32)];
    type Told<'a> = &'a [(DefectKind, Points<'a>)];

    fn p((x, y): (i32, i32)) -> LngLat {
        LngLat::from_e7(1_190_000_000 + x * 1000, 336_000_000 + y * 1000).unwrap()
    }

    /// What is told of an area with these rings, as kinds and places in its own steps.
    fn judged(polygons: &[&[Points]]) -> Vec<(DefectKind, Vec<(i32, i32)>)> {
        let polygons = polygons.iter().map(|rings| {
            let rings = rings
                .iter()
                .map(|ring| ring.iter().copied().map(p).collect());
            rings.collect()
        });
        let outline = Outline {
            polygons: polygons.collect(),
        };
        let plot = Plot {
            id: AreaId(uuid::Uuid::nil()),
            code: "320812001",
            name: "甲镇",
            level: Some(Level::Township),
            parent: None,
            ground: Ground::Drawn(&outline),
            touched: true,
        };
        let (footing, defects) = judge_rings(&plot);
        let harmless = [
            DefectKind::Unclosed,
            DefectKind::Spike,
            DefectKind::DuplicateVertex,
            DefectKind::TooFewPoints,
            DefectKind::NoGround,
        ];
        let sound = defects.iter().all(|defect| harmless.contains(&defect.kind));
        assert_eq!(footing.valid, sound);
        let defects = defects.into_iter().map(|defect| {
            assert_eq!(defect.codes, ["320812001"]);
            assert!(
                defect.detail.starts_with("甲镇 (320812001): "),
                "{}",
                defect.detail
            );
            assert!(defect.detail.ends_with('.'), "{}", defect.detail);
            let place = super::super::points(&defect.place).map(|at| {
                let (x, y) = (at.lon_e7() - 1_190_000_000, at.lat_e7() - 336_000_000);
                (x / 1000, y / 1000)
            });
            (defect.kind, place.collect())
        });
        defects.collect()
    }

    const SQUARE: Points = &[(0, 0), (90, 0), (90, 90), (0, 90), (0, 0)];

    #[test]
    fn a_ring_by_itself() {
        assert_eq!(judged(&[&[SQUARE]]), []);
        let cases: &[(Points, Told<'_>)] = &[
            (
                &[(0, 0), (90, 0), (90, 90)],
                &[(DefectKind::Unclosed, &[(90, 90), (0, 0)])],
            ),
            (
                &[(0, 0), (90, 0), (0, 0)],
                &[(DefectKind::TooFewPoints, &[(0, 0)])],
            ),
            (&[], &[(DefectKind::TooFewPoints, &[])]),
            (
                &[(0, 0), (90, 0), (50, 0), (0, 0)],
                &[(DefectKind::NoGround, &[(0, 0), (90, 0), (50, 0), (0, 0)])],
            ),
            (
                &[(0, 0), (90, 0), (90, 0), (90, 0), (90, 90), (0, 0)],
                &[(DefectKind::DuplicateVertex, &[(90, 0)])],
            ),
            (
                &[(0, 0), (90, 0), (99, 0), (90, 0), (90, 90), (0, 0)],
                &[(DefectKind::Spike, &[(99, 0), (90, 0)])],
            ),
            (
                // Both halves are as large: it still encloses something.
                &[(0, 0), (90, 90), (90, 0), (0, 90), (0, 0)],
                &[(DefectKind::SelfIntersection, &[(45, 45)])],
            ),
            (
                &[(0, 0), (90, 0), (90, 90), (45, 0), (0, 90), (0, 0)],
                &[(DefectKind::SelfTouch, &[(45, 0)])],
            ),
        ];
        for (ring, expected) in cases {
            let expected: Vec<_> = expected
                .iter()
                .map(|&(kind, place)| (kind, place.to_vec()))
                .collect();
            assert_eq!(judged(&[&[ring]]), expected, "{ring:?}");
        }
    }

    #[test]
    fn rings_of_one_area() {
        let small: Points = &[(10, 10), (20, 10), (20, 20), (10, 10)];
        let smaller: Points = &[(15, 11), (19, 11), (19, 15), (15, 11)];
        let outside: Points = &[(100, 0), (110, 0), (110, 10), (100, 0)];
        let across: Points = &[(45, 10), (120, 10), (120, 30), (45, 30), (45, 10)];
        let cut: Points = &[(0, 40), (45, 30), (90, 40), (45, 50), (0, 40)];
        let cases: &[(&[&[Points]], Told<'_>)] = &[
            (&[&[SQUARE, outside]], &[(DefectKind::HoleOutside, outside)]),
            (
                &[&[SQUARE, small, smaller]],
                &[(DefectKind::NestedHoles, smaller)],
            ),
            (
                &[&[SQUARE], &[small]],
                &[(DefectKind::OverlappingParts, small)],
            ),
            (
                &[&[SQUARE, across]],
                &[
                    (DefectKind::CrossingRings, &[(90, 10)]),
                    (DefectKind::CrossingRings, &[(90, 30)]),
                ],
            ),
            (&[&[SQUARE, cut]], &[(DefectKind::GroundCut, &[(90, 40)])]),
            // A polygon that encloses nothing, and a hole in it.
            (
                &[&[SQUARE], &[&[(100, 0), (110, 0), (100, 0)], outside]],
                &[(DefectKind::TooFewPoints, &[(100, 0)])],
            ),
        ];
        for (polygons, expected) in cases {
            let expected: Vec<_> = expected
                .iter()
                .map(|&(kind, place)| (kind, place.to_vec()))
                .collect();
            assert_eq!(judged(polygons), expected, "{polygons:?}");
        }
    }

    #[test]
    fn the_worst_are_told_first_and_not_too_many() {
        let mut ring = vec![(0, 0)];
        for i in 0..50 {
            ring.extend([(i + 1, 0), (i + 1, 0)]);
        }
        ring.extend([(50, 70), (60, 80), (60, 70), (50, 80), (0, 80), (0, 0)]);
        let told = judged(&[&[&ring]]);
        assert_eq!(told.len(), MOST);
        assert_eq!(told[0], (DefectKind::SelfIntersection, vec![(55, 75)]));
        assert!(
            told[1..]
                .iter()
                .all(|(kind, _)| *kind == DefectKind::DuplicateVertex)
        );
    }
}
