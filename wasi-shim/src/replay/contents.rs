//! [`Contents`]: what a log says, without the program.

use alloc::vec::Vec;

use embedded_io::Read;

use super::chunks::Reader;
use super::error::LogError;
use super::{END, End, REFUSAL};
use crate::calls::table;

/// A call in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its name.
    pub name: &'static str,
    /// The fuel that the guest had consumed before.
    pub fuel: u64,
    /// The errno that it returned.
    pub errno: u32,
    /// The bytes that it wrote to the guest's memory.
    pub read: u64,
    /// The standard stream that it wrote to, and how many bytes.
    pub written: Option<(super::Standard, u32)>,
    /// The status of the guest, if the call ended it.
    pub status: Option<u32>,
}

/// The calls in a log, and the end of the run.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// The calls in their order.
    pub calls: Vec<Recorded>,
    /// The end, if the log has one.
    pub end: Option<End>,
}

impl Contents {
    /// Reads a log. It may have no end yet.
    ///
    /// # Errors
    /// It cannot be read, or is no log, or is damaged.
    pub fn read(source: impl Read + Send + 'static) -> Result<Self, LogError> {
        let mut log = Reader::new(source)?;
        log.block()?;
        let mut contents = Self::default();
        let mut fuel = 0_u64;
        while log.has_more()? {
            let [tag] = log.array()?;
            match tag {
                REFUSAL => {
                    log.number()?;
                }
                END => {
                    let block = log.block()?;
                    let end = postcard::from_bytes(&block)
                        .map_err(|_| log.damaged("the end of the run cannot be read"))?;
                    contents.end = Some(end);
                    break;
                }
                call if usize::from(call) < table::COUNT => {
                    let call = recorded(&mut log, call, &mut fuel)?;
                    contents.calls.push(call);
                }
                _ => return Err(log.damaged("a record is of no known kind")),
            }
        }
        Ok(contents)
    }
}

fn recorded(log: &mut Reader, number: u8, fuel: &mut u64) -> Result<Recorded, LogError> {
    *fuel = fuel.saturating_add(log.number()?);
    let [_, _] = log.array()?;
    let outcome = log.small()?;
    let written = match outcome >> 1 & 3 {
        0 => None,
        1 => Some((super::Standard::Out, log.small()?)),
        _ => Some((super::Standard::Err, log.small()?)),
    };
    let status = match outcome & 1 {
        0 => None,
        _ => Some(log.small()?),
    };
    let mut read = 0;
    for _ in 0..log.number()? {
        let (_, len) = (log.small()?, log.small()?);
        log.skip(len)?;
        read += u64::from(len);
    }
    Ok(Recorded {
        name: table::name(number),
        fuel: *fuel,
        errno: outcome >> 3,
        read,
        written,
        status,
    })
}
