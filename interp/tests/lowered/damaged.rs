//! Files whose bytes were changed. Each is refused, or runs within its limits, without a panic and without an access out of bounds
//! (the latter shows in builds with AddressSanitizer).
//!
//! A number always causes the same damage. `DAMAGED=N` tries N files of each module in place of some hundred. `DAMAGED_MODULE=FILE`
//! takes the module in that file, a program for example, in place of the listings.

use std::panic::{AssertUnwindSafe, catch_unwind};

use interp::dispatch::{OpNumber, granule};
use interp::ops::COUNT;
use interp::{Module, ModuleBytes};

use crate::{engine, exported, lazy, modules, outcomes};

/// A pseudo-random number from another (splitmix64).
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Changes one to four granules of `bytes`, from byte `first` on, and more in a large file.
fn damage(bytes: &mut [u8], first: usize, seed: &mut u64) {
    let granules = (bytes.len() - first) / 2;
    for _ in 0..=next(seed) % 4 + granules as u64 / 5000 {
        let at = first + 2 * (next(seed) as usize % granules);
        let old = u16::from_ne_bytes([bytes[at], bytes[at + 1]]);
        let other = first + 2 * (next(seed) as usize % granules);
        let new = match next(seed) % 6 {
            // A bit.
            0 => old ^ 1 << (next(seed) % 16),
            // Another op.
            1 => granule(OpNumber((next(seed) as usize % COUNT) as u16)),
            // A neighbour: another shape of the same instruction, another slot.
            2 => old.wrapping_add(1),
            3 => old.wrapping_sub(granule(OpNumber(1))),
            // A slot or an index.
            4 => (next(seed) % 12) as u16,
            // What stands elsewhere.
            _ => u16::from_ne_bytes([bytes[other], bytes[other + 1]]),
        };
        bytes[at..at + 2].copy_from_slice(&new.to_ne_bytes());
    }
}

#[test]
fn damaged_files_harm_the_program_only() {
    let tries = std::env::var("DAMAGED").map_or(300, |n| n.parse().expect("a number"));
    let (mut refused, mut ran, mut changed) = (0, 0, 0);
    let modules = match std::env::var("DAMAGED_MODULE") {
        Ok(path) => {
            let bytes = std::fs::read(&path).expect("a file");
            vec![(path, exported(&bytes))]
        }
        Err(_) => modules(),
    };
    for (name, bytes) in modules {
        let module = Module::new(&engine(), bytes).expect("it is valid");
        let Ok(whole) = module.serialize_stripped() else {
            continue;
        };
        let usual = outcomes(&module).expect("it is instantiated");
        for number in 0..tries {
            let mut seed = number;
            let mut bytes = whole.clone();
            // A third of them anywhere, the others in the code, which is the last section.
            let first = match number % 3 {
                0 => 12,
                _ => bytes.len() - bytes.len() / 3,
            };
            damage(&mut bytes, first & !1, &mut seed);
            let bytes = match number % 2 {
                0 => ModuleBytes::from(bytes),
                _ => ModuleBytes::from_owner(bytes),
            };
            let engine = if number % 5 == 0 { engine() } else { lazy() };
            let run = || {
                let module = Module::deserialize(&engine, bytes)?;
                outcomes(&module)
            };
            match catch_unwind(AssertUnwindSafe(run)) {
                Ok(Ok(all)) => {
                    ran += 1;
                    changed += usize::from(all != usual);
                }
                Ok(Err(_)) => refused += 1,
                Err(_) => panic!("{name}, damage {number}"),
            }
        }
    }
    println!("{refused} were refused, {ran} ran, {changed} with another outcome");
    assert!(refused > 0 && changed > 0);
}
