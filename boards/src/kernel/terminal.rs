//! The serial port as the program's standard input and output.
//!
//! Received bytes are taken from the port whenever the program reads, waits, polls or writes, and a hundred times per
//! second while it computes. In between, the port's own buffer and its flow control hold them.

use alloc::sync::Arc;
use core::cell::RefCell;

use board_settings as settings;
use wasi_shim::{
    Errno, Stream,
    stream::{PollHandle, Readiness},
    types::FileType,
};

use super::{
    console,
    once::Once,
    stop::{self, Cause},
    time,
};
use crate::line::Input;

/// The mark by which a poller knows the port among its sources.
pub(super) struct Handle;

struct Shared {
    input: RefCell<Input>,
    /// Whether output is sent unchanged.
    raw: bool,
}

static INPUT: Once<Shared> = Once::new();

/// Begins to receive, with or without line editing.
pub(super) fn init(settings: &settings::Console) {
    INPUT.set(Shared {
        input: RefCell::new(Input::new(settings.line_editing && !settings.raw)),
        raw: settings.raw,
    });
    stop::listen_with(listen);
}

/// Receives bytes from the port. Ctrl-C stops the program and Ctrl-\ suspends it, unless the program gets all bytes itself.
fn listen() {
    let Some(shared) = INPUT.get() else { return };
    // It is borrowed while the echo of a byte waits for the port.
    let Ok(mut input) = shared.input.try_borrow_mut() else {
        return;
    };
    while input.has_room()
        && let Some(byte) = console::get()
    {
        input.accept(byte, console::write);
    }
    if input.take_interrupt() {
        stop::stop(Cause::CtrlC);
    }
    if input.take_hibernation() {
        stop::suspend();
    }
}

/// Returns which operations do not wait.
pub(super) fn ready() -> Readiness {
    listen();
    let Some(shared) = INPUT.get() else {
        return Readiness::default();
    };
    let input = shared.input.borrow();
    Readiness {
        readable: input.is_ready(),
        writable: true,
        hangup: false,
        bytes: input.len() as u64,
    }
}

/// Output is sent in pieces. At 115,200 baud, a piece takes 20 ms.
const PART: usize = 256;

/// One of the three standard streams.
pub(super) struct Terminal;

impl Stream for Terminal {
    fn kind(&self) -> FileType {
        FileType::CharacterDevice
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        loop {
            let readable = ready().readable;
            let limit = stop::rest();
            if stop::ends_waits() {
                return Err(Errno::Intr);
            }
            if readable {
                break;
            }
            time::sleep(limit);
        }
        Ok(INPUT
            .get()
            .map_or(0, |shared| shared.input.borrow_mut().read(buf)))
    }

    fn write(&mut self, data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        let raw = INPUT.get().is_some_and(|shared| shared.raw);
        let mut written = 0;
        for part in data.chunks(PART) {
            match raw {
                true => console::write_raw(part),
                false => console::write(part),
            }
            written += part.len();
            stop::look();
            if stop::cause().is_some() {
                break;
            }
        }
        Ok(written)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        Ok(ready())
    }

    fn poll_handle(&self) -> Option<PollHandle> {
        Some(Arc::new(Handle))
    }
}
