//! The past of the demonstration: a month of incidents, each made by walking the real
//! workflow with real actors, so that there is none that the table would not allow.

mod draft;
mod habits;
mod plot;
mod report;
mod rhythm;
mod setting;
mod steps;
mod story;
mod texts;

use std::collections::HashMap;

use chrono::TimeDelta;

use super::Material;
use super::chance::{Chance, Purpose, whole_second};
use crate::domain::rules::Rules;
use crate::domain::workflow::WorkflowError;
use crate::domain::{
    Area, Catalogue, Incident, IncidentEvent, IncidentId, IncidentNumber, Timestamp,
};
use crate::store::People;
use draft::Draft;
use plot::Plot;
use rhythm::Rhythm;
use setting::Setting;
use story::{Original, Story, Told};

/// What a past is made from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    pub areas: &'a [Area],
    pub people: &'a People,
    pub catalogue: &'a Catalogue,
    pub rules: &'a Rules,
    pub material: &'a Material,
}

/// How much past there is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// How far back it goes.
    pub days: u32,
    pub incidents: usize,
    /// The share of incidents that are open now, in every open status.
    pub open_share: f64,
}

impl Default for Options {
    /// A month of a city with about 8,000 grids.
    fn default() -> Self {
        Self {
            days: 30,
            incidents: 3_000,
            open_share: 0.03,
        }
    }
}

/// Invents incidents up to `now`, in the order in which they were reported and numbered
/// from `first_sequence` in that order. There are none without grids or services.
///
/// # Errors
/// When the workflow refuses a step, which would be a mistake here.
pub fn history(
    from: &Sources<'_>,
    options: &Options,
    seed: u64,
    now: Timestamp,
    first_sequence: i64,
) -> Result<Vec<(Incident, Vec<IncidentEvent>)>, WorkflowError> {
    let now = whole_second(now);
    let (Some(setting), Some(rhythm)) = (
        Setting::new(from, seed, now),
        Rhythm::new(options.days, now),
    ) else {
        return Ok(Vec::new());
    };
    let author = Author {
        setting,
        seed,
        now,
        days: options.days,
    };
    let mut drafts = author.plan(options, &rhythm)?;
    drafts.sort_by_key(|draft| (draft.reported_at, draft.index));
    let mut told: HashMap<u32, Original> = HashMap::with_capacity(drafts.len());
    (first_sequence..)
        .zip(&drafts)
        .map(|(sequence, draft)| {
            let number = IncidentNumber::new(draft.reported_at, sequence);
            let original = match draft.plot {
                Plot::Duplicate { of } => told.get(&of).cloned(),
                _ => None,
            };
            let story = author.tell(draft, number.clone(), original)?;
            told.insert(
                draft.index,
                Original {
                    id: story.incident.id,
                    number,
                },
            );
            Ok((story.incident, story.events))
        })
        .collect()
}

struct Author<'a> {
    setting: Setting<'a>,
    seed: u64,
    now: Timestamp,
    days: u32,
}

impl Author<'_> {
    /// Decides what happens where and when. Each story is rehearsed to learn how long it
    /// takes, and is then placed so that it ends, or stands open, exactly as it should.
    fn plan(&self, options: &Options, rhythm: &Rhythm) -> Result<Vec<Draft>, WorkflowError> {
        let mut chance = Chance::new(self.seed, Purpose::Plan);
        let open = plot::open_plots(options.incidents, options.open_share);
        let mut drafts: Vec<Draft> = Vec::with_capacity(options.incidents);
        for (index, open) in (0..).zip(open) {
            let Some(mut draft) = self.setting.draft(&mut chance, index, open, self.days) else {
                continue;
            };
            if draft.plot == Plot::Rejected && chance.hits(0.5) {
                self.make_duplicate(&mut draft, &drafts, &mut chance);
            }
            if !matches!(draft.plot, Plot::Duplicate { .. }) {
                let told = self.rehearse(&draft)?;
                let length = told.incident.updated_at - draft.reported_at;
                draft.reported_at = match draft.plot {
                    Plot::Open(_) => self.now - length - told.rest,
                    _ => rhythm.time_before(&mut chance, self.now - length),
                };
            }
            drafts.push(draft);
        }
        Ok(drafts)
    }

    /// Turns a draft into a later report of an earlier one's matter, if one is found that
    /// leaves the time.
    fn make_duplicate(&self, draft: &mut Draft, earlier: &[Draft], chance: &mut Chance) {
        const TRIES: usize = 8;
        let found = (0..TRIES).find_map(|_| {
            let original = chance.pick(earlier)?;
            let reported_at = original.reported_at + chance.minutes(10.0, 300.0);
            // An hour is time enough to see that it is the same.
            let fits = reported_at + TimeDelta::hours(1) < self.now;
            (fits && matches!(original.plot, Plot::Handled(_))).then_some((original, reported_at))
        });
        if let Some((original, reported_at)) = found {
            self.setting.repeat(draft, original, chance);
            draft.reported_at = reported_at;
        }
    }

    fn rehearse(&self, draft: &Draft) -> Result<Told, WorkflowError> {
        let number = IncidentNumber::new(draft.reported_at, 0);
        self.tell(draft, number, None)
    }

    /// Tells a draft's story from its report on. The same draft always takes the same
    /// steps at the same distances in time.
    fn tell(
        &self,
        draft: &Draft,
        number: IncidentNumber,
        original: Option<Original>,
    ) -> Result<Told, WorkflowError> {
        let mut chance = Chance::new(self.seed, Purpose::Incident(draft.index));
        let id = IncidentId(chance.id(draft.reported_at));
        let (incident, reporter) = self.setting.report(draft, id, &mut chance);
        let event = IncidentEvent::report(&incident, &reporter);
        Story::new(
            &self.setting,
            draft,
            incident.numbered(number),
            event,
            chance,
        )
        .tell(&reporter, original)
    }
}

#[cfg(test)]
mod figures_tests;
#[cfg(test)]
mod tests;
