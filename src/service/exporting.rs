//! Areas out: any edition, any part of it, in any format and coordinate system.

use std::collections::BTreeSet;
use std::io::{Seek, Write};
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::{ServiceError, Services};
use crate::codec::export::{self, ExportError, ExportFeature, ExportFormat, ExportOptions};
use crate::domain::{Area, AreaCode, EditionId, Level, Timestamp};
use crate::geometry::Crs;
use crate::geometry::tiling::MAX_ZOOM;
use crate::index::{Atlas, Ordinal};

/// What is to be exported, and how.
#[derive(Debug, Clone)]
pub struct ExportQuery {
    pub format: ExportFormat,
    /// WGS 84 when absent; vector tiles are always in Web Mercator.
    pub crs: Option<Crs>,
    pub edition: EditionChoice,
    /// An area and everything below it; everything when absent.
    pub within: Option<AreaCode>,
    /// All of them when empty.
    pub levels: BTreeSet<Level>,
    /// The last zoom of vector tiles; beyond it maps enlarge its tiles.
    pub max_zoom: Option<u8>,
}

/// A unit of a tile is 0.6 m on the equator then.
const DEFAULT_MAX_ZOOM: u8 = 14;

/// Which edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditionChoice {
    #[default]
    InForce,
    Numbered(EditionId),
    /// In force at a time, past or to come.
    At(Timestamp),
}

impl Services {
    /// The edition that is meant. Public.
    ///
    /// # Errors
    /// When there is none.
    pub async fn choose_edition(&self, choice: EditionChoice) -> Result<Arc<Atlas>, ServiceError> {
        match choice {
            EditionChoice::InForce => Ok(self.live().atlas()),
            EditionChoice::Numbered(edition) => self.atlas_of(edition).await,
            EditionChoice::At(at) => self.atlas_at(Some(at)).await,
        }
    }

    /// Writes areas into a file that is gone when it is dropped. Public.
    ///
    /// # Errors
    /// When there is no such edition or area, no area with ground, or the format cannot
    /// hold what is asked for.
    pub async fn export_areas(&self, query: ExportQuery) -> Result<NamedTempFile, ServiceError> {
        let atlas = self.choose_edition(query.edition).await?;
        let at = self.clock().now();
        let work = tokio::task::spawn_blocking(move || {
            let mut file = NamedTempFile::new().map_err(ExportError::Write)?;
            write_areas(&atlas, &query, at, &mut file, |_, _| {})?;
            file.rewind().map_err(ExportError::Write)?;
            Ok(file)
        });
        work.await.map_err(|_| ServiceError::Interrupted)?
    }
}

/// Writes the areas of an atlas that a query names. `progress` is called with what has been
/// written and how much there is.
///
/// # Errors
/// As [`Services::export_areas`].
pub fn write_areas(
    atlas: &Atlas,
    query: &ExportQuery,
    at: Timestamp,
    out: impl Write + Seek,
    mut progress: impl FnMut(u64, u64),
) -> Result<(), ServiceError> {
    let edition = atlas
        .edition()
        .ok_or_else(|| ServiceError::not_found("edition", &"in force"))?;
    let chosen = choose_areas(atlas, query)?;
    if chosen.is_empty() {
        return Err(ServiceError::Invalid {
            field: "level",
            why: "no area with ground is chosen; choose other levels or another area".into(),
        });
    }
    let format = match query.format {
        ExportFormat::Boundaries(format) => format,
        ExportFormat::PmTiles => {
            if let Some(crs) = query.crs {
                return Err(ExportError::OnlyWebMercator(crs).into());
            }
            let levels: BTreeSet<Level> = chosen.iter().map(|area| area.level).collect();
            let levels: Vec<Level> = levels.into_iter().collect();
            let zooms = 0..=query.max_zoom.unwrap_or(DEFAULT_MAX_ZOOM).min(MAX_ZOOM);
            let roots = chosen.into_iter().map(|area| Area {
                parent: None,
                ..area.as_ref().clone()
            });
            let part = Atlas::build(edition.clone(), roots.collect())?;
            return Ok(export::write_tiles(&part, &levels, zooms, out, progress)?);
        }
    };
    let options = ExportOptions {
        format,
        crs: query.crs.unwrap_or(Crs::Wgs84),
        layer: layer_name(&edition.title, query),
        at,
    };
    let total = chosen.len() as u64;
    let features = (1..).zip(&chosen).filter_map(|(written, area)| {
        progress(written, total);
        ExportFeature::of(area, edition.id)
    });
    Ok(export::write(features, &options, out)?)
}

/// The areas with ground that a query names.
fn choose_areas<'a>(
    atlas: &'a Atlas,
    query: &ExportQuery,
) -> Result<Vec<&'a Arc<Area>>, ServiceError> {
    let top = query
        .within
        .as_ref()
        .map(|code| {
            atlas
                .find(code)
                .ok_or_else(|| ServiceError::not_found("area", code))
        })
        .transpose()?;
    let is_chosen = |ordinal: Ordinal, area: &Area| {
        area.shape.is_some()
            && (query.levels.is_empty() || query.levels.contains(&area.level))
            && top.is_none_or(|top| {
                let top = &atlas.area(top).code;
                atlas.ascend(ordinal).any(|above| above.code == *top)
            })
    };
    let all = (0..).zip(atlas.areas());
    let chosen = all.filter(|&(ordinal, area)| is_chosen(ordinal, area));
    Ok(chosen.map(|(_, area)| area).collect())
}

/// Called after the level when there is one alone, else after the territory.
fn layer_name(title: &str, query: &ExportQuery) -> String {
    let mut levels = query.levels.iter();
    match (levels.next(), levels.next()) {
        (Some(level), None) => level.layer().to_owned(),
        _ if title.trim().is_empty() => "areas".to_owned(),
        _ => title.to_owned(),
    }
}
