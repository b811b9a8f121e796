//! A guest without a program: a memory and the calls, over RAM disks, a clock that stands still and a poller that is watched.

#![allow(dead_code, reason = "each test program uses a part")]

#[path = "../shared/mod.rs"]
mod shared;

use std::collections::VecDeque;

pub(crate) use shared::Shared;
use wasi_shim::memory::Memory;
use wasi_shim::mounts::Place;
use wasi_shim::stream::{Readiness, Stream};
use wasi_shim::types::{ClockId, FileType, Rights};
use wasi_shim::{Clock, Errno, FileSystem, Grant, Node, Poller, RamFs, Random, Wasi, WasiBuilder};

/// A result of a call.
pub(crate) type Result<T = ()> = core::result::Result<T, Errno>;

/// All rights: what Go and wasi-libc ask for when they want to read and write.
pub(crate) const ALL: u64 = Rights::ALL.0;
/// The rights of a reader.
pub(crate) const READ: u64 = Rights::FD_READ.0;

/// Something that happens while a guest waits.
type Event = Box<dyn FnOnce() + Send>;

/// A file system and its root.
pub(crate) type Mount = (Box<dyn FileSystem>, Node);

/// Time, which passes only when somebody waits.
#[derive(Clone, Default)]
pub(crate) struct Time {
    pub(crate) now: Shared<u64>,
    /// How often somebody waited.
    pub(crate) waits: Shared<u32>,
    /// What happens during the next waits.
    pub(crate) events: Shared<VecDeque<Event>>,
}

impl Clock for Time {
    fn now(&mut self, clock: ClockId) -> Result<u64> {
        match clock {
            ClockId::Realtime => Ok(1_000_000 + self.now.get()),
            ClockId::Monotonic => Ok(self.now.get()),
            _ => Err(Errno::Inval),
        }
    }

    fn resolution(&mut self, _clock: ClockId) -> Result<u64> {
        Ok(1)
    }
}

impl Random for Time {
    fn fill(&mut self, buf: &mut [u8]) -> Result {
        buf.fill(0x5a);
        Ok(())
    }
}

impl Poller for Time {
    fn wait(&mut self, _sources: &mut [wasi_shim::host::Source], deadline: Option<u64>) -> Result {
        if deadline == Some(0) {
            return Ok(());
        }
        self.waits.set(self.waits.get() + 1);
        match self.events.borrow_mut().pop_front() {
            Some(event) => event(),
            None => match deadline {
                Some(deadline) => self.now.set(self.now.get().max(deadline)),
                None => return Err(Errno::Intr),
            },
        }
        Ok(())
    }
}

/// A pipe that tests fill and look into.
#[derive(Clone, Default)]
pub(crate) struct Pipe {
    pub(crate) data: Shared<VecDeque<u8>>,
    pub(crate) closed: Shared<bool>,
    pub(crate) room: Shared<usize>,
}

impl Stream for Pipe {
    fn kind(&self) -> FileType {
        FileType::Unknown
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        let mut data = self.data.borrow_mut();
        let len = buf.len().min(data.len());
        for (byte, taken) in buf.iter_mut().zip(data.drain(..len)) {
            *byte = taken;
        }
        Ok(len)
    }

    fn write(&mut self, bytes: &[u8], _nonblock: bool) -> Result<usize> {
        if self.closed.get() {
            return Err(Errno::Pipe);
        }
        let len = bytes.len().min(self.room.get());
        self.room.set(self.room.get() - len);
        self.data.borrow_mut().extend(&bytes[..len]);
        Ok(len)
    }

    fn ready(&mut self) -> Result<Readiness> {
        let bytes = self.data.borrow().len() as u64;
        let hangup = self.closed.get();
        Ok(Readiness {
            readable: bytes > 0 || hangup,
            writable: self.room.get() > 0,
            hangup,
            bytes,
        })
    }
}

/// A guest.
pub(crate) struct Guest {
    pub(crate) wasi: Wasi,
    pub(crate) bytes: Vec<u8>,
    pub(crate) time: Time,
    pub(crate) stdin: Pipe,
    pub(crate) stdout: Pipe,
}

/// Where calls put their results, where paths stand, and where data.
pub(crate) const OUT: u32 = 64;
pub(crate) const PATH: u32 = 1024;
pub(crate) const PATH2: u32 = 8192;
pub(crate) const IOVS: u32 = 16_384;
pub(crate) const DATA: u32 = 32_768;

