//! `Memory`: checked access to the guest's memory.
//!
//! Every address and length that a guest passes goes through this type. A range that is not wholly inside of the memory is
//! `EFAULT`, and nothing is read or written. Numbers are little-endian and need not be aligned, as in wasm.

use alloc::vec::Vec;
use core::ops::Range;

use crate::errno::Errno;

/// The guest's linear memory during one call.
pub struct Memory<'a> {
    bytes: &'a mut [u8],
    /// The ranges that are written, if they are noted.
    #[cfg(feature = "replay")]
    noted: Option<&'a mut Vec<IoVec>>,
}

/// The maximum number of buffers of one call, called `IOV_MAX` in POSIX systems. It bounds the host's cost for a guest's
/// table of buffers.
const MOST_BUFFERS: usize = 1024;

/// One buffer of a vectored read or write: `$iovec`, `$ciovec`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IoVec {
    /// Address of the buffer.
    pub buf: u32,
    /// Its length in bytes.
    pub len: u32,
}

impl<'a> Memory<'a> {
    /// Wraps the whole memory of the guest.
    pub fn new(bytes: &'a mut [u8]) -> Memory<'a> {
        Memory {
            bytes,
            #[cfg(feature = "replay")]
            noted: None,
        }
    }

    /// The same memory, for a call whose writes are noted.
    #[cfg(feature = "replay")]
    pub(crate) fn noting<'b>(&'b mut self, noted: &'b mut Vec<IoVec>) -> Memory<'b> {
        Memory {
            bytes: self.bytes,
            noted: Some(noted),
        }
    }

    /// The range of host indices for `len` bytes at `address`.
    fn range(&self, address: u32, len: u32) -> Result<Range<usize>, Errno> {
        let start = usize::try_from(address).map_err(|_| Errno::Fault)?;
        let len = usize::try_from(len).map_err(|_| Errno::Fault)?;
        let end = start.checked_add(len).ok_or(Errno::Fault)?;
        if end > self.bytes.len() {
            Err(Errno::Fault)
        } else {
            Ok(start..end)
        }
    }

    /// Bytes that the shim reads.
    pub fn bytes(&self, address: u32, len: u32) -> Result<&[u8], Errno> {
        let range = self.range(address, len)?;
        Ok(&self.bytes[range])
    }

    /// Bytes that the shim writes.
    pub fn bytes_mut(&mut self, address: u32, len: u32) -> Result<&mut [u8], Errno> {
        let range = self.range(address, len)?;
        #[cfg(feature = "replay")]
        if let Some(noted) = &mut self.noted
            && len > 0
        {
            noted.push(IoVec { buf: address, len });
        }
        Ok(&mut self.bytes[range])
    }

    /// Declares that only the first `len` bytes of the buffer that was returned last were written.
    #[inline]
    pub fn filled(&mut self, len: usize) {
        #[cfg(feature = "replay")]
        if let Some(last) = self.noted.as_mut().and_then(|noted| noted.last_mut()) {
            last.len = u32::try_from(len).map_or(last.len, |len| len.min(last.len));
        }
        #[cfg(not(feature = "replay"))]
        let _ = len;
    }

    /// Copies bytes to the guest.
    pub fn write(&mut self, address: u32, data: &[u8]) -> Result<(), Errno> {
        let len = u32::try_from(data.len()).map_err(|_| Errno::Fault)?;
        self.bytes_mut(address, len)?.copy_from_slice(data);
        Ok(())
    }

    /// A fixed number of bytes, for the records below.
    pub fn array<const N: usize>(&self, address: u32) -> Result<[u8; N], Errno> {
        let len = u32::try_from(N).map_err(|_| Errno::Fault)?;
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(address, len)?);
        Ok(array)
    }

    /// A 32-bit number.
    pub fn u32(&self, address: u32) -> Result<u32, Errno> {
        self.array(address).map(u32::from_le_bytes)
    }

    /// A 64-bit number.
    pub fn u64(&self, address: u32) -> Result<u64, Errno> {
        self.array(address).map(u64::from_le_bytes)
    }

    /// Stores a 32-bit number.
    pub fn set_u32(&mut self, address: u32, value: u32) -> Result<(), Errno> {
        self.write(address, &value.to_le_bytes())
    }

    /// Stores a 64-bit number.
    pub fn set_u64(&mut self, address: u32, value: u64) -> Result<(), Errno> {
        self.write(address, &value.to_le_bytes())
    }

