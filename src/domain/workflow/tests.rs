use proptest::prelude::*;
use serde_json::Map;
use uuid::Uuid;

use super::*;
use crate::domain::area::AreaRef;
use crate::domain::calendar::{Calendar, Clock};
use crate::domain::catalogue::{LeadKind, Limits, Priority, Routing};
use crate::domain::identity::{IncidentId, ServiceCode, TaskId, WorkerId};
use crate::domain::incident::{Evaluation, IncidentNumber, Match, NewIncident, Source, TaskRole};
use crate::domain::level::Level;
use crate::domain::position::LngLat;

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn service() -> Service {
    Service {
        code: ServiceCode("noise".into()),
        group: "disputes".into(),
        name_zh: "噪声扰民".into(),
        name_en: "Noise".into(),
        description_zh: String::new(),
        description_en: String::new(),
        priority: Priority::Normal,
        limits: Limits {
            sign_minutes: 30,
            resolve_minutes: 600,
            clock: Clock::Natural,
        },
        limit_rules: vec![],
        routing: Routing {
            lead: LeadKind::Worker,
            skills: vec![],
            department: None,
        },
        fields: vec![],
        self_handle: true,
    }
}

fn calendar() -> Calendar {
    Calendar::parse(include_str!("../../../data/calendars/china.json")).unwrap()
}

fn timing(calendar: &Calendar) -> Timing<'_> {
    Timing {
        limits: service().limits,
        summon_minutes: 20,
        calendar,
    }
}

const TOWNSHIP_CENTRE: OrganisationId = OrganisationId(Uuid::from_u128(100));
const COUNTY_CENTRE: OrganisationId = OrganisationId(Uuid::from_u128(101));
const LEAD: WorkerId = WorkerId(Uuid::from_u128(1));
const HELPER: WorkerId = WorkerId(Uuid::from_u128(2));

fn reported() -> Incident {
    let chain = [
        ("3208", Level::City),
        ("320812", Level::County),
        ("320812001", Level::Township),
        ("320812001001", Level::Community),
        ("320812001001001", Level::Grid),
    ]
    .map(|(text, level)| AreaRef {
        code: code(text),
        name: String::new(),
        level,
    });
    NewIncident {
        id: IncidentId(uuid(7)),
        service: service().code,
        priority: Priority::Normal,
        description: "半夜施工".into(),
        address: None,
        position: LngLat::from_degrees(119.0, 33.6).unwrap(),
        matched: Match::Grid,
        chain: chain.to_vec(),
        source: Source::Resident,
        reporter: None,
        form: Map::new(),
        holder: Some(TOWNSHIP_CENTRE),
        tracking_key: "key".into(),
        reported_at: now(),
    }
    .numbered(IncidentNumber::new(now(), 1))
}

/// Someone with a role, bounded to an area.
fn actor(role: Role, area: &str) -> Actor {
    Actor {
        area: Some(code(area)),
        ..Actor::with_role(role.as_str(), role)
    }
}

fn dispatcher() -> Actor {
    actor(Role::Dispatcher, "320812001")
}

fn worker(id: WorkerId) -> Actor {
    Actor {
        worker: Some(id),
        ..actor(Role::Worker, "320812001001002")
    }
}

/// Plays commands on an incident, each by an actor, and checks each step.
struct Play {
    incident: Incident,
    now: Timestamp,
    next_id: u128,
}

impl Play {
    fn new() -> Self {
        Self {
            incident: reported(),
            now: now(),
            next_id: 1_000,
        }
    }

