//! Imports a tar archive into a RAM disk: ustar, with the long names of GNU tar and the `path`, `linkpath`, `size` and
//! `mtime` records of pax.
//!
//! An archive consists of blocks of 512 bytes: for each file a header and its content, and at the end two blocks of zeros.
//! ```text
//! 0    100  108 116 124   136    148       156   157       257      265        345    500
//! name mode uid gid size  mtime  checksum  type  link name "ustar"  names...   prefix
//! ```
//! Entries that cannot be represented are errors. Only device files and FIFOs are skipped, with a warning in the log. Names
//! with `..` are errors: nothing is ever written outside of the destination directory.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::RamFs;
use crate::errno::Errno;
use crate::fs::{FileSystem, Node, SetTime};
use crate::types::{FileType, timestamp};
use crate::wall_clock::WallClock;

/// Bytes in a block.
pub(super) const BLOCK: usize = 512;

/// An error in an archive, and its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArchiveError {
    /// The offset of the faulty header from the start, in bytes.
    pub offset: usize,
    /// The name of its entry, with U+FFFD for bytes that are not UTF-8; `None` without a readable header.
    pub entry: Option<String>,
    /// The problem.
    pub problem: ArchiveProblem,
}

/// The problems of archives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArchiveProblem {
    /// It ends in the middle of a file.
    Truncated,
    /// The header's checksum is wrong: the file is no tar archive, or it is damaged.
    Checksum,
    /// A size or time is no number.
    Number,
    /// A pax record has no length, key or value.
    PaxRecord,
    /// A name is not UTF-8, longer than 255 bytes in one component, or holds a NUL.
    Name,
    /// A name contains `..`.
    Escapes,
    /// An unsupported kind of entry, such as a sparse file, by its type byte.
    Kind(u8),
    /// The file system refused it: no space, or a file in place of a directory.
    Refused(Errno),
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.entry {
            Some(entry) => write!(
                f,
                "tar archive, entry {entry:?} (header at byte {}): ",
                self.offset
            )?,
            None => write!(f, "tar archive, header at byte {}: ", self.offset)?,
        }
        match self.problem {
            ArchiveProblem::Truncated => f.write_str("the archive ends in the middle of a file"),
            ArchiveProblem::Checksum => {
                f.write_str("wrong checksum; is it an uncompressed tar archive?")
            }
            ArchiveProblem::Number => f.write_str("a size or time is no number"),
            ArchiveProblem::PaxRecord => f.write_str("malformed pax record"),
            ArchiveProblem::Name => {
                f.write_str("a name is not UTF-8, too long, or holds a NUL byte")
            }
            ArchiveProblem::Escapes => f.write_str("a name contains `..`"),
            ArchiveProblem::Kind(kind) => {
                write!(
                    f,
                    "entries of type {:?} are not supported",
                    char::from(kind)
                )
            }
            ArchiveProblem::Refused(errno) => write!(f, "cannot be unpacked: {errno}"),
        }
    }
}

impl core::error::Error for ArchiveError {}

impl From<Errno> for ArchiveProblem {
    fn from(errno: Errno) -> ArchiveProblem {
        ArchiveProblem::Refused(errno)
    }
}

impl RamFs {
    /// Creates a tree with the contents of a tar archive. See [`new`](RamFs::new) for the limit.
    pub fn from_tar(archive: &[u8], limit: u64, clock: WallClock) -> Result<RamFs, ArchiveError> {
        let mut fs = RamFs::new(limit, clock);
        let root = fs.root();
        fs.unpack_tar(root, archive)?;
        Ok(fs)
    }

    /// Unpacks a tar archive into a directory. Existing files are replaced. After an error, the files unpacked so far stay.
    pub fn unpack_tar(&mut self, dir: Node, archive: &[u8]) -> Result<(), ArchiveError> {
        let mut unpacking = Unpacking {
            fs: self,
            top: dir,
            directory_times: Vec::new(),
        };
        let mut offset = 0;
        let mut extended = Extended::default();
        while offset < archive.len() {
            let header = archive.get(offset..offset + BLOCK).ok_or(ArchiveError {
                offset,
                entry: None,
                problem: ArchiveProblem::Truncated,
            })?;
            if header.iter().all(|byte| *byte == 0) {
                break;
            }
            let named = shown_name(header, &extended);
            let at = |problem| ArchiveError {
                offset,
                entry: named
                    .clone()
                    .filter(|_| problem != ArchiveProblem::Checksum),
                problem,
            };
            let entry = Entry::parse(header, &extended).map_err(at)?;
            let start = offset + BLOCK;
            let content = usize::try_from(entry.size)
                .ok()
                .and_then(|size| archive.get(start..start.checked_add(size)?))
                .ok_or(at(ArchiveProblem::Truncated))?;
            match entry.kind {
                b'x' | b'g' | b'L' | b'K' => {
                    extended.take(entry.kind, content).map_err(at)?;
                }
                _ => {
                    unpacking.add(&entry, content).map_err(at)?;
                    extended.end_of_entry();
                }
            }
            offset = start + content.len().next_multiple_of(BLOCK);
        }
        unpacking.finish().map_err(|problem| ArchiveError {
            offset,
            entry: None,
            problem,
        })
    }
}

