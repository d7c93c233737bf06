//! Rings without what is no border: repeated points, and ways that run out and back.

use std::borrow::Cow;

use crate::domain::LngLat;
use crate::domain::shape::side;

/// A ring as far as it encloses something, and what was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trimmed<'a> {
    /// Open, without repeated points and spikes; empty when nothing is enclosed.
    pub points: Cow<'a, [LngLat]>,
    /// The points that stand more than once in a row.
    pub repeated: Vec<LngLat>,
    /// Each from its tip to where it leaves the border.
    pub spikes: Vec<Vec<LngLat>>,
}

/// Leaves out of a ring what encloses nothing. The last point may repeat the first, as
/// closed rings do.
#[must_use]
pub fn trim(points: &[LngLat]) -> Trimmed<'_> {
    let open = match points {
        [first, .., last] if first == last => &points[..points.len() - 1],
        _ => points,
    };
    let mut trimmed = Trimmed {
        points: Cow::Borrowed(open),
        repeated: Vec::new(),
        spikes: Vec::new(),
    };
    if open.first() == open.last() || open.windows(2).any(|pair| pair[0] == pair[1]) {
        trimmed.points = Cow::Owned(drop_repeated(open, &mut trimmed.repeated));
    }
    if has_spike(&trimmed.points) {
        let reduced = drop_spikes(&trimmed.points, &mut trimmed.spikes);
        trimmed.points = Cow::Owned(reduced);
    }
    if trimmed.points.len() < 3 {
        trimmed.points = Cow::Owned(Vec::new());
    }
    trimmed
}

/// `repeated` hears of each place once.
fn drop_repeated(points: &[LngLat], repeated: &mut Vec<LngLat>) -> Vec<LngLat> {
    let mut kept: Vec<LngLat> = Vec::with_capacity(points.len());
    let mut note = |point: LngLat| {
        if repeated.last() != Some(&point) {
            repeated.push(point);
        }
    };
    for &point in points {
        if kept.last() == Some(&point) {
            note(point);
        } else {
            kept.push(point);
        }
    }
    while kept.len() > 1 && kept.first() == kept.last() {
        if let Some(last) = kept.pop() {
            note(last);
        }
    }
    kept
}

fn has_spike(points: &[LngLat]) -> bool {
    let [first, .., last] = points else {
        return false;
    };
    points.windows(3).any(|p| turns_back(p[0], p[1], p[2]))
        || points.len() > 1
            && (turns_back(points[points.len() - 2], *last, *first)
                || turns_back(*last, *first, points[1]))
}

/// True when the way from `a` to `b` goes on from there along itself.
fn turns_back(a: LngLat, b: LngLat, c: LngLat) -> bool {
    let step = |to: LngLat| {
        (
            i64::from(to.lon_e7()) - i64::from(b.lon_e7()),
            i64::from(to.lat_e7()) - i64::from(b.lat_e7()),
        )
    };
    let ((ax, ay), (cx, cy)) = (step(a), step(c));
    // Cheap first: few ways turn by more than a right angle.
    i128::from(ax) * i128::from(cx) + i128::from(ay) * i128::from(cy) > 0 && side(a, b, c) == 0
}

/// Takes back every way that is retraced, one piece at a time; `spikes` hears of them.
fn drop_spikes(points: &[LngLat], spikes: &mut Vec<Vec<LngLat>>) -> Vec<LngLat> {
    let mut kept: Vec<LngLat> = Vec::with_capacity(points.len());
    for &point in points {
        push(&mut kept, point, spikes);
    }
    // Where the ring closes, its beginning may retrace its end.
    let mut start = 0;
    while let [first, second, .., last] = kept[start..] {
        let before_last = kept[kept.len() - 2];
        if first == last {
            kept.pop();
        } else if turns_back(before_last, last, first) {
            kept.pop();
            note_retraced(last, nearer(last, before_last, first), spikes);
        } else if turns_back(last, first, second) {
            start += 1;
            note_retraced(first, nearer(first, last, second), spikes);
        } else {
            break;
        }
    }
    kept.drain(..start);
    kept
}

fn push(kept: &mut Vec<LngLat>, point: LngLat, spikes: &mut Vec<Vec<LngLat>>) {
    while let [.., before, tip] = kept[..]
        && turns_back(before, tip, point)
    {
        kept.pop();
        note_retraced(tip, nearer(tip, before, point), spikes);
    }
    if kept.last() != Some(&point) {
        kept.push(point);
    }
}

/// Of two points in the same direction.
fn nearer(from: LngLat, a: LngLat, b: LngLat) -> LngLat {
    let away = |point: LngLat| {
        u64::from(point.lon_e7().abs_diff(from.lon_e7()))
            + u64::from(point.lat_e7().abs_diff(from.lat_e7()))
    };
    if away(a) <= away(b) { a } else { b }
}

