//! The identity map: RAM is cached, device registers are not, and all other addresses are unmapped.
//!
//! With the MMU off, all memory counts as device memory: unaligned accesses fault and nothing is cached. So the map exists
//! for its attributes. Addresses have 39 bits with a 4 KiB granule (DDI 0487, D8): one level-1 table of 512 entries of 1
//! GiB. An entry with both RAM and devices points to a level-2 table of 512 blocks of 2 MiB.

use core::{arch::asm, cell::UnsafeCell, ops::Range};

const TABLE: u64 = 0b11;
const BLOCK: u64 = 0b01;
const ACCESSED: u64 = 1 << 10;
const INNER_SHAREABLE: u64 = 0b11 << 8;
const NEVER_EXECUTE: u64 = 0b11 << 53;
/// Index 0 of MAIR_EL1 below: Normal memory, write-back, allocating.
const NORMAL: u64 = BLOCK | ACCESSED | INNER_SHAREABLE;
/// Index 1 of MAIR_EL1 below: Device-nGnRE; never executed, so that nothing is fetched from it speculatively.
const DEVICE: u64 = BLOCK | ACCESSED | NEVER_EXECUTE | 1 << 2;
const MEMORY_ATTRIBUTES: u64 = 0x04ff;
/// T0SZ = 25 (39 bits), walks cached and inner shareable, TTBR1 off, 40-bit physical addresses.
const TRANSLATION_CONTROL: u64 = 25 | 0b01 << 8 | 0b01 << 10 | 0b11 << 12 | 1 << 23 | 0b010 << 32;
/// SCTLR_EL1: M, C and I on; A (alignment check) off; the rest RES1.
const SYSTEM_CONTROL: u64 = 0x30d0_0800 | 1 << 0 | 1 << 2 | 1 << 12;

const GIB: usize = 1 << 30;
const BLOCK_SIZE: usize = 2 << 20;
const LEVEL_2_TABLES: usize = 8;

#[repr(C, align(4096))]
struct Tables {
    level1: [u64; 512],
    level2: [[u64; 512]; LEVEL_2_TABLES],
    level2_used: usize,
}

struct Shared(UnsafeCell<Tables>);

// SAFETY: A1 of `arch`: one core, and no interrupt handler. The functions below never hold two references at the same time.
unsafe impl Sync for Shared {}

static TABLES: Shared = Shared(UnsafeCell::new(Tables {
    level1: [0; 512],
    level2: [[0; 512]; LEVEL_2_TABLES],
    level2_used: 0,
}));

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
            "dsb sy", "tlbi vmalle1", "ic iallu", "dsb sy",
            "msr mair_el1, {mair}", "msr tcr_el1, {tcr}", "msr ttbr0_el1, {ttbr}", "isb",
            "msr sctlr_el1, {sctlr}", "isb",
            mair = in(reg) MEMORY_ATTRIBUTES,
            tcr = in(reg) TRANSLATION_CONTROL,
            ttbr = in(reg) TABLES.0.get() as u64,
            sctlr = in(reg) SYSTEM_CONTROL,
            options(nostack),
        );
    }
}

/// Maps more RAM, while the MMU is on.
pub fn add_ram(ram: &Range<usize>) {
    map(ram, NORMAL);
    // SAFETY: only invalid entries have changed, which no TLB holds (DDI 0487, D8.17.1). Page-table walks see the new
    // entries now.
    unsafe { asm!("dsb ishst", "isb", options(nostack, preserves_flags)) }
}

/// Fills the empty entries of `range`. Existing entries do not change.
fn map(range: &Range<usize>, attributes: u64) {
    // SAFETY: see `Shared`.
    let tables = unsafe { &mut *TABLES.0.get() };
    let mut at = range.start & !(BLOCK_SIZE - 1);
    while at < range.end {
        let entry = &mut tables.level1[at / GIB];
        if *entry == 0 && at % GIB == 0 && range.end - at >= GIB {
            *entry = at as u64 | attributes;
        }
        if *entry & TABLE == BLOCK {
            at = (at / GIB + 1) * GIB;
            continue;
        }
        if *entry == 0 {
            let table = &raw mut tables.level2[tables.level2_used];
            tables.level2_used += 1;
            *entry = table as u64 | TABLE;
        }
        // SAFETY: a table entry holds the address of one of `level2`, which lies at its own address in the identity map.
        let table = unsafe { &mut *((*entry & !0xfff) as *mut [u64; 512]) };
        let block = &mut table[at % GIB / BLOCK_SIZE];
        if *block == 0 {
            *block = at as u64 | attributes;
        }
        at += BLOCK_SIZE;
    }
}

/// Invalidates cache lines of the kernel from before it was loaded. With caches off, the kernel was written past them.
fn discard_stale_lines(image: &Range<usize>) {
    let cache_type: usize;
    // SAFETY: reads CTR_EL0, whose bits 19 to 16 are the log2 of the words in the smallest data cache line.
    unsafe {
        asm!("mrs {}, ctr_el0", out(reg) cache_type, options(nomem, nostack, preserves_flags))
    };
    let line = 4usize << (cache_type >> 16 & 0xf);
    for address in (image.start..image.end).step_by(line) {
        // SAFETY: memory holds the only current copy of these lines, because the caches are off.
        unsafe { asm!("dc ivac, {}", in(reg) address, options(nostack, preserves_flags)) }
    }
}
