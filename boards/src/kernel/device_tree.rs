//! The description of the machine from the boot loader or emulator: the flattened device tree (Devicetree Specification
//! 0.4).
//!
//! It is read once, before any memory is allocated, because it may be anywhere in RAM and is overwritten later. The memory
//! that it reserves is never allocated.

use core::ops::Range;

use dtoolkit::{
    Node as _, Property as _,
    fdt::{Fdt, FdtNode},
};

use crate::{arch, board::Board, ram};

/// The properties that the kernel uses.
pub(super) struct Facts {
    /// The largest free part of the kernel's RAM after the kernel.
    pub(super) free: Range<usize>,
    /// The initial RAM disk. It is the disk on boards without a driver for theirs.
    pub(super) initrd: Option<Range<usize>>,
    /// Ticks per second of a RISC-V machine's counter; 0 if unknown.
    pub(super) timebase: u64,
    /// Random bytes from the boot loader.
    pub(super) seed: [u8; 32],
}

/// Reads the device tree at `address`, or at the board's address. Without one, the RAM is the size that the firmware
/// reported, or the board's minimum.
pub(super) fn read(board: &Board, address: usize, told: Option<Range<usize>>) -> Facts {
    let kernel = arch::image();
    let ram = told.filter(|ram| ram.contains(&kernel.start));
    let ram = ram.unwrap_or_else(|| board.ram.clone());
    let mut facts = Facts {
        free: kernel.end..ram.end,
        initrd: None,
        timebase: 0,
        seed: [0; 32],
    };
    let address = if address == 0 {
        board.device_tree
    } else {
        address
    };
    if address == 0 || address % 8 != 0 {
        return facts;
    }
    arch::mmu::add_ram(&(address..address + MAX_SIZE));
    // SAFETY: the boot protocols pass the address of a device tree or 0. Its header is checked, and it is at most
    // `MAX_SIZE` long.
    let Ok(tree) = (unsafe { Fdt::from_raw(address as *const u8) }) else {
        return facts;
    };
    let ram = memory(tree).find(|ram| ram.contains(&kernel.start));
    let end = ram.map_or(facts.free.end, |ram| ram.end);
    let timebase = tree
        .find_node("/cpus")
        .and_then(|cpus| number(&cpus, "timebase-frequency"));
    facts.timebase = timebase.map_or(0, |hertz| hertz as u64);
    if let Some(chosen) = tree.find_node("/chosen") {
        let start = number(&chosen, "linux,initrd-start");
        let end = number(&chosen, "linux,initrd-end");
        facts.initrd = start
            .zip(end)
            .map(|(start, end)| start..end)
            .filter(|range| !range.is_empty());
        if let Some(seed) = chosen.property("rng-seed") {
            for (to, from) in facts.seed.iter_mut().zip(seed.value()) {
                *to = *from;
            }
        }
    }
    let initrd = facts.initrd.clone();
    let free = ram::largest_gap(&(kernel.end..end), || {
        ram::reserved(tree).chain(initrd.clone())
    });
    facts.free = free.start.next_multiple_of(PAGE).min(free.end)..free.end & !(PAGE - 1);
    facts
}

/// Free memory begins and ends at a page, as the allocator and the guest's memory require.
const PAGE: usize = 64 << 10;

/// The maximum size of a device tree.
const MAX_SIZE: usize = 1 << 20;

fn memory(tree: Fdt<'_>) -> impl Iterator<Item = Range<usize>> {
    let nodes = tree
        .root()
        .children()
        .filter(|node| node.name_without_address() == "memory");
    nodes
        .filter_map(|node| node.reg().ok().flatten())
        .flatten()
        .filter_map(|reg| {
            let start = usize::try_from(reg.address::<u64>().ok()?).ok()?;
            let size = usize::try_from(reg.size::<u64>().ok()?).ok()?;
            Some(start..start.checked_add(size)?)
        })
}

/// A number of one or two cells.
fn number(node: &FdtNode<'_>, name: &str) -> Option<usize> {
    let property = node.property(name)?;
    let number = property
        .value()
        .iter()
        .fold(0u64, |number, &byte| number << 8 | u64::from(byte));
    usize::try_from(number).ok()
}
