//! Areas out: any edition, any part of it, in any format and coordinate system.

use std::collections::BTreeSet;
use std::io::{Seek, Write};
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::{ServiceError, Services};
use crate::codec::boundaries::BoundaryFormat;
use crate::codec::export::{self, ExportError, ExportFeature, ExportOptions};
use crate::domain::{AreaCode, EditionId, Level, Timestamp};
use crate::geometry::Crs;
use crate::index::{Atlas, Ordinal};

/// What is to be exported, and how.
#[derive(Debug, Clone)]
pub struct ExportQuery {
    pub format: BoundaryFormat,
    pub crs: Crs,
    pub edition: EditionChoice,
    /// An area and everything below it; everything when absent.
    pub within: Option<AreaCode>,
    /// All of them when empty.
    pub levels: BTreeSet<Level>,
}

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
            write_areas(&atlas, &query, at, &mut file)?;
            file.rewind().map_err(ExportError::Write)?;
            Ok(file)
        });
        work.await.map_err(|_| ServiceError::Interrupted)?
    }
}

/// Writes the areas of an atlas that a query names.
///
/// # Errors
/// As [`Services::export_areas`].
pub fn write_areas(
    atlas: &Atlas,
    query: &ExportQuery,
    at: Timestamp,
    out: impl Write + Seek,
) -> Result<(), ServiceError> {
    let edition = atlas
        .edition()
        .ok_or_else(|| ServiceError::not_found("edition", &"in force"))?;
    let top = query
        .within
        .as_ref()
        .map(|code| {
            atlas
                .find(code)
                .ok_or_else(|| ServiceError::not_found("area", code))
        })
        .transpose()?;
    let chosen = |ordinal: &Ordinal| {
        let area = atlas.area(*ordinal);
        area.shape.is_some()
            && (query.levels.is_empty() || query.levels.contains(&area.level))
            && top.is_none_or(|top| {
                let top = &atlas.area(top).code;
                atlas.ascend(*ordinal).any(|above| above.code == *top)
            })
    };
    let ordinals: Vec<Ordinal> = (0..)
        .zip(atlas.areas())
        .map(|(ordinal, _)| ordinal)
        .filter(chosen)
        .collect();
    if ordinals.is_empty() {
        return Err(ServiceError::Invalid {
            field: "level",
            why: "no area with ground is chosen; choose other levels or another area".into(),
        });
    }
    let options = ExportOptions {
        format: query.format,
        crs: query.crs,
        layer: layer_name(&edition.title, query),
        at,
    };
    let features = ordinals
        .iter()
        .filter_map(|&ordinal| ExportFeature::of(atlas.area(ordinal), edition.id));
    Ok(export::write(features, &options, out)?)
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
