//! `wellfit lab`: the local page on which one sees what regularization does.

use crate::error::Failure;
use crate::interrupt;
use crate::screen::tell;
use clap::Args;
use std::net::IpAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use wellfit_lab::{Options, Server};

/// Serves a page on this machine, on which one sees what regularization does: lambda in weight space,
/// a network that trains live, a log diagnosed, a search as it goes. Nothing leaves the machine.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit lab --open
  wellfit lab --study runs/digits-tune

The page is part of the program and needs no network. It listens on this machine alone unless --host
says otherwise; whoever can reach it can then train networks here. The address of a panel holds all
that is set on it: send the link, and see the same. Ctrl-C ends it, and with it what trains.")]
pub struct LabArgs {
    /// The port; 7878 or the next free one unless told.
    #[arg(long, value_name = "N")]
    port: Option<NonZeroU16>,
    /// The address to listen on, and to be asked by; 127.0.0.1 unless told. 0.0.0.0 listens on all,
    /// and is still asked as localhost only: for a container.
    #[arg(long, value_name = "ADDRESS")]
    host: Option<IpAddr>,
    /// Open the page in the browser.
    #[arg(long)]
    open: bool,
    /// A study file, or the folder of a search, to show while it grows; repeatable.
    #[arg(long, value_name = "FILE")]
    study: Vec<PathBuf>,
}

/// Between two looks at whether Ctrl-C was pressed.
const LOOK: Duration = Duration::from_millis(100);

impl LabArgs {
    pub fn run(self) -> Result<ExitCode, Failure> {
        if let Some(missing) = self.study.iter().find(|path| !path.exists()) {
            let message = format!("there is no study file {}", missing.display());
            return Err(Failure::new(message, None));
        }
        let options = Options { host: self.host, port: self.port, studies: self.study };
        let server = Server::bind(&options).map_err(failed)?;
        let stop = Arc::new(AtomicBool::new(false));
        interrupt::listen(Arc::clone(&stop))?;
        let address = format!("http://{}/", server.address());
        tell!("the lab is at {address} (Ctrl-C ends it)");
        if !server.address().ip().is_loopback() {
            tell!("warning: whoever can reach this address can use it, and so can train here");
        }
        if self.open {
            open(&address);
        }
        server.run(LOOK, &|| stop.load(Ordering::SeqCst)).map_err(failed)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn failed(error: wellfit_lab::Error) -> Failure {
    let hint = "name another port or address by --port or --host";
    Failure::new(error.to_string(), Some(hint.to_owned()))
}

/// Asks the system for a browser; where there is none, the address has been told.
fn open(address: &str) {
    let (program, before): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/c", "start"]),
        _ => ("xdg-open", &[]),
    };
    let quiet = || (Stdio::null(), Stdio::null());
    let (out, err) = quiet();
    if Command::new(program).args(before).arg(address).stdout(out).stderr(err).spawn().is_err() {
        tell!("no browser could be opened: go to the address yourself");
    }
}
