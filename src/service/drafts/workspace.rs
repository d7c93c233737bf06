//! A draft with its areas, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::{ServiceError, outside};
use crate::codec::draft_areas::to_area;
use crate::domain::draft::defect::{Defect, Severity, Verdict};
use crate::domain::draft::{Draft, DraftArea, DraftEntry, Plot};
use crate::domain::{
    Actor, Area, AreaCode, AreaId, CodeScheme, DraftId, Edition, EditionId, Level,
};
use crate::geometry::verdict::judge;
use crate::index::{Atlas, AtlasError, Ordinal};

/// How many drafts are kept in memory.
const KEPT: usize = 4;

/// One version of a draft: what it was made on, and what it makes of it. Never changed;
/// a change makes another.
pub struct Workspace {
    draft: Draft,
    base: Arc<Atlas>,
    scheme: CodeScheme,
    /// The areas of the base by identity.
    ordinals: Arc<HashMap<AreaId, Ordinal>>,
    entries: Arc<HashMap<AreaId, DraftEntry>>,
    /// The identities of the draft's areas by code; of equal codes the least.
    codes: HashMap<String, AreaId>,
    verdict: OnceCell<Arc<Verdict>>,
    outcome: OnceCell<Result<Arc<Atlas>, String>>,
}

impl Workspace {
    pub(super) fn new(
        draft: Draft,
        base: Arc<Atlas>,
        scheme: CodeScheme,
        entries: impl IntoIterator<Item = (AreaId, DraftEntry)>,
    ) -> Self {
        let ordinals = (0..)
            .zip(base.areas())
            .map(|(ordinal, area)| (area.id, ordinal))
            .collect();
        Self::with(
            draft,
            base,
            scheme,
            Arc::new(ordinals),
            entries.into_iter().collect(),
        )
    }

    fn with(
        draft: Draft,
        base: Arc<Atlas>,
        scheme: CodeScheme,
        ordinals: Arc<HashMap<AreaId, Ordinal>>,
        entries: HashMap<AreaId, DraftEntry>,
    ) -> Self {
        let mut codes: HashMap<String, AreaId> = HashMap::new();
        for entry in entries.values() {
            if let DraftEntry::Put(area) = entry
                && !area.code.is_empty()
            {
                let known = codes.entry(area.code.clone()).or_insert(area.id);
                *known = area.id.min(*known);
            }
        }
        Self {
            codes,
            draft,
            base,
            scheme,
            ordinals,
            entries: Arc::new(entries),
            verdict: OnceCell::new(),
            outcome: OnceCell::new(),
        }
    }

    /// The next version, with these entries changed; `None` where the base holds again.
    pub(super) fn after(&self, draft: Draft, changes: Vec<(AreaId, Option<DraftEntry>)>) -> Self {
        let mut entries = HashMap::clone(&self.entries);
        for (id, entry) in changes {
            match entry {
                Some(entry) => entries.insert(id, entry),
                None => entries.remove(&id),
            };
        }
        Self::with(
            draft,
            Arc::clone(&self.base),
            self.scheme.clone(),
            Arc::clone(&self.ordinals),
            entries,
        )
    }

    /// The same changes on another edition.
    pub(super) fn on(&self, draft: Draft, base: Arc<Atlas>) -> Self {
        let entries = self.entries.iter();
        let entries = entries.map(|(id, entry)| (*id, entry.clone()));
        Self::new(draft, base, self.scheme.clone(), entries)
    }

