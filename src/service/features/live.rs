//! Open incidents and workers as features.

use std::borrow::Cow;
use std::sync::Arc;

use super::{
    Collection, FeaturePage, FeatureQuery, Features, Found, check_finished, is_during, page_of,
};
use crate::domain::incident::{DeadlineState, IncidentKey};
use crate::domain::{Actor, Fix, Incident, IncidentId, Priority, Status, WorkerId, WorkerRole};
use crate::index::filter::{Kind, Place, Queryable, Record, Value};
use crate::service::incidents::not_found;
use crate::service::people::WorkerState;
use crate::service::{ServiceError, Services};

pub const INCIDENT_QUERYABLES: [Queryable; 9] = [
    queryable("number", "编号 · number", Kind::Text, &[]),
    queryable("service", "事项 · service", Kind::Text, &[]),
    queryable("group", "事项类别 · group of services", Kind::Text, &[]),
    queryable(
        "priority",
        "紧急程度 · priority",
        Kind::Text,
        Priority::WORDS,
    ),
    queryable("status", "状态 · status", Kind::Text, Status::WORDS),
    queryable(
        "deadline_state",
        "时限状态 · state of the deadline",
        Kind::Text,
        DeadlineState::WORDS,
    ),
    queryable("area", "所属区划编码 · code of the area", Kind::Text, &[]),
    queryable(
        "chain",
        "各级区划编码 · codes of all areas that hold it",
        Kind::List,
        &[],
    ),
    queryable("reported_at", "上报时间 · reported at", Kind::Time, &[]),
];

pub const WORKER_QUERYABLES: [Queryable; 7] = [
    queryable("name", "姓名 · name", Kind::Text, &[]),
    queryable("role", "身份 · role", Kind::Text, WorkerRole::WORDS),
    queryable("on_duty", "在岗 · on duty", Kind::Flag, &[]),
    queryable("load", "在办任务数 · open tasks", Kind::Integer, &[]),
    queryable("skills", "技能 · skills", Kind::List, &[]),
    queryable("seen_at", "定位时间 · last seen at", Kind::Time, &[]),
    queryable(
        "heading_deg",
        "方向 · heading in degrees from north",
        Kind::Number,
        &[],
    ),
];

const fn queryable(
    name: &'static str,
    title: &'static str,
    kind: Kind,
    words: &'static [&'static str],
) -> Queryable {
    Queryable {
        name,
        title,
        kind,
        words,
    }
}

/// An incident with the properties above, as they are now.
#[derive(Debug)]
pub struct IncidentFeature {
    pub incident: Arc<Incident>,
    group: Option<String>,
    deadline_state: DeadlineState,
}

/// A worker with the properties above, where they were last seen.
#[derive(Debug)]
pub struct WorkerFeature {
    pub state: WorkerState,
    fix: Fix,
}

fn text(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

fn optional(value: Option<&str>) -> Value<'_> {
    value.map_or(Value::Missing, text)
}

impl Record for IncidentFeature {
    fn value(&self, queryable: usize) -> Value<'_> {
        let incident = &self.incident;
        match queryable {
            0 => text(&incident.number.0),
            1 => text(&incident.service.0),
            2 => optional(self.group.as_deref()),
            3 => text(incident.priority.as_str()),
            4 => text(incident.status.as_str()),
            5 => text(self.deadline_state.as_str()),
            6 => optional(incident.area().map(|area| area.code.as_str())),
            7 => {
                let codes = incident.chain.iter().map(|link| text(link.code.as_str()));
                Value::List(codes.collect())
            }
            8 => Value::Time(incident.reported_at),
            _ => Value::Missing,
        }
    }

    fn place(&self) -> Place<'_> {
        Place::Point(self.incident.position)
    }
}

impl Record for WorkerFeature {
    fn value(&self, queryable: usize) -> Value<'_> {
        let worker = &self.state.member.worker;
        match queryable {
            0 => text(&worker.name),
            1 => text(worker.role.as_str()),
            2 => Value::Flag(worker.on_duty),
            3 => Value::Integer(self.state.load.into()),
            4 => Value::List(worker.skills.iter().map(|skill| text(skill)).collect()),
            5 => Value::Time(self.fix.at),
            6 => self
                .fix
                .heading_deg
                .map_or(Value::Missing, |heading| Value::Number(heading.into())),
            _ => Value::Missing,
        }
    }

    fn place(&self) -> Place<'_> {
        Place::Point(self.fix.position)
    }
}

