//! Scenarios with machines that differ from the table: other devices, other sizes of memory, another boot loader.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use board_card::table::Entry;

use super::bench::{Bench, Outcome};
use super::card;
use super::scenarios::{TRAPPING, told};
use crate::board::machine::Machine;
use crate::process;

const DISK: &str = "virtio-blk-device,drive=disk";

/// Sizes of memory in MiB: all when run by hand, and a sample in the gate.
const MEMORY: std::ops::RangeInclusive<u32> = 9..=40;
const MEMORY_SAMPLE: [u32; 3] = [9, 14, 40];

/// The reason why a board has no slots for virtio devices.
pub(super) fn no_slots(entry: &Entry) -> Option<&'static str> {
    let has = entry.qemu.iter().any(|word| word == DISK);
    (!has).then_some("this machine has no slots for devices")
}

/// The reason why a board's memory cannot be chosen.
pub(super) fn fixed_memory(entry: &Entry) -> Option<&'static str> {
    let fixed = entry.volatile || !entry.qemu.iter().any(|word| word == "{memory}");
    fixed.then_some("the emulator gives this machine the memory that it has")
}

/// The reason why a board is no Raspberry Pi.
pub(super) fn no_pi(entry: &Entry) -> Option<&'static str> {
    let is = entry.about.contains("Raspberry Pi");
    (!is).then_some("this is no Raspberry Pi")
}

/// Every machine boots, with any devices in any slots.
pub(super) fn devices(bench: &Bench<'_>) -> Result<()> {
    let program = bench.folder.join("trap.wasm");
    std::fs::write(&program, TRAPPING)?;
    let card = bench.card_with_settings(&program, "")?;
    let blank = bench.folder.join("blank.img");
    std::fs::File::create(&blank)?.set_len(1 << 20)?;
    let blank = [
        "-drive".to_owned(),
        format!("file={},if=none,format=raw,id=blank", blank.display()),
    ];
    let others = [
        "virtio-rng-device",
        "virtio-net-device",
        "virtio-blk-device,drive=blank",
        "virtio-serial-device",
    ];
    let orders = match bench.all {
        true => orders(&others),
        false => vec![
            vec![DISK],
            vec![others[0], DISK],
            vec![others[2], DISK, others[1], others[0]],
            vec![DISK, others[3], others[2]],
        ],
    };
    for order in orders {
        let options = order.iter().flat_map(|device| ["-device", device]);
        let machine = Machine {
            devices: Some(
                blank
                    .iter()
                    .map(String::as_str)
                    .chain(options)
                    .map(str::to_owned)
                    .collect(),
            ),
            ..bench.machine(&card)
        };
        told(&bench.boot_machine(&machine)?, 134, "unreachable")
            .with_context(|| format!("with the devices {}", order.join(", ")))?;
    }
    Ok(())
}

/// The disk with every subset of `others` in every order.
fn orders<'d>(others: &[&'d str]) -> Vec<Vec<&'d str>> {
    let mut found = vec![vec![DISK]];
    let mut at = 0;
    while let Some(shorter) = found.get(at).cloned() {
        for other in others.iter().filter(|other| !shorter.contains(other)) {
            for place in 0..=shorter.len() {
                let mut longer = shorter.clone();
                longer.insert(place, other);
                if !found.contains(&longer) {
                    found.push(longer);
                }
            }
        }
        at += 1;
    }
    found
}

