//! Putting areas into force.

use std::collections::HashMap;

use super::ServiceError;
use crate::domain::{Area, AreaCode, AreaId, Edition, EditionId, Timestamp};
use crate::index::Atlas;
use crate::store::{NewEdition, Store};

/// Areas to be published, and how the edition is to be called.
#[derive(Debug, Clone)]
pub struct Publication {
    pub title: String,
    pub notice: Option<String>,
    pub effective_from: Timestamp,
    pub published_at: Timestamp,
    /// New areas, and new states of those there are, told by code.
    pub areas: Vec<Area>,
}

/// The latest edition, whole.
#[derive(Debug, Default)]
pub struct LatestEdition {
    pub edition: Option<Edition>,
    pub areas: HashMap<AreaCode, Area>,
}

/// Reads the latest edition, in force or coming.
///
/// # Errors
/// When the store cannot be read.
pub async fn load_latest(store: &dyn Store) -> Result<LatestEdition, ServiceError> {
    let Some(edition) = store.list_editions().await?.pop() else {
        return Ok(LatestEdition::default());
    };
    let areas = store.load_areas(edition.id).await?;
    Ok(LatestEdition {
        areas: areas
            .into_iter()
            .map(|area| (area.code.clone(), area))
            .collect(),
        edition: Some(edition),
    })
}

/// Publishes areas on top of the latest edition: those with a code that is known replace
/// what it stood for and keep its identity, the others are added, nothing is removed.
///
/// # Errors
/// When the areas together with the others make no atlas, or another edition was
/// published meanwhile. Nothing is published then.
pub async fn publish_areas(
    store: &dyn Store,
    latest: LatestEdition,
    publication: Publication,
) -> Result<Edition, ServiceError> {
    let base = latest.edition.as_ref().map(|edition| edition.id);
    let mut whole = latest.areas;
    let mut put = Vec::with_capacity(publication.areas.len());
    for mut area in publication.areas {
        let known: Option<AreaId> = whole.get(&area.code).map(|known| known.id);
        if let Some(id) = known {
            area.id = id;
        }
        if whole.get(&area.code) != Some(&area) {
            put.push(area.clone());
        }
        whole.insert(area.code.clone(), area);
    }
    let rehearsal = Edition {
        id: EditionId(0),
        title: publication.title.clone(),
        notice: publication.notice.clone(),
        effective_from: publication.effective_from,
        published_at: publication.published_at,
        area_count: 0,
        published_by: None,
        reason: None,
        restores: None,
    };
    Atlas::build(rehearsal, whole.into_values().collect())?;
    Ok(store
        .publish_edition(NewEdition {
            base,
            title: publication.title,
            notice: publication.notice,
            effective_from: publication.effective_from,
            published_at: publication.published_at,
            put,
            removed: Vec::new(),
            published_by: None,
            reason: None,
            restores: None,
            lineage: Vec::new(),
            draft: None,
        })
        .await?)
}
