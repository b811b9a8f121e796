//! Numbers and bytes of a state, with a hash of all of them at the end.

use embedded_io::{Read, Write};

use super::ThawError;
use crate::fnv::Fnv;

/// Writes a state.
pub(super) struct Writer<'a, W> {
    out: &'a mut W,
    hash: Fnv,
}

impl<'a, W: Write> Writer<'a, W> {
    pub(super) fn new(out: &'a mut W) -> Self {
        Self {
            out,
            hash: Fnv::NEW,
        }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), W::Error> {
        self.hash = self.hash.bytes(bytes);
        self.out.write_all(bytes)
    }

    pub(super) fn u8(&mut self, number: u8) -> Result<(), W::Error> {
        self.bytes(&[number])
    }

    pub(super) fn u32(&mut self, number: u32) -> Result<(), W::Error> {
        self.bytes(&number.to_le_bytes())
    }

    pub(super) fn u64(&mut self, number: u64) -> Result<(), W::Error> {
        self.bytes(&number.to_le_bytes())
    }

    /// A length that fits into 32 bits.
    pub(super) fn len(&mut self, len: usize) -> Result<(), W::Error> {
        self.u32(len as u32)
    }

    /// Writes the hash.
    pub(super) fn finish(self) -> Result<(), W::Error> {
        self.out.write_all(&self.hash.0.to_le_bytes())
    }
}

/// Reads a state.
pub(super) struct Reader<'a, R> {
    input: &'a mut R,
    hash: Fnv,
}

impl<'a, R: Read> Reader<'a, R> {
    pub(super) fn new(input: &'a mut R) -> Self {
        Self {
            input,
            hash: Fnv::NEW,
        }
    }

    /// Fills `bytes`.
    pub(super) fn bytes(&mut self, bytes: &mut [u8]) -> Result<(), ThawError<R::Error>> {
        self.unhashed(bytes)?;
        self.hash = self.hash.bytes(bytes);
        Ok(())
    }

    fn unhashed(&mut self, bytes: &mut [u8]) -> Result<(), ThawError<R::Error>> {
        let mut read = 0;
        while read < bytes.len() {
            match self
                .input
                .read(&mut bytes[read..])
                .map_err(ThawError::Read)?
            {
                0 => return Err(ThawError::damaged("its end is missing")),
                len => read += len,
            }
        }
        Ok(())
    }

    pub(super) fn u8(&mut self) -> Result<u8, ThawError<R::Error>> {
        let mut bytes = [0; 1];
        self.bytes(&mut bytes)?;
        Ok(bytes[0])
    }

    pub(super) fn u32(&mut self) -> Result<u32, ThawError<R::Error>> {
        let mut bytes = [0; 4];
        self.bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    pub(super) fn u64(&mut self) -> Result<u64, ThawError<R::Error>> {
        let mut bytes = [0; 8];
        self.bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// Reads a number that must equal `expected`, a property of the store. `what` names it.
    pub(super) fn same(&mut self, expected: u64, what: &str) -> Result<(), ThawError<R::Error>> {
        let found = self.u64()?;
        match found == expected {
            true => Ok(()),
            false => Err(ThawError::OtherModule(alloc::format!(
                "it has {found} as {what}, the store has {expected}"
            ))),
        }
    }

    /// Reads the hash.
    pub(super) fn finish(mut self) -> Result<(), ThawError<R::Error>> {
        let expected = self.hash.0;
        let mut bytes = [0; 8];
        self.unhashed(&mut bytes)?;
        match u64::from_le_bytes(bytes) == expected {
            true => Ok(()),
            false => Err(ThawError::damaged("its bytes were changed")),
        }
    }
}