/// A random number generator that never returns a number. When run by hand, also a disk that takes minutes for a read.
pub(super) fn silent_devices(bench: &Bench<'_>) -> Result<()> {
    let card = bench.card(&["exit", "7"], None)?;
    let silent = bench.folder.join("silent");
    if !silent.exists() {
        process::run(Command::new("mkfifo").arg(&silent))?;
    }
    let source = format!("rng-random,id=silent,filename={}", silent.display());
    let words = [
        "-object",
        &source,
        "-device",
        "virtio-rng-device,rng=silent",
        "-device",
        DISK,
    ];
    let machine = Machine {
        devices: Some(words.map(str::to_owned).to_vec()),
        ..bench.machine(&card)
    };
    told(
        &bench.boot_machine(&machine)?,
        7,
        "virtio random number generator: no answer to a request for numbers within 2 s",
    )?;
    if bench.all {
        let slow = format!(
            "file={},if=none,format=raw,id=slow,throttling.bps-total=512",
            card.display()
        );
        let words = ["-drive", &slow, "-device", "virtio-blk-device,drive=slow"];
        let machine = Machine {
            devices: Some(words.map(str::to_owned).to_vec()),
            // Without its disk, because two machines would use the same file.
            image: bench.folder.join("blank.img"),
            ..bench.machine(&card)
        };
        std::fs::File::create(&machine.image)?.set_len(1 << 20)?;
        told(
            &bench.boot_machine(&machine)?,
            1,
            "virtio disk: no answer to a read within 20 s",
        )?;
    }
    Ok(())
}

/// If a program takes all memory, its allocation fails and the volume is unmounted, or a message explains that the program
/// does not fit.
pub(super) fn all_memory(bench: &Bench<'_>) -> Result<()> {
    let c_guest = bench.c_guest()?;
    let sizes = match bench.all {
        true => MEMORY.collect(),
        false => MEMORY_SAMPLE.to_vec(),
    };
    // The program's code alone takes more than the reserve after its memory has taken the rest.
    let code = bench.folder.join("code.wasm");
    std::fs::write(&code, much_code())?;
    let card = bench.card_with_settings(&code, "")?;
    let outcome = bench.boot_with(Some("9M"), &card)?;
    told(
        &outcome,
        134,
        "stopped: out of memory; the interpreter needs",
    )?;
    card::check(&card)?;
    for size in sizes {
        let memory = format!("{size}M");
        let run = |program: &Path, settings: &str| -> Result<Outcome> {
            let card = bench.card_with_settings(program, settings)?;
            let outcome = bench.boot_with(Some(&memory), &card)?;
            card::check(&card)?;
            Ok(outcome)
        };
        let context = || format!("with {memory} of RAM");
        // malloc fails, and the program prints a message.
        let outcome = run(&c_guest, "").with_context(context)?;
        told(&outcome, 3, "no more memory").with_context(context)?;
        // It is no program of Go's, so it gets no PWD.
        told(&outcome, 3, "PWD is not set\n/dev/null is there\n").with_context(context)?;
        let outcome = run(&bench.guest, "args = [\"hog\"]\n").with_context(context)?;
        // Go's runtime has other words while it starts.
        let words = ["out of memory", "runtime: cannot allocate memory"];
        let gone =
            outcome.status == Some(2) && words.iter().any(|words| outcome.console.contains(words));
        let unfit = outcome.status == Some(1)
            && outcome
                .console
                .contains("does not fit into the memory of this machine")
            && outcome.console.lines().count() == 1;
        ensure!(
            gone || unfit && size < 16,
            "with {memory} of RAM: status {:?}; the console shows {:?}",
            outcome.status,
            outcome.console
        );
    }
    Ok(())
}

/// A module that grows its memory until that fails, and then calls many functions, each of which must be lowered.
fn much_code() -> Vec<u8> {
    const FUNCTIONS: usize = 1500;
    /// `i32.const 4; i32.const 4; i32.load; i32.const 7; i32.mul; i32.store`
    const WORK: &[u8] = b"\x41\x04\x41\x04\x28\x02\0\x41\x07\x6c\x36\x02\0";
    /// `loop; i32.const 1; memory.grow 0; i32.const -1; i32.ne; br_if 0; end`
    const GROW: &[u8] = b"\x03\x40\x41\x01\x40\0\x41\x7f\x47\x0d\0\x0b";
    let mut bodies = leb(FUNCTIONS + 1);
    for _ in 0..FUNCTIONS {
        let body = [b"\0".as_slice(), &WORK.repeat(150), b"\x0b"].concat();
        bodies.extend([leb(body.len()), body].concat());
    }
    let calls = (0..FUNCTIONS).flat_map(|func| [vec![0x10], leb(func)].concat());
    let start = [b"\0".as_slice(), GROW, &calls.collect::<Vec<_>>(), b"\x0b"].concat();
    bodies.extend([leb(start.len()), start].concat());
    let types = [leb(FUNCTIONS + 1), vec![0; FUNCTIONS + 1]].concat();
    let exports = [
        b"\x02\x06memory\x02\0\x06_start\0".as_slice(),
        &leb(FUNCTIONS),
    ]
    .concat();
    let sections = [
        (1, b"\x01\x60\0\0".to_vec()),
        (3, types),
        (5, b"\x01\0\x01".to_vec()),
        (7, exports),
        (10, bodies),
    ];
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    for (id, contents) in sections {
        module.push(id);
        module.extend([leb(contents.len()), contents].concat());
    }
    module
}