    fn try_step(&mut self, by: &Actor, command: &Command) -> Result<&Incident, WorkflowError> {
        let service = service();
        let (holder_area, centre_above, below): (_, _, &[OrganisationId]) =
            if self.incident.holder == Some(COUNTY_CENTRE) {
                (code("320812"), None, &[TOWNSHIP_CENTRE])
            } else {
                (code("320812001"), Some(COUNTY_CENTRE), &[])
            };
        let calendar = calendar();
        let situation = Situation {
            actor: by,
            now: self.now,
            service: &service,
            timing: timing(&calendar),
            holder_area: Some(&holder_area),
            centre_above,
            centres_below: below,
            recommended: &[Assignee::Worker(LEAD)],
        };
        let next_id = &mut self.next_id;
        let step = apply(&self.incident, command, &situation, &mut || {
            *next_id += 1;
            uuid(*next_id)
        })?;
        assert_eq!(step.incident.version, self.incident.version + 1);
        assert_eq!(step.event.from, Some(self.incident.status));
        assert_eq!(step.event.to, step.incident.status);
        let row = TRANSITIONS
            .iter()
            .find(|row| row.action == command.action() && row.from.contains(&self.incident.status))
            .unwrap();
        assert!(row.to.contains(&step.incident.status));
        self.incident = step.incident;
        Ok(&self.incident)
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads better in a chain")]
    fn step(&mut self, by: &Actor, command: Command) -> &mut Self {
        self.try_step(by, &command)
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        self
    }

    fn dispatched() -> Self {
        let mut play = Self::new();
        play.step(&dispatcher(), file())
            .step(&dispatcher(), send(LEAD, &[HELPER]));
        play
    }
}

fn file() -> Command {
    Command::File {
        note: None,
        service: None,
        priority: None,
    }
}

fn send(lead: WorkerId, assistants: &[WorkerId]) -> Command {
    Command::Dispatch {
        lead: Assignee::Worker(lead),
        assistants: assistants.iter().copied().map(Assignee::Worker).collect(),
        reason: None,
        offer_until: None,
    }
}

const SIGN: Command = Command::Sign { task: None };
const FEED_BACK: Command = Command::FeedBack {
    note: None,
    task: None,
    media: Vec::new(),
};

fn because(text: &str) -> String {
    text.to_owned()
}

#[test]
fn the_whole_path_from_report_to_evaluation() {
    let mut play = Play::dispatched();
    assert_eq!(
        play.incident.deadlines.started_at,
        Some(now()),
        "clocks start at dispatch"
    );
    play.step(&worker(LEAD), SIGN);
    assert_eq!(play.incident.status, Status::Handling);
    play.step(&worker(LEAD), FEED_BACK);
    assert_eq!(
        play.incident.status,
        Status::Handling,
        "an assisting task is still open"
    );
    play.step(&worker(HELPER), SIGN)
        .step(&worker(HELPER), FEED_BACK);
    assert_eq!(play.incident.status, Status::Verifying);
    play.step(&dispatcher(), Command::Pass { note: None });
    assert_eq!(play.incident.outcome, Some(Outcome::Resolved));
    let reporter = Actor {
        tracking_key: Some(play.incident.tracking_key.clone()),
        ..Actor::public()
    };
    play.step(
        &reporter,
        Command::Evaluate(Evaluation {
            responded: true,
            resolved: true,
            satisfied: 5,
            comment: None,
        }),
    );
    assert_eq!(play.incident.status, Status::Evaluated);
    assert_eq!(play.incident.version, 9);
}

#[test]
fn a_refusal_names_what_is_allowed() {
    let mut play = Play::new();
    let error = play.try_step(&dispatcher(), &send(LEAD, &[])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "dispatch is not allowed while the incident is reported; \
         you may: file, self_handle, mark_duplicate, reject"
    );
    let error = play.try_step(&worker(LEAD), &file()).unwrap_err();
    assert!(error.to_string().ends_with("you may: nothing"));
}

#[test]
fn a_dispatcher_commands_the_own_area_only_and_nothing_held_above() {
    let allowed = |area: &str, incident: &Incident| {
        let by = actor(Role::Dispatcher, area);
        let service = service();
        let holder = if incident.holder == Some(COUNTY_CENTRE) {
            "320812"
        } else {
            "320812001"
        };
        let holder_area = code(holder);
        let calendar = calendar();
        !allowed_actions(
            incident,
            &Situation {
                actor: &by,
                now: now(),
                service: &service,
                timing: timing(&calendar),
                holder_area: Some(&holder_area),
                centre_above: None,
                centres_below: &[],
                recommended: &[],
            },
        )
        .is_empty()
    };
    let mut incident = reported();
    assert!(allowed("320812001", &incident) && allowed("320812", &incident));
    assert!(!allowed("320812002", &incident) && !allowed("320812001001", &incident));
    incident.holder = Some(COUNTY_CENTRE);
    assert!(!allowed("320812001", &incident) && allowed("3208", &incident));
}

#[test]
fn a_return_must_be_ruled_on_and_is_counted() {
    let mut play = Play::dispatched();
    let ask = Command::Return {
        reason: because("不属本网格"),
    };
    play.step(&worker(LEAD), ask.clone());
    assert!(
        play.try_step(&dispatcher(), &Command::Recall { reason: None })
            .is_err()
    );
    let rule = |accept| Command::RuleReturn {
        accept,
        reason: None,
    };
    play.step(&dispatcher(), rule(false));
    assert_eq!(play.incident.status, Status::Dispatched);
    play.step(&worker(LEAD), ask)
        .step(&dispatcher(), rule(true));
    assert_eq!(play.incident.status, Status::Filed);
    assert_eq!(play.incident.counts.returns, 1);
    assert_eq!(play.incident.lead(), None);
    assert_eq!(play.incident.open_assists().count(), 0);
    assert_eq!(play.incident.deadlines.resolve_by, None);
}

#[test]
fn an_override_needs_a_reason() {
    let mut play = Play::new();
    play.step(&dispatcher(), file());
    let error = play
        .try_step(&dispatcher(), &send(HELPER, &[]))
        .unwrap_err();
    assert!(error.to_string().contains("say why"), "{error}");
    play.step(
        &dispatcher(),
        Command::Dispatch {
            lead: Assignee::Worker(HELPER),
            assistants: vec![],
            reason: Some(because("他已在现场")),
            offer_until: None,
        },
    );
    assert_eq!(
        play.incident.lead().unwrap().assignee,
        Assignee::Worker(HELPER)
    );
}

#[test]
fn deferral_stops_the_clock() {
    let mut play = Play::dispatched();
    play.step(&worker(LEAD), SIGN);
    let limit = play.incident.deadlines.resolve_by.unwrap();
    let sign_by = play.incident.deadlines.sign_by;
    let until = now() + TimeDelta::days(3);
    play.step(
        &dispatcher(),
        Command::Defer {
            until,
            reason: because("等材料"),
        },
    );
    play.now = now() + TimeDelta::days(2);
    assert_eq!(
        play.incident.deadline_state(play.now),
        crate::domain::incident::DeadlineState::None
    );
    assert!(play.try_step(&worker(LEAD), &FEED_BACK).is_err());
    play.step(&worker(LEAD), Command::Resume {});
    assert_eq!(
        play.incident.deadlines.resolve_by,
        Some(limit + TimeDelta::days(2))
    );
    // It was signed by then: whether in time stays known.
    assert_eq!(play.incident.deadlines.sign_by, sign_by);
}

#[test]
fn escalation_moves_the_incident_up_and_it_can_be_handed_down() {
    let mut play = Play::dispatched();
    play.step(&worker(LEAD), SIGN).step(
        &dispatcher(),
        Command::Escalate {
            reason: because("需区级协调"),
        },
    );
    assert_eq!(play.incident.holder, Some(COUNTY_CENTRE));
    assert_eq!(play.incident.status, Status::Filed);
    let county = actor(Role::Dispatcher, "320812");
    assert!(play.try_step(&dispatcher(), &send(LEAD, &[])).is_err());
    play.step(
        &county,
        Command::HandDown {
            to: TOWNSHIP_CENTRE,
            reason: None,
        },
    )
    .step(&dispatcher(), send(LEAD, &[]));
    assert_eq!(play.incident.counts.escalations, 1);
}

#[test]
fn rework_is_counted_and_gives_the_task_back() {
    let mut play = Play::dispatched();
    let helper = play.incident.open_assists().next().unwrap().id;
    play.step(&worker(LEAD), SIGN)
        .step(&worker(LEAD), FEED_BACK)
        .step(
            &dispatcher(),
            Command::Release {
                task: helper,
                reason: because("不需要了"),
            },
        )
        .step(
            &dispatcher(),
            Command::Rework {
                reason: because("未清理干净"),
            },
        );
    assert_eq!(play.incident.counts.reworks, 1);
    assert_eq!(play.incident.status, Status::Handling);
    assert_eq!(play.incident.lead().unwrap().status, TaskStatus::Signed);
}

#[test]
fn nobody_signs_for_another() {
    let mut play = Play::dispatched();
    let lead_task = play.incident.lead().unwrap().id;
    let named = Command::Sign {
        task: Some(lead_task),
    };
    assert!(play.try_step(&worker(HELPER), &named).is_err());
    assert!(play.try_step(&worker(WorkerId(uuid(3))), &SIGN).is_err());
}

#[test]
fn nobody_verifies_their_own_work() {
    let mut play = Play::new();
    let on_the_spot = |id| Actor {
        worker: Some(id),
        ..actor(Role::Worker, "320812001001001")
    };
    play.step(&dispatcher(), file())
        .step(&dispatcher(), send(LEAD, &[]))
        .step(&on_the_spot(LEAD), SIGN)
        .step(&on_the_spot(LEAD), FEED_BACK);
    let pass = Command::Pass { note: None };
    assert!(play.try_step(&on_the_spot(LEAD), &pass).is_err());
    play.step(&on_the_spot(HELPER), pass);
}

#[test]
fn an_extension_reaches_beyond_the_limit() {
    let mut play = Play::dispatched();
    play.step(&worker(LEAD), SIGN);
    let limit = play.incident.deadlines.resolve_by.unwrap();
    let ask = |until| Command::RequestExtension {
        until,
        reason: because("等配件"),
    };
    assert!(play.try_step(&worker(LEAD), &ask(limit)).is_err());
    let later = limit + TimeDelta::hours(4);
    play.step(&worker(LEAD), ask(later)).step(
        &dispatcher(),
        Command::RuleExtension {
            accept: true,
            reason: None,
        },
    );
    assert_eq!(play.incident.deadlines.resolve_by, Some(later));
}

#[test]
fn a_closed_incident_reopens_within_the_window_only() {
    let mut play = Play::new();
    play.step(
        &dispatcher(),
        Command::Reject {
            reason: because("不在受理范围"),
        },
    );
    let reopen = Command::Reopen {
        reason: because("补充了材料"),
    };
    play.now = now() + TimeDelta::days(31);
    assert!(play.try_step(&dispatcher(), &reopen).is_err());
    play.now = now() + TimeDelta::days(30);
    play.step(&dispatcher(), reopen);
    assert_eq!(play.incident.outcome, None);
    assert_eq!(play.incident.counts.reopens, 1);
}

fn county() -> Actor {
    actor(Role::Dispatcher, "320812")
}

#[test]
fn an_unsigned_offer_goes_to_another_and_the_clock_for_resolving_runs_on() {
    let mut play = Play::dispatched();
    let limit = play.incident.deadlines;
    play.now = now() + TimeDelta::minutes(10);
    let reassign = |lead, reason: Option<&str>| Command::Reassign {
        lead: Assignee::Worker(lead),
        reason: reason.map(str::to_owned),
        offer_until: None,
    };
    let other = WorkerId(uuid(9));
    let error = play
        .try_step(&dispatcher(), &reassign(other, None))
        .unwrap_err();
    assert!(error.to_string().contains("say why"), "{error}");
    let error = play
        .try_step(&dispatcher(), &reassign(HELPER, Some("近")))
        .unwrap_err();
    assert!(
        error.to_string().contains("no task in this incident"),
        "{error}"
    );
    play.step(&dispatcher(), reassign(other, Some("他更近")));
    let lead = play.incident.lead().unwrap();
    assert_eq!(lead.assignee, Assignee::Worker(other));
    assert_eq!(play.incident.tasks[0].status, TaskStatus::Recalled);
    assert_eq!(play.incident.deadlines.resolve_by, limit.resolve_by);
    assert_eq!(
        play.incident.deadlines.sign_by,
        limit
            .sign_by
            .map(|sign_by| sign_by + TimeDelta::minutes(10))
    );
    assert_eq!(play.incident.status_since, play.now);
    assert_eq!(play.incident.counts.reassignments, 1);
    assert!(play.try_step(&worker(LEAD), &SIGN).is_err());
    play.step(&worker(other), SIGN);
    assert!(play.try_step(&dispatcher(), &reassign(LEAD, None)).is_err());
}

#[test]
fn a_summons_that_is_not_signed_goes_to_the_centre_above() {
    let mut play = Play::dispatched();
    let department = OrganisationId(uuid(300));
    let summon = Command::Summon {
        department,
        note: Some(because("占道经营")),
    };
    play.step(&dispatcher(), summon.clone());
    assert!(
        play.try_step(&dispatcher(), &summon).is_err(),
        "it was called already"
    );
    let called = play.incident.tasks.last().unwrap().clone();
    assert!(called.summoned);
    assert_eq!(
        called.deadlines.sign_by,
        Some(now() + TimeDelta::minutes(20))
    );
    let pass_up = Command::PassUp { task: None };
    play.now = now() + TimeDelta::minutes(20);
    assert!(
        play.try_step(&Actor::system(), &pass_up).is_err(),
        "the time is not over"
    );
    play.now += TimeDelta::milliseconds(1);
    play.step(&Actor::system(), pass_up.clone());
    let find = |assignee| {
        let mut tasks = play.incident.tasks.iter().rev();
        tasks
            .find(|task| task.assignee == Assignee::Organisation(assignee))
            .unwrap()
    };
    assert_eq!(find(department).status, TaskStatus::Expired);
    let told = find(COUNTY_CENTRE);
    assert_eq!(
        (told.role, told.status),
        (TaskRole::Assist, TaskStatus::Offered)
    );
    assert_eq!(told.note.as_deref(), Some("占道经营"));
    assert!(
        play.try_step(&Actor::system(), &pass_up).is_err(),
        "once is enough"
    );
}

#[test]
fn a_superior_supervises_until_it_is_answered() {
    let mut play = Play::dispatched();
    let supervise = Command::Supervise {
        reason: because("群众反映强烈"),
        answer_by: None,
    };
    assert!(
        play.try_step(&dispatcher(), &supervise).is_err(),
        "not the own centre's"
    );
    let leader = actor(Role::Leader, "320812");
    play.step(&leader, supervise.clone());
    assert!(
        play.try_step(&county(), &supervise).is_err(),
        "one at a time"
    );
    assert!(
        play.try_step(&leader, &Command::Recall { reason: None })
            .is_err()
    );
    let answer = Command::Answer {
        note: because("今晚完成"),
    };
    assert!(play.try_step(&worker(HELPER), &answer).is_err());
    play.step(&worker(LEAD), answer);
    assert_eq!(play.incident.supervision, None);
    assert_eq!(play.incident.counts.supervisions, 1);
    assert_eq!(play.incident.status, Status::Dispatched);
}

#[test]
fn a_rule_fires_once_for_a_status_and_leaves_its_name() {
    let play = Play::dispatched();
    let (service, calendar, system) = (service(), calendar(), Actor::system());
    let situation = Situation {
        actor: &system,
        now: play.now + TimeDelta::hours(1),
        service: &service,
        timing: timing(&calendar),
        holder_area: None,
        centre_above: None,
        centres_below: &[],
        recommended: &[],
    };
    let warn = Command::Warn {
        note: because("超时未签收"),
    };
    let step = fire("unsigned", &play.incident, &warn, &situation, &mut || {
        uuid(1)
    })
    .unwrap();
    assert_eq!(step.event.detail["rule"], "unsigned");
    assert_eq!(step.incident.status_since, play.incident.status_since);
    assert_eq!(step.incident.fired.len(), 1);
    assert_eq!(step.incident.fired[0].since, play.incident.status_since);
    let recall = Command::Recall { reason: None };
    let step = fire("recall", &step.incident, &recall, &situation, &mut || {
        uuid(1)
    })
    .unwrap();
    assert!(
        step.incident.fired.is_empty(),
        "it is in another status now"
    );
    let admin = Actor::with_role("admin", Role::Administrator);
    let by_hand = Situation {
        actor: &admin,
        ..situation
    };
    assert!(
        apply(&play.incident, &warn, &by_hand, &mut || uuid(1)).is_err(),
        "warnings are the service's own"
    );
}

#[test]
fn an_arrival_is_noted_once_for_each_worker_who_signed_and_changes_no_status() {
    let mut play = Play::dispatched();
    let system = Actor::system();
    let tasks: Vec<TaskId> = play.incident.tasks.iter().map(|task| task.id).collect();
    let arrive = |task| Command::Arrive {
        task,
        since: now() + TimeDelta::minutes(3),
    };
    assert!(
        play.try_step(&system, &arrive(tasks[0])).is_err(),
        "not signed"
    );
    play.step(&worker(LEAD), SIGN);
    let by_hand = play.try_step(&worker(LEAD), &arrive(tasks[0]));
    assert!(by_hand.is_err(), "arrivals are the service's own");
    assert!(play.try_step(&system, &arrive(tasks[1])).is_err());
    let before = play.incident.clone();
    play.step(&system, arrive(tasks[0]));
    let after = &play.incident;
    let arrived: Vec<_> = after.tasks.iter().map(|task| task.arrived_at).collect();
    assert_eq!(arrived, [Some(now() + TimeDelta::minutes(3)), None]);
    assert_eq!(
        (after.status, after.status_since, after.deadlines),
        (before.status, before.status_since, before.deadlines)
    );
    assert!(play.try_step(&system, &arrive(tasks[0])).is_err(), "once");
    play.step(&worker(HELPER), SIGN)
        .step(&system, arrive(tasks[1]));
    assert!(!play.incident.tasks.iter().any(is_expected));
}

#[test]
fn working_limits_wait_for_the_morning_and_rest_over_a_holiday() {
    let calendar = calendar();
    let timing = Timing {
        limits: Limits {
            sign_minutes: 60,
            resolve_minutes: 480,
            clock: Clock::Working,
        },
        summon_minutes: 20,
        calendar: &calendar,
    };
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    // Wednesday, 30 September 2026, 16:00 in China; National Day until the 7th.
    let started = at("2026-09-30T08:00:00Z");
    let deadlines = timing.start(started);
    assert_eq!(deadlines.sign_by, Some(at("2026-09-30T09:00:00Z")));
    // Two hours are left that day; six go over to Thursday, 8 October, 08:30 to 16:00.
    assert_eq!(deadlines.resolve_by, Some(at("2026-10-08T08:00:00Z")));
    // Put off at 17:00 until Friday at 08:30: seven hours were left.
    let resumed = timing.resume(
        deadlines,
        at("2026-09-30T09:00:00Z"),
        at("2026-10-09T00:30:00Z"),
    );
    assert_eq!(resumed.resolve_by, Some(at("2026-10-09T09:00:00Z")));
}

/// The diagram in the documents is what the table says today.
#[test]
fn the_documented_diagram_is_current() {
    let document = include_str!("../../../docs/WORKFLOW.md");
    assert!(
        document.contains(&diagram()),
        "docs/WORKFLOW.md is stale; it should hold:\n{}",
        diagram()
    );
}

/// A command for an action that an administrator was offered, made of small choices.
fn command_for(action: Action, play: &Play, choice: u8) -> Command {
    let reason = because("because");
    let after = play
        .incident
        .deadlines
        .resolve_by
        .map_or(play.now, |limit| limit.max(play.now));
    let until = after + TimeDelta::hours(i64::from(choice) + 1);
    let someone = Assignee::Worker(WorkerId(uuid(u128::from(choice) + 10)));
    match action {
        Action::Report | Action::Rematch | Action::Warn | Action::Arrive => {
            unreachable!("nobody is offered what nobody does")
        }
        Action::File => file(),
        Action::SelfHandle => Command::SelfHandle {
            proof: reason,
            media: Vec::new(),
        },
        Action::MarkDuplicate => Command::MarkDuplicate {
            of: IncidentNumber("20261122000009".into()),
            of_id: Some(IncidentId(uuid(9))),
        },
        Action::Reject => Command::Reject { reason },
        Action::Dispatch => Command::Dispatch {
            lead: someone,
            assistants: (0..choice % 3)
                .map(|n| Assignee::Worker(WorkerId(uuid(u128::from(n) + 1))))
                .collect(),
            reason: Some(reason),
            offer_until: None,
        },
        Action::Reassign => Command::Reassign {
            lead: Assignee::Worker(WorkerId(uuid(700 + play.next_id))),
            reason: Some(reason),
            offer_until: None,
        },
        Action::Summon => Command::Summon {
            department: OrganisationId(uuid(600 + play.next_id)),
            note: None,
        },
        Action::PassUp => Command::PassUp { task: None },
        Action::Supervise => Command::Supervise {
            reason,
            answer_by: Some(until),
        },
        Action::Answer => Command::Answer { note: reason },
        Action::Recall => Command::Recall { reason: None },
        Action::Assist => Command::Assist {
            assignee: Assignee::Worker(WorkerId(uuid(500 + play.next_id))),
            note: None,
        },
        Action::Release => Command::Release {
            task: play.incident.open_assists().next().unwrap().id,
            reason,
        },
        Action::Sign => SIGN,
        Action::Return => Command::Return { reason },
        Action::RuleReturn => Command::RuleReturn {
            accept: choice.is_multiple_of(2),
            reason: None,
        },
        Action::FeedBack => FEED_BACK,
        Action::RequestExtension => Command::RequestExtension { until, reason },
        Action::RuleExtension => Command::RuleExtension {
            accept: choice.is_multiple_of(2),
            reason: None,
        },
        Action::Defer => Command::Defer { until, reason },
        Action::Resume => Command::Resume {},
        Action::Escalate => Command::Escalate { reason },
        Action::HandDown => Command::HandDown {
            to: TOWNSHIP_CENTRE,
            reason: None,
        },
        Action::Pass => Command::Pass { note: None },
        Action::Rework => Command::Rework { reason },
        Action::Evaluate => Command::Evaluate(Evaluation {
            responded: true,
            resolved: choice.is_multiple_of(2),
            satisfied: choice % 5 + 1,
            comment: None,
        }),
        Action::Reopen => Command::Reopen { reason },
    }
}

proptest! {
    /// Random walks: whatever is offered works, an open incident always offers something,
    /// it has at most one lead, and open tasks exist only while it is under way.
    #[test]
    fn random_walks_find_no_dead_end(choices in prop::collection::vec((any::<u8>(), any::<u8>()), 1..80)) {
        let admin = Actor::with_role("admin", Role::Administrator);
        let calendar = calendar();
        let mut play = Play::new();
        for (pick, choice) in choices {
            let service = service();
            let at_county = play.incident.holder == Some(COUNTY_CENTRE);
            let below = [TOWNSHIP_CENTRE];
            let situation = Situation {
                actor: &admin,
                now: play.now,
                service: &service,
                timing: timing(&calendar),
                holder_area: None,
                centre_above: (!at_county).then_some(COUNTY_CENTRE),
                centres_below: if at_county { &below } else { &[] },
                recommended: &[],
            };
            let allowed = allowed_actions(&play.incident, &situation);
            prop_assert!(!allowed.is_empty(), "dead end at {:?}", play.incident);
            let action = allowed[usize::from(pick) % allowed.len()];
            let command = command_for(action, &play, choice);
            let before = play.incident.clone();
            play.now += TimeDelta::minutes(i64::from(choice));
            if let Err(error) = play.try_step(&admin, &command) {
                prop_assert!(false, "{action} was offered but refused: {error}");
            }
            let after = &play.incident;
            let leads = after
                .tasks
                .iter()
                .filter(|task| task.role == TaskRole::Lead && task.status.is_open())
                .count();
            prop_assert!(leads <= 1);
            prop_assert!(after.tasks.len() >= before.tasks.len(), "no task is lost");
            let under_way = matches!(after.status, Status::Dispatched | Status::Handling);
            prop_assert!(under_way || after.tasks.iter().all(|task| !task.status.is_open()));
            prop_assert_eq!(after.status.is_open(), after.closed_at.is_none());
            prop_assert!(after.status_since >= before.status_since, "time runs forwards");
            prop_assert!(after.deadlines.started_at >= before.deadlines.started_at
                || after.deadlines.started_at.is_none());
            let limits = std::iter::once(&after.deadlines)
                .chain(after.tasks.iter().map(|task| &task.deadlines));
            for limits in limits {
                let Some(started_at) = limits.started_at else { continue };
                prop_assert!(limits.sign_by.is_none_or(|at| at >= started_at));
                prop_assert!(limits.resolve_warning_at.is_none_or(|at| Some(at) <= limits.resolve_by));
            }
            prop_assert!(after.fired.iter().all(|fired| fired.since == after.status_since));
        }
    }
}
