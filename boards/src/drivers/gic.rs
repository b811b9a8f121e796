//! Arm Generic Interrupt Controller, version 2. Source: GIC Architecture Specification (ARM IHI 0048), chapter 4.
//!
//! The interrupts are level-triggered and never acknowledged, so the line to the core follows the device's line.

use super::Mmio;
use crate::board::WakeUp;

const GICD_CTLR: usize = 0x000;
const GICD_ISENABLER: usize = 0x100;
const GICD_IPRIORITYR: usize = 0x400;
const GICD_ITARGETSR: usize = 0x800;
const GICC_CTLR: usize = 0x00;
const GICC_PMR: usize = 0x04;

/// The distributor, the interface of core 0, and the interrupts that wake it.
pub struct Gic {
    distributor: Mmio,
    interface: Mmio,
    interrupts: &'static [usize],
}

impl Gic {
    /// `interrupts` are interrupt IDs: a shared peripheral interrupt `n` has ID `32 + n`.
    ///
    /// # Safety
    /// D1 of [`Mmio`] for both blocks.
    #[must_use]
    pub const unsafe fn new(
        distributor: usize,
        interface: usize,
        interrupts: &'static [usize],
    ) -> Self {
        // SAFETY: passed on to the caller.
        unsafe {
            Self {
                distributor: Mmio::new(distributor),
                interface: Mmio::new(interface),
                interrupts,
            }
        }
    }
}

impl WakeUp for Gic {
    fn start(&self) {
        for &id in self.interrupts {
            self.distributor.write8(GICD_IPRIORITYR + id, 0x80);
            self.distributor.write8(GICD_ITARGETSR + id, 1 << 0);
            self.distributor
                .write(GICD_ISENABLER + id / 32 * 4, 1 << (id % 32));
        }
        self.distributor.write(GICD_CTLR, 1);
        self.interface.write(GICC_PMR, 0xff);
        self.interface.write(GICC_CTLR, 1);
    }
}
