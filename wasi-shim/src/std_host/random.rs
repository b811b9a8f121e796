//! The system's random bytes.

use crate::errno::Errno;
use crate::host::Random;

/// The system's random-number generator.
pub struct StdRandom;

impl Random for StdRandom {
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), Errno> {
        getrandom::fill(buf).map_err(|_| Errno::Io)
    }
}