/// A RAM disk and its root.
pub(crate) fn ram() -> Mount {
    let fs = RamFs::new(1 << 20, Box::new(|| 1_700_000_000_000_000_000));
    let root = fs.root();
    (Box::new(fs), root)
}

impl Guest {
    /// A guest with a RAM disk as `/`.
    pub(crate) fn new() -> Guest {
        Guest::with(vec![("/", ram())], |_| {})
    }

    /// A guest with some file systems.
    pub(crate) fn with(systems: Vec<(&str, Mount)>, more: impl FnOnce(&mut WasiBuilder)) -> Guest {
        let time = Time::default();
        let (stdin, stdout) = (Pipe::default(), Pipe::default());
        stdout.room.set(1 << 20);
        let mut builder = WasiBuilder::with_host(
            Box::new(time.clone()),
            Box::new(time.clone()),
            Box::new(time.clone()),
        );
        builder
            .stdin(Box::new(stdin.clone()))
            .stdout(Box::new(stdout.clone()));
        for (guest, (fs, node)) in systems {
            let fs = builder.file_system(fs);
            builder.dir(
                Grant {
                    guest: guest.to_owned(),
                    host: None,
                },
                Place { fs, node },
            );
        }
        more(&mut builder);
        let wasi = builder.build().unwrap();
        Guest {
            wasi,
            bytes: vec![0; 8 << 20],
            time,
            stdin,
            stdout,
        }
    }

