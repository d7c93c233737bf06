//! The corner-point text file of Chinese surveys, in GB18030 as the programs for it
//! expect. An area of several parts has the rings of all of them; a reader tells holes
//! by what they lie in.

use std::io::Write;

use encoding_rs::GB18030;

use super::drawing::Drawing;
use super::{ExportError, ExportOptions};
use crate::codec::crs_names;
use crate::geometry::Crs;

pub(super) fn write<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    let mut put = |text: &str| out.write_all(&GB18030.encode(text).0);
    put("[属性描述]\r\n格式版本号=1.01版本\r\n")?;
    for (key, value) in attributes(options.crs) {
        put(&format!("{key}={value}\r\n"))?;
    }
    put("转换参数=,,,,,,\r\n[地块坐标]\r\n")?;
    for drawing in drawings {
        let drawing = drawing?;
        put(&header(&drawing))?;
        let mut corner = 0;
        let rings = drawing.polygons.iter().flatten().enumerate();
        for (ring, points) in rings.map(|(number, points)| (number + 1, points)) {
            let first = corner + 1;
            for (index, &[x, y]) in points.iter().enumerate() {
                // The last one is the first again.
                let closing = index > 0 && index + 1 == points.len();
                let name = if closing { first } else { corner + 1 };
                corner += usize::from(!closing);
                let (north, east) = if options.crs.is_geographic() {
                    (angle(y), angle(x))
                } else {
                    (format!("{y:.4}"), format!("{x:.4}"))
                };
                put(&format!("J{name},{ring},{north},{east}\r\n"))?;
            }
        }
    }
    Ok(())
}

fn attributes(crs: Crs) -> Vec<(&'static str, String)> {
    let said = |system: &str, projection: &str, unit: &str, precision: &str| {
        vec![
            ("坐标系", system.to_owned()),
            ("投影类型", projection.to_owned()),
            ("计量单位", unit.to_owned()),
            ("精度", precision.to_owned()),
        ]
    };
    match crs {
        Crs::Wgs84 => said("2000国家大地坐标系", "", "度", "0.0000000001"),
        Crs::Gcj02 | Crs::Bd09 => said(&crs_names::name(crs), "", "度", "0.0000000001"),
        Crs::WebMercator => said(&crs_names::name(crs), "墨卡托", "米", "0.0001"),
        Crs::GaussKruger(zone) => {
            let mut said = said("2000国家大地坐标系", "高斯克吕格", "米", "0.0001");
            said.insert(1, ("几度分带", zone.width_deg().to_string()));
            said.insert(4, ("带号", zone.number().to_string()));
            said
        }
    }
}

/// 点数,面积,编号,名称,图形属性,图幅号,用途,地类编码,@
fn header(drawing: &Drawing<'_>) -> String {
    let feature = &drawing.feature;
    let hectares = feature
        .area_m2
        .map_or_else(String::new, |area_m2| format!("{:.4}", area_m2 / 10_000.0));
    let count = drawing.point_count();
    let (code, name) = (field(feature.code), field(feature.name));
    format!("{count},{hectares},{code},{name},面,,,,@\r\n")
}

/// Commas part the fields: in a text they become the Chinese ones.
fn field(text: &str) -> String {
    let text = text.chars().map(|c| match c {
        ',' => '，',
        '@' => '＠',
        c if c.is_control() => ' ',
        c => c,
    });
    text.collect()
}

/// `ddd.mmss`, with six more digits of seconds: less than the thousandth part of a step
/// of the lattice.
fn angle(degrees: f64) -> String {
    const SECOND: u64 = 1_000_000;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 180 degrees"
    )]
    let total = (degrees.abs() * 3600.0 * 1e6).round() as u64;
    let sign = if degrees < 0.0 { "-" } else { "" };
    let (minutes, seconds) = (total / (60 * SECOND), total % (60 * SECOND));
    let (whole, part) = (seconds / SECOND, seconds % SECOND);
    format!(
        "{sign}{}.{:02}{whole:02}{part:06}",
        minutes / 60,
        minutes % 60
    )
}
