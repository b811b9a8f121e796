//! Standard streams in memory: [`Bytes`] for input, [`Captured`] for output.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;

use spin::Mutex;

use crate::errno::Errno;
use crate::stream::{Readiness, Stream};
use crate::types::FileType;

/// A stream from which a guest reads the given bytes, followed by the end.
pub struct Bytes {
    data: Vec<u8>,
    pos: usize,
}

impl Bytes {
    /// A stream of these bytes.
    pub fn new(data: impl Into<Vec<u8>>) -> Bytes {
        Bytes {
            data: data.into(),
            pos: 0,
        }
    }
}

impl Stream for Bytes {
    /// The kind of a pipe.
    fn kind(&self) -> FileType {
        FileType::Unknown
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        let rest = &self.data[self.pos..];
        let len = rest.len().min(buf.len());
        buf[..len].copy_from_slice(&rest[..len]);
        self.pos += len;
        Ok(len)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        let bytes = (self.data.len() - self.pos) as u64;
        Ok(Readiness {
            readable: true,
            bytes,
            ..Readiness::default()
        })
    }
}

/// A stream that stores the guest's output up to a limit. After that, writes fail with `ENOSPC`.
///
/// One clone is passed to the guest, and the other gives access to the bytes from any thread. Clones can serve as standard
/// output and standard error at the same time.
#[derive(Clone)]
pub struct Captured {
    data: Arc<Mutex<Vec<u8>>>,
    limit: usize,
}

impl Captured {
    /// Creates an empty stream for at most `limit` bytes.
    pub fn new(limit: usize) -> Captured {
        Captured {
            data: Arc::default(),
            limit,
        }
    }

    /// Removes and returns the output so far. Afterwards there is room for `limit` bytes again.
    pub fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.data.lock())
    }
}

impl Stream for Captured {
    /// The kind of a pipe.
    fn kind(&self) -> FileType {
        FileType::Unknown
    }

    fn write(&mut self, data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        let mut kept = self.data.lock();
        let len = data.len().min(self.limit - kept.len());
        if len == 0 && !data.is_empty() {
            return Err(Errno::NoSpc);
        }
        kept.extend_from_slice(&data[..len]);
        Ok(len)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        Ok(Readiness {
            writable: true,
            ..Readiness::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_to_their_end() {
        let mut stream = Bytes::new("hello");
        let mut buf = [0; 3];
        assert_eq!(stream.ready().map(|ready| ready.bytes), Ok(5));
        assert_eq!((stream.read(&mut buf), &buf), (Ok(3), b"hel"));
        assert_eq!((stream.read(&mut buf), &buf[..2]), (Ok(2), &b"lo"[..]));
        assert_eq!(stream.read(&mut buf), Ok(0));
        assert_eq!(stream.write(b"x", false), Err(Errno::BadF));
        assert!(stream.ready().is_ok_and(|ready| ready.readable));
    }

    #[test]
    fn output_is_kept_up_to_the_limit() {
        let kept = Captured::new(5);
        let mut stream = kept.clone();
        assert_eq!(stream.write(b"abc", false), Ok(3));
        assert_eq!(stream.write(b"defg", false), Ok(2));
        assert_eq!(stream.write(b"h", false), Err(Errno::NoSpc));
        assert_eq!(stream.write(b"", false), Ok(0));
        assert_eq!(kept.take(), b"abcde");
        assert_eq!(stream.write(b"h", false), Ok(1));
        assert_eq!(stream.read(&mut [0]), Err(Errno::BadF));
    }
}
