//! Incidents as requests, as much of them as the caller may see (decision 21).

use super::language::Language;
use crate::codec::open311::{ExtendedAttributes, RequestStatus, RequestUpdate, ServiceRequest};
use crate::domain::workflow::Action;
use crate::domain::{AreaRef, Incident, Level, Outcome, Status};
use crate::service::Services;
use crate::service::incidents::Sight;
use crate::service::open311::{SeenIncident, SeenStep, split_media};

/// A request. The public is told of the place no more than the township, and nothing of what
/// somebody wrote: both may lead to a person's door.
pub fn request(
    services: &Services,
    (incident, sight): &SeenIncident,
    language: Language,
    extended: bool,
) -> ServiceRequest {
    let whole = *sight == Sight::Full;
    let service = services.catalogue().find(&incident.service);
    let holder = incident.holder.and_then(|id| {
        let directory = services.live().directory();
        directory.find(id).map(|centre| centre.name.clone())
    });
    let (description, media_url) = split_media(&incident.description);
    let areas = told_areas(incident, whole);
    let status = RequestStatus::from(incident.status);
    ServiceRequest {
        service_request_id: incident.number.to_string(),
        status,
        status_notes: Some(explain(incident, language).to_owned()),
        service_name: service.map_or_else(
            || incident.service.to_string(),
            |service| {
                language
                    .choose(&service.name_zh, &service.name_en)
                    .to_owned()
            },
        ),
        service_code: incident.service.clone(),
        description: whole.then(|| description.to_owned()),
        agency_responsible: holder,
        service_notice: None,
        requested_datetime: incident.reported_at,
        updated_datetime: incident
            .closed_at
            .filter(|_| status == RequestStatus::Closed)
            .unwrap_or(incident.updated_at),
        expected_datetime: incident.deadlines.resolve_by,
        address: incident
            .address
            .clone()
            .filter(|_| whole)
            .or_else(|| write_areas(areas)),
        address_id: None,
        zipcode: None,
        lat: whole.then(|| incident.position.lat()),
        long: whole.then(|| incident.position.lon()),
        media_url: media_url.filter(|_| whole).map(str::to_owned),
        extended_attributes: extended.then(|| ExtendedAttributes {
            detailed_status: incident.status,
            outcome: incident.outcome,
            area_code: areas.last().map(|area| area.code.clone()),
            area_name: areas.last().map(|area| area.name.clone()),
        }),
    }
}

/// A step. What somebody noted with it is told to those alone who may see the whole.
pub fn update(((incident, sight), event): &SeenStep, language: Language) -> RequestUpdate {
    let did = name_action(event.action, language);
    let note = event.note.as_deref().filter(|_| *sight == Sight::Full);
    RequestUpdate {
        update_id: format!("{}.{}", incident.number, event.version),
        service_request_id: incident.number.to_string(),
        status: event.to.into(),
        updated_datetime: event.at,
        description: match note {
            Some(note) => format!("{did}{}{note}", language.choose("：", ": ")),
            None => did.to_owned(),
        },
        media_url: None,
    }
}

/// The areas that hold the place, from the top down, as far as the caller is told.
fn told_areas(incident: &Incident, whole: bool) -> &[AreaRef] {
    let public = incident.chain.iter();
    let public = public
        .take_while(|area| area.level <= Level::Township)
        .count();
    incident
        .chain
        .get(..public)
        .filter(|_| !whole)
        .unwrap_or(&incident.chain)
}

/// From the most specific to the most general, as the standard wants addresses.
fn write_areas(areas: &[AreaRef]) -> Option<String> {
    let names: Vec<&str> = areas.iter().rev().map(|area| area.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Where it stands, or how it ended.
fn explain(incident: &Incident, language: Language) -> &'static str {
    let outcome = incident.outcome.filter(|_| !incident.status.is_open());
    let (chinese, english) = match (outcome, incident.status) {
        (Some(Outcome::Resolved), _) => ("已办结", "Resolved."),
        (Some(Outcome::SelfHandled), _) => ("网格自办，已办结", "Resolved on the spot."),
        (Some(Outcome::Duplicate), _) => ("重复上报", "Duplicate request."),
        (Some(Outcome::Rejected), _) => ("不予受理", "Not accepted."),
        (None, Status::Reported) => ("已上报，待受理", "Reported; not looked at yet."),
        (None, Status::Filed) => ("已受理，待派遣", "Accepted; to be dispatched."),
        (None, Status::Dispatched) => ("已派遣，待签收", "Dispatched; to be signed for."),
        (None, Status::Handling) => ("处理中", "Being handled."),
        (None, Status::Verifying) => ("已处理，核查中", "Handled; being verified."),
        (None, Status::Closed | Status::Evaluated) => ("已结案", "Closed."),
    };
    language.choose(chinese, english)
}

fn name_action(action: Action, language: Language) -> &'static str {
    let (chinese, english) = match action {
        Action::Report => ("上报", "Reported"),
        Action::File => ("受理立案", "Accepted"),
        Action::SelfHandle => ("网格自办", "Handled on the spot"),
        Action::MarkDuplicate => ("并入重复上报", "Found to be a duplicate"),
        Action::Reject => ("不予受理", "Not accepted"),
        Action::Dispatch => ("派遣", "Dispatched"),
        Action::Reassign => ("改派", "Given to somebody else"),
        Action::Recall => ("撤回派遣", "Dispatch recalled"),
        Action::Assist => ("增派协办", "Others asked to help"),
        Action::Summon => ("吹哨部门", "A department called"),
        Action::PassUp => ("上报部门未报到", "The centre above told"),
        Action::Release => ("结束协办", "Help ended"),
        Action::Sign => ("签收", "Signed for"),
        Action::Arrive => ("到达现场", "Arrived at the place"),
        Action::Return => ("申请退单", "Return asked for"),
        Action::RuleReturn => ("裁定退单", "Return ruled on"),
        Action::FeedBack => ("处理反馈", "Handled"),
        Action::RequestExtension => ("申请延期", "Extension asked for"),
        Action::RuleExtension => ("批复延期", "Extension ruled on"),
        Action::Defer => ("挂账", "Put off"),
        Action::Resume => ("恢复办理", "Taken up again"),
        Action::Escalate => ("提级", "Passed to the centre above"),
        Action::HandDown => ("交办", "Passed to the centre below"),
        Action::Pass => ("核查结案", "Verified and closed"),
        Action::Rework => ("返工", "To be done again"),
        Action::Evaluate => ("评价", "Judged by the reporter"),
        Action::Reopen => ("重开", "Opened again"),
        Action::Supervise => ("督办", "Supervised by the centre above"),
        Action::Answer => ("督办回复", "Supervision answered"),
        Action::Warn => ("超时预警", "Time limit warned of"),
        Action::Rematch => ("重新匹配网格", "Matched to another area"),
    };
    language.choose(chinese, english)
}
