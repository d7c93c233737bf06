//! The files of one layer out of a zip, in whatever folder they are.

use std::io::{Cursor, Read};

use encoding_rs::{GB18030, UTF_8};
use zip::ZipArchive;

use super::super::encoding::decode;
use super::ShapefileError;

/// A layer is four to ten files; a zip with many more is no layer.
pub(super) const MAX_FILES: usize = 1_000;
/// What a zip may unpack to: enough for 20 million vertices with their table.
pub(super) const MAX_BYTES: u64 = 512 << 20;

pub(super) struct Layer {
    pub shp: Vec<u8>,
    pub shx: Option<Vec<u8>>,
    pub dbf: Vec<u8>,
    pub prj: Option<Vec<u8>>,
    pub cpg: Option<String>,
}

/// A file in the zip by its path, in lower case, without extension.
struct Member {
    index: usize,
    path: String,
    stem: String,
    extension: String,
}

pub(super) fn unpack(bytes: &[u8]) -> Result<Layer, ShapefileError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(ShapefileError::Zip)?;
    if archive.len() > MAX_FILES {
        return Err(ShapefileError::TooManyFiles(archive.len()));
    }
    let members = list_members(&mut archive)?;
    let shapes: Vec<&Member> = members
        .iter()
        .filter(|member| member.extension == "shp")
        .collect();
    let layer = match shapes[..] {
        [layer] => layer,
        [] => {
            let paths = members.iter().map(|member| member.path.clone());
            return Err(ShapefileError::NoLayer(paths.collect()));
        }
        _ => {
            let paths = shapes.iter().map(|member| member.path.clone());
            return Err(ShapefileError::SeveralLayers(paths.collect()));
        }
    };
    let mut left = MAX_BYTES;
    let mut beside = |extension: &str| {
        let member = members
            .iter()
            .find(|member| member.stem == layer.stem && member.extension == extension);
        member
            .map(|member| unpack_member(&mut archive, member, &mut left))
            .transpose()
    };
    let shp = beside("shp")?.unwrap_or_default();
    let dbf = beside("dbf")?.ok_or_else(|| {
        let stem = layer.path.rsplit('/').next().unwrap_or_default();
        ShapefileError::NoTable(format!("{}.dbf", &stem[..stem.len() - ".shp".len()]))
    })?;
    Ok(Layer {
        shp,
        shx: beside("shx")?,
        dbf,
        prj: beside("prj")?,
        cpg: beside("cpg")?.map(|label| String::from_utf8_lossy(&label).into_owned()),
    })
}

fn list_members(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Vec<Member>, ShapefileError> {
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(ShapefileError::Zip)?;
        let raw = file.name_raw();
        // Programs on Chinese Windows write names in GBK without saying so.
        let path = decode(raw, UTF_8)
            .or_else(|| decode(raw, GB18030))
            .unwrap_or_else(|| String::from_utf8_lossy(raw).into_owned())
            .replace('\\', "/");
        let name = path.rsplit('/').next().unwrap_or_default();
        // What macOS adds beside each file is none.
        if file.is_dir() || name.starts_with("._") {
            continue;
        }
        let lower = path.to_lowercase();
        let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
        members.push(Member {
            index,
            stem: stem.to_owned(),
            extension: extension.to_owned(),
            path,
        });
    }
    Ok(members)
}

/// Unpacks a file, whatever size it says it has.
fn unpack_member(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    member: &Member,
    left: &mut u64,
) -> Result<Vec<u8>, ShapefileError> {
    let unreadable = |source| ShapefileError::Unpack {
        file: member.path.clone(),
        source,
    };
    let file = archive
        .by_index(member.index)
        .map_err(|error| unreadable(error.into()))?;
    let mut bytes = Vec::new();
    let read = file
        .take(*left + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    *left = left
        .checked_sub(read as u64)
        .ok_or(ShapefileError::TooLarge)?;
    Ok(bytes)
}
