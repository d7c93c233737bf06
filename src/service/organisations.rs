//! Who is asked to help.

use std::sync::Arc;

use super::Services;
use crate::domain::{AreaCode, Level, Organisation, OrganisationId, OrganisationKind};

/// An organisation's place in the list: from the top level down, by area.
pub type OrganisationPlace = (Level, AreaCode, OrganisationId);

/// Which organisations to list. Conditions add up.
#[derive(Debug, Clone, Default)]
pub struct OrganisationQuery {
    /// Answering for this area or for one that holds it.
    pub area: Option<AreaCode>,
    pub kind: Option<OrganisationKind>,
    /// Part of the name.
    pub text: Option<String>,
    pub after: Option<OrganisationPlace>,
    pub limit: usize,
}

impl Services {
    /// Organisations by area, kind and name, and whether there are more. Public.
    #[must_use]
    pub fn list_organisations(&self, query: &OrganisationQuery) -> (Vec<Arc<Organisation>>, bool) {
        let directory = self.live().directory();
        let atlas = self.live().atlas();
        let above: Option<Vec<&AreaCode>> = query
            .area
            .as_ref()
            .map(|area| atlas.codes_above(area).collect());
        let mut found: Vec<Arc<Organisation>> = directory
            .organisations()
            .filter(|organisation| {
                above
                    .as_ref()
                    .is_none_or(|above| above.contains(&&organisation.area))
                    && query.kind.is_none_or(|kind| organisation.kind == kind)
                    && query
                        .text
                        .as_ref()
                        .is_none_or(|text| organisation.name.contains(text.as_str()))
                    && query
                        .after
                        .as_ref()
                        .is_none_or(|after| place(organisation) > *after)
            })
            .cloned()
            .collect();
        found.sort_by_cached_key(|organisation| place(organisation));
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        (found, more)
    }
}

/// Where an organisation stands in the list.
#[must_use]
pub fn place(organisation: &Organisation) -> OrganisationPlace {
    (
        organisation.level,
        organisation.area.clone(),
        organisation.id,
    )
}
