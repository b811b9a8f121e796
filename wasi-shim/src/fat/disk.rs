//! `Disk`: the volume's part of a block device, shared between the FAT driver and the one file (`swap`) that reads and writes directory
//! entries beside it.
//!
//! Everything goes through the sectors that were used last (`recent`) and a read-ahead of 128 sectors. Both are write-through: neither side
//! can see old data. The driver's write-back cache is not used: it would lose the order of writes that survives a power cut.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::ops::Range;

use hadris_io::{Error, ErrorKind, ErrorType, Location};
use hadris_storage::sync::{BlockDevice as DriverDevice, ReadAhead};
use hadris_storage::{BlockIndex, BlockSize};
use spin::Mutex;

use super::device::{BlockDevice, SECTOR};
use super::recent::Recent;
use crate::errno::Errno;

/// How many sectors are held in both windows of the read-ahead together.
const READ_AHEAD: usize = 128;

const BLOCK_SIZE: BlockSize = match BlockSize::new(SECTOR as u32) {
    Some(size) => size,
    None => panic!("a sector has bytes"),
};

/// The volume's part of the device.
struct Sectors {
    device: ReadAhead<Window<Box<dyn BlockDevice>>>,
    recent: Recent,
    /// A sector that the driver finds other content in than the disk has (`view`).
    shown: Option<(u64, [u8; SECTOR])>,
}

/// A handle to the volume's sectors. Clones share the device; they belong to one volume, which one thread uses at a time, so nobody ever
/// waits for the lock.
#[derive(Clone)]
pub(super) struct Disk(Arc<Mutex<Sectors>>);

impl Disk {
    /// The sectors `range` of a device.
    pub(super) fn new(device: Box<dyn BlockDevice>, range: Range<u64>) -> Disk {
        let window = Window { device, range };
        Disk(Arc::new(Mutex::new(Sectors {
            device: ReadAhead::new(window, READ_AHEAD),
            recent: Recent::default(),
            shown: None,
        })))
    }

    /// Shows the driver other content of a sector than the disk has, and refuses its writes there.
    pub(super) fn show(&self, shown: Option<(u64, [u8; SECTOR])>) {
        self.0.lock().shown = shown;
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
        let mut sectors = self.0.lock();
        sectors
            .read(sector, buf)
            .map_err(|error| super::driver_error::errno(&error))
    }

    /// Reads sectors that will be used one by one, with one request. Errors come when they are used.
    pub(super) fn fetch(&self, first: u64, count: usize) {
        let mut sectors = self.0.lock();
        if (first..)
            .take(count)
            .all(|sector| sectors.recent.has(sector))
        {
            return;
        }
        let mut buf = alloc::vec![0; count * SECTOR];
        let read = sectors.device.read_blocks(BlockIndex::new(first), &mut buf);
        if read.is_ok() {
            for (sector, data) in (first..).zip(buf.chunks_exact(SECTOR)) {
                sectors.recent.keep(sector, data);
            }
        }
    }

    /// Returns when everything is on the medium.
    pub(super) fn flush(&self) -> Result<(), Errno> {
        let flushed = self.0.lock().device.flush();
        flushed.map_err(|error| super::driver_error::errno(&error))
    }

    /// Writes whole sectors.
    pub(super) fn write(&self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        let mut sectors = self.0.lock();
        sectors
            .write(sector, data)
            .map_err(|error| super::driver_error::errno(&error))
    }
}

impl Sectors {
    fn read(&mut self, sector: u64, buf: &mut [u8]) -> Result<(), Error<Errno>> {
        let alone = buf.len() == SECTOR;
        if alone && self.recent.read(sector, buf) {
            return Ok(());
        }
        self.device.read_blocks(BlockIndex::new(sector), buf)?;
        if alone {
            self.recent.keep(sector, buf);
        }
        Ok(())
    }

    fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), Error<Errno>> {
        // After an error nobody knows what the device has.
        self.recent.forget(sector, (data.len() / SECTOR) as u64);
        self.device.write_blocks(BlockIndex::new(sector), data)?;
        // Of several, the first: a new directory's, which has its dots.
        self.recent.keep(sector, &data[..data.len().min(SECTOR)]);
        Ok(())
    }

    /// Where in `len` bytes from a sector on the sector stands that is shown to the driver.
    fn shown_in(&self, first: BlockIndex, len: usize) -> Option<(usize, &[u8; SECTOR])> {
        let (sector, content) = self.shown.as_ref()?;
        let index = usize::try_from(sector.checked_sub(first.get())?).ok()?;
        (index < len / SECTOR).then_some((index * SECTOR, content))
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
        self.0.lock().device.block_count()
    }

    fn disk_offset(&self) -> u64 {
        self.0.lock().device.disk_offset()
    }

    fn writable(&self) -> bool {
        self.0.lock().device.writable()
    }

    fn read_blocks(&mut self, first: BlockIndex, buf: &mut [u8]) -> Result<(), Error<Errno>> {
        let mut sectors = self.0.lock();
        sectors.read(first.get(), buf)?;
        if let Some((at, content)) = sectors.shown_in(first, buf.len()) {
            buf[at..at + SECTOR].copy_from_slice(content);
        }
        Ok(())
    }

    fn write_blocks(&mut self, first: BlockIndex, data: &[u8]) -> Result<(), Error<Errno>> {
        let mut sectors = self.0.lock();
        if sectors.shown_in(first, data.len()).is_some() {
            return Err(failed(Errno::Io, "this sector is in memory only", first));
        }
        sectors.write(first.get(), data)
    }

    fn flush(&mut self) -> Result<(), Error<Errno>> {
        self.0.lock().device.flush()
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
