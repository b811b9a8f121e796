//! Disk and random numbers over virtio-mmio. Source: Virtual I/O Device specification 1.2, sections 4.2, 5.2 and 5.4.
//!
//! The protocol is the crate `virtio-drivers`; this file finds a device among a machine's slots and gives the crate memory.

use alloc::{alloc::alloc_zeroed, alloc::dealloc, boxed::Box};
use core::{alloc::Layout, ptr::NonNull};

use virtio_drivers::{
    BufferDirection, Hal, PAGE_SIZE, PhysAddr,
    device::{blk::VirtIOBlk, rng::VirtIORng},
    transport::{DeviceType, Transport, mmio::MmioTransport},
};

use crate::board::{Disk, DiskError, SECTOR};

/// The slots of a machine that may hold a virtio device.
pub struct Slots {
    base: usize,
    stride: usize,
    count: usize,
}

impl Slots {
    /// `count` register blocks, the first at `base`.
    ///
    /// # Safety
    /// D1 of [`super::Mmio`] for each of them.
    #[must_use]
    pub const unsafe fn new(base: usize, stride: usize, count: usize) -> Self {
        Self {
            base,
            stride,
            count,
        }
    }

    fn find(&self, kind: DeviceType) -> Option<MmioTransport<'static>> {
        (0..self.count).find_map(|slot| {
            let registers = NonNull::new((self.base + slot * self.stride) as *mut _)?;
            // SAFETY: D1, by `new`. An empty slot has device type 0, which the crate refuses.
            let transport = unsafe { MmioTransport::new(registers, self.stride) }.ok()?;
            (transport.device_type() == kind).then_some(transport)
        })
    }

    /// The first disk.
    pub fn disk(&self) -> Result<Box<dyn Disk>, DiskError> {
        let transport = self.find(DeviceType::Block).ok_or(DiskError::NoDevice)?;
        let disk = VirtIOBlk::<Identity, _>::new(transport).map_err(|_| DiskError::Device)?;
        Ok(Box::new(VirtioDisk(disk)))
    }

    /// Fills `buf` from the first random number generator.
    #[must_use]
    pub fn random(&self, mut buf: &mut [u8]) -> bool {
        let Some(mut device) = self
            .find(DeviceType::EntropySource)
            .and_then(|transport| VirtIORng::<Identity, _>::new(transport).ok())
        else {
            return false;
        };
        while !buf.is_empty() {
            match device.request_entropy(buf) {
                Ok(filled) if filled > 0 => buf = &mut buf[filled..],
                _ => return false,
            }
        }
        true
    }
}

struct VirtioDisk(VirtIOBlk<Identity, MmioTransport<'static>>);

impl Disk for VirtioDisk {
    fn sectors(&self) -> u64 {
        self.0.capacity()
    }

    fn read(&mut self, first: u64, buf: &mut [u8]) -> Result<(), DiskError> {
        let first = self.checked(first, buf.len())?;
        self.0
            .read_blocks(first, buf)
            .map_err(|_| DiskError::Device)
    }

    fn write(&mut self, first: u64, buf: &[u8]) -> Result<(), DiskError> {
        let first = self.checked(first, buf.len())?;
        self.0
            .write_blocks(first, buf)
            .map_err(|_| DiskError::Device)
    }

    fn flush(&mut self) -> Result<(), DiskError> {
        self.0.flush().map_err(|_| DiskError::Device)
    }
}

impl VirtioDisk {
    fn checked(&self, first: u64, len: usize) -> Result<usize, DiskError> {
        let end = first
            .checked_add((len / SECTOR) as u64)
            .ok_or(DiskError::OutOfRange)?;
        if len == 0 || len % SECTOR != 0 || end > self.0.capacity() {
            return Err(DiskError::OutOfRange);
        }
        usize::try_from(first).map_err(|_| DiskError::OutOfRange)
    }
}

/// Memory for the device: physical addresses are our addresses, and the machine keeps its caches coherent with devices.
struct Identity;

impl Identity {
    fn pages(pages: usize) -> Layout {
        Layout::from_size_align(pages * PAGE_SIZE, PAGE_SIZE).expect("a queue is a few pages")
    }
}

// SAFETY: `dma_alloc` returns fresh zeroed pages, `share` the address that the device sees.
unsafe impl Hal for Identity {
    fn dma_alloc(pages: usize, _direction: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        // SAFETY: the layout is not empty: the crate asks for at least one page.
        let memory = unsafe { alloc_zeroed(Self::pages(pages)) };
        match NonNull::new(memory) {
            Some(memory) => (memory.as_ptr() as PhysAddr, memory),
            None => alloc::alloc::handle_alloc_error(Self::pages(pages)),
        }
    }

    unsafe fn dma_dealloc(_paddr: PhysAddr, vaddr: NonNull<u8>, pages: usize) -> i32 {
        // SAFETY: the crate returns what `dma_alloc` gave, with the same number of pages.
        unsafe { dealloc(vaddr.as_ptr(), Self::pages(pages)) };
        0
    }

    unsafe fn mmio_phys_to_virt(paddr: PhysAddr, _size: usize) -> NonNull<u8> {
        NonNull::new(paddr as *mut u8).expect("only PCI transports map registers, and not at 0")
    }

    unsafe fn share(buffer: NonNull<[u8]>, _direction: BufferDirection) -> PhysAddr {
        buffer.cast::<u8>().as_ptr() as PhysAddr
    }

    unsafe fn unshare(_paddr: PhysAddr, _buffer: NonNull<[u8]>, _direction: BufferDirection) {}
}