/// A retraced piece lengthens the spike that ended where it begins.
fn note_retraced(from: LngLat, to: LngLat, spikes: &mut Vec<Vec<LngLat>>) {
    match spikes.last_mut() {
        Some(spike) if spike.last() == Some(&from) => spike.push(to),
        _ => spikes.push(vec![from, to]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn p((x, y): (i32, i32)) -> LngLat {
        LngLat::from_e7(x, y).unwrap()
    }

    fn line(points: &[(i32, i32)]) -> Vec<LngLat> {
        points.iter().copied().map(p).collect()
    }

    #[test]
    fn a_plain_ring_stays_as_it_is_and_is_not_copied() {
        let open = line(&[(0, 0), (5, 0), (10, 0), (10, 10)]);
        let closed = line(&[(0, 0), (5, 0), (10, 0), (10, 10), (0, 0)]);
        for ring in [&open, &closed] {
            let trimmed = trim(ring);
            assert!(matches!(trimmed.points, Cow::Borrowed(_)));
            assert_eq!(*trimmed.points, *open);
            assert!(trimmed.repeated.is_empty() && trimmed.spikes.is_empty());
        }
    }

    #[test]
    fn repeated_points_are_named_once_for_each_place() {
        let ring = line(&[
            (0, 0),
            (0, 0),
            (0, 0),
            (9, 0),
            (9, 9),
            (9, 9),
            (0, 0),
            (0, 0),
        ]);
        let trimmed = trim(&ring);
        assert_eq!(*trimmed.points, *line(&[(0, 0), (9, 0), (9, 9)]));
        assert_eq!(trimmed.repeated, line(&[(0, 0), (9, 9), (0, 0)]));
    }

    #[test]
    fn a_spike_is_named_from_its_tip_to_where_it_leaves() {
        type Points<'a> = &'a [(i32, i32)];
        let square: Points = &[(0, 0), (10, 0), (10, 10), (0, 10)];
        let cases: &[(Points, Points, &[Points])] = &[
            // From a corner, and the way back in other pieces.
            (
                &[
                    (0, 0),
                    (10, 0),
                    (10, 10),
                    (10, 20),
                    (10, 17),
                    (10, 10),
                    (0, 10),
                ],
                square,
                &[&[(10, 20), (10, 17), (10, 10)]],
            ),
            // Around a corner.
            (
                &[
                    (0, 0),
                    (10, 0),
                    (20, 0),
                    (30, 5),
                    (20, 0),
                    (10, 0),
                    (10, 10),
                    (0, 10),
                ],
                square,
                &[&[(30, 5), (20, 0), (10, 0)]],
            ),
            // Longer than the edge that it leaves from.
            (
                &[
                    (0, 0),
                    (10, 0),
                    (10, 10),
                    (10, 30),
                    (10, -5),
                    (10, 5),
                    (0, 10),
                ],
                &[(0, 0), (10, 0), (10, 5), (0, 10)],
                &[&[(10, 30), (10, 10), (10, 0)], &[(10, -5), (10, 0)]],
            ),
            // Two tips on one stem.
            (
                &[
                    (0, 0),
                    (10, 0),
                    (20, 0),
                    (25, 5),
                    (20, 0),
                    (25, -5),
                    (20, 0),
                    (10, 0),
                    (10, 10),
                    (0, 10),
                ],
                square,
                &[&[(25, 5), (20, 0)], &[(25, -5), (20, 0), (10, 0)]],
            ),
            // Over the point where the ring is closed.
            (
                &[(-9, 0), (0, 0), (10, 0), (10, 10), (0, 10), (0, 0)],
                square,
                &[&[(-9, 0), (0, 0)]],
            ),
        ];
        for (ring, kept, spikes) in cases {
            let ring = line(ring);
            let trimmed = trim(&ring);
            let mut turned = line(kept);
            let at = turned
                .iter()
                .position(|at| Some(at) == trimmed.points.first());
            turned.rotate_left(at.unwrap());
            assert_eq!(*trimmed.points, *turned, "{ring:?}");
            let spikes: Vec<_> = spikes.iter().map(|spike| line(spike)).collect();
            assert_eq!(trimmed.spikes, spikes, "{ring:?}");
        }
    }

    #[test]
    fn a_ring_that_only_runs_out_and_back_encloses_nothing() {
        for ring in [
            &[(0, 0), (10, 0), (5, 0)] as &[_],
            &[(0, 0), (10, 0), (10, 10), (10, 0)],
            &[(0, 0), (1, 1)],
            &[(3, 3), (3, 3), (3, 3)],
            &[],
        ] {
            assert!(trim(&line(ring)).points.is_empty(), "{ring:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_left_turns_nowhere_back_and_encloses_as_much(
            points in prop::collection::vec((0..4_i32, 0..4_i32), 3..14),
        ) {
            let ring: Vec<_> = points.into_iter().map(p).collect();
            let trimmed = trim(&ring);
            prop_assert!(!has_spike(&trimmed.points));
            let area = crate::domain::shape::doubled_area_e14;
            prop_assert_eq!(area(&trimmed.points), area(&ring));
            // Places that are not on the border are enclosed as before.
            for x in 0..8 {
                for y in 0..8 {
                    let scaled = |ring: &[LngLat]| -> Vec<_> {
                        let scale = |at: &LngLat| p((at.lon_e7() * 16, at.lat_e7() * 16));
                        ring.iter().map(scale).collect()
                    };
                    let at = p((x * 7 + 1, y * 7 + 3));
                    let before = crate::domain::shape::locate(&scaled(&ring), at);
                    if before != crate::domain::Location::Border {
                        prop_assert_eq!(crate::domain::shape::locate(&scaled(&trimmed.points), at), before);
                    }
                }
            }
        }
    }
}
