//! Formats arguments before a call, and results after it, according to the signature.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::line::Line;
use super::signature::{Kind, Signature};
use crate::errno::Errno;
use crate::memory::Memory;
use crate::types::{
    ClockId, FdFlags, FileType, FstFlags, LookupFlags, OFlags, RiFlags, Rights, SdFlags, Whence,
};

/// The maximum number of data bytes that are shown.
const SHOWN: usize = 32;
/// The maximum number of subscriptions and events that are shown.
const SHOWN_RECORDS: u32 = 4;

/// Formats the arguments of a call.
pub(super) fn before(signature: &Signature, args: &[u64], memory: &Memory<'_>, line: &mut Line) {
    each(signature, args, |name, kind, args| match kind {
        // Most programs treat a descriptor as a signed number and use -1 for none.
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
        Kind::LookupFlags => flags(line, name, &LookupFlags::describe(args[0])),
        Kind::OFlags => flags(line, name, &OFlags::describe(args[0])),
        Kind::FdFlags => flags(line, name, &FdFlags::describe(args[0])),
        Kind::FstFlags => flags(line, name, &FstFlags::describe(args[0])),
        Kind::RiFlags => flags(line, name, &RiFlags::describe(args[0])),
        Kind::SdFlags => flags(line, name, &SdFlags::describe(args[0])),
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

/// Formats the results of a call that succeeded. Results that cannot be read are omitted; the call itself has written them.
pub(super) fn after(signature: &Signature, args: &[u64], memory: &Memory<'_>, line: &mut Line) {
    let mut reading = None;
    let mut events = None;
    each(signature, args, |name, kind, args| {
        let at = low(args[0]);
        match kind {
            Kind::Reading => reading = Some((low(args[0]), low(args[1]))),
            Kind::Subscriptions => events = Some(low(args[1])),
            Kind::Space if signature.name == "fd_prestat_dir_name" => {
                line.text(name, memory.str(at, low(args[1])).unwrap_or_default());
            }
            Kind::Out32 => {
                let value = memory.u32(at).unwrap_or_default();
                line.number(name, u64::from(value));
                if let Some((iovs, count)) = reading.take() {
                    line.text("data", &vectors(memory, iovs, count, value as usize));
                }
                if let Some(events) = events.take() {
                    line.word("events", &happened(memory, events, value));
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
                let mtim = memory.u64(at.saturating_add(48)).unwrap_or_default();
                line.signed("mtim", mtim.cast_signed());
            }
            Kind::OutFdStat => {
                let stat: [u8; 24] = memory.array(at).unwrap_or([0; 24]);
                line.word("kind", kind_name(stat[0]));
                let bits = u64::from(u16::from_le_bytes([stat[2], stat[3]]));
                flags(line, "flags", &FdFlags::describe(bits));
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

/// Iterates over the arguments, each with the numbers that it consists of.
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

/// The low half of an argument. A 32-bit argument has no other half.
fn low(value: u64) -> u32 {
    value as u32
}

/// Formats flags by their names. Without flags, 0.
fn flags(line: &mut Line, name: &'static str, words: &str) {
    match words {
        "" => line.number(name, 0),
        words => line.word(name, words),
    }
}

/// Formats rights: whether reading and writing are allowed, and all bits as a number.
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

fn kind_name(raw: u8) -> &'static str {
    FileType::from_raw(raw.into()).unwrap_or_default().name()
}

/// The first bytes of some buffers, up to a length.
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

/// The subscriptions of a poll.
fn subscriptions(memory: &Memory<'_>, at: u32, count: u32) -> String {
    some(count, |index| {
        let start = at.saturating_add(index.saturating_mul(48));
        let record = memory.array::<48>(start).ok()?;
        let number = memory.u32(start.saturating_add(16)).ok()?;
        let timeout = memory.u64(start.saturating_add(24)).ok()?;
        let clock = ClockId::from_raw(number).map_or("of no kind", ClockId::name);
        Some(match record[8] {
            0 if record[40] & 1 != 0 => format!("clock {clock} at {timeout} ns"),
            0 => format!("clock {clock} in {timeout} ns"),
            1 => format!("read {number}"),
            2 => format!("write {number}"),
            tag => format!("tag {tag}"),
        })
    })
}

/// The events of `poll_oneoff`: their types, with errors.
fn happened(memory: &Memory<'_>, at: u32, count: u32) -> String {
    some(count, |index| {
        let start = at.saturating_add(index.saturating_mul(32));
        let record = memory.array::<32>(start).ok()?;
        let word = match record[10] {
            0 => "clock",
            1 => "read",
            2 => "write",
            _ => "tag",
        };
        let raw = u16::from_le_bytes([record[8], record[9]]);
        let errno = Errno::from_raw(raw).filter(|_| raw != 0);
        Some(match errno {
            Some(errno) => format!("{word} {}", errno.name()),
            None => String::from(word),
        })
    })
}

/// The first few of `count` items in brackets.
fn some(count: u32, show: impl Fn(u32) -> Option<String>) -> String {
    let shown: Vec<String> = (0..count.min(SHOWN_RECORDS)).map_while(show).collect();
    let more = match count > SHOWN_RECORDS {
        true => format!(", … {count} in all"),
        false => String::new(),
    };
    format!("[{}{more}]", shown.join(", "))
}
