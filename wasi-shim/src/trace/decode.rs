//! Reads arguments before a call, and results after it, as the signature says.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::line::Line;
use super::signature::{Kind, Signature};
use crate::memory::Memory;
use crate::types::{
    ClockId, FdFlags, FstFlags, LookupFlags, OFlags, RiFlags, Rights, SdFlags, Whence,
};

/// How many bytes of data are shown.
const SHOWN: usize = 32;
/// How many subscriptions are shown.
const SUBSCRIPTIONS: u32 = 4;

/// Tells what goes into a call.
pub(super) fn before(signature: &Signature, args: &[u64], memory: &Memory<'_>, line: &mut Line) {
    each(signature, args, |name, kind, args| match kind {
        // A descriptor is a signed number to most programs: they say -1 for none.
        Kind::Fd => line.signed(name, i64::from(low(args[0]).cast_signed())),
        Kind::Number => line.number(name, args[0]),
        Kind::Signed => line.signed(name, args[0].cast_signed()),
        Kind::Clock => match ClockId::from_raw(low(args[0])) {
            Some(clock) => line.word(name, clock.name()),
            None => line.number(name, args[0]),
        },
        Kind::Whence => match Whence::from_raw(low(args[0])) {
            Some(whence) => line.word(name, whence.name()),
            None => line.number(name, args[0]),
        },
        Kind::LookupFlags => flags(
            line,
            name,
            args[0],
            LookupFlags::NAMES
                .iter()
                .map(|(bit, word)| (bit.0.into(), *word)),
        ),
        Kind::OFlags => flags(
            line,
            name,
            args[0],
            OFlags::NAMES
                .iter()
                .map(|(bit, word)| (bit.0.into(), *word)),
        ),
        Kind::FdFlags => flags(
            line,
            name,
            args[0],
            FdFlags::NAMES
                .iter()
                .map(|(bit, word)| (bit.0.into(), *word)),
        ),
        Kind::FstFlags => flags(
            line,
            name,
            args[0],
            FstFlags::NAMES
                .iter()
                .map(|(bit, word)| (bit.0.into(), *word)),
        ),
        Kind::RiFlags => flags(
            line,
            name,
            args[0],
            RiFlags::NAMES
                .iter()
                .map(|(bit, word)| (bit.0.into(), *word)),
        ),
        Kind::SdFlags => flags(
            line,
            name,
            args[0],
            SdFlags::NAMES
                .iter()
                .map(|(bit, word)| (bit.0.into(), *word)),
        ),
        Kind::Rights => line.word(name, &rights(args[0])),
        Kind::Text => match memory.str(low(args[0]), low(args[1])) {
            Ok(text) => line.text(name, text),
            Err(errno) => line.word(name, errno.name()),
        },
        Kind::Space => line.word(name, &format!("[{}]", args[1])),
        Kind::Reading => match memory.iovecs(low(args[0]), low(args[1])) {
            Ok((_, total)) => line.word(name, &format!("[{total}]")),
            Err(errno) => line.word(name, errno.name()),
        },
        Kind::Writing => line.text(
            name,
            &vectors(memory, low(args[0]), low(args[1]), usize::MAX),
        ),
        Kind::Subscriptions => line.word(name, &subscriptions(memory, low(args[0]), low(args[2]))),
        Kind::Out32
        | Kind::Out64
        | Kind::OutStat
        | Kind::OutFdStat
        | Kind::OutPrestat
        | Kind::OutHidden => {}
    });
}

/// Tells what comes out of a call that succeeded. What cannot be read is left out: the call itself has written it.
pub(super) fn after(signature: &Signature, args: &[u64], memory: &Memory<'_>, line: &mut Line) {
    let mut reading = None;
    each(signature, args, |name, kind, args| {
        let at = low(args[0]);
        match kind {
            Kind::Reading => reading = Some((low(args[0]), low(args[1]))),
            Kind::Space if signature.name == "fd_prestat_dir_name" => {
                line.text(name, memory.str(at, low(args[1])).unwrap_or_default());
            }
            Kind::Out32 => {
                let value = memory.u32(at).unwrap_or_default();
                line.number(name, u64::from(value));
                if let Some((iovs, count)) = reading.take() {
                    line.text("data", &vectors(memory, iovs, count, value as usize));
                }
            }
            Kind::Out64 => line.number(name, memory.u64(at).unwrap_or_default()),
            Kind::OutStat => {
                let stat: [u8; 64] = memory.array(at).unwrap_or([0; 64]);
                line.word("kind", kind_name(stat[16]));
                line.number(
                    "size",
                    memory.u64(at.saturating_add(32)).unwrap_or_default(),
                );
                line.number("ino", memory.u64(at.saturating_add(8)).unwrap_or_default());
                line.number(
                    "mtim",
                    memory.u64(at.saturating_add(48)).unwrap_or_default(),
                );
            }
            Kind::OutFdStat => {
                let stat: [u8; 24] = memory.array(at).unwrap_or([0; 24]);
                line.word("kind", kind_name(stat[0]));
                let bits = u64::from(u16::from_le_bytes([stat[2], stat[3]]));
                flags(
                    line,
                    "flags",
                    bits,
                    FdFlags::NAMES
                        .iter()
                        .map(|(bit, word)| (bit.0.into(), *word)),
                );
                line.word(
                    "rights",
                    &rights(memory.u64(at.saturating_add(8)).unwrap_or_default()),
                );
            }
            Kind::OutPrestat => line.number(
                "name_len",
                u64::from(memory.u32(at.saturating_add(4)).unwrap_or_default()),
            ),
            _ => {}
        }
    });
}