    /// Makes a call with the memory.
    pub(crate) fn call<R>(&mut self, call: impl FnOnce(&mut Wasi, &mut Memory<'_>) -> R) -> R {
        call(&mut self.wasi, &mut Memory::new(&mut self.bytes))
    }

    pub(crate) fn put(&mut self, at: u32, bytes: &[u8]) -> u32 {
        self.bytes[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
        bytes.len() as u32
    }

    pub(crate) fn u32(&self, at: u32) -> u32 {
        u32::from_le_bytes(self.bytes[at as usize..at as usize + 4].try_into().unwrap())
    }

    pub(crate) fn u64(&self, at: u32) -> u64 {
        u64::from_le_bytes(self.bytes[at as usize..at as usize + 8].try_into().unwrap())
    }

    /// `path_open` with links followed.
    pub(crate) fn open(&mut self, dir: u32, path: &str, oflags: u32, rights: u64) -> Result<u32> {
        self.open_as(dir, 1, path, oflags, rights, 0)
    }

    pub(crate) fn open_as(
        &mut self,
        dir: u32,
        lookup: u32,
        path: &str,
        oflags: u32,
        rights: u64,
        fdflags: u32,
    ) -> Result<u32> {
        let len = self.put(PATH, path.as_bytes());
        self.call(|wasi, memory| {
            wasi.path_open(
                memory, dir, lookup, PATH, len, oflags, rights, ALL, fdflags, OUT,
            )
        })?;
        Ok(self.u32(OUT))
    }

    pub(crate) fn iovs(&mut self, parts: &[(u32, u32)]) {
        for (index, (buf, len)) in parts.iter().enumerate() {
            self.put(IOVS + index as u32 * 8, &buf.to_le_bytes());
            self.put(IOVS + index as u32 * 8 + 4, &len.to_le_bytes());
        }
    }

    pub(crate) fn write(&mut self, fd: u32, data: &[u8]) -> Result<u32> {
        let len = self.put(DATA, data);
        self.iovs(&[(DATA, len)]);
        self.call(|wasi, memory| wasi.fd_write(memory, fd, IOVS, 1, OUT))?;
        Ok(self.u32(OUT))
    }

    pub(crate) fn read(&mut self, fd: u32, len: u32) -> Result<Vec<u8>> {
        self.iovs(&[(DATA, len)]);
        self.call(|wasi, memory| wasi.fd_read(memory, fd, IOVS, 1, OUT))?;
        let read = self.u32(OUT) as usize;
        Ok(self.bytes[DATA as usize..DATA as usize + read].to_vec())
    }

    pub(crate) fn seek(&mut self, fd: u32, offset: i64, whence: u32) -> Result<u64> {
        self.call(|wasi, memory| wasi.fd_seek(memory, fd, offset, whence, OUT))?;
        Ok(self.u64(OUT))
    }

    /// Creates a file with a content.
    pub(crate) fn file(&mut self, dir: u32, path: &str, content: &[u8]) {
        let fd = self.open(dir, path, 1, ALL).unwrap();
        assert_eq!(self.write(fd, content), Ok(content.len() as u32));
        self.wasi.fd_close(fd).unwrap();
    }

    pub(crate) fn content(&mut self, dir: u32, path: &str) -> Result<Vec<u8>> {
        let fd = self.open(dir, path, 0, READ)?;
        let content = self.read(fd, 4096);
        self.wasi.fd_close(fd).unwrap();
        content
    }

    pub(crate) fn mkdir(&mut self, dir: u32, path: &str) -> Result {
        let len = self.put(PATH, path.as_bytes());
        self.call(|wasi, memory| wasi.path_create_directory(memory, dir, PATH, len))
    }

    pub(crate) fn rmdir(&mut self, dir: u32, path: &str) -> Result {
        let len = self.put(PATH, path.as_bytes());
        self.call(|wasi, memory| wasi.path_remove_directory(memory, dir, PATH, len))
    }

    pub(crate) fn unlink(&mut self, dir: u32, path: &str) -> Result {
        let len = self.put(PATH, path.as_bytes());
        self.call(|wasi, memory| wasi.path_unlink_file(memory, dir, PATH, len))
    }

    pub(crate) fn rename(&mut self, dir: u32, path: &str, to_dir: u32, to: &str) -> Result {
        let len = self.put(PATH, path.as_bytes());
        let to_len = self.put(PATH2, to.as_bytes());
        self.call(|wasi, memory| wasi.path_rename(memory, dir, PATH, len, to_dir, PATH2, to_len))
    }

    pub(crate) fn link(&mut self, dir: u32, path: &str, to: &str) -> Result {
        let len = self.put(PATH, path.as_bytes());
        let to_len = self.put(PATH2, to.as_bytes());
        self.call(|wasi, memory| wasi.path_link(memory, dir, 0, PATH, len, dir, PATH2, to_len))
    }

    pub(crate) fn symlink(&mut self, target: &str, dir: u32, path: &str) -> Result {
        let len = self.put(PATH, target.as_bytes());
        let to_len = self.put(PATH2, path.as_bytes());
        self.call(|wasi, memory| wasi.path_symlink(memory, PATH, len, dir, PATH2, to_len))
    }

    /// Kind, links and size of what a path leads to.
    pub(crate) fn stat(&mut self, dir: u32, lookup: u32, path: &str) -> Result<(u8, u64, u64)> {
        let len = self.put(PATH, path.as_bytes());
        self.call(|wasi, memory| wasi.path_filestat_get(memory, dir, lookup, PATH, len, OUT))?;
        Ok((
            self.bytes[OUT as usize + 16],
            self.u64(OUT + 24),
            self.u64(OUT + 32),
        ))
    }

    /// The names in a directory, read with a buffer of a given size.
    pub(crate) fn list(&mut self, fd: u32, buf_len: u32) -> Vec<String> {
        let mut names = Vec::new();
        let mut cookie = 0;
        loop {
            self.call(|wasi, memory| wasi.fd_readdir(memory, fd, DATA, buf_len, cookie, OUT))
                .unwrap();
            let used = self.u32(OUT);
            let mut at = 0;
            while at + 24 <= used {
                let len = self.u32(DATA + at + 16);
                if at + 24 + len > used {
                    break;
                }
                let start = (DATA + at + 24) as usize;
                names.push(
                    String::from_utf8(self.bytes[start..start + len as usize].to_vec()).unwrap(),
                );
                cookie = self.u64(DATA + at);
                at += 24 + len;
            }
            if used < buf_len {
                return names;
            }
            assert!(at > 0, "a buffer of {buf_len} bytes holds no entry");
        }
    }

    /// A subscription to a clock or a descriptor.
    pub(crate) fn subscribe(
        &mut self,
        index: u32,
        userdata: u64,
        tag: u8,
        number: u32,
        timeout: u64,
        flags: u16,
    ) {
        let at = DATA + index * 48;
        self.put(at, &[0; 48]);
        self.put(at, &userdata.to_le_bytes());
        self.put(at + 8, &[tag]);
        self.put(at + 16, &number.to_le_bytes());
        self.put(at + 24, &timeout.to_le_bytes());
        self.put(at + 40, &flags.to_le_bytes());
    }

    /// Polls, and returns for each event its user data, error and type.
    pub(crate) fn poll(&mut self, count: u32) -> Result<Vec<(u64, u16, u8)>> {
        let events = DATA + count * 48;
        self.call(|wasi, memory| wasi.poll_oneoff(memory, DATA, events, count, OUT))?;
        Ok((0..self.u32(OUT))
            .map(|index| {
                let at = events + index * 32;
                let error = self.u32(at + 8) as u16;
                (self.u64(at), error, self.bytes[at as usize + 10])
            })
            .collect())
    }
}