impl Services {
    pub(super) fn search_incident_features(
        &self,
        actor: &Actor,
        mut query: FeatureQuery,
    ) -> Result<FeaturePage, ServiceError> {
        let filter = query.take_filter();
        let open = self.list_open_incidents(actor)?.into_iter();
        let mut found: Vec<IncidentFeature> = open
            .filter(|incident| is_during(incident.reported_at, query.during))
            .map(|incident| self.incident_feature(incident))
            .filter(|feature| filter.as_ref().is_none_or(|filter| filter.matches(feature)))
            .collect();
        check_finished(filter.as_ref())?;
        found.sort_by_key(|feature| feature.incident.id);
        let matched = found.len();
        let after = query.after.and_then(|id| id.parse::<IncidentId>().ok());
        let is_after =
            |feature: &IncidentFeature| after.is_none_or(|after| feature.incident.id > after);
        let page = page_of(&found, is_after, query.limit);
        let more = page.end < matched;
        let features = Features {
            collection: Collection::Incidents,
            found: Found::Incidents(found.drain(page).collect()),
        };
        Ok(FeaturePage {
            features,
            matched,
            more,
        })
    }

    pub(super) fn load_incident_feature(
        &self,
        actor: &Actor,
        id: &str,
    ) -> Result<Features, ServiceError> {
        let id: IncidentId = id
            .parse()
            .map_err(|_| ServiceError::not_found("incident", &id))?;
        let open = self.live().docket().find(id).cloned();
        let incident = open
            .filter(|incident| self.may_see(actor, incident))
            .ok_or_else(|| not_found(&IncidentKey::Id(id)))?;
        Ok(Features {
            collection: Collection::Incidents,
            found: Found::Incidents(vec![self.incident_feature(incident)]),
        })
    }

    pub(super) fn search_worker_features(
        &self,
        actor: &Actor,
        mut query: FeatureQuery,
    ) -> Result<FeaturePage, ServiceError> {
        let filter = query.take_filter();
        let seen = self.list_seen_workers(actor, None)?.into_iter();
        let mut found: Vec<WorkerFeature> = seen
            .filter_map(worker_feature)
            .filter(|feature| is_during(feature.fix.at, query.during))
            .filter(|feature| filter.as_ref().is_none_or(|filter| filter.matches(feature)))
            .collect();
        check_finished(filter.as_ref())?;
        let id_of = |feature: &WorkerFeature| feature.state.member.worker.id;
        found.sort_by_key(id_of);
        let matched = found.len();
        let after = query.after.and_then(|id| id.parse::<WorkerId>().ok());
        let is_after = |feature: &WorkerFeature| after.is_none_or(|after| id_of(feature) > after);
        let page = page_of(&found, is_after, query.limit);
        let more = page.end < matched;
        let features = Features {
            collection: Collection::Workers,
            found: Found::Workers(found.drain(page).collect()),
        };
        Ok(FeaturePage {
            features,
            matched,
            more,
        })
    }

    pub(super) fn load_worker_feature(
        &self,
        actor: &Actor,
        id: &str,
    ) -> Result<Features, ServiceError> {
        let not_found = || ServiceError::not_found("worker", &id);
        let state = self.load_worker(actor, id.parse().map_err(|_| not_found())?)?;
        let feature = worker_feature(state).ok_or_else(not_found)?;
        Ok(Features {
            collection: Collection::Workers,
            found: Found::Workers(vec![feature]),
        })
    }

    fn incident_feature(&self, incident: Arc<Incident>) -> IncidentFeature {
        let service = self.catalogue().find(&incident.service);
        IncidentFeature {
            group: service.map(|service| service.group.clone()),
            deadline_state: incident.deadline_state(self.clock().now()),
            incident,
        }
    }
}

/// `None` when the worker has not been seen.
fn worker_feature(state: WorkerState) -> Option<WorkerFeature> {
    let fix = state.member.fix?;
    Some(WorkerFeature { state, fix })
}
