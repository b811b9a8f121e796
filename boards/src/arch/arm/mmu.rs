//! The identity map: RAM is cached, device registers are not, and all other addresses are unmapped.
//!
//! With the MMU off, all data accesses count as strongly ordered: unaligned ones fault and nothing is cached. So the map
//! exists for its attributes. One level of 4096 sections of 1 MiB (DDI 0406, B3.5).

use core::{arch::asm, cell::UnsafeCell, ops::Range};

const SECTION: u32 = 0b10;
const FULL_ACCESS: u32 = 0b11 << 10;
/// TEX 001, C, B: Normal memory, write-back, allocating; not shared, as one core runs.
const NORMAL: u32 = SECTION | FULL_ACCESS | 0b001 << 12 | 1 << 3 | 1 << 2;
/// TEX 000, B: Device memory; never executed, so that nothing is fetched from it speculatively.
const DEVICE: u32 = SECTION | FULL_ACCESS | 1 << 2 | 1 << 4;
/// SCTLR bits M, C, Z (branch prediction), I.
const ON: u32 = 1 << 0 | 1 << 2 | 1 << 11 | 1 << 12;
const SECTION_SHIFT: u32 = 20;

#[repr(C, align(16384))]
struct Table(UnsafeCell<[u32; 4096]>);

// SAFETY: A1 of `arch`: one core, and no interrupt handler. The functions below never hold two references at the same time.
unsafe impl Sync for Table {}

static TABLE: Table = Table(UnsafeCell::new([0; 4096]));

/// Maps `ram` and `devices` to themselves and turns the MMU and the caches on. Called once.
pub fn enable(ram: &Range<usize>, devices: &[Range<usize>]) {
    for range in devices {
        map(range, DEVICE);
    }
    map(ram, NORMAL);
    discard_stale_lines(&crate::arch::image());
    // SAFETY: the map is the identity and covers code, stack and devices, so execution continues at the same address.
    unsafe {
        asm!(
            "dsb",
            "mcr p15, 0, {zero}, c8, c7, 0",  // TLBIALL
            "mcr p15, 0, {zero}, c7, c5, 0",  // ICIALLU
            "mcr p15, 0, {zero}, c7, c5, 6",  // BPIALL
            "mcr p15, 0, {zero}, c2, c0, 2",  // TTBCR: TTBR0 for all addresses
            "mcr p15, 0, {domain}, c3, c0, 0", // DACR: domain 0 obeys the sections' access bits
            "mcr p15, 0, {table}, c2, c0, 0", // TTBR0
            "dsb", "isb",
            "mrc p15, 0, {control}, c1, c0, 0",
            "orr {control}, {control}, {on}",
            "mcr p15, 0, {control}, c1, c0, 0",
            "isb",
            zero = in(reg) 0,
            domain = in(reg) 1,
            table = in(reg) TABLE.0.get() as u32,
            on = in(reg) ON,
            control = out(reg) _,
            options(nostack),
        );
    }
}

/// Maps more RAM, while the MMU is on.
pub fn add_ram(ram: &Range<usize>) {
    map(ram, NORMAL);
    // SAFETY: only invalid entries have changed, which no TLB holds (DDI 0406, B3.10.1). Page-table walks do not read the
    // data cache, so the table is cleaned from it (DCCMVAC).
    unsafe {
        for entry in
            (TABLE.0.get() as usize..TABLE.0.get() as usize + size_of::<Table>()).step_by(16)
        {
            asm!("mcr p15, 0, {}, c7, c10, 1", in(reg) entry, options(nostack, preserves_flags));
        }
        asm!("dsb", "isb", options(nostack, preserves_flags));
    }
}

/// Fills the empty entries of `range`. Existing entries do not change.
fn map(range: &Range<usize>, attributes: u32) {
    // SAFETY: see `Table`.
    let table = unsafe { &mut *TABLE.0.get() };
    for section in range.start >> SECTION_SHIFT..range.end.div_ceil(1 << SECTION_SHIFT) {
        if table[section] == 0 {
            table[section] = (section as u32) << SECTION_SHIFT | attributes;
        }
    }
}

/// Invalidates cache lines of the kernel from before it was loaded. With caches off, the kernel was written past them.
fn discard_stale_lines(image: &Range<usize>) {
    let cache_type: usize;
    // SAFETY: reads CTR, whose bits 19 to 16 are the log2 of the words in the smallest data cache line.
    unsafe {
        asm!("mrc p15, 0, {}, c0, c0, 1", out(reg) cache_type, options(nomem, nostack, preserves_flags))
    };
    let line = 4usize << (cache_type >> 16 & 0xf);
    for address in (image.start..image.end).step_by(line) {
        // SAFETY: DCIMVAC; memory holds the only current copy of these lines, because the caches are off.
        unsafe {
            asm!("mcr p15, 0, {}, c7, c6, 1", in(reg) address, options(nostack, preserves_flags))
        }
    }
}
