//! `wangge lookup`

use super::settings::Settings;
use super::{Failure, open_store, output};
use crate::domain::LngLat;
use crate::service::{Clock, Services};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Degrees east
    #[arg(allow_negative_numbers = true)]
    lon: f64,
    /// Degrees north
    #[arg(allow_negative_numbers = true)]
    lat: f64,
}

/// Says whose ground a point is, from the database.
pub async fn run(settings: &Settings, options: &Options, json: bool) -> Result<(), Failure> {
    let point = LngLat::from_degrees(options.lon, options.lat)?;
    let store = open_store(settings).await?;
    let services = Services::start(store, settings.setup()?, Clock::system()).await?;
    let found = services.look_up(point, None);
    let chain = found.area.map(|area| found.atlas.chain(area));
    let chain = chain.unwrap_or_default();
    if json {
        let answer = serde_json::json!({
            "match": found.matched,
            "chain": chain,
            "edition": found.edition,
            "boundary_distance_m": found.boundary_distance_m,
        });
        output::print(&answer.to_string());
        return Ok(());
    }
    output::print(&format!("match: {}", found.matched));
    for link in &chain {
        output::print(&format!("{:10} {:18} {}", link.level, link.code, link.name));
    }
    for (slot, member) in &found.workers {
        output::print(&format!("{:10} {}", slot, member.worker.name));
    }
    Ok(())
}
