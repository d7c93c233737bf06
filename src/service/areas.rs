//! The area tree.

use std::sync::Arc;

use super::{ServiceError, Services};
use crate::domain::{AreaCode, BoundingBox, Level, Timestamp};
use crate::index::{Atlas, Ordinal};

/// Which areas to list, in the order of the atlas. Conditions add up.
#[derive(Debug, Clone, Default)]
pub struct AreaQuery {
    pub level: Option<Level>,
    pub parent: Option<AreaCode>,
    /// Part of the name, or the beginning of the code.
    pub text: Option<String>,
    pub bounds: Option<BoundingBox>,
    /// As they were, or will be, at this time; now when absent.
    pub at: Option<Timestamp>,
    /// Only areas after this one.
    pub after: Option<AreaCode>,
    pub limit: usize,
}

/// Areas of one atlas, and whether there are more.
#[derive(Debug)]
pub struct AreaPage {
    pub atlas: Arc<Atlas>,
    pub areas: Vec<Ordinal>,
    pub more: bool,
}

impl Services {
    /// An area by its code, as it was, or will be, at a time; without a time, now. Public.
    ///
    /// # Errors
    /// When there is no such area in the edition in force then.
    pub async fn load_area(
        &self,
        code: &AreaCode,
        at: Option<Timestamp>,
    ) -> Result<(Arc<Atlas>, Ordinal), ServiceError> {
        let atlas = self.atlas_at(at).await?;
        let ordinal = atlas
            .find(code)
            .ok_or_else(|| ServiceError::not_found("area", code))?;
        Ok((atlas, ordinal))
    }

    /// Areas by level, parent, text and box. Public.
    ///
    /// # Errors
    /// When the parent, or the area to go on after, does not exist.
    pub async fn list_areas(&self, query: &AreaQuery) -> Result<AreaPage, ServiceError> {
        let atlas = self.atlas_at(query.at).await?;
        let known = |code: &AreaCode| {
            atlas
                .find(code)
                .ok_or_else(|| ServiceError::not_found("area", code))
        };
        let parent = query.parent.as_ref().map(known).transpose()?;
        let after = query.after.as_ref().map(known).transpose()?;
        let matches = |&ordinal: &Ordinal| {
            let area = atlas.area(ordinal);
            after.is_none_or(|after| ordinal > after)
                && query.level.is_none_or(|level| area.level == level)
                && query.text.as_ref().is_none_or(|text| {
                    area.name.contains(text.as_str()) || area.code.as_str().starts_with(text)
                })
                && query.bounds.is_none_or(|bounds| {
                    area.shape
                        .as_ref()
                        .is_some_and(|shape| shape.bounds().intersects(&bounds))
                })
        };
        let take = query.limit + 1;
        let mut areas: Vec<Ordinal> = match (parent, query.level, &query.bounds) {
            (Some(parent), ..) => {
                let children = atlas.children(parent).iter().copied();
                children.filter(matches).take(take).collect()
            }
            (None, Some(level), Some(bounds)) => {
                let near = atlas.meeting(level, bounds).into_iter();
                near.filter(matches).take(take).collect()
            }
            _ => (0..)
                .zip(atlas.areas())
                .map(|(ordinal, _)| ordinal)
                .filter(matches)
                .take(take)
                .collect(),
        };
        let more = areas.len() > query.limit;
        areas.truncate(query.limit);
        Ok(AreaPage { atlas, areas, more })
    }
}
