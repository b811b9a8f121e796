//! `Disk`: the volume's part of a block device, shared between the FAT driver and the one file (`swap`) that reads and writes directory
//! entries beside it.
//!
//! Everything goes through one read-ahead of 128 sectors, which is write-through: neither side can see old data. The driver's
//! write-back cache is not used: it would lose the order of writes that survives a power cut.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::ops::Range;

use hadris_io::{Error, ErrorKind, ErrorType, Location};
use hadris_storage::sync::{BlockDevice as DriverDevice, ReadAhead};
use hadris_storage::{BlockIndex, BlockSize};
use spin::Mutex;

use super::device::{BlockDevice, SECTOR};
use crate::errno::Errno;

/// How many sectors are held in both windows of the read-ahead together.
const READ_AHEAD: usize = 128;

const BLOCK_SIZE: BlockSize = match BlockSize::new(SECTOR as u32) {
    Some(size) => size,
    None => panic!("a sector has bytes"),
};

/// The volume's part of the device, read ahead.
type Sectors = ReadAhead<Window<Box<dyn BlockDevice>>>;

/// A handle to the volume's sectors. Clones share the device; they belong to one volume, which one thread uses at a time, so nobody ever
/// waits for the lock.
#[derive(Clone)]
pub(super) struct Disk(Arc<Mutex<Sectors>>);

impl Disk {
    /// The sectors `range` of a device.
    pub(super) fn new(device: Box<dyn BlockDevice>, range: Range<u64>) -> Disk {
        let window = Window { device, range };
        Disk(Arc::new(Mutex::new(ReadAhead::new(window, READ_AHEAD))))
    }

    /// Reads `N` bytes that lie in one sector, at byte `offset` of the volume.
    pub(super) fn read_within<const N: usize>(&self, offset: u64) -> Result<[u8; N], Errno> {
        let mut sector = [0; SECTOR];
        let at = (offset % SECTOR as u64) as usize;
        self.read(offset / SECTOR as u64, &mut sector)?;
        let bytes = sector.get(at..at + N).ok_or(Errno::Io)?;
        bytes.try_into().map_err(|_| Errno::Io)
    }

    /// Replaces bytes that lie in one sector by one write of that sector: after a power cut it has happened or not.
    pub(super) fn write_within(&self, offset: u64, data: &[u8]) -> Result<(), Errno> {
        let mut sector = [0; SECTOR];
        let at = (offset % SECTOR as u64) as usize;
        self.read(offset / SECTOR as u64, &mut sector)?;
        let bytes = sector.get_mut(at..at + data.len()).ok_or(Errno::Io)?;
        bytes.copy_from_slice(data);
        self.write(offset / SECTOR as u64, &sector)
    }

    /// Reads whole sectors.
    pub(super) fn read(&self, sector: u64, buf: &mut [u8]) -> Result<(), Errno> {
        let mut device = self.0.lock();
        device
            .read_blocks(BlockIndex::new(sector), buf)
            .map_err(|error| super::volume::errno(&error))
    }

    /// Writes whole sectors.
    pub(super) fn write(&self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        let mut device = self.0.lock();
        device
            .write_blocks(BlockIndex::new(sector), data)
            .map_err(|error| super::volume::errno(&error))
    }
}

impl ErrorType for Disk {
    type Error = Errno;
}

impl DriverDevice for Disk {
    fn block_size(&self) -> BlockSize {
        BLOCK_SIZE
    }

    fn block_count(&self) -> u64 {
        self.0.lock().block_count()
    }

    fn disk_offset(&self) -> u64 {
        self.0.lock().disk_offset()
    }

    fn writable(&self) -> bool {
        self.0.lock().writable()
    }

    fn read_blocks(&mut self, first: BlockIndex, buf: &mut [u8]) -> Result<(), Error<Errno>> {
        self.0.lock().read_blocks(first, buf)
    }

    fn write_blocks(&mut self, first: BlockIndex, data: &[u8]) -> Result<(), Error<Errno>> {
        self.0.lock().write_blocks(first, data)
    }

    fn flush(&mut self) -> Result<(), Error<Errno>> {
        self.0.lock().flush()
    }
}

/// A part of a device, which requests cannot leave.
pub(super) struct Window<D> {
    pub(super) device: D,
    pub(super) range: Range<u64>,
}

impl<D: BlockDevice> Window<D> {
    /// The device's sector for the volume's, if all `len` bytes from there lie within.
    fn locate(&self, first: BlockIndex, len: usize) -> Result<u64, Error<Errno>> {
        let outside = || {
            Error::new(
                ErrorKind::InvalidInput,
                "request past the end of the volume",
            )
            .with_location(Location::Block(first.get()))
        };
        let count = (len / SECTOR) as u64;
        let start = self
            .range
            .start
            .checked_add(first.get())
            .ok_or_else(outside)?;
        match start.checked_add(count) {
            Some(end) if end <= self.range.end && len.is_multiple_of(SECTOR) => Ok(start),
            _ => Err(outside()),
        }
    }
}

/// What the device says, in the driver's words.
fn failed(errno: Errno, what: &'static str, first: BlockIndex) -> Error<Errno> {
    let error = Error::device(errno, what).with_location(Location::Block(first.get()));
    match errno {
        Errno::RoFs => error.with_kind(ErrorKind::ReadOnly),
        _ => error,
    }
}

impl<D> ErrorType for Window<D> {
    type Error = Errno;
}

impl<D: BlockDevice> DriverDevice for Window<D> {
    fn block_size(&self) -> BlockSize {
        BLOCK_SIZE
    }

    fn block_count(&self) -> u64 {
        self.range.end - self.range.start
    }

    fn disk_offset(&self) -> u64 {
        self.range.start * SECTOR as u64
    }

    fn writable(&self) -> bool {
        self.device.writable()
    }

    fn read_blocks(&mut self, first: BlockIndex, buf: &mut [u8]) -> Result<(), Error<Errno>> {
        let sector = self.locate(first, buf.len())?;
        self.device
            .read(sector, buf)
            .map_err(|errno| failed(errno, "the device cannot be read", first))
    }

    fn write_blocks(&mut self, first: BlockIndex, data: &[u8]) -> Result<(), Error<Errno>> {
        let sector = self.locate(first, data.len())?;
        self.device
            .write(sector, data)
            .map_err(|errno| failed(errno, "the device cannot be written", first))
    }

    fn flush(&mut self) -> Result<(), Error<Errno>> {
        self.device
            .flush()
            .map_err(|errno| failed(errno, "the device cannot be flushed", BlockIndex::new(0)))
    }
}
