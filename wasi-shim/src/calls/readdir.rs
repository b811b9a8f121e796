//! Reading a directory.

use crate::errno::Errno;
use crate::fd::Object;
use crate::fs::DirEntry;
use crate::memory::Memory;
use crate::types::{FileType, Rights};
use crate::wasi::Wasi;

/// Cookies 0 and 1 precede the entries `.` and `..`. The file system's own cookies are shifted by this number.
const DOTS: u64 = 2;

/// Size of `$dirent`, which precedes each name: next cookie (8), serial number (8), length of the name (4), type (1),
/// padding (3).
const HEADER: usize = 24;

impl Wasi {
    /// `fd_readdir(fd, buf, buf_len, cookie) -> size`: writes the entries after `cookie` to the buffer, including `.` and
    /// `..`. The last entry may be truncated at the end of the buffer. A buffer that is not filled tells the guest that
    /// there are no more entries.
    ///
    /// Each entry contains the cookie of the next one. Cookie 0 restarts, and includes later changes. Errors: `ENOTDIR`.
    pub fn fd_readdir(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        buf: u32,
        buf_len: u32,
        cookie: u64,
        used: u32,
    ) -> Result<(), Errno> {
        memory.check(used, 4)?;
        let descriptor = self.fds.get(fd)?;
        descriptor.need(Rights::FD_READDIR)?;
        let Object::Directory { place } = descriptor.object else {
            return Err(Errno::NotDir);
        };
        let ino = self.mounts.stat(place)?.ino;
        let mut out = Output {
            buf: memory.bytes_mut(buf, buf_len)?,
            used: 0,
        };
        // `..` has the directory's own number. The number of its parent may not be visible to the guest.
        let dots = [".", ".."];
        for (name, next) in dots
            .into_iter()
            .zip(1..)
            .skip(usize::try_from(cookie).unwrap_or(usize::MAX))
        {
            out.push(DirEntry {
                name,
                ino,
                kind: FileType::Directory,
                next,
            });
        }
        if !out.is_full() {
            let behind = cookie.saturating_sub(DOTS);
            let fs = self.mounts.fs(place.fs);
            fs.read_dir(place.node, behind, &mut |entry| {
                out.push(DirEntry {
                    next: entry.next.saturating_add(DOTS),
                    ..entry
                });
                !out.is_full()
            })?;
        }
        let len = out.used;
        memory.filled(len);
        let len = len as u32;
        memory.set_u32(used, len)
    }
}

/// The guest's buffer, as far as it was filled.
struct Output<'a> {
    buf: &'a mut [u8],
    used: usize,
}

impl Output<'_> {
    fn is_full(&self) -> bool {
        self.used == self.buf.len()
    }

    /// Appends an entry, or the part of it that fits.
    fn push(&mut self, entry: DirEntry<'_>) {
        let mut header = [0; HEADER];
        header[0..8].copy_from_slice(&entry.next.to_le_bytes());
        header[8..16].copy_from_slice(&entry.ino.to_le_bytes());
        // A name has at most 255 bytes.
        header[16..20].copy_from_slice(&(entry.name.len() as u32).to_le_bytes());
        header[20] = entry.kind as u8;
        for part in [&header[..], entry.name.as_bytes()] {
            let room = &mut self.buf[self.used..];
            let len = part.len().min(room.len());
            room[..len].copy_from_slice(&part[..len]);
            self.used += len;
        }
    }
}
