//! Reading a directory.

use crate::errno::Errno;
use crate::fd::Object;
use crate::fs::DirEntry;
use crate::memory::Memory;
use crate::types::{FileType, Rights};
use crate::wasi::Wasi;

/// Cookies 0 and 1 stand before the entries `.` and `..`; the file system's own are shifted by this much.
const DOTS: u64 = 2;

/// Size of `$dirent`, which stands before each name: next cookie (8), serial number (8), length of the name (4), type (1), padding (3).
const HEADER: usize = 24;

impl Wasi {
    /// `fd_readdir(fd, buf, buf_len, cookie) -> size`: writes the entries behind `cookie` to the buffer, `.` and `..` among them. The last one may be
    /// cut off where the buffer ends; a guest that sees the buffer not quite filled knows that it has seen all.
    ///
    /// Each entry tells the cookie to go on behind it. Cookie 0 starts anew, and sees what has changed. Errors: `ENOTDIR`.
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
        // `..` has the directory's own number: that of its parent may be none of the guest's business.
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
        let len = out.used as u32;
        memory.set_u32(used, len)
    }
}

/// The guest's buffer, filled so far.
struct Output<'a> {
    buf: &'a mut [u8],
    used: usize,
}

impl Output<'_> {
    fn is_full(&self) -> bool {
        self.used == self.buf.len()
    }

    /// Appends an entry, or as much of it as there is room for.
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