/// A number in LEB128.
fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// U-Boot finds the kernel on the card and boots it like Linux. The program runs from the same card.
pub(super) fn u_boot(bench: &Bench<'_>) -> Result<()> {
    let card = bench.card_for_u_boot(&["exit", "42"])?;
    let machine = Machine {
        u_boot: true,
        // U-Boot's default addresses of the kernel, the device tree and a RAM disk are beyond 128 MiB.
        memory: Some("512M".to_owned()),
        ..bench.machine(&card)
    };
    let outcome = bench.boot_machine(&machine)?;
    told(&outcome, 42, "")?;
    card::check(&card)
}

/// The kernel sets the pins of the serial port, and uses all the memory that the firmware leaves.
pub(super) fn raspberry_pi(bench: &Bench<'_>) -> Result<()> {
    let settings = "args = [\"talk\"]\n[console]\nlog = \"info\"\n";
    let card = bench.card_with_settings(&bench.guest, settings)?;
    let socket = bench.folder.join("monitor");
    let mut machine = bench.machine(&card);
    machine.more = vec![
        "-monitor".to_owned(),
        format!("unix:{},server,nowait", socket.display()),
        "-serial".to_owned(),
        "stdio".to_owned(),
    ];
    let mut session = bench.start_machine(&machine)?;
    session.wait_for("ready", 1)?;
    // GPFSEL1: three bits for each of the pins 10 to 19; ALT0 is 0b100.
    let functions = word_at(&socket, 0x3f20_0004)?;
    ensure!(
        functions >> 12 & 0b11_1111 == 0b10_0100,
        "GPFSEL1 is {functions:#x}"
    );
    session.send("\x04")?;
    let outcome = session.finish()?;
    let free = outcome
        .console
        .split("KiB of RAM are free")
        .next()
        .and_then(|text| text.split_whitespace().last())
        .and_then(|number| number.parse::<u32>().ok());
    // QEMU's board has a gigabyte. The graphics processor reserves 64 MiB.
    ensure!(
        free.is_some_and(|kib| (900 << 10..960 << 10).contains(&kib)),
        "the console shows {:?}",
        outcome.console
    );
    told(&outcome, 0, "end <nil>")
}

/// Reads a word of the machine's physical memory through QEMU's monitor.
#[cfg(unix)]
fn word_at(socket: &PathBuf, address: u32) -> Result<u32> {
    use std::io::{BufRead, BufReader, Write};
    let mut monitor = std::os::unix::net::UnixStream::connect(socket)?;
    writeln!(monitor, "xp /1wx {address:#x}")?;
    let answer = format!("{address:016x}: 0x");
    for line in BufReader::new(monitor).lines() {
        if let Some((_, number)) = line?.split_once(&answer) {
            return Ok(u32::from_str_radix(number.trim(), 16)?);
        }
    }
    anyhow::bail!("the monitor gave no answer")
}

/// The same on systems without such sockets.
#[cfg(not(unix))]
fn word_at(_socket: &PathBuf, _address: u32) -> Result<u32> {
    anyhow::bail!("QEMU's monitor is only asked on Unix")
}
