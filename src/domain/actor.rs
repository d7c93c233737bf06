//! Who acts: every use case is given one.

use super::code::AreaCode;
use super::identity::{OrganisationId, WorkerId};
use super::incident::Incident;
use super::words::words;

words! {
    /// What someone may be in the system.
    pub enum Role ("role") {
        /// No account: the public.
        Resident = "resident",
        Worker = "worker",
        Dispatcher = "dispatcher",
        Gis = "gis",
        Department = "department",
        Leader = "leader",
        Auditor = "auditor",
        Administrator = "administrator",
        /// The service itself, when a rule acts.
        System = "system",
    }
}

words! {
    /// What a use case asks leave for.
    pub enum Permission ("permission") {
        /// See incidents with everything but personal data.
        ReadIncidents = "read_incidents",
        /// Act on incidents; the workflow table decides which actions.
        HandleIncidents = "handle_incidents",
        /// See workers, where they are and what they carry.
        ReadWorkers = "read_workers",
        /// See the ways that workers went.
        ReadTracks = "read_tracks",
        /// Put workers on and off duty.
        ManageWorkers = "manage_workers",
        /// Appoint workers to posts, end posts, and write duty rosters.
        ManagePosts = "manage_posts",
        /// Send positions.
        SendPositions = "send_positions",
        /// Ask who should go.
        Dispatch = "dispatch",
        /// Hear of changes as they happen.
        Listen = "listen",
        /// Draft, judge, repair and publish boundaries.
        EditBoundaries = "edit_boundaries",
        /// See the rules, and what others would have done.
        ReadRules = "read_rules",
        /// Put other rules into force.
        ManageRules = "manage_rules",
        /// Connect departments: who is told of what, and by which names.
        ManageIntegrations = "manage_integrations",
    }
}

/// Someone who acts, with the role and the area that bound them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// As it is written into histories.
    pub name: String,
    pub role: Role,
    /// The actor sees and touches only what lies within; `None` is everywhere.
    pub area: Option<AreaCode>,
    /// For a worker.
    pub worker: Option<WorkerId>,
    /// For a department's or a centre's people.
    pub organisation: Option<OrganisationId>,
    /// The secret given to whoever reported an incident.
    pub tracking_key: Option<String>,
}

/// The actor may not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    #[error("this needs credentials; send them as `Authorization: Bearer …`")]
    NeedsCredentials,
    #[error("the role {role} has no permission {permission}")]
    NeedsPermission { role: Role, permission: Permission },
    #[error("this lies outside your area, {0}")]
    OutsideArea(AreaCode),
    #[error("this is for keys of the organisation {0} with the role department")]
    NotOf(OrganisationId),
}

impl Actor {
    /// Anybody: no credentials were given.
    #[must_use]
    pub fn public() -> Self {
        Self::with_role("public", Role::Resident)
    }

    /// Someone with a role and no bounds.
    #[must_use]
    pub fn with_role(name: &str, role: Role) -> Self {
        Self {
            name: name.to_owned(),
            role,
            area: None,
            worker: None,
            organisation: None,
            tracking_key: None,
        }
    }

    /// The service itself.
    #[must_use]
    pub fn system() -> Self {
        Self::with_role("system", Role::System)
    }

    /// # Errors
    /// When the role lacks the permission.
    pub fn require(&self, permission: Permission) -> Result<(), Forbidden> {
        if self.role.permits(permission) {
            Ok(())
        } else if self.role == Role::Resident {
            Err(Forbidden::NeedsCredentials)
        } else {
            Err(Forbidden::NeedsPermission {
                role: self.role,
                permission,
            })
        }
    }

    /// True when the actor has shown the key of this incident.
    #[must_use]
    pub fn tracks(&self, incident: &Incident) -> bool {
        self.tracking_key
            .as_ref()
            .is_some_and(|key| !key.is_empty() && *key == incident.tracking_key)
    }

    /// True when `chain`, the areas from the top down that hold something, touches the
    /// actor's own area.
    pub fn reaches<'a>(&self, mut chain: impl Iterator<Item = &'a AreaCode>) -> bool {
        self.area
            .as_ref()
            .is_none_or(|own| chain.any(|code| code == own))
    }
}

impl Role {
    /// Which permissions a role is made of.
    #[must_use]
    pub const fn permits(self, permission: Permission) -> bool {
        use Permission::{
            Dispatch, EditBoundaries, HandleIncidents, Listen, ManagePosts, ManageWorkers,
            ReadIncidents, ReadRules, ReadTracks, ReadWorkers, SendPositions,
        };
        match self {
            Self::Administrator | Self::System => true,
            Self::Dispatcher => matches!(
                permission,
                ReadIncidents
                    | HandleIncidents
                    | ReadWorkers
                    | ReadTracks
                    | ManageWorkers
                    | ManagePosts
                    | Dispatch
                    | Listen
                    | ReadRules
            ),
            Self::Worker => matches!(
                permission,
                ReadIncidents | HandleIncidents | SendPositions | Listen
            ),
            Self::Department => matches!(permission, ReadIncidents | HandleIncidents | Listen),
            // The workflow knows one action of theirs: to supervise.
            Self::Leader => matches!(
                permission,
                ReadIncidents | HandleIncidents | ReadWorkers | Listen | ReadRules
            ),
            Self::Auditor => matches!(permission, ReadIncidents | ReadRules),
            Self::Gis => matches!(permission, EditBoundaries | Listen),
            Self::Resident => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_is_asked_for_credentials_and_others_are_told_what_they_lack() {
        assert_eq!(
            Actor::public().require(Permission::ReadIncidents),
            Err(Forbidden::NeedsCredentials)
        );
        let gis = Actor::with_role("g", Role::Gis);
        assert_eq!(
            gis.require(Permission::Dispatch).unwrap_err().to_string(),
            "the role gis has no permission dispatch"
        );
    }

    #[test]
    fn an_actor_reaches_its_own_area_and_all_below() {
        let code = |text: &str| text.parse::<AreaCode>().unwrap();
        let actor = Actor {
            area: Some(code("320812")),
            ..Actor::with_role("d", Role::Dispatcher)
        };
        let chain = ["32", "3208", "320812", "320812001"].map(code);
        assert!(actor.reaches(chain.iter()));
        assert!(!actor.reaches(["32", "3208", "320813"].map(code).iter()));
        assert!(!actor.reaches(["32", "3208"].map(code).iter()));
    }
}
