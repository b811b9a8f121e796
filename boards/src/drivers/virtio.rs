//! Disk and random numbers over virtio-mmio. Source: Virtual I/O Device specification 1.2, sections 4.2, 5.2 and 5.4.
//!
//! Any device may be in any slot, and any slot may be empty. A slot is examined without a change of its state, because its
//! device may be in use.

use alloc::boxed::Box;
use core::ptr::NonNull;

use virtio_drivers::transport::{Transport as _, mmio::MmioTransport};

use super::{
    Mmio,
    virtio_queue::{Refusal, Requests},
};
use crate::board::{Disk, DiskError, SECTOR, Timer};

/// Registers that identify the device in a slot (section 4.2.2).
const MAGIC: usize = 0x00;
const DEVICE_ID: usize = 0x08;
const MAGIC_VALUE: u32 = u32::from_le_bytes(*b"virt");

/// Device IDs (section 5).
const BLOCK: u32 = 2;
const ENTROPY: u32 = 4;

/// Block devices: the feature and the requests (section 5.2).
const FLUSH_FEATURE: u64 = 1 << 9;
const READ: u32 = 0;
const WRITE: u32 = 1;
const FLUSH: u32 = 4;
/// The status of a successful request.
const OK: u8 = 0;

/// A request to a disk takes milliseconds. An emulator's disk may wait for a busy host.
const DISK_MS: u64 = 20_000;
const RANDOM_MS: u64 = 2_000;

/// The slots of a machine that may hold a virtio device.
pub struct Slots {
    base: usize,
    stride: usize,
    count: usize,
    timer: &'static dyn Timer,
}

impl Slots {
    /// `count` register blocks, the first at `base`.
    ///
    /// # Safety
    /// D1 of [`super::Mmio`] for each of them.
    #[must_use]
    pub const unsafe fn new(
        base: usize,
        stride: usize,
        count: usize,
        timer: &'static dyn Timer,
    ) -> Self {
        Self {
            base,
            stride,
            count,
            timer,
        }
    }

    /// The register blocks of all devices of a kind.
    ///
    /// Only registers without read effects are accessed. A transport is created only for a device that is used, because a
    /// dropped transport resets its device.
    fn find(&self, device_id: u32) -> impl Iterator<Item = usize> {
        let slots = (0..self.count).map(|slot| self.base + slot * self.stride);
        slots.filter(move |base| {
            // SAFETY: D1, by `new`.
            let registers = unsafe { Mmio::new(*base) };
            registers.read(MAGIC) == MAGIC_VALUE && registers.read(DEVICE_ID) == device_id
        })
    }

    fn start(&self, base: usize, features: u64) -> Result<Requests, Refusal> {
        let registers = NonNull::new(base as *mut _).ok_or(Refusal::Broken)?;
        // SAFETY: D1, by `new`.
        let transport = unsafe { MmioTransport::new(registers, self.stride) };
        let transport = transport.map_err(|_| Refusal::Broken)?;
        Requests::start(transport, features, self.timer)
    }

    /// Returns the first disk. If there are several, the first one that begins with a boot sector.
    pub fn disk(&self) -> Result<Box<dyn Disk>, DiskError> {
        let mut bases = self.find(BLOCK);
        let mut first = VirtioDisk::start(self, bases.next().ok_or(DiskError::NoDevice)?)?;
        let others = bases.count();
        if others > 0 && !first.has_boot_sector() {
            for base in self.find(BLOCK).skip(1) {
                // A second disk that cannot be read is not the one that the machine boots from.
                if let Ok(mut disk) = VirtioDisk::start(self, base)
                    && disk.has_boot_sector()
                {
                    first = disk;
                    break;
                }
            }
        }
        Ok(Box::new(first))
    }

