//! FlatGeobuf, with its packed index. Areas are in the order of the index.

use std::io::Write;

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::error::Result as GeozeroResult;
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use serde_json::Value;

use super::drawing::{Drawing, Points};
use super::{COLUMNS, ExportError, ExportOptions, library};
use crate::codec::crs_names;

pub(super) fn write<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    let name = crs_names::name(options.crs);
    let wkt = crs_names::to_wkt(options.crs);
    let crs = FgbCrs {
        org: options.crs.epsg().map(|_| "EPSG"),
        code: options.crs.epsg().map_or(0, i32::from),
        name: Some(&name),
        description: crs_names::note(options.crs),
        wkt: wkt.as_deref(),
        ..FgbCrs::default()
    };
    let settings = FgbWriterOptions {
        crs,
        ..FgbWriterOptions::default()
    };
    let kind = GeometryType::MultiPolygon;
    let mut writer = FgbWriter::create_with_options(&options.layer, kind, settings)
        .map_err(|error| library(&error))?;
    for column in COLUMNS {
        let kind = match column {
            "area_m2" => ColumnType::Double,
            "edition" => ColumnType::Long,
            _ => ColumnType::String,
        };
        writer.add_column(column, kind, |_, _| {});
    }
    for drawing in drawings {
        let drawing = drawing?;
        let mut result = Ok(());
        writer
            .add_feature_geom(Parts(&drawing.polygons), |feature| {
                result = write_values(&drawing, feature);
            })
            .and(result)
            .map_err(|error| library(&error))?;
    }
    writer.write(out).map_err(|error| library(&error))
}

fn write_values(drawing: &Drawing<'_>, feature: &mut impl PropertyProcessor) -> GeozeroResult<()> {
    for (index, (column, value)) in COLUMNS.iter().zip(drawing.values()).enumerate() {
        let value = match &value {
            Value::String(text) => ColumnValue::String(text),
            Value::Number(number) => match number.as_i64() {
                Some(whole) if *column == "edition" => ColumnValue::Long(whole),
                _ => ColumnValue::Double(number.as_f64().unwrap_or_default()),
            },
            _ => continue,
        };
        feature.property(index, column, &value)?;
    }
    Ok(())
}

/// Polygons as the library asks for them.
struct Parts<'a>(&'a [Vec<Points>]);

impl GeozeroGeometry for Parts<'_> {
    fn process_geom<P: GeomProcessor>(&self, processor: &mut P) -> GeozeroResult<()> {
        processor.multipolygon_begin(self.0.len(), 0)?;
        for (part, rings) in self.0.iter().enumerate() {
            processor.polygon_begin(false, rings.len(), part)?;
            for (number, ring) in rings.iter().enumerate() {
                processor.linestring_begin(false, ring.len(), number)?;
                for (index, &[x, y]) in ring.iter().enumerate() {
                    processor.xy(x, y, index)?;
                }
                processor.linestring_end(false, number)?;
            }
            processor.polygon_end(false, part)?;
        }
        processor.multipolygon_end(0)
    }
}
