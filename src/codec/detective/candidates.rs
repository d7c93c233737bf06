//! The ways in which the numbers of a layer could be places at all.

use super::evidence::share;
use crate::codec::provinces::in_china;
use crate::codec::source::Placement;
use crate::domain::BoundingBox;
use crate::geometry::Crs;
use crate::geometry::projection::GaussKruger;

/// This part of the points must be places where data can be from: files have strays.
const LEAST_SHARE: f64 = 0.5;

/// The meridian that half of China's people live east of, about.
const MIDDLE_DEG: f64 = 114.0;

/// Every placement that puts most of some sampled points into China or into the territory;
/// if none does, those that put them anywhere on earth. Systems that project alike are
/// listed once, by the declared name or by that of the three-degree zone.
pub(super) fn find_candidates(
    points: &[[f64; 2]],
    declared: Option<Crs>,
    territory: Option<BoundingBox>,
) -> Vec<Placement> {
    let mut found: Vec<Placement> = Vec::new();
    for placement in every_placement(declared) {
        // Elsewhere than in China these two are no others than WGS 84.
        let shifted = matches!(placement.crs, Crs::Gcj02 | Crs::Bd09);
        let fits = |point: &&[f64; 2]| {
            placement.to_wgs84(**point).is_ok_and(|place| {
                let at_home = territory.is_some_and(|bounds| bounds.contains(place));
                in_china(place) || (at_home && !shifted)
            })
        };
        if share(points.iter().filter(fits).count(), points.len()) >= LEAST_SHARE
            && !found.iter().any(|&other| project_alike(other, placement))
        {
            found.push(placement);
        }
    }
    // Small numbers are metres near the equator, too, but nobody means those.
    for systems in [vec![Crs::Wgs84], vec![Crs::WebMercator]] {
        if !found.is_empty() {
            break;
        }
        for placement in both_orders(declared.into_iter().chain(systems).collect()) {
            let placed = |point: &&[f64; 2]| placement.to_wgs84(**point).is_ok();
            let placed = points.iter().filter(placed).count();
            if share(placed, points.len()) >= LEAST_SHARE && !found.contains(&placement) {
                found.push(placement);
            }
        }
    }
    found
}

fn every_placement(declared: Option<Crs>) -> impl Iterator<Item = Placement> {
    let usual = [Crs::Wgs84, Crs::Gcj02, Crs::Bd09, Crs::WebMercator];
    // Three-degree zones before six-degree ones, for they name what both are; and where
    // most people live before the borders of the country.
    let three_degrees = (4534..=4554).chain(4513..=4533);
    let six_degrees = (4502..=4512).chain(4491..=4501);
    let zones = [three_degrees, six_degrees].map(|codes| {
        let mut zones: Vec<_> = codes.filter_map(GaussKruger::find).collect();
        let aside = |zone: &GaussKruger| (zone.central_meridian_deg() - MIDDLE_DEG).abs();
        zones.sort_by(|a, b| aside(a).total_cmp(&aside(b)));
        zones
    });
    let zones = zones.into_iter().flatten().map(Crs::GaussKruger);
    both_orders(declared.into_iter().chain(usual).chain(zones).collect())
}

fn both_orders(systems: Vec<Crs>) -> impl Iterator<Item = Placement> {
    let swapped = systems.clone();
    let plain = systems.into_iter().map(Placement::from);
    plain.chain(
        swapped
            .into_iter()
            .map(|crs| Placement { crs, swapped: true }),
    )
}

/// True when both make the same places: a three-degree and a six-degree zone around one
/// meridian do, when neither writes its number before the easting.
pub(super) fn project_alike(a: Placement, b: Placement) -> bool {
    let parameters = |zone: GaussKruger| (zone.central_meridian_deg(), zone.false_easting_m());
    a.swapped == b.swapped
        && match (a.crs, b.crs) {
            (Crs::GaussKruger(a), Crs::GaussKruger(b)) => parameters(a) == parameters(b),
            (a, b) => a == b,
        }
}

/// The other name of a system that projects alike.
pub(super) fn find_other_name(crs: Crs) -> Option<Crs> {
    let Crs::GaussKruger(zone) = crs else {
        return None;
    };
    let plain = (4502..=4512)
        .chain(4534..=4554)
        .filter_map(GaussKruger::find);
    plain
        .map(Crs::GaussKruger)
        .find(|&other| other != crs && project_alike(other.into(), Crs::GaussKruger(zone).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(point: [f64; 2], expected: &[&str]) {
        let found = find_candidates(&[point], None, None);
        let words: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(words, expected, "{point:?}");
    }

    #[test]
    fn numbers_say_what_they_may_be() {
        // Each is 淮安, 119.02° E, 33.61° N.
        check([119.02, 33.61], &["wgs84", "gcj02", "bd09"]);
        check(
            [33.61, 119.02],
            &["wgs84+swapped", "gcj02+swapped", "bd09+swapped"],
        );
        check([40_409_077.0, 3_720_413.0], &["EPSG:4528"]);
        check([3_720_413.0, 40_409_077.0], &["EPSG:4528+swapped"]);
        check([20_687_414.0, 3_723_056.0], &["EPSG:4498"]);
        check([f64::NAN, 3.0], &[]);
    }

    #[test]
    fn an_easting_without_a_zone_may_be_in_each_that_china_has_there() {
        let found = find_candidates(&[[409_077.0, 3_720_413.0]], None, None);
        let words: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(words.contains(&"EPSG:4548".to_owned()) && words.contains(&"EPSG:4549".to_owned()));
        // Meridian 135° E, and the six-degree zone that projects as EPSG:4548 does.
        assert!(
            !words.contains(&"EPSG:4554".to_owned()) && !words.contains(&"EPSG:4509".to_owned())
        );
        let declared = "EPSG:4509".parse().unwrap();
        let found = find_candidates(&[[409_077.0, 3_720_413.0]], Some(declared), None);
        assert_eq!(found[0].crs, declared);
        assert!(!found.contains(&"EPSG:4548".parse().unwrap()));
        assert_eq!(
            find_other_name(declared),
            Some("EPSG:4548".parse().unwrap())
        );
        assert_eq!(find_other_name("EPSG:4549".parse().unwrap()), None);
    }

    #[test]
    fn elsewhere_on_earth_degrees_may_be_in_either_order() {
        check([2.35, 48.86], &["wgs84", "wgs84+swapped"]);
        let paris = BoundingBox::around(
            [[2.0, 48.0], [3.0, 49.0]]
                .map(|[lon, lat]| crate::domain::LngLat::from_degrees(lon, lat).unwrap()),
        );
        let found = find_candidates(&[[2.35, 48.86]], None, paris);
        assert_eq!(found, [Crs::Wgs84.into()]);
    }
}