/// Goes through the arguments, each with as many numbers as it takes.
fn each(
    signature: &Signature,
    mut args: &[u64],
    mut visit: impl FnMut(&'static str, Kind, &[u64]),
) {
    for (name, kind) in signature.params {
        let Some((own, rest)) = args.split_at_checked(kind.width()) else {
            return;
        };
        visit(name, *kind, own);
        args = rest;
    }
}

/// The low half of an argument: all that there is of a 32-bit one.
fn low(value: u64) -> u32 {
    value as u32
}

fn flags(
    line: &mut Line,
    name: &'static str,
    bits: u64,
    names: impl Iterator<Item = (u64, &'static str)>,
) {
    let mut rest = bits;
    let mut text = String::new();
    for (bit, word) in names.filter(|(bit, _)| bits & bit != 0) {
        rest &= !bit;
        join(&mut text, word);
    }
    if rest != 0 {
        join(&mut text, &format!("{rest:#x}"));
    }
    if text.is_empty() {
        line.number(name, 0)
    } else {
        line.word(name, &text)
    }
}

fn join(text: &mut String, word: &str) {
    if !text.is_empty() {
        text.push('|');
    }
    text.push_str(word);
}

/// Of the rights, what decides: whether one may read and write; and all bits as a number.
fn rights(bits: u64) -> String {
    let read = if bits & Rights::FD_READ.0 != 0 {
        "r"
    } else {
        "-"
    };
    let write = if bits & Rights::FD_WRITE.0 != 0 {
        "w"
    } else {
        "-"
    };
    format!("{read}{write}:{bits:#x}")
}

fn kind_name(kind: u8) -> &'static str {
    const NAMES: [&str; 8] = [
        "unknown",
        "block_device",
        "character_device",
        "directory",
        "regular_file",
        "socket_dgram",
        "socket_stream",
        "symbolic_link",
    ];
    NAMES.get(usize::from(kind)).copied().unwrap_or("unknown")
}

/// The beginning of what stands in some buffers, up to a length.
fn vectors(memory: &Memory<'_>, iovs: u32, count: u32, len: usize) -> String {
    let Ok((vectors, _)) = memory.iovecs(iovs, count) else {
        return "EFAULT".to_string();
    };
    let mut shown = Vec::new();
    let mut left = len;
    for vector in vectors {
        let bytes = memory.bytes(vector.buf, vector.len).unwrap_or_default();
        let take = bytes.len().min(left);
        left -= take;
        shown.extend_from_slice(&bytes[..take.min(SHOWN + 1 - shown.len().min(SHOWN + 1))]);
    }
    let cut = shown.len() > SHOWN;
    shown.truncate(SHOWN);
    let mut text = String::from_utf8_lossy(&shown).into_owned();
    if cut {
        text.push('…');
    }
    text
}

fn subscriptions(memory: &Memory<'_>, at: u32, count: u32) -> String {
    let mut text = String::new();
    for index in 0..count.min(SUBSCRIPTIONS) {
        let start = at.saturating_add(index.saturating_mul(48));
        let Ok(record) = memory.array::<48>(start) else {
            break;
        };
        let number = memory.u32(start.saturating_add(16)).unwrap_or_default();
        let timeout = memory.u64(start.saturating_add(24)).unwrap_or_default();
        let word = match record[8] {
            0 if record[40] & 1 != 0 => format!("clock {number} at {timeout}"),
            0 => format!("clock {number} in {timeout}"),
            1 => format!("read {number}"),
            2 => format!("write {number}"),
            tag => format!("tag {tag}"),
        };
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&word);
    }
    if count > SUBSCRIPTIONS {
        text.push_str(&format!(", … {count} in all"));
    }
    format!("[{text}]")
}
