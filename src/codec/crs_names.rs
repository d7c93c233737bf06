//! What files call coordinate systems: names, codes and well-known text (WKT 1), as EPSG
//! and as ESRI write it. What is written here is read by [`super::crs_text`].

use crate::geometry::Crs;
use crate::geometry::projection::GaussKruger;

const GREENWICH: &str = r#"PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]"#;
const METRE: &str = r#"UNIT["metre",1,AUTHORITY["EPSG","9001"]]"#;
const ESRI_UNITS: &str = r#"PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]"#;

/// By code, such as `EPSG:4528`; `GCJ-02` and `BD-09` have none.
pub(super) fn name(crs: Crs) -> String {
    match (crs, crs.epsg()) {
        (_, Some(code)) => format!("EPSG:{code}"),
        (Crs::Bd09, None) => "BD-09".to_owned(),
        (_, None) => "GCJ-02".to_owned(),
    }
}

/// As EPSG calls it.
pub(super) fn title(crs: Crs) -> String {
    match crs {
        Crs::Wgs84 => "WGS 84".to_owned(),
        Crs::WebMercator => "WGS 84 / Pseudo-Mercator".to_owned(),
        Crs::Gcj02 | Crs::Bd09 => name(crs),
        Crs::GaussKruger(zone) => {
            let width = match zone.width_deg() {
                3 => "3-degree ",
                _ => "",
            };
            let place = if zone.is_prefixed() {
                format!("zone {}", zone.number())
            } else {
                format!("CM {}E", zone.central_meridian_deg())
            };
            format!("CGCS2000 / {width}Gauss-Kruger {place}")
        }
    }
}

/// What has to be said of a system that programs do not know.
pub(super) const fn note(crs: Crs) -> Option<&'static str> {
    match crs {
        Crs::Gcj02 => Some(
            "坐标为 GCJ-02（火星坐标系）。它没有 EPSG 代码，因此没有 .prj 文件；若当作 WGS 84 或 CGCS2000 使用，会偏移数百米。\r\n\
             Coordinates are in GCJ-02, which has no EPSG code and therefore no .prj. Taken for WGS 84 they are some hundred metres off.\r\n",
        ),
        Crs::Bd09 => Some(
            "坐标为 BD-09（百度坐标系）。它没有 EPSG 代码，因此没有 .prj 文件；若当作 WGS 84 或 CGCS2000 使用，会偏移约一公里。\r\n\
             Coordinates are in BD-09, which has no EPSG code and therefore no .prj. Taken for WGS 84 they are about a kilometre off.\r\n",
        ),
        Crs::Wgs84 | Crs::WebMercator | Crs::GaussKruger(_) => None,
    }
}

/// As EPSG and GDAL write it.
pub(super) fn to_wkt(crs: Crs) -> Option<String> {
    let wgs84 = format!(
        r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],{GREENWICH},AUTHORITY["EPSG","4326"]]"#
    );
    let title = title(crs);
    match crs {
        Crs::Wgs84 => Some(wgs84),
        Crs::Gcj02 | Crs::Bd09 => None,
        Crs::WebMercator => Some(format!(
            r#"PROJCS["{title}",{wgs84},PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],{METRE},AXIS["Easting",EAST],AXIS["Northing",NORTH],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]"#
        )),
        Crs::GaussKruger(zone) => Some(format!(
            r#"PROJCS["{title}",GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],{GREENWICH},AUTHORITY["EPSG","4490"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{}],PARAMETER["scale_factor",1],PARAMETER["false_easting",{}],PARAMETER["false_northing",0],{METRE},AUTHORITY["EPSG","{}"]]"#,
            zone.central_meridian_deg(),
            zone.false_easting_m(),
            zone.epsg()
        )),
    }
}

/// The same for a system that EPSG does not have: a local one, of which programs know
/// that it is not WGS 84, and nothing else.
pub(super) fn to_wkt_or_local(crs: Crs) -> String {
    to_wkt(crs).unwrap_or_else(|| {
        let name = name(crs);
        format!(
            r#"LOCAL_CS["{name}",LOCAL_DATUM["{name}",0],UNIT["degree",0.0174532925199433],AXIS["Longitude",EAST],AXIS["Latitude",NORTH]]"#
        )
    })
}

/// As ESRI writes it into a `.prj`.
pub(super) fn to_esri_wkt(crs: Crs) -> Option<String> {
    let wgs84 = format!(
        r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],{ESRI_UNITS}]"#
    );
    match crs {
        Crs::Wgs84 => Some(wgs84),
        Crs::Gcj02 | Crs::Bd09 => None,
        Crs::WebMercator => Some(format!(
            r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",{wgs84},PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]"#
        )),
        Crs::GaussKruger(zone) => Some(format!(
            r#"PROJCS["{}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],{ESRI_UNITS}],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{:.1}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{:.1}],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#,
            esri_name(zone),
            zone.false_easting_m(),
            zone.central_meridian_deg()
        )),
    }
}

fn esri_name(zone: GaussKruger) -> String {
    let width = match zone.width_deg() {
        3 => "3_Degree_",
        _ => "",
    };
    if zone.is_prefixed() {
        format!("CGCS2000_{width}GK_Zone_{}", zone.number())
    } else {
        format!("CGCS2000_{width}GK_CM_{}E", zone.central_meridian_deg())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::crs_text;
    use crate::codec::source::DeclaredCrs;

    fn all() -> impl Iterator<Item = Crs> {
        let zones = (4491..=4554).filter_map(GaussKruger::find);
        let others = [Crs::Wgs84, Crs::WebMercator, Crs::Gcj02, Crs::Bd09];
        zones.map(Crs::GaussKruger).chain(others)
    }

    #[test]
    fn every_system_is_read_by_the_name_and_text_that_is_written() {
        for crs in all() {
            assert_eq!(name(crs).parse(), Ok(crs));
            for text in [to_wkt(crs), to_esri_wkt(crs)] {
                let Some(text) = text else {
                    assert!(note(crs).is_some(), "{crs}");
                    continue;
                };
                match (crs_text::declare(&text), crs) {
                    // Some zones of 3 and of 6 degrees are the same projection.
                    (DeclaredCrs::Known(Crs::GaussKruger(read)), Crs::GaussKruger(zone)) => {
                        assert_eq!(
                            (read.central_meridian_deg(), read.false_easting_m()),
                            (zone.central_meridian_deg(), zone.false_easting_m())
                        );
                    }
                    (declared, crs) => assert_eq!(declared, DeclaredCrs::Known(crs), "{text}"),
                }
            }
        }
    }

    #[test]
    fn zones_are_called_as_epsg_and_esri_call_them() {
        let zone = |epsg| GaussKruger::find(epsg).unwrap();
        for (epsg, epsg_name, esri) in [
            (
                4498,
                "CGCS2000 / Gauss-Kruger zone 20",
                "CGCS2000_GK_Zone_20",
            ),
            (
                4509,
                "CGCS2000 / Gauss-Kruger CM 117E",
                "CGCS2000_GK_CM_117E",
            ),
            (
                4528,
                "CGCS2000 / 3-degree Gauss-Kruger zone 40",
                "CGCS2000_3_Degree_GK_Zone_40",
            ),
            (
                4549,
                "CGCS2000 / 3-degree Gauss-Kruger CM 120E",
                "CGCS2000_3_Degree_GK_CM_120E",
            ),
        ] {
            assert_eq!(title(Crs::GaussKruger(zone(epsg))), epsg_name);
            assert_eq!(esri_name(zone(epsg)), esri);
        }
    }
}
