//! A running server.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::client::Client;
use crate::ground::Ground;

/// How long a server may take to read a small territory, on a busy machine.
const START: Duration = Duration::from_mins(1);

/// `wangge serve` on a free port of the loopback; killed when this is dropped.
pub struct Server {
    child: Child,
    /// Kept open: the server may go on talking.
    _said: Lines<BufReader<ChildStdout>>,
    url: String,
    log: PathBuf,
}

impl Server {
    /// Everyone is administrator.
    pub async fn open(ground: &Ground) -> Self {
        Self::start(ground, &["--open"], &[]).await
    }

    /// As [`Server::open`], with variables in its environment.
    pub async fn open_with(ground: &Ground, variables: &[(&str, &str)]) -> Self {
        Self::start(ground, &["--open"], variables).await
    }

    /// Credentials are asked for.
    pub async fn closed(ground: &Ground) -> Self {
        Self::start(ground, &[], &[]).await
    }

    async fn start(ground: &Ground, more: &[&str], variables: &[(&str, &str)]) -> Self {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], more].concat();
        let log = ground.file("server.log");
        let mut child = Command::from(ground.command(&arguments))
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = timeout(START, async {
            while let Some(line) = said.next_line().await.unwrap() {
                if let Some(at) = line.find("http://") {
                    return Some(line[at..].trim().to_owned());
                }
            }
            None
        });
        let Ok(Some(url)) = url.await else {
            let log = std::fs::read_to_string(&log).unwrap();
            panic!("the server should have said its address within {START:?}; its log: {log}")
        };
        Self {
            child,
            _said: said,
            url,
            log,
        }
    }

    /// Somebody without credentials.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// The end of a process: nothing is written any more.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks the server to stop.
    pub fn terminate(&self) {
        let pid = self.child.id().expect("the server should still run");
        let told = std::process::Command::new("kill")
            .args(["-TERM", &pid.to_string()])
            .status()
            .unwrap();
        assert!(told.success(), "the signal should have been delivered");
    }

    /// How the server ended, if it did in time.
    pub async fn ended(mut self, within: Duration) -> Option<ExitStatus> {
        timeout(within, self.child.wait())
            .await
            .ok()
            .map(Result::unwrap)
    }
}