    /// Checks that a result can be stored, before the call has an irreversible effect.
    pub fn check(&self, address: u32, len: u32) -> Result<(), Errno> {
        self.range(address, len).map(|_| ())
    }

    /// A path or name. Errors: `EILSEQ` if it is not UTF-8.
    pub fn str(&self, address: u32, len: u32) -> Result<&str, Errno> {
        core::str::from_utf8(self.bytes(address, len)?).map_err(|_| Errno::IlSeq)
    }

    /// The checked buffers of a vectored operation, and their total length. Empty buffers are omitted, and so are all after
    /// the first 1,024, because any call may move fewer bytes than requested.
    ///
    /// Errors: `EINVAL` if the total does not fit into 32 bits, because the result could not be returned.
    pub fn iovecs(&self, address: u32, count: u32) -> Result<(Vec<IoVec>, u32), Errno> {
        let table = self.bytes(address, count.checked_mul(8).ok_or(Errno::Fault)?)?;
        let mut total = 0u32;
        let mut vectors = Vec::with_capacity((table.len() / 8).min(MOST_BUFFERS));
        for row in table.chunks_exact(8) {
            let word =
                |at: usize| u32::from_le_bytes([row[at], row[at + 1], row[at + 2], row[at + 3]]);
            let vector = IoVec {
                buf: word(0),
                len: word(4),
            };
            self.range(vector.buf, vector.len)?;
            if vector.len == 0 {
                continue;
            }
            if vectors.len() == MOST_BUFFERS {
                break;
            }
            total = total.checked_add(vector.len).ok_or(Errno::Inval)?;
            vectors.push(vector);
        }
        Ok((vectors, total))
    }

    /// A checked buffer of [`iovecs`](Memory::iovecs), for writing.
    pub fn fill(&mut self, vector: IoVec) -> Result<&mut [u8], Errno> {
        self.bytes_mut(vector.buf, vector.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_is_a_fault() {
        let mut bytes = [0u8; 16];
        let mut memory = Memory::new(&mut bytes);
        assert_eq!(memory.u32(12), Ok(0));
        assert_eq!(memory.u32(13), Err(Errno::Fault));
        assert_eq!(memory.u64(u32::MAX), Err(Errno::Fault));
        assert_eq!(memory.bytes(16, 0).map(<[u8]>::len), Ok(0));
        assert_eq!(memory.bytes(17, 0), Err(Errno::Fault));
        assert_eq!(memory.write(15, b"ab"), Err(Errno::Fault));
        assert_eq!(
            memory.bytes(15, 1),
            Ok(&[0][..]),
            "a refused write leaves nothing behind"
        );
    }

    #[test]
    fn iovecs_are_checked_one_and_all() {
        let mut bytes = [0u8; 64];
        let mut memory = Memory::new(&mut bytes);
        for (index, (buf, len)) in [(32u32, 4u32), (36, 0), (40, 24)].into_iter().enumerate() {
            let at = index as u32 * 8;
            memory.set_u32(at, buf).unwrap();
            memory.set_u32(at + 4, len).unwrap();
        }
        let (vectors, total) = memory.iovecs(0, 3).unwrap();
        assert_eq!((vectors.len(), total), (2, 28), "one is empty");
        memory.set_u32(20, 25).unwrap();
        assert_eq!(memory.iovecs(0, 3), Err(Errno::Fault));
        assert_eq!(memory.iovecs(0, u32::MAX), Err(Errno::Fault));
    }

    #[test]
    fn a_table_of_buffers_costs_the_host_little() {
        let mut bytes = alloc::vec![0u8; 4000 * 8];
        let mut memory = Memory::new(&mut bytes);
        let (none, total) = memory.iovecs(0, 4000).unwrap();
        assert_eq!((none.len(), total), (0, 0));
        for row in 1000..4000 {
            memory.set_u32(row * 8 + 4, 2).unwrap();
        }
        let (vectors, total) = memory.iovecs(0, 4000).unwrap();
        assert_eq!((vectors.len(), total), (1024, 2048));
    }

    #[test]
    fn paths_must_be_utf8() {
        let mut bytes = *b"a\xff";
        let memory = Memory::new(&mut bytes);
        assert_eq!(memory.str(0, 1), Ok("a"));
        assert_eq!(memory.str(0, 2), Err(Errno::IlSeq));
    }
}
