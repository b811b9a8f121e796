//! `debug --dap`: the Debug Adapter Protocol, by which editors use the debugger.
//!
//! * `wire.rs`: frames on a stream; `client.rs`: the stream, and the thread that reads it;
//! * `session.rs`: requests and their order; `launch.rs`: what a client starts;
//! * `running.rs`: runs, forward and backward, and why they stop;
//! * `breakpoints.rs`, `stack.rs`, `values.rs`, `code.rs`: the requests by what they are about; `console.rs`: commands of the prompt;
//! * `frame.rs`: the values of a frame, for `variables`; `files.rs`: names of files on both sides.
//!
//! One thread reads messages, and one does everything else. A message that arrives while the program runs interrupts it. It goes on behind
//! the answer, unless the message was to pause it.

mod breakpoints;
mod client;
mod code;
mod console;
mod files;
mod frame;
mod launch;
mod running;
mod session;
mod stack;
mod values;
mod wire;

use anyhow::Result;

use crate::args::DebugArgs;
use crate::exit::Outcome;
use client::Client;
use session::Session;

/// Serves one client, until it disconnects or the program has ended.
///
/// # Errors
/// Fails if no client can connect, or if its messages are damaged.
pub(crate) fn serve(options: DebugArgs) -> Result<Outcome> {
    let client = match options.port {
        Some(port) => Client::on_port(port)?,
        None => Client::on_stdio(),
    };
    Session::new(client, options).serve()?;
    Ok(Outcome::Done)
}
