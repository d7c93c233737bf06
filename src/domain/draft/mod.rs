//! Boundary changes on their way to an edition.

pub mod attributes;
pub mod defect;
pub mod kinship;
pub mod repair;
#[cfg(test)]
mod testing;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Timestamp;
use super::area::{Area, GridKind};
use super::code::AreaCode;
use super::identity::{AreaId, DraftId, EditionId};
use super::level::Level;
use super::outline::Outline;
use super::shape::Shape;
use super::words::words;

words! {
    pub enum DraftState ("draft state") {
        /// Can be changed and published.
        Open = "open",
        /// Became an edition.
        Published = "published",
        /// Was given up.
        Discarded = "discarded",
    }
}

/// Boundary changes on top of an edition. What they are is kept beside it, area by area.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub id: DraftId,
    pub title: String,
    /// The edition that the changes were made on; `None` before the first.
    pub base: Option<EditionId>,
    pub state: DraftState,
    /// Grows by one with each change, so that two who edit notice each other.
    pub version: i64,
    /// The code scheme that areas are numbered by.
    pub scheme: String,
    /// The area that bounds who made it; a draft changes nothing outside.
    pub within: Option<AreaCode>,
    /// What it was read from, if it was uploaded.
    pub source: Option<DraftSource>,
    pub created_by: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// What it became.
    pub edition: Option<EditionId>,
}

/// The file that a draft was read from, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftSource {
    pub file_name: String,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
    pub format: String,
    pub layer: String,
    pub crs: String,
    pub encoding: String,
    /// What each column was taken for: `code`, `name`, `level`, `parent`, `kind`.
    pub columns: BTreeMap<String, String>,
    /// Somebody chose the columns: files with the same ones are taken alike from then on.
    #[serde(default)]
    pub columns_chosen: bool,
    /// Every column of the file.
    #[serde(default)]
    pub file_columns: Vec<String>,
}

/// An area as a draft has it: nothing about it has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftArea {
    /// Kept through all editions.
    pub id: AreaId,
    /// Empty when it has none.
    pub code: String,
    pub name: String,
    /// `None` when neither the file nor the code says it.
    pub level: Option<Level>,
    /// The code of its parent; `None` at the top.
    pub parent: Option<String>,
    pub kind: Option<GridKind>,
    /// `None` when its ground is not known.
    pub outline: Option<Arc<Outline>>,
    pub generated: bool,
    /// The areas that it was split or merged from.
    pub lineage: Vec<AreaId>,
    /// Its place in the file that it was read from, counted from 1.
    pub feature: Option<usize>,
}

impl DraftArea {
    /// An area of an edition, to be changed.
    #[must_use]
    pub fn of(area: &Area) -> Self {
        Self {
            id: area.id,
            code: area.code.to_string(),
            name: area.name.clone(),
            level: Some(area.level),
            parent: area.parent.as_ref().map(AreaCode::to_string),
            kind: area.kind,
            outline: area
                .shape
                .as_deref()
                .map(|shape| Arc::new(Outline::from(shape))),
            generated: area.generated,
            lineage: Vec::new(),
            feature: None,
        }
    }
}

/// What a draft makes of one area of its base.
#[derive(Debug, Clone, PartialEq)]
pub enum DraftEntry {
    /// New, or in place of what it was.
    Put(DraftArea),
    Removed,
}

/// One change of a draft, as it is kept: enough to be told of it, and to undo it.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftStep {
    /// The draft's version that the step made.
    pub version: i64,
    pub at: Timestamp,
    pub by: String,
    /// What was asked for, such as `upload`, `split` or `fill_gaps`.
    pub operation: String,
    /// How it was asked for and what came of it, for people: JSON.
    pub record: serde_json::Value,
    /// The version of the step that this one undid.
    pub undoes: Option<i64>,
    /// What was there before, for each area that the step changed; `None` where the base
    /// held. Nothing more is needed to undo it.
    pub before: Vec<(AreaId, Option<DraftEntry>)>,
}

/// An area of a territory as it would be, with what is needed to judge it. The ground of
/// areas that stay as they are is lent, not copied.
#[derive(Debug, Clone, Copy)]
pub struct Plot<'a> {
    pub id: AreaId,
    pub code: &'a str,
    pub name: &'a str,
    pub level: Option<Level>,
    pub parent: Option<&'a str>,
    pub ground: Ground<'a>,
    /// The draft changes it: only what a change touches is judged.
    pub touched: bool,
}

#[derive(Debug, Clone, Copy)]
pub enum Ground<'a> {
    Unknown,
    /// Of an edition: valid.
    Standing(&'a Shape),
    Drawn(&'a Outline),
}

impl<'a> Plot<'a> {
    #[must_use]
    pub fn standing(area: &'a Area) -> Self {
        Self {
            id: area.id,
            code: area.code.as_str(),
            name: &area.name,
            level: Some(area.level),
            parent: area.parent.as_ref().map(AreaCode::as_str),
            ground: area
                .shape
                .as_deref()
                .map_or(Ground::Unknown, Ground::Standing),
            touched: false,
        }
    }

    #[must_use]
    pub fn drafted(area: &'a DraftArea) -> Self {
        Self {
            id: area.id,
            code: &area.code,
            name: &area.name,
            level: area.level,
            parent: area.parent.as_deref(),
            ground: area
                .outline
                .as_deref()
                .map_or(Ground::Unknown, Ground::Drawn),
            touched: true,
        }
    }
}
