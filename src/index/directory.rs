//! Organisations, by identity and by the area they answer for.

use std::collections::HashMap;
use std::sync::Arc;

use super::atlas::Atlas;
use crate::domain::{AreaCode, AreaRef, Organisation, OrganisationId, OrganisationKind};

/// Every organisation. Immutable, swapped whole.
#[derive(Debug, Default)]
pub struct Directory {
    by_id: HashMap<OrganisationId, Arc<Organisation>>,
    by_area: HashMap<AreaCode, Vec<Arc<Organisation>>>,
}

impl Directory {
    pub fn build(organisations: impl IntoIterator<Item = Organisation>) -> Self {
        let mut directory = Self::default();
        for organisation in organisations {
            let organisation = Arc::new(organisation);
            directory
                .by_area
                .entry(organisation.area.clone())
                .or_default()
                .push(Arc::clone(&organisation));
            directory.by_id.insert(organisation.id, organisation);
        }
        for answering in directory.by_area.values_mut() {
            answering.sort_by_key(|organisation| organisation.id);
        }
        directory
    }

    #[must_use]
    pub fn find(&self, id: OrganisationId) -> Option<&Arc<Organisation>> {
        self.by_id.get(&id)
    }

    /// Every organisation, in no order.
    pub fn organisations(&self) -> impl Iterator<Item = &Arc<Organisation>> {
        self.by_id.values()
    }

    /// The organisations that answer for exactly this area.
    #[must_use]
    pub fn answering_for(&self, area: &AreaCode) -> &[Arc<Organisation>] {
        self.by_area.get(area).map_or(&[], Vec::as_slice)
    }

    /// The centre that answers for exactly this area.
    #[must_use]
    pub fn centre_of(&self, area: &AreaCode) -> Option<&Arc<Organisation>> {
        self.answering_for(area)
            .iter()
            .find(|organisation| organisation.kind == OrganisationKind::Centre)
    }

    /// The centres along a chain, from the top down.
    #[must_use]
    pub fn centres_along(&self, chain: &[AreaRef]) -> Vec<OrganisationId> {
        chain
            .iter()
            .filter_map(|link| self.centre_of(&link.code))
            .map(|centre| centre.id)
            .collect()
    }

    /// The department of this kind nearest above a place: the deepest along the chain.
    #[must_use]
    pub fn department_for(
        &self,
        department: &str,
        chain: &[AreaRef],
    ) -> Option<&Arc<Organisation>> {
        chain.iter().rev().find_map(|link| {
            self.answering_for(&link.code)
                .iter()
                .find(|organisation| organisation.department.as_deref() == Some(department))
        })
    }

    /// The centre of the highest level: where everything goes that lies nowhere.
    #[must_use]
    pub fn topmost_centre(&self, atlas: &Atlas) -> Option<&Arc<Organisation>> {
        self.organisations()
            .filter(|organisation| organisation.kind == OrganisationKind::Centre)
            .filter(|centre| atlas.find(&centre.area).is_some())
            .min_by(|a, b| (a.level, &a.area).cmp(&(b.level, &b.area)))
    }
}
