//! The serial port as the program's standard input and output.
//!
//! Bytes that were typed are taken from the port whenever the program reads, waits or asks; in between, the port's own
//! buffer and its flow control hold them.

use alloc::sync::Arc;
use core::cell::RefCell;

use wasi_shim::{
    Errno, Stream,
    stream::{PollHandle, Readiness},
    types::FileType,
};

use super::{console, guest, once::Once, time};
use crate::line::Input;

/// What [`host::Wait`](super::host::Wait) knows the port by.
pub(super) struct Handle;

struct Shared(RefCell<Input>);

static INPUT: Once<Shared> = Once::new();

/// Starts to listen, with or without line editing.
pub(super) fn init(line_editing: bool) {
    INPUT.set(Shared(RefCell::new(Input::new(line_editing))));
}

/// What can be done without waiting. Takes in what was typed; Ctrl-C stops the program.
pub(super) fn ready() -> Readiness {
    let Some(Shared(input)) = INPUT.get() else {
        return Readiness::default();
    };
    let mut input = input.borrow_mut();
    while let Some(byte) = console::get() {
        input.accept(byte, console::write);
    }
    if input.take_interrupt() {
        guest::interrupt();
    }
    Readiness {
        readable: input.is_ready(),
        writable: true,
        hangup: false,
        bytes: input.len() as u64,
    }
}

/// One of the three standard streams.
pub(super) struct Terminal;

impl Stream for Terminal {
    fn kind(&self) -> FileType {
        FileType::CharacterDevice
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        while !ready().readable {
            if guest::is_interrupted() {
                return Err(Errno::Intr);
            }
            time::sleep(None);
        }
        Ok(INPUT
            .get()
            .map_or(0, |Shared(input)| input.borrow_mut().read(buf)))
    }

    fn write(&mut self, data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        console::write(data);
        Ok(data.len())
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        Ok(ready())
    }

    fn poll_handle(&self) -> Option<PollHandle> {
        Some(Arc::new(Handle))
    }
}