/// The name of an entry for messages; `None` if it has none.
fn shown_name(header: &[u8], extended: &Extended) -> Option<String> {
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
fn has_prefix(header: &[u8]) -> bool {
    &header[257..263] == b"ustar\0" && header[345] != 0
}

/// The contents of extension headers for the next entry.
#[derive(Default)]
struct Extended {
    path: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    mtime: Option<u64>,
    /// The time from a global header, for all entries.
    global_mtime: Option<u64>,
}

impl Extended {
    /// Reads the content of an extension header.
    fn take(&mut self, kind: u8, content: &[u8]) -> Result<(), ArchiveProblem> {
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
    fn end_of_entry(&mut self) {
        *self = Extended {
            global_mtime: self.global_mtime,
            ..Extended::default()
        };
    }
}

/// A name from a pax record.
fn plain(value: Result<&str, core::str::Utf8Error>) -> Result<String, ArchiveProblem> {
    match value {
        Ok(text) if !text.contains('\0') => Ok(text.to_owned()),
        _ => Err(ArchiveProblem::Name),
    }
}

/// Decimal seconds, optionally with a fraction, in nanoseconds. Negative before 1970.
fn seconds(value: Result<&str, core::str::Utf8Error>) -> Result<u64, ArchiveProblem> {
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
fn text(field: &[u8]) -> Result<&str, ArchiveProblem> {
    let len = field.iter().position(|byte| *byte == 0);
    let field = &field[..len.unwrap_or(field.len())];
    core::str::from_utf8(field).map_err(|_| ArchiveProblem::Name)
}

/// A number that is never negative.
fn number(field: &[u8]) -> Result<u64, ArchiveProblem> {
    u64::try_from(signed(field)?).map_err(|_| ArchiveProblem::Number)
}

/// A number in a field: octal digits, or big-endian bytes after a byte with its top bit set, in two's complement.
fn signed(field: &[u8]) -> Result<i128, ArchiveProblem> {
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

/// A header with its extensions.
struct Entry {
    path: String,
    link: String,
    kind: u8,
    size: u64,
    /// In nanoseconds since 1970, as in [`Stat`](crate::types::Stat).
    mtime: u64,
}

impl Entry {
    fn parse(header: &[u8], extended: &Extended) -> Result<Entry, ArchiveProblem> {
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

/// A tree that is being filled.
struct Unpacking<'a> {
    fs: &'a mut RamFs,
    top: Node,
    /// Set at the end, because unpacking into a directory changes its time.
    directory_times: Vec<(Node, u64)>,
}

impl Unpacking<'_> {
    fn add(&mut self, entry: &Entry, content: &[u8]) -> Result<(), ArchiveProblem> {
        let (dir, name) = self.parent(&entry.path)?;
        let named = name.ok_or(ArchiveProblem::Name);
        match entry.kind {
            b'5' => {
                let node = name.map_or(Ok(dir), |name| self.directory(dir, name))?;
                self.directory_times.push((node, entry.mtime));
                return Ok(());
            }
            b'3' | b'4' | b'6' => {
                log::warn!("tar: {} is no file, directory or link: skipped", entry.path);
                return Ok(());
            }
            b'1' => return self.hard_link(&entry.link, dir, named?),
            b'2' => {
                self.make_room(dir, named?)?;
                self.fs.symlink(&entry.link, dir, named?)?;
            }
            0 | b'0' | b'7' => {
                self.make_room(dir, named?)?;
                let file = self.fs.create(dir, named?)?;
                if self.fs.write_at(file, 0, content)? < content.len() {
                    return Err(Errno::NoSpc.into());
                }
            }
            kind => return Err(ArchiveProblem::Kind(kind)),
        }
        let node = self.fs.lookup(dir, named?)?.node;
        Ok(self.set_mtime(node, entry.mtime)?)
    }

    /// Adds a further name for an earlier file of the archive.
    fn hard_link(&mut self, source: &str, dir: Node, name: &str) -> Result<(), ArchiveProblem> {
        let (from_dir, from) = self.parent(source)?;
        let from = from.ok_or(ArchiveProblem::Name)?;
        let node = self.fs.lookup(from_dir, from)?.node;
        if self.fs.lookup(dir, name).map(|there| there.node) == Ok(node) {
            return Ok(());
        }
        self.make_room(dir, name)?;
        Ok(self.fs.link(from_dir, from, dir, name)?)
    }

    fn finish(mut self) -> Result<(), ArchiveProblem> {
        for (node, mtime) in core::mem::take(&mut self.directory_times) {
            self.set_mtime(node, mtime)?;
        }
        Ok(())
    }

    /// Returns the parent directory of a path, which is created if necessary, and the path's last name. The name is `None`
    /// for the top itself.
    fn parent<'p>(&mut self, path: &'p str) -> Result<(Node, Option<&'p str>), ArchiveProblem> {
        let mut dir = self.top;
        let mut last = None;
        for name in path.split('/').filter(|name| !matches!(*name, "" | ".")) {
            if name == ".." {
                return Err(ArchiveProblem::Escapes);
            }
            if name.len() > 255 {
                return Err(ArchiveProblem::Name);
            }
            if let Some(parent) = last.replace(name) {
                dir = self.directory(dir, parent)?;
            }
        }
        Ok((dir, last))
    }

    /// Returns the directory of this name. Creates it if it does not exist.
    fn directory(&mut self, dir: Node, name: &str) -> Result<Node, ArchiveProblem> {
        match self.fs.lookup(dir, name) {
            Ok(entry) if entry.kind == FileType::Directory => return Ok(entry.node),
            Ok(_) => return Err(Errno::NotDir.into()),
            Err(Errno::NoEnt) => self.fs.mkdir(dir, name)?,
            Err(errno) => return Err(errno.into()),
        }
        Ok(self.fs.lookup(dir, name)?.node)
    }

    /// Removes an older entry of the same name.
    fn make_room(&mut self, dir: Node, name: &str) -> Result<(), ArchiveProblem> {
        match self.fs.unlink(dir, name) {
            Ok(()) | Err(Errno::NoEnt) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    fn set_mtime(&mut self, node: Node, mtime: u64) -> Result<(), Errno> {
        let time = SetTime::At(mtime);
        self.fs.set_times(node, time, time)
    }
}
