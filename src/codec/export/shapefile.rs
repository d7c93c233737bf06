//! Zipped Shapefiles: always UTF-8, with a `.cpg` that says so.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom, Write};

use dbase::encoding::EncodingRs;
use dbase::{FieldName, FieldValue, Record, TableWriterBuilder};
use serde_json::Value;
use shapefile::{Point, Polygon, PolygonRing, ShapeWriter};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::drawing::Drawing;
use super::{COLUMNS, ExportError, ExportOptions, library, plain_name};
use crate::codec::crs_names;

/// The widest a text column can be.
const MAX_WIDTH: u8 = 254;
/// Sizes are counted in words of 16 bits, and programs take them for signed.
const MAX_BYTES: usize = i32::MAX as usize;

pub(super) fn write<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
    out: &mut (impl Write + Seek),
) -> Result<(), ExportError> {
    let (mut shp, mut shx) = (tempfile::tempfile()?, tempfile::tempfile()?);
    let rows = write_shapes(drawings, &mut shp, &mut shx)?;
    let mut dbf = tempfile::tempfile()?;
    write_table(&rows, &mut dbf)?;
    let mut zip = ZipWriter::new(out);
    let name = plain_name(&options.layer);
    for (extension, mut file) in [("shp", shp), ("shx", shx), ("dbf", dbf)] {
        start_file(&mut zip, &format!("{name}.{extension}"))?;
        file.seek(SeekFrom::Start(0))?;
        std::io::copy(&mut BufReader::new(file), &mut zip)?;
    }
    start_file(&mut zip, &format!("{name}.cpg"))?;
    zip.write_all(b"UTF-8")?;
    if let Some(text) = crs_names::to_esri_wkt(options.crs) {
        start_file(&mut zip, &format!("{name}.prj"))?;
        zip.write_all(text.as_bytes())?;
    }
    if let Some(note) = crs_names::note(options.crs) {
        start_file(&mut zip, "README.txt")?;
        zip.write_all(note.as_bytes())?;
    }
    zip.finish().map_err(|error| library(&error))?;
    Ok(())
}

fn start_file<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str) -> Result<(), ExportError> {
    zip.start_file(name, SimpleFileOptions::default())
        .map_err(|error| library(&error))
}

/// The rows of the table, whose columns are as wide as the widest of them.
fn write_shapes<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    shp: &mut File,
    shx: &mut File,
) -> Result<Vec<[Value; 8]>, ExportError> {
    let mut writer = ShapeWriter::with_shx(BufWriter::new(shp), BufWriter::new(shx));
    let mut rows = Vec::new();
    let mut bytes = 100;
    for drawing in drawings {
        let drawing = drawing?;
        let rings = drawing.polygons.iter().flatten().count();
        bytes += 52 + 4 * rings + 16 * drawing.point_count();
        if bytes > MAX_BYTES {
            return Err(ExportError::TooLarge);
        }
        check_texts(&drawing)?;
        writer
            .write_shape(&to_polygon(&drawing))
            .map_err(|error| library(&error))?;
        rows.push(drawing.values());
    }
    writer.finalize().map_err(|error| library(&error))?;
    Ok(rows)
}

fn check_texts(drawing: &Drawing<'_>) -> Result<(), ExportError> {
    for (column, value) in COLUMNS.into_iter().zip(drawing.values()) {
        let bytes = value.as_str().map_or(0, str::len);
        if bytes > usize::from(MAX_WIDTH) {
            return Err(ExportError::TooLong {
                code: drawing.feature.code.to_owned(),
                column,
                bytes,
            });
        }
    }
    Ok(())
}

/// Outer rings run clockwise in a Shapefile, which the library sees to.
fn to_polygon(drawing: &Drawing<'_>) -> Polygon {
    let rings = drawing.polygons.iter().flat_map(|rings| {
        rings.iter().enumerate().map(|(number, points)| {
            let points = points.iter().map(|&[x, y]| Point::new(x, y)).collect();
            if number == 0 {
                PolygonRing::Outer(points)
            } else {
                PolygonRing::Inner(points)
            }
        })
    });
    Polygon::with_rings(rings.collect())
}

fn write_table(rows: &[[Value; 8]], dbf: &mut File) -> Result<(), ExportError> {
    let encoder = EncodingRs::from(encoding_rs::UTF_8);
    let mut builder = TableWriterBuilder::with_encoding(encoder);
    for (number, column) in COLUMNS.into_iter().enumerate() {
        let name =
            FieldName::try_from(column).map_err(|error| ExportError::Library(error.to_owned()))?;
        builder = match column {
            "area_m2" => builder.add_numeric_field(name, 20, 2),
            "edition" => builder.add_numeric_field(name, 18, 0),
            _ => {
                let widths = rows.iter().filter_map(|row| row[number].as_str());
                let widest = widths.map(str::len).max().unwrap_or(0).max(1);
                let width = u8::try_from(widest).unwrap_or(MAX_WIDTH).min(MAX_WIDTH);
                builder.add_character_field(name, width)
            }
        };
    }
    let mut writer = builder.build_with_dest(BufWriter::new(dbf));
    for row in rows {
        let mut record = Record::default();
        for (column, value) in COLUMNS.into_iter().zip(row) {
            let value = match (column, value) {
                ("area_m2" | "edition", value) => FieldValue::Numeric(value.as_f64()),
                (_, value) => FieldValue::Character(value.as_str().map(str::to_owned)),
            };
            record.insert(column.to_owned(), value);
        }
        writer
            .write_record(&record)
            .map_err(|error| library(&error))?;
    }
    writer.finalize().map_err(|error| library(&error))
}