    #[must_use]
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }

    #[must_use]
    pub const fn base(&self) -> &Arc<Atlas> {
        &self.base
    }

    #[must_use]
    pub const fn scheme(&self) -> &CodeScheme {
        &self.scheme
    }

    #[must_use]
    pub fn entries(&self) -> &HashMap<AreaId, DraftEntry> {
        &self.entries
    }

    pub(super) fn entry(&self, id: AreaId) -> Option<&DraftEntry> {
        self.entries.get(&id)
    }

    /// An area as the base has it.
    #[must_use]
    pub fn standing(&self, id: AreaId) -> Option<&Arc<Area>> {
        self.ordinals
            .get(&id)
            .map(|&ordinal| self.base.area(ordinal))
    }

    /// An area as the draft leaves it.
    #[must_use]
    pub fn find(&self, id: AreaId) -> Option<DraftArea> {
        match self.entries.get(&id) {
            Some(DraftEntry::Put(area)) => Some(area.clone()),
            Some(DraftEntry::Removed) => None,
            None => self.standing(id).map(|area| DraftArea::of(area)),
        }
    }

    /// The identity that a code stands for in the draft.
    #[must_use]
    pub fn find_by_code(&self, code: &str) -> Option<AreaId> {
        if let Some(id) = self.codes.get(code) {
            return Some(*id);
        }
        let code: AreaCode = code.parse().ok()?;
        let standing = self.base.area(self.base.find(&code)?);
        (!self.entries.contains_key(&standing.id)).then_some(standing.id)
    }

    /// What an area is called in addresses: its code, or its identity when the code is
    /// missing or another's.
    #[must_use]
    pub fn name_of(&self, id: AreaId, code: &str) -> String {
        if self.find_by_code(code) == Some(id) {
            code.to_owned()
        } else {
            id.to_string()
        }
    }

    /// The area that [`Workspace::name_of`] calls by this name.
    #[must_use]
    pub fn find_by_name(&self, name: &str) -> Option<DraftArea> {
        let id = self.find_by_code(name);
        let id = id.or_else(|| name.parse().ok().map(AreaId))?;
        self.find(id)
    }

    /// Every area of the territory as it would be; those of the draft are touched.
    #[must_use]
    pub fn plots(&self) -> Vec<Plot<'_>> {
        let standing = self.base.areas().iter();
        let standing = standing.filter(|area| !self.entries.contains_key(&area.id));
        let drafted = self.entries.values().filter_map(|entry| match entry {
            DraftEntry::Put(area) => Some(Plot::drafted(area)),
            DraftEntry::Removed => None,
        });
        standing
            .map(|area| Plot::standing(area))
            .chain(drafted)
            .collect()
    }

    /// The areas that have this code as their parent.
    #[must_use]
    pub fn children(&self, code: &str) -> Vec<DraftArea> {
        let plots = self.plots();
        let children = plots.iter().filter(|plot| plot.parent == Some(code));
        children.filter_map(|plot| self.find(plot.id)).collect()
    }

    /// Every defect. Judged when first asked for.
    ///
    /// # Errors
    /// When the service stops meanwhile.
    pub async fn verdict(self: &Arc<Self>) -> Result<Arc<Verdict>, ServiceError> {
        let judged = self.verdict.get_or_try_init(|| async {
            let workspace = Arc::clone(self);
            let judging = tokio::task::spawn_blocking(move || workspace.judge());
            judging
                .await
                .map(Arc::new)
                .map_err(|_| ServiceError::Interrupted)
        });
        judged.await.cloned()
    }

    fn judge(&self) -> Verdict {
        let before = self.base.areas().iter().map(Arc::as_ref);
        judge(&self.plots(), &self.scheme, before)
    }

    /// The territory as it would be, indexed; or why it makes none.
    ///
    /// # Errors
    /// When the service stops meanwhile.
    pub async fn outcome(self: &Arc<Self>) -> Result<&Result<Arc<Atlas>, String>, ServiceError> {
        self.outcome
            .get_or_try_init(|| async {
                let workspace = Arc::clone(self);
                let building = tokio::task::spawn_blocking(move || workspace.build());
                building.await.map_err(|_| ServiceError::Interrupted)
            })
            .await
    }

    fn build(&self) -> Result<Arc<Atlas>, String> {
        let put = self.put_areas()?;
        for area in &put {
            let holder = self
                .base
                .find(&area.code)
                .map(|found| self.base.area(found));
            if holder.is_some_and(|holder| !self.entries.contains_key(&holder.id)) {
                return Err(AtlasError::TwiceTheCode(area.code.clone()).to_string());
            }
        }
        // The codes that the changed areas had: whoever takes one over puts it again.
        let removed: Vec<AreaCode> = self
            .entries
            .keys()
            .filter_map(|id| Some(self.standing(*id)?.code.clone()))
            .collect();
        let rehearsal = Edition {
            id: EditionId(0),
            title: self.draft.title.clone(),
            notice: None,
            effective_from: self.draft.updated_at,
            published_at: self.draft.updated_at,
            area_count: 0,
            published_by: None,
            reason: None,
            restores: None,
        };
        self.base
            .with_changes(rehearsal, put, &removed)
            .map(Arc::new)
            .map_err(|error| error.to_string())
    }

    /// The draft's areas as they would be published.
    fn put_areas(&self) -> Result<Vec<Area>, String> {
        use rayon::prelude::*;
        let put: Vec<&DraftArea> = self
            .entries
            .values()
            .filter_map(|entry| match entry {
                DraftEntry::Put(area) => Some(area),
                DraftEntry::Removed => None,
            })
            .collect();
        put.into_par_iter()
            .map(|area| to_area(area).map_err(|error| format!("area {}: {error}", area.code)))
            .collect()
    }

    /// Whoever is bounded by an area changes only what lies below it.
    pub(super) fn check_bounds(
        &self,
        actor: &Actor,
        changes: &[(AreaId, Option<DraftEntry>)],
    ) -> Result<(), ServiceError> {
        let Some(own) = &actor.area else {
            return Ok(());
        };
        let put: HashMap<&str, &DraftArea> = changes
            .iter()
            .filter_map(|(_, entry)| match entry {
                Some(DraftEntry::Put(area)) => Some((area.code.as_str(), area)),
                _ => None,
            })
            .collect();
        for (id, entry) in changes {
            let was_below = self
                .standing(*id)
                .is_none_or(|area| self.lies_below(area.parent.as_ref(), own));
            let is_below = match entry {
                Some(DraftEntry::Put(area)) => {
                    self.hangs_below(area.parent.as_deref(), own.as_str(), &put)
                }
                _ => true,
            };
            if !(was_below && is_below) {
                return Err(outside(own));
            }
        }
        Ok(())
    }

    fn lies_below(&self, parent: Option<&AreaCode>, own: &AreaCode) -> bool {
        parent.is_some_and(|parent| self.base.codes_above(parent).any(|code| code == own))
    }

    /// True when the way up from a parent, through the draft and the base, comes to `own`.
    fn hangs_below(
        &self,
        parent: Option<&str>,
        own: &str,
        put: &HashMap<&str, &DraftArea>,
    ) -> bool {
        let mut at = parent.map(str::to_owned);
        for _ in Level::ALL {
            let Some(code) = at else { return false };
            if code == own {
                return true;
            }
            at = match put.get(code.as_str()) {
                Some(area) => area.parent.clone(),
                None => self
                    .find_by_code(&code)
                    .and_then(|id| self.find(id))
                    .and_then(|area| area.parent),
            };
        }
        false
    }
}

/// The first defect of a severity, in words.
pub(super) fn first_of(verdict: &Verdict, severity: Severity) -> Option<&Defect> {
    verdict
        .defects
        .iter()
        .find(|defect| defect.kind.severity() == severity)
}

/// The drafts that were worked on lately, the latest last.
#[derive(Default)]
pub(super) struct Workspaces(Mutex<Vec<Arc<Workspace>>>);

impl Workspaces {
    /// The draft in just this version.
    pub(super) fn find(&self, draft: &Draft) -> Option<Arc<Workspace>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|known| {
            known.draft.id == draft.id
                && known.draft.version == draft.version
                && known.draft.base == draft.base
        })?;
        let workspace = kept.remove(at);
        kept.push(Arc::clone(&workspace));
        Some(workspace)
    }

    pub(super) fn keep(&self, workspace: &Arc<Workspace>) {
        self.forget(workspace.draft.id);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(Arc::clone(workspace));
        if kept.len() > KEPT {
            kept.remove(0);
        }
    }

    pub(super) fn forget(&self, id: DraftId) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|known| known.draft.id != id);
    }
}
