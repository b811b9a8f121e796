//! A virtio device with one queue: one request at a time, and a time limit for every wait.
//!
//! Source: Virtual I/O Device specification 1.2, sections 2.7 (split queues), 3.1 (start) and 4.2 (MMIO). The queue is that
//! of the crate `virtio-drivers`. The crate's drivers wait without a limit, so the requests are made here.

use alloc::alloc::{alloc_zeroed, dealloc};
use core::{alloc::Layout, ptr::NonNull};

use virtio_drivers::{
    BufferDirection, Hal, PAGE_SIZE, PhysAddr,
    queue::VirtQueue,
    transport::{DeviceStatus, Transport as _, mmio::MmioTransport},
};

use super::deadline::Deadline;
use crate::board::Timer;

/// Feature bits of all devices (section 6): used-event indices, and version 1.
const EVENT_INDEX: u64 = 1 << 29;
const VERSION_1: u64 = 1 << 32;

/// The only queue that a disk or a random number generator needs.
const QUEUE: u16 = 0;
/// A request has at most three buffers.
const DESCRIPTORS: usize = 4;

/// The reason why a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The device did not answer in time. It was reset, and accepts no further requests.
    Silent,
    /// The device violated the protocol.
    Broken,
}

/// A device that accepts requests. It is reset when this is dropped.
pub(super) struct Requests {
    transport: MmioTransport<'static>,
    queue: VirtQueue<Identity, DESCRIPTORS>,
    features: u64,
    timer: &'static dyn Timer,
    silent: bool,
}

impl Requests {
    /// Resets and starts a device. `features` are the feature bits of its kind that the driver supports.
    pub(super) fn start(
        mut transport: MmioTransport<'static>,
        features: u64,
        timer: &'static dyn Timer,
    ) -> Result<Self, Refusal> {
        transport.set_status(DeviceStatus::empty());
        let mut status = DeviceStatus::ACKNOWLEDGE | DeviceStatus::DRIVER;
        transport.set_status(status);
        let features = transport.read_device_features() & (features | EVENT_INDEX | VERSION_1);
        transport.write_driver_features(features);
        status |= DeviceStatus::FEATURES_OK;
        transport.set_status(status);
        transport.set_guest_page_size(PAGE_SIZE as u32);
        let queue = VirtQueue::new(&mut transport, QUEUE, false, features & EVENT_INDEX != 0)
            .map_err(|_| Refusal::Broken)?;
        transport.set_status(status | DeviceStatus::DRIVER_OK);
        Ok(Self {
            transport,
            queue,
            features,
            timer,
            silent: false,
        })
    }

    /// Returns whether the device and the driver have negotiated these features.
    pub(super) fn has(&self, features: u64) -> bool {
        self.features & features == features
    }

    /// The registers, for the device's configuration.
    pub(super) fn transport(&self) -> &MmioTransport<'static> {
        &self.transport
    }

    /// Sends a request and waits for its end for at most `milliseconds`. Returns the number of bytes of `outputs` that the
    /// device has written.
    pub(super) fn request<'a>(
        &mut self,
        inputs: &'a [&'a [u8]],
        outputs: &'a mut [&'a mut [u8]],
        milliseconds: u64,
    ) -> Result<u32, Refusal> {
        if self.silent {
            return Err(Refusal::Silent);
        }
        // SAFETY: this function returns after the device has returned the buffers, or after a reset, when it no longer
        // accesses memory (section 2.1.2). Nothing else uses them until then.
        let token =
            unsafe { self.queue.add(inputs, &mut *outputs) }.map_err(|_| Refusal::Broken)?;
        if self.queue.should_notify() {
            self.transport.notify(QUEUE);
        }
        let deadline = Deadline::after(self.timer, milliseconds);
        while !self.queue.can_pop() {
            if deadline.passed() {
                self.silent = true;
                self.transport.set_status(DeviceStatus::empty());
                return Err(Refusal::Silent);
            }
        }
        // SAFETY: these are the buffers that were passed to `add`.
        unsafe { self.queue.pop_used(token, inputs, outputs) }.map_err(|_| Refusal::Broken)
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        // This must precede the release of the queue's memory. The transport resets the device afterwards.
        self.transport.queue_unset(QUEUE);
    }
}

/// Memory for the device. Physical addresses equal virtual ones, and the machine keeps its caches coherent with devices.
pub(super) struct Identity;

impl Identity {
    fn pages(pages: usize) -> Layout {
        Layout::from_size_align(pages * PAGE_SIZE, PAGE_SIZE).expect("a queue is a few pages")
    }
}

// SAFETY: `dma_alloc` returns new zeroed pages, and `share` the address for the device.
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
        // SAFETY: the crate passes the result of `dma_alloc` with the same number of pages.
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
