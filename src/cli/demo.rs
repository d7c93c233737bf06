//! `wangge demo`

use super::settings::Settings;
use super::{Failure, open_store, output};
use crate::domain::Level;
use crate::domain::rules::Rules;
use crate::service::demonstration::{self, Material, TerritoryOptions, history};
use crate::service::publishing::{LatestEdition, Publication, publish_areas};
use crate::service::{Clock, ServiceError, built_in_catalogue, built_in_rulebook};

/// A month's incidents of a thousand grids.
const INCIDENTS_PER_1000_GRIDS: usize = 375;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Code of the province, city or county: 3208 is Huai'an, 32 all Jiangsu
    #[arg(long, default_value = "3208")]
    territory: String,
    /// How many grids to make [default: 8,000, or 120,000 for a province]
    #[arg(long)]
    grids: Option<usize>,
    /// Another seed makes another territory
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Do nothing when the database has a territory already
    #[arg(long)]
    if_empty: bool,
}

/// Builds the demonstration in an empty database.
pub async fn run(settings: &Settings, options: Options, json: bool) -> Result<(), Failure> {
    let store = open_store(settings).await?;
    if !store.list_editions().await?.is_empty() {
        if options.if_empty {
            return Ok(());
        }
        return Err(
            "the database has a territory already; a demonstration needs an empty one \
                    (another --data-dir or --database-url)"
                .into(),
        );
    }
    if !store.list_organisations().await?.is_empty() {
        return Err(
            "the database holds part of a demonstration that was cut off; remove it and \
                    start again"
                .into(),
        );
    }
    let clock = Clock::system();
    let province = options.territory.len() <= 2;
    let territory = TerritoryOptions {
        grids: options
            .grids
            .unwrap_or(if province { 120_000 } else { 8_000 }),
        code: options.territory,
        seed: options.seed,
    };
    let bar = output::bar("drawing borders", 0);
    let areas = demonstration::areas(&territory, |done, townships| {
        bar.set_length(townships as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish();
    let now = clock.now();
    let spinner = output::spinner("people and a past");
    let material = Material::load()?;
    let catalogue = built_in_catalogue()?;
    let rules = Rules::new(built_in_rulebook()?, &catalogue).map_err(ServiceError::Rules)?;
    let people = demonstration::people(&areas, &material, options.seed, now);
    let fixes = demonstration::positions(&people, &areas, options.seed, now);
    let grids = areas
        .iter()
        .filter(|area| area.level == Level::Grid)
        .count();
    let past = history::Options {
        incidents: grids * INCIDENTS_PER_1000_GRIDS / 1_000,
        ..history::Options::default()
    };
    let first = store
        .reserve_numbers(u32::try_from(past.incidents)?)
        .await?;
    let incidents = demonstration::history(
        &history::Sources {
            areas: &areas,
            people: &people,
            catalogue: &catalogue,
            rules: &rules,
            material: &material,
        },
        &past,
        options.seed,
        now,
        first,
    )?;
    spinner.finish();

    let spinner = output::spinner("writing it down");
    store.save_people(&people, now).await?;
    store.record_positions(&fixes, &[], now).await?;
    store.import_history(&incidents).await?;
    let title = areas
        .iter()
        .find(|area| area.code.as_str() == territory.code)
        .map_or_else(String::new, |area| format!("{}网格", area.name));
    // The edition comes last: with it the demonstration is whole.
    let edition = publish_areas(
        store.as_ref(),
        LatestEdition::default(),
        Publication {
            title,
            notice: Some(demonstration::NOTICE.to_owned()),
            effective_from: now,
            published_at: now,
            areas,
        },
    )
    .await?;
    spinner.finish();
    output::say(json, "edition", &edition, || {
        format!(
            "{}: {} areas, {} workers, {} incidents.",
            edition.title,
            edition.area_count,
            people.workers.len(),
            incidents.len()
        )
    });
    Ok(())
}
