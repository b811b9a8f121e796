//! Files that are read or written from their beginning to their end, for a host that keeps files of its own on a guest's file system.
//!
//! [`replace`] writes a file aside and moves it to its name, so that after a power cut the file is the old one or the new one.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use crate::errno::Errno;
use crate::fs::{Access, FileSystem, Node, Opened};
use crate::types::FileType;

/// Bytes that are read or written at once.
const BUFFER: usize = 16 << 10;

/// A file that is read from its beginning on.
pub struct Reader<'a, F: FileSystem> {
    fs: &'a mut F,
    file: Node,
    len: u64,
    /// The position in the file behind `buffer`.
    next: u64,
    /// Bytes that were read, and the position in them.
    buffer: Vec<u8>,
    at: usize,
}

impl<'a, F: FileSystem> Reader<'a, F> {
    /// Opens the regular file `name` of a directory.
    ///
    /// # Errors
    /// `ENOENT` if there is none, `EISDIR` for anything else, and the errors of the file system.
    pub fn open(fs: &'a mut F, dir: Node, name: &str) -> Result<Self, Errno> {
        let file = fs.lookup(dir, name)?.node;
        Self::of(fs, file)
    }

    /// Opens a regular file. It takes the caller's reference to the node, also if it fails.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn of(fs: &'a mut F, file: Node) -> Result<Self, Errno> {
        let len = match open(fs, file, false) {
            Ok(len) => len,
            Err(errno) => {
                fs.forget(file);
                return Err(errno);
            }
        };
        Ok(Self {
            fs,
            file,
            len,
            next: 0,
            buffer: Vec::new(),
            at: 0,
        })
    }

    /// The length of the file in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Returns whether the file has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The position of the next byte.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.next - (self.buffer.len() - self.at) as u64
    }

    /// Continues at another position.
    pub fn seek(&mut self, position: u64) {
        self.next = position;
        self.buffer.clear();
        self.at = 0;
    }
}

impl<F: FileSystem> embedded_io::ErrorType for Reader<'_, F> {
    type Error = Errno;
}

impl<F: FileSystem> embedded_io::Read for Reader<'_, F> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        if self.at == self.buffer.len() {
            if buf.len() >= BUFFER {
                let read = self.fs.read_at(self.file, self.next, buf)?;
                self.next += read as u64;
                return Ok(read);
            }
            self.buffer.resize(BUFFER, 0);
            self.at = 0;
            let read = self.fs.read_at(self.file, self.next, &mut self.buffer);
            self.buffer.truncate(*read.as_ref().unwrap_or(&0));
            self.next += read? as u64;
        }
        let ready = &self.buffer[self.at..];
        let count = ready.len().min(buf.len());
        buf[..count].copy_from_slice(&ready[..count]);
        self.at += count;
        Ok(count)
    }
}

impl<F: FileSystem> Drop for Reader<'_, F> {
    fn drop(&mut self) {
        self.fs.close(self.file);
        self.fs.forget(self.file);
    }
}

/// A file that is written from its beginning on.
pub struct Writer<'a, F: FileSystem> {
    fs: &'a mut F,
    file: Node,
    /// The position in the file of what is in `buffer`.
    at: u64,
    buffer: Box<[u8]>,
    filled: usize,
}

impl<F: FileSystem> Writer<'_, F> {
    /// Writes all data to the file system.
    fn pass_on(&mut self, data: &[u8]) -> Result<(), Errno> {
        let mut rest = data;
        while !rest.is_empty() {
            let written = self.fs.write_at(self.file, self.at, rest)?;
            self.at += written as u64;
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(())
    }

    fn empty(&mut self) -> Result<(), Errno> {
        let buffer = core::mem::take(&mut self.buffer);
        let done = self.pass_on(&buffer[..self.filled]);
        self.buffer = buffer;
        self.filled = 0;
        done
    }
}

impl<F: FileSystem> embedded_io::ErrorType for Writer<'_, F> {
    type Error = Errno;
}

impl<F: FileSystem> embedded_io::Write for Writer<'_, F> {
    fn write(&mut self, data: &[u8]) -> Result<usize, Errno> {
        if self.filled == self.buffer.len() {
            self.empty()?;
        }
        let room = &mut self.buffer[self.filled..];
        let count = room.len().min(data.len());
        room[..count].copy_from_slice(&data[..count]);
        self.filled += count;
        Ok(count)
    }

    fn flush(&mut self) -> Result<(), Errno> {
        self.empty()?;
        self.fs.sync(self.file, false)
    }
}

/// Replaces the file `name` of a directory, or creates it. It is written to the file `aside` of the same directory, which is moved when
/// everything is on the medium. If that fails, `name` is as before, and `aside` is removed. What an earlier power cut has left of it is
/// replaced.
///
/// # Errors
/// The errors of `write`, and of the file system.
pub fn replace<F: FileSystem, E: From<Errno>>(
    fs: &mut F,
    dir: Node,
    name: &str,
    aside: &str,
    write: impl FnOnce(&mut Writer<'_, F>) -> Result<(), E>,
) -> Result<(), E> {
    let written = write_aside(fs, dir, aside, write).and_then(|()| {
        fs.rename(dir, aside, dir, name)?;
        Ok(fs.sync(dir, false)?)
    });
    if written.is_err() {
        // The first error is the reason.
        let _ = fs.unlink(dir, aside);
    }
    written
}

fn write_aside<F: FileSystem, E: From<Errno>>(
    fs: &mut F,
    dir: Node,
    name: &str,
    write: impl FnOnce(&mut Writer<'_, F>) -> Result<(), E>,
) -> Result<(), E> {
    remove(fs, dir, name)?;
    let file = fs.create(dir, name)?;
    if let Err(errno) = open(fs, file, true) {
        fs.forget(file);
        return Err(errno.into());
    }
    let mut writer = Writer {
        fs,
        file,
        at: 0,
        buffer: vec![0; BUFFER].into(),
        filled: 0,
    };
    let written =
        write(&mut writer).and_then(|()| embedded_io::Write::flush(&mut writer).map_err(E::from));
    fs.close(file);
    fs.forget(file);
    written
}

/// Removes a file, if it exists. Returns whether it did.
///
/// # Errors
/// The errors of the file system.
pub fn remove<F: FileSystem>(fs: &mut F, dir: Node, name: &str) -> Result<bool, Errno> {
    match fs.unlink(dir, name) {
        Ok(()) => Ok(true),
        Err(Errno::NoEnt) => Ok(false),
        Err(errno) => Err(errno),
    }
}

/// Opens a regular file. Returns its length.
fn open<F: FileSystem>(fs: &mut F, file: Node, write: bool) -> Result<u64, Errno> {
    let stat = fs.stat(file)?;
    if stat.kind != FileType::RegularFile {
        return Err(Errno::IsDir);
    }
    let access = Access {
        read: !write,
        write,
    };
    match fs.open(file, access, false)? {
        Opened::Node => Ok(stat.size),
        Opened::Stream(_) => Err(Errno::SPipe),
    }
}
