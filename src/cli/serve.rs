//! `wangge serve`

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::settings::Settings;
use super::{Failure, open_store, output};
use crate::feed::Feed;
use crate::http::{self, ApiSettings, Parts};
use crate::service::departments::{Courier, Reach};
use crate::service::{Clock, Services};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "WANGGE_LISTEN", value_name = "ADDRESS")]
    listen: Option<String>,
    /// Take every caller for an administrator. For demonstrations: refused on any address
    /// but loopback
    #[arg(long)]
    open: bool,
    /// Log as JSON lines
    #[arg(long)]
    log_json: bool,
}

/// Serves until SIGTERM or SIGINT.
pub async fn run(settings: Settings, options: Options) -> Result<(), Failure> {
    start_logging(options.log_json)?;
    let listen = options.listen.unwrap_or_else(|| settings.listen.clone());
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host(&listen)
        .await
        .map_err(|error| format!("{listen} is no address to listen on: {error}"))?
        .collect();
    if options.open {
        refuse_open_beyond_loopback(&addresses)?;
    }
    let listener = TcpListener::bind(&addresses[..])
        .await
        .map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let address = listener.local_addr()?;

    let store = open_store(&settings).await?;
    let services = Services::start(store, settings.setup()?, Clock::system()).await?;
    let feed = Feed::default();
    let stop = CancellationToken::new();
    let feeding = tokio::spawn({
        let (feed, services, stop) = (feed.clone(), services.clone(), stop.clone());
        async move { feed.run(services, stop).await }
    });
    let courier = Courier::new(Reach {
        open: options.open,
        allow_private: settings.webhooks.allow_private,
    })?;
    let telling = tokio::spawn({
        let (feed, services, stop) = (feed.clone(), services.clone(), stop.clone());
        let courier = courier.clone();
        async move { feed.deliver(services, courier, stop).await }
    });
    tokio::spawn(stop_on_signal(stop.clone())?);

    let areas = services.live().atlas().areas().len();
    tracing::info!(%address, areas, open = options.open, "ready");
    output::print(&format!("Wangge serves {areas} areas on http://{address}"));
    if options.open {
        output::print("Open demonstration: everyone who can reach this address is administrator.");
    }
    let last = services.clone();
    let parts = Parts {
        started_at: services.clock().now(),
        services,
        feed,
        settings: ApiSettings {
            open: options.open,
            basemap: settings.basemap,
            open311: settings.open311,
            client: http::outbound_client()?,
            courier,
        },
        requests: Arc::default(),
        stop,
    };
    http::serve(listener, parts.into()).await?;
    feeding.await?;
    // Requests that were still under way may have brought positions after the last flush.
    last.flush_positions().await?;
    telling.await?;
    Ok(())
}

fn start_logging(json: bool) -> Result<(), Failure> {
    let filter = EnvFilter::try_from_env("WANGGE_LOG")
        .unwrap_or_else(|_| EnvFilter::new("wangge=info,warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if json {
        builder.json().try_init()
    } else {
        builder.try_init()
    }
}

fn refuse_open_beyond_loopback(addresses: &[SocketAddr]) -> Result<(), Failure> {
    match addresses
        .iter()
        .map(SocketAddr::ip)
        .find(|ip| !is_loopback(*ip))
    {
        None => Ok(()),
        Some(ip) => Err(format!(
            "--open lets everyone do everything, so it is refused on {ip}; \
             listen on 127.0.0.1, or serve without --open"
        )
        .into()),
    }
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.is_loopback()
}

/// What tells the server to stop. Made before serving, so that no signal is missed.
fn stop_on_signal(stop: CancellationToken) -> Result<impl Future<Output = ()>, Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stop.cancel();
    })
}