    /// Fills `buf` from the first random number generator.
    #[must_use]
    pub fn random(&self, mut buf: &mut [u8]) -> bool {
        let device = self.find(ENTROPY).next();
        let Some(mut device) = device.and_then(|base| self.start(base, 0).ok()) else {
            return false;
        };
        while !buf.is_empty() {
            match device.request(&[], &mut [&mut *buf], RANDOM_MS) {
                Ok(filled) if filled > 0 => {
                    let filled = buf.len().min(filled as usize);
                    buf = &mut buf[filled..];
                }
                Err(Refusal::Silent) => {
                    log::warn!(
                        "virtio random number generator: no answer to a request for numbers within {} s",
                        RANDOM_MS / 1000
                    );
                    return false;
                }
                _ => return false,
            }
        }
        true
    }
}

struct VirtioDisk {
    device: Requests,
    sectors: u64,
}

impl VirtioDisk {
    fn start(slots: &Slots, base: usize) -> Result<Self, DiskError> {
        let device = slots.start(base, FLUSH_FEATURE);
        let device = device.map_err(|_| DiskError::Device)?;
        let config = device.transport();
        let half = |offset| config.read_config_space::<u32>(offset).map(u64::from);
        let sectors = config.read_consistent(|| Ok(half(0)? | half(4)? << 32));
        let sectors = sectors.map_err(|_| DiskError::Device)?;
        Ok(Self { device, sectors })
    }

    /// Returns whether the first sector has the mark of a partition table or a volume.
    fn has_boot_sector(&mut self) -> bool {
        let mut sector = [0; SECTOR];
        self.read(0, &mut sector).is_ok() && sector[510..] == [0x55, 0xaa]
    }

    /// Sends a request for whole sectors (section 5.2.6): a header, the data, a status byte.
    fn request(&mut self, kind: u32, first: u64, data: Data<'_>) -> Result<(), DiskError> {
        let mut header = [0; 16];
        header[..4].copy_from_slice(&kind.to_le_bytes());
        header[8..].copy_from_slice(&first.to_le_bytes());
        let mut status = [u8::MAX];
        let (operation, answer) = match data {
            Data::From(buf) => (
                "a read",
                self.device
                    .request(&[&header], &mut [buf, &mut status], DISK_MS),
            ),
            Data::To(buf) => (
                "a write",
                self.device
                    .request(&[&header, buf], &mut [&mut status], DISK_MS),
            ),
            Data::None => (
                "a flush",
                self.device.request(&[&header], &mut [&mut status], DISK_MS),
            ),
        };
        match answer {
            Ok(_) if status == [OK] => Ok(()),
            Err(Refusal::Silent) => Err(DiskError::NoAnswer {
                device: "virtio disk",
                operation,
                command: None,
                seconds: DISK_MS / 1000,
            }),
            _ => Err(DiskError::Device),
        }
    }

    fn check(&self, first: u64, len: usize) -> Result<(), DiskError> {
        let end = first
            .checked_add((len / SECTOR) as u64)
            .ok_or(DiskError::OutOfRange)?;
        if len == 0 || len % SECTOR != 0 || end > self.sectors {
            return Err(DiskError::OutOfRange);
        }
        Ok(())
    }
}

/// The data of a request, and their direction.
enum Data<'b> {
    From(&'b mut [u8]),
    To(&'b [u8]),
    None,
}

impl Disk for VirtioDisk {
    fn sectors(&self) -> u64 {
        self.sectors
    }

    fn read(&mut self, first: u64, buf: &mut [u8]) -> Result<(), DiskError> {
        self.check(first, buf.len())?;
        self.request(READ, first, Data::From(buf))
    }

    fn write(&mut self, first: u64, buf: &[u8]) -> Result<(), DiskError> {
        self.check(first, buf.len())?;
        self.request(WRITE, first, Data::To(buf))
    }

    fn flush(&mut self) -> Result<(), DiskError> {
        if self.device.has(FLUSH_FEATURE) {
            self.request(FLUSH, 0, Data::None)
        } else {
            Ok(())
        }
    }
}
