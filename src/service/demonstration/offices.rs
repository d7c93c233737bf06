//! Organisations, found by what they are and where.

use std::collections::HashMap;

use super::ground::{Ground, Place};
use crate::domain::{AreaCode, Organisation, OrganisationId, OrganisationKind};

/// See the module's text.
pub struct Offices<'a> {
    by_id: HashMap<OrganisationId, &'a Organisation>,
    centres: HashMap<&'a AreaCode, &'a Organisation>,
    departments: HashMap<(&'a AreaCode, &'a str), &'a Organisation>,
}

impl<'a> Offices<'a> {
    pub fn new(organisations: &'a [Organisation]) -> Self {
        let mut offices = Self {
            by_id: HashMap::with_capacity(organisations.len()),
            centres: HashMap::new(),
            departments: HashMap::new(),
        };
        for organisation in organisations {
            offices.by_id.insert(organisation.id, organisation);
            if organisation.kind == OrganisationKind::Centre {
                offices.centres.insert(&organisation.area, organisation);
            }
            if let Some(department) = &organisation.department {
                offices
                    .departments
                    .insert((&organisation.area, department), organisation);
            }
        }
        offices
    }

    pub fn find(&self, id: OrganisationId) -> Option<&'a Organisation> {
        self.by_id.get(&id).copied()
    }

    /// The centres that answer for a place, the nearest first.
    pub fn centres_over(
        &self,
        ground: &Ground<'a>,
        place: Place,
    ) -> impl Iterator<Item = &'a Organisation> {
        ground
            .upwards(place)
            .filter_map(|area| self.centres.get(&area.code).copied())
    }

    /// The department of a kind that answers for a place.
    pub fn department(
        &self,
        ground: &Ground<'a>,
        place: Place,
        code: &str,
    ) -> Option<&'a Organisation> {
        ground
            .upwards(place)
            .find_map(|area| self.departments.get(&(&area.code, code)).copied())
    }
}
