//! Block devices: what a FAT volume lies on.

use alloc::boxed::Box;
use alloc::vec::Vec;

#[cfg(feature = "std")]
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::errno::Errno;

/// Bytes in a sector.
pub const SECTOR: usize = 512;

/// A disk, a card, an image: a row of sectors of 512 bytes that are read and written whole.
///
/// Buffers may lie at any address; a driver whose hardware wants alignment copies. A request lies within the device, as
/// [`FatFs`](super::FatFs) has checked, and may be long: a driver splits what its hardware cannot do at once. Writes reach the medium in
/// the order in which they were made, as far as a power cut can tell; a device that reorders them keeps the promises of
/// this module at [`flush`](BlockDevice::flush) only.
pub trait BlockDevice: Send {
    /// How many sectors it has.
    fn sectors(&self) -> u64;

    /// Reads as many sectors as `buf` holds, from `sector` on.
    ///
    /// Errors: `EIO`.
    fn read(&mut self, sector: u64, buf: &mut [u8]) -> Result<(), Errno>;

    /// Writes as many sectors as `data` holds, from `sector` on. After an error any of them may have been written.
    ///
    /// Errors: `EIO`; `EROFS` for a device that cannot be written (any more).
    fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), Errno>;

    /// Returns when everything that was written is on the medium.
    fn flush(&mut self) -> Result<(), Errno> {
        Ok(())
    }

    /// Whether it can be written at all.
    fn writable(&self) -> bool {
        true
    }
}

/// Forwards every method to what a pointer leads to.
macro_rules! forward {
    ($pointer:ty, $self:ident => $device:expr, $device_mut:expr) => {
        impl<D: BlockDevice + ?Sized> BlockDevice for $pointer {
            fn sectors(&$self) -> u64 {
                $device.sectors()
            }
            fn read(&mut $self, sector: u64, buf: &mut [u8]) -> Result<(), Errno> {
                $device_mut.read(sector, buf)
            }
            fn write(&mut $self, sector: u64, data: &[u8]) -> Result<(), Errno> {
                $device_mut.write(sector, data)
            }
            fn flush(&mut $self) -> Result<(), Errno> {
                $device_mut.flush()
            }
            fn writable(&$self) -> bool {
                $device.writable()
            }
        }
    };
}

forward!(&mut D, self => (**self), (**self));
forward!(Box<D>, self => (**self), (**self));
// A device that somebody looks at beside the volume on it.
#[cfg(feature = "std")]
forward!(Arc<Mutex<D>>, self => locked(self), locked(self));

/// The device behind a lock. What a panic elsewhere has left of it is what a power cut would leave.
#[cfg(feature = "std")]
fn locked<D: ?Sized>(device: &Mutex<D>) -> MutexGuard<'_, D> {
    device.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A disk in memory: an image that a boot loader left there, or a test's.
pub struct MemDisk<B = Vec<u8>> {
    bytes: B,
}

impl<B: AsRef<[u8]> + AsMut<[u8]>> MemDisk<B> {
    /// The disk over these bytes; what is left behind the last whole sector is not part of it.
    pub fn new(bytes: B) -> MemDisk<B> {
        MemDisk { bytes }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }

    /// The bytes back.
    pub fn into_inner(self) -> B {
        self.bytes
    }
}

/// The bytes of `len` bytes of sectors from `sector` on, if they are there.
fn range(sector: u64, len: usize, size: usize) -> Result<core::ops::Range<usize>, Errno> {
    let start = usize::try_from(sector)
        .ok()
        .and_then(|sector| sector.checked_mul(SECTOR))
        .ok_or(Errno::Io)?;
    let end = start.checked_add(len).filter(|end| *end <= size);
    Ok(start..end.ok_or(Errno::Io)?)
}

impl<B: AsRef<[u8]> + AsMut<[u8]> + Send> BlockDevice for MemDisk<B> {
    fn sectors(&self) -> u64 {
        (self.bytes.as_ref().len() / SECTOR) as u64
    }

    fn read(&mut self, sector: u64, buf: &mut [u8]) -> Result<(), Errno> {
        let bytes = self.bytes.as_ref();
        buf.copy_from_slice(&bytes[range(sector, buf.len(), bytes.len())?]);
        Ok(())
    }

    fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        let bytes = self.bytes.as_mut();
        let range = range(sector, data.len(), bytes.len())?;
        bytes[range].copy_from_slice(data);
        Ok(())
    }
}
