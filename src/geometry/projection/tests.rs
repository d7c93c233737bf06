use super::shifted::{bd09_to_wgs84, gcj02_to_bd09, gcj02_to_wgs84, shift_to_gcj02};
use super::*;
use proptest::prelude::*;

fn crs(text: &str) -> Crs {
    text.parse().unwrap()
}

#[test]
fn coordinate_systems_are_known_by_their_usual_names() {
    for (text, shown) in [
        ("WGS84", "wgs84"),
        ("wgs-84", "wgs84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
        ("EPSG:4490", "wgs84"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "wgs84"),
        ("GCJ-02", "gcj02"),
        ("bd09", "bd09"),
        ("3857", "EPSG:3857"),
        ("urn:ogc:def:crs:EPSG::4527", "EPSG:4527"),
    ] {
        assert_eq!(crs(text).to_string(), shown, "{text}");
        assert_eq!(crs(&crs(text).to_string()), crs(text));
    }
    for text in ["", "EPSG:2437", "EPSG:4555", "ESRI:4490", "beijing54"] {
        let error = text.parse::<Crs>().unwrap_err();
        assert!(error.to_string().starts_with(&format!("{text:?}")));
    }
}

/// Every parameter against the definitions of EPSG that come with the library.
#[test]
fn zones_have_the_parameters_of_epsg() {
    for epsg in GaussKruger::ALL {
        let zone = GaussKruger::find(epsg).unwrap();
        let definition = Proj::from_epsg_code(epsg).unwrap();
        let meridian = definition.longitude_of_origin().to_degrees();
        assert!(
            (zone.central_meridian_deg() - meridian).abs() < 1e-9,
            "{epsg}"
        );
        assert!(
            (zone.false_easting_m() - definition.false_easting()).abs() < 1e-6,
            "{epsg}"
        );
        let same = GaussKruger::with_parameters(meridian, definition.false_easting()).unwrap();
        assert!((same.central_meridian_deg() - zone.central_meridian_deg()).abs() < 1e-9);
        assert!((same.false_easting_m() - zone.false_easting_m()).abs() < 1e-6);
    }
}

/// Projected by PROJ 9.1 (`cs2cs EPSG:4490 EPSG:…`).
#[test]
fn projected_metres_become_the_degrees_that_proj_says() {
    for (name, x, y, lon, lat) in PROJECTED {
        let position = crs(name).to_wgs84(x, y).unwrap();
        assert_eq!(position, LngLat::from_degrees(lon, lat).unwrap(), "{name}");
    }
}

/// Backwards to the millimetre that the table has.
#[test]
fn degrees_become_the_metres_that_proj_says() {
    for (name, x, y, lon, lat) in PROJECTED {
        let position = LngLat::from_degrees(lon, lat).unwrap();
        let (east, north) = crs(name).from_wgs84(position).unwrap();
        assert!(
            (east - x).abs() < 1e-4 && (north - y).abs() < 1e-4,
            "{name}: {east} {north}"
        );
    }
}

#[test]
fn positions_without_coordinates_are_refused() {
    let fault = |name: &str, lon, lat| {
        let position = LngLat::from_degrees(lon, lat).unwrap();
        crs(name).from_wgs84(position).unwrap_err().to_string()
    };
    assert_eq!(
        fault("EPSG:4528", 110.0, 32.0),
        "(110, 32) has no coordinates in EPSG:4528, whose middle is the meridian 120°; choose the zone around it"
    );
    assert_eq!(
        fault("EPSG:4528", -60.0, 32.0),
        "(-60, 32) has no coordinates in EPSG:4528, whose middle is the meridian 120°; choose the zone around it"
    );
    assert_eq!(
        fault("EPSG:3857", 110.0, 90.0),
        "(110, 90) has no coordinates in EPSG:3857"
    );
    // The shift leads out of the box in which there is one.
    assert_eq!(
        fault("gcj02", 137.834_699_9, 40.0),
        "(137.8346999, 40) has no coordinates in gcj02"
    );
    for name in ["gcj02", "bd09"] {
        let paris = LngLat::from_degrees(2.35, 48.86).unwrap();
        let (x, y) = crs(name).from_wgs84(paris).unwrap();
        assert_eq!(crs(name).to_wgs84(x, y).unwrap(), paris);
    }
}

#[test]
fn zones_are_found_by_their_number() {
    for epsg in GaussKruger::ALL {
        let zone = GaussKruger::find(epsg).unwrap();
        let same = GaussKruger::numbered(zone.width_deg(), zone.number(), zone.is_prefixed());
        assert_eq!(same, Some(zone));
        // A zone of 3 degrees is around 3 n degrees, one of 6 around 6 n - 3.
        let middle = match zone.width_deg() {
            3 => 3 * zone.number(),
            _ => 6 * zone.number() - 3,
        };
        assert!((zone.central_meridian_deg() - f64::from(middle)).abs() < 1e-9);
    }
    assert_eq!(GaussKruger::numbered(3, 39, true), GaussKruger::find(4527));
    assert_eq!(GaussKruger::numbered(6, 20, false), GaussKruger::find(4509));
    assert_eq!(GaussKruger::numbered(3, 46, true), None);
}

#[test]
fn metres_of_another_zone_are_refused() {
    let error = crs("EPSG:4527")
        .to_wgs84(500_000.0, 3_700_000.0)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "easting 500000 is not in the zone EPSG:4527, whose eastings lie around 39500000"
    );
    for name in ["EPSG:4527", "EPSG:3857", "gcj02", "bd09", "wgs84"] {
        assert!(crs(name).to_wgs84(f64::NAN, 1.0).is_err(), "{name}");
        assert!(
            crs(name).to_wgs84(39_500_000.0, f64::INFINITY).is_err(),
            "{name}"
        );
    }
}

