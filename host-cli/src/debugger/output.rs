//! What the program writes, for others than the terminal.

use std::sync::{Arc, Mutex, PoisonError};

use wasi_shim::replay::{Standard, Written};
use wasi_shim::stream::{Readiness, Stream};
use wasi_shim::types::FileType;
use wasi_shim::{Errno, WasiBuilder};

/// Receives what the program writes.
pub(crate) type Output = Arc<Mutex<dyn FnMut(Standard, &[u8]) + Send>>;

/// A standard stream of the program.
struct Told {
    to: Output,
    stream: Standard,
}

impl Stream for Told {
    fn kind(&self) -> FileType {
        FileType::CharacterDevice
    }

    fn write(&mut self, data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        tell(&self.to, self.stream, data);
        Ok(data.len())
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        Ok(Readiness {
            writable: true,
            ..Readiness::default()
        })
    }
}

/// Connects the streams of a program.
pub(super) fn connect(builder: &mut WasiBuilder, to: &Output) {
    let stream = |stream| {
        Box::new(Told {
            to: to.clone(),
            stream,
        })
    };
    builder.stdout(stream(Standard::Out));
    builder.stderr(stream(Standard::Err));
}

/// Tells what a program writes, or has written when it was recorded.
pub(super) fn tell(to: &Output, stream: Standard, bytes: &[u8]) -> Written {
    let mut to = to.lock().unwrap_or_else(PoisonError::into_inner);
    to(stream, bytes);
    Written::All
}
