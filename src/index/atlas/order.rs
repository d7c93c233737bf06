//! An order of points in which neighbours on the ground are near each other.

use crate::domain::LngLat;

/// The places of points in a list, along a Z-order curve (Morton 1966) over the box around
/// them, of 65,536 columns and rows.
#[expect(clippy::cast_possible_truncation, reason = "the lower half of a key")]
pub(super) fn along_curve(points: &[LngLat]) -> impl Iterator<Item = usize> + use<> {
    let least = points.iter().fold([i32::MAX; 2], |least, point| {
        [least[0].min(point.lon_e7()), least[1].min(point.lat_e7())]
    });
    let offset = |point: &LngLat| {
        [
            point.lon_e7().wrapping_sub(least[0]).cast_unsigned(),
            point.lat_e7().wrapping_sub(least[1]).cast_unsigned(),
        ]
    };
    let widest = points
        .iter()
        .map(offset)
        .fold(0, |widest, [x, y]| widest | x | y);
    let shift = (u32::BITS - widest.leading_zeros()).saturating_sub(16);
    // The place stands behind the key, so that the keys are all that moves.
    let mut keys: Vec<u64> = (0..u32::MAX)
        .zip(points)
        .map(|(at, point)| {
            let [x, y] = offset(point).map(|step| spread(step >> shift));
            (x | y << 1) << 32 | u64::from(at)
        })
        .collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| (key as u32) as usize)
}

/// The lower 16 bits with a zero before each.
const fn spread(bits: u32) -> u64 {
    let bits = bits as u64 & 0xFFFF;
    let bits = (bits | bits << 8) & 0x00FF_00FF;
    let bits = (bits | bits << 4) & 0x0F0F_0F0F;
    let bits = (bits | bits << 2) & 0x3333_3333;
    (bits | bits << 1) & 0x5555_5555
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_point_comes_once(places in prop::collection::vec((-1_800_000_000..=1_800_000_000_i32, -900_000_000..=900_000_000_i32), 0..200)) {
            let points: Vec<LngLat> = places.iter().map(|&(x, y)| LngLat::from_e7(x, y).unwrap()).collect();
            let mut order: Vec<usize> = along_curve(&points).collect();
            order.sort_unstable();
            prop_assert_eq!(order, (0..points.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_quarter_is_finished_before_the_next_begins() {
        let points: Vec<LngLat> = (0..64)
            .map(|at| {
                LngLat::from_e7(
                    1_190_000_000 + at % 8 * 131_072,
                    330_000_000 + at / 8 * 131_072,
                )
                .unwrap()
            })
            .collect();
        let quarters: Vec<usize> = along_curve(&points)
            .map(|at| at % 8 / 4 + at / 32 * 2)
            .collect();
        assert!(quarters.is_sorted());
    }
}
