//! `wangge simulate`: workers who walk and incidents that happen, through the public API.

mod client;
mod story;
mod walk;

use std::time::Duration;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::settings::Settings;
use super::{Failure, output};
use crate::http;
use client::Client;
use story::Stories;
use walk::Walkers;

/// How often everyone takes a step.
const STEP: Duration = Duration::from_secs(1);

#[derive(Debug, clap::Args)]
pub struct Options {
    /// The server [default: the address that the settings say]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// A key that `wangge user add` has made; an open server needs none
    #[arg(long, env = "WANGGE_KEY")]
    key: Option<String>,
    /// How many workers walk
    #[arg(long, default_value_t = 300)]
    workers: usize,
    /// How many incidents are reported a minute
    #[arg(long, default_value_t = 6.0)]
    incidents_per_minute: f64,
    /// For how long; until it is stopped when absent
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Report only, and leave the handling to others
    #[arg(long)]
    report_only: bool,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Walks workers about and takes incidents from report to evaluation.
pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    if !(0.0..=60_000.0).contains(&options.incidents_per_minute) {
        return Err(format!(
            "{} incidents a minute are not between 0 and 60000",
            options.incidents_per_minute
        )
        .into());
    }
    let url = options
        .url
        .unwrap_or_else(|| format!("http://{}", settings.listen));
    let client = Client::new(http::outbound_client()?, url, options.key);
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let mut walkers = Walkers::enlist(&client, options.workers, &mut rng).await?;
    let mut stories = Stories::new(&client, !options.report_only).await?;
    let (walking, standing) = walkers.counts();
    output::print(&format!("{walking} workers walk, {standing} stand by."));

    let ends_at = options
        .seconds
        .map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut steps = interval(STEP);
    steps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut due = 0.0;
    while ends_at.is_none_or(|ends_at| Instant::now() < ends_at) {
        steps.tick().await;
        walkers.step(&client, &mut rng).await?;
        due += options.incidents_per_minute / 60.0 * STEP.as_secs_f64();
        while due >= 1.0 || (due > 0.0 && rng.random_bool(due.min(1.0) * 0.05)) {
            due -= 1.0;
            let place = walkers.somewhere(&mut rng);
            stories.report(&client, place, &mut rng).await?;
        }
        stories.advance(&client, &mut rng).await?;
    }
    output::print(&stories.summary());
    Ok(())
}

/// One of several things, at random.
fn choose<'a, T>(rng: &mut impl Rng, things: &'a [T]) -> Option<&'a T> {
    if things.is_empty() {
        None
    } else {
        things.get(rng.random_range(0..things.len()))
    }
}
