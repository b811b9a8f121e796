//! The header of an entry of a tar archive, with the values of its extension headers.
//! ```text
//! 0    100  108 116 124   136    148       156   157       257      265        345    500
//! name mode uid gid size  mtime  checksum  type  link name "ustar"  names...   prefix
//! ```

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::archive_error::ArchiveProblem;
use crate::types::timestamp;

/// The name of an entry for messages; `None` if it has none.
pub(super) fn shown_name(header: &[u8], extended: &Extended) -> Option<String> {
    let field = |bytes: &[u8]| {
        let len = bytes.iter().position(|byte| *byte == 0);
        String::from_utf8_lossy(&bytes[..len.unwrap_or(bytes.len())]).into_owned()
    };
    let name = match &extended.path {
        Some(path) => path.clone(),
        None if has_prefix(header) => {
            alloc::format!("{}/{}", field(&header[345..500]), field(&header[..100]))
        }
        None => field(&header[..100]),
    };
    (!name.is_empty()).then_some(name)
}

/// Returns whether the start of the name is in a separate field. GNU tar's own format stores times there.
pub(super) fn has_prefix(header: &[u8]) -> bool {
    &header[257..263] == b"ustar\0" && header[345] != 0
}

/// The contents of extension headers for the next entry.
#[derive(Default)]
pub(super) struct Extended {
    path: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    mtime: Option<u64>,
    /// The time that a global header gives to all entries.
    global_mtime: Option<u64>,
}

impl Extended {
    /// Reads the content of an extension header.
    pub(super) fn take(&mut self, kind: u8, content: &[u8]) -> Result<(), ArchiveProblem> {
        match kind {
            b'L' => self.path = Some(text(content)?.to_owned()),
            b'K' => self.link = Some(text(content)?.to_owned()),
            _ => {
                let mut rest = content;
                while !rest.is_empty() {
                    rest = self.record(kind == b'g', rest)?;
                }
            }
        }
        Ok(())
    }

    /// Reads one record, `<length> <key>=<value>\n`, whose length includes all of it. Returns the bytes after it.
    fn record<'a>(&mut self, global: bool, rest: &'a [u8]) -> Result<&'a [u8], ArchiveProblem> {
        let parse = || {
            let space = rest.iter().position(|byte| *byte == b' ')?;
            let len: usize = core::str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
            let record = rest.get(space + 1..len)?.strip_suffix(b"\n")?;
            let equals = record.iter().position(|byte| *byte == b'=')?;
            Some((&record[..equals], &record[equals + 1..], &rest[len..]))
        };
        let (key, value, behind) = parse().ok_or(ArchiveProblem::PaxRecord)?;
        let value = core::str::from_utf8(value);
        match (key, global) {
            (b"mtime", true) => self.global_mtime = Some(seconds(value)?),
            (b"mtime", false) => self.mtime = Some(seconds(value)?),
            (b"path", false) => self.path = Some(plain(value)?),
            (b"linkpath", false) => self.link = Some(plain(value)?),
            (b"size", false) => {
                let size = value.ok().and_then(|text| text.parse().ok());
                self.size = Some(size.ok_or(ArchiveProblem::Number)?);
            }
            _ => {}
        }
        Ok(behind)
    }

    /// Clears all but the global values.
    pub(super) fn end_of_entry(&mut self) {
        *self = Extended {
            global_mtime: self.global_mtime,
            ..Extended::default()
        };
    }
}

/// A name from a pax record.
pub(super) fn plain(value: Result<&str, core::str::Utf8Error>) -> Result<String, ArchiveProblem> {
    match value {
        Ok(text) if !text.contains('\0') => Ok(text.to_owned()),
        _ => Err(ArchiveProblem::Name),
    }
}

/// Decimal seconds, optionally with a fraction, in nanoseconds. Negative before 1970.
pub(super) fn seconds(value: Result<&str, core::str::Utf8Error>) -> Result<u64, ArchiveProblem> {
    let parse = |text: &str| {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let digits = fraction.bytes().chain(core::iter::repeat(b'0')).take(9);
        let nanoseconds = digits.into_iter().try_fold(0i128, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + i128::from(digit - b'0'))
        })?;
        let whole: u64 = whole.parse().ok()?;
        Some(timestamp(
            sign * (i128::from(whole) * 1_000_000_000 + nanoseconds),
        ))
    };
    value.ok().and_then(parse).ok_or(ArchiveProblem::Number)
}

/// The text in a field, up to its first NUL.
pub(super) fn text(field: &[u8]) -> Result<&str, ArchiveProblem> {
    let len = field.iter().position(|byte| *byte == 0);
    let field = &field[..len.unwrap_or(field.len())];
    core::str::from_utf8(field).map_err(|_| ArchiveProblem::Name)
}

/// The number in a field that is never negative.
pub(super) fn number(field: &[u8]) -> Result<u64, ArchiveProblem> {
    u64::try_from(signed(field)?).map_err(|_| ArchiveProblem::Number)
}

/// A number in a field: octal digits, or big-endian bytes after a byte with its top bit set, in two's complement.
pub(super) fn signed(field: &[u8]) -> Result<i128, ArchiveProblem> {
    if let [first, rest @ ..] = field
        && first & 0x80 != 0
    {
        // The bit below the top one is the sign. The longest field has twelve bytes, which fit.
        let start = i128::from(first & 0x3f) - i128::from(first & 0x40);
        return Ok(rest
            .iter()
            .fold(start, |sum, byte| sum * 256 + i128::from(*byte)));
    }
    let digits = core::str::from_utf8(field).map_err(|_| ArchiveProblem::Number)?;
    match digits.trim_matches([' ', '\0']) {
        "" => Ok(0),
        digits => u64::from_str_radix(digits, 8)
            .map(i128::from)
            .map_err(|_| ArchiveProblem::Number),
    }
}

/// A header, its extensions applied.
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) link: String,
    pub(super) kind: u8,
    pub(super) size: u64,
    /// In nanoseconds since 1970, as in [`Stat`](crate::types::Stat).
    pub(super) mtime: u64,
}

impl Entry {
    pub(super) fn parse(header: &[u8], extended: &Extended) -> Result<Entry, ArchiveProblem> {
        // The checksum is the sum of all bytes, with spaces in place of its own field.
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        let field: u64 = header[148..156].iter().map(|byte| u64::from(*byte)).sum();
        if number(&header[148..156]) != Ok(sum - field + 8 * u64::from(b' ')) {
            return Err(ArchiveProblem::Checksum);
        }
        let kind = header[156];
        let name = text(&header[..100])?;
        let path = match &extended.path {
            Some(path) => path.clone(),
            None if has_prefix(header) => {
                alloc::format!("{}/{name}", text(&header[345..500])?)
            }
            None => name.to_owned(),
        };
        let link = match &extended.link {
            Some(link) => link.clone(),
            None => text(&header[157..257])?.to_owned(),
        };
        let size = match kind {
            // Links and directories have no content, whatever their size field says.
            b'1'..=b'6' => 0,
            _ => extended
                .size
                .map_or_else(|| number(&header[124..136]), Ok)?,
        };
        let mtime = match extended.mtime.or(extended.global_mtime) {
            Some(mtime) => mtime,
            None => timestamp(signed(&header[136..148])? * 1_000_000_000),
        };
        // Before ustar, a directory was a file whose name ends with a slash.
        let old_directory = matches!(kind, 0 | b'0') && path.ends_with('/');
        Ok(Entry {
            kind: if old_directory { b'5' } else { kind },
            path,
            link,
            size,
            mtime,
        })
    }
}