/// The test vectors of `eviltransform`: WGS 84, then GCJ-02.
#[test]
fn gcj02_is_the_published_one() {
    for (lon, lat, gcj_lon, gcj_lat) in [
        (
            121.527_210_6,
            31.177_427_6,
            121.531_541_859_215,
            31.175_303_983_645_97,
        ),
        (
            113.912_316,
            22.543_847,
            113.917_176_480_836_3,
            22.540_796_131_694_766,
        ),
        (
            116.377_817,
            39.911_954,
            116.384_047_224_556_57,
            39.913_345_455_360_69,
        ),
    ] {
        let (x, y) = shift_to_gcj02(lon, lat);
        assert!((x - gcj_lon).abs() < 1e-12 && (y - gcj_lat).abs() < 1e-12);
        assert_eq!(
            Crs::Gcj02.to_wgs84(gcj_lon, gcj_lat).unwrap(),
            LngLat::from_degrees(lon, lat).unwrap()
        );
    }
    assert_eq!(gcj02_to_wgs84(2.35, 48.86), (2.35, 48.86));
}

/// The example of `coordtransform`: GCJ-02, then BD-09.
#[test]
fn bd09_is_the_published_one() {
    let (lon, lat) = gcj02_to_bd09(116.404, 39.915);
    assert!((lon - 116.410_369_493_710_29).abs() < 1e-12);
    assert!((lat - 39.921_336_993_510_21).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// 1e-8 degrees are a millimetre.
    #[test]
    fn the_shifts_are_inverted_exactly(lon in 72.1..137.7_f64, lat in 0.9..55.7_f64) {
        let (gcj_lon, gcj_lat) = shift_to_gcj02(lon, lat);
        let (bd_lon, bd_lat) = gcj02_to_bd09(gcj_lon, gcj_lat);
        for (x, y) in [gcj02_to_wgs84(gcj_lon, gcj_lat), bd09_to_wgs84(bd_lon, bd_lat)] {
            prop_assert!((x - lon).abs() < 1e-8 && (y - lat).abs() < 1e-8, "{x} {y}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_way_there_and_back_ends_at_the_same_lattice_point(
        lon_e7 in 735_000_000..1_351_000_000_i32,
        lat_e7 in 38_000_000..536_000_000_i32,
        zone in GaussKruger::ALL,
        near_e7 in -45_000_000..45_000_000_i32,
    ) {
        let in_china = LngLat::from_e7(lon_e7, lat_e7).unwrap();
        let zone = GaussKruger::find(zone).unwrap();
        #[expect(clippy::cast_possible_truncation, reason = "a whole number of degrees")]
        let meridian_e7 = zone.central_meridian_deg() as i32 * 10_000_000;
        let in_zone = LngLat::from_e7(meridian_e7 + near_e7, lat_e7).unwrap();
        for (crs, position) in [
            (Crs::Wgs84, in_china),
            (Crs::Gcj02, in_china),
            (Crs::Bd09, in_china),
            (Crs::WebMercator, in_china),
            (Crs::GaussKruger(zone), in_zone),
        ] {
            let (x, y) = crs.from_wgs84(position).unwrap();
            prop_assert_eq!(crs.to_wgs84(x, y).unwrap(), position, "{} {} {}", crs, x, y);
            // A tenth of a millimetre less is still the same.
            let unit = if crs.is_geographic() { 1e9 } else { 1e4 };
            let rounded = [x, y].map(|number| (number * unit).round() / unit);
            prop_assert_eq!(crs.to_wgs84(rounded[0], rounded[1]).unwrap(), position, "{}", crs);
        }
    }
}

const PROJECTED: [(&str, f64, f64, f64, f64); 8] = [
    (
        "EPSG:4527",
        39_632_716.305_292,
        3_721_319.954_383,
        118.43,
        33.61,
    ),
    (
        "EPSG:4527",
        39_314_236.669_506,
        2_445_971.629_792,
        115.2,
        22.1,
    ),
    (
        "EPSG:4508",
        746_754.303_218,
        4_461_325.005_637,
        113.9,
        40.25,
    ),
    ("EPSG:4528", 40_500_000.0, 3_486_411.210_584, 120.0, 31.5),
    (
        "EPSG:4498",
        20_766_377.030_011,
        3_822_945.140_621,
        119.9,
        34.5,
    ),
    ("EPSG:4551", 537_095.782_466, 5_351_906.420_163, 126.5, 48.3),
    (
        "EPSG:3857",
        13_249_368.245_655,
        3_976_567.368_07,
        119.0211,
        33.6101,
    ),
    (
        "EPSG:3857",
        -19_981_848.597_393,
        -18_807_214.096_748,
        -179.5,
        -84.0,
    ),
];
