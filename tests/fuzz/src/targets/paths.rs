//! Paths and calls: the input is a program of calls on a RAM disk, beside which lies what no path may reach.
//!
//! A call is a byte for its kind, one for each argument, and a path behind its length.

use wasi_shim::memory::Memory;
use wasi_shim::mounts::Place;
use wasi_shim::types::ClockId;
use wasi_shim::{
    Access, Clock, Errno, FileSystem, Grant, Node, Poller, RamFs, Random, Wasi, WasiBuilder,
};

use super::Target;

pub(super) const TARGET: Target = Target {
    name: "paths",
    run,
    words: &[
        b"..",
        b"/",
        b"../secret",
        b"a/",
        b"./",
        b"link",
        b"//",
        b"\0",
        &[0xff, 0xfe],
    ],
    longest: 1024,
};

/// What lies outside of what the guest was granted.
const SECRET: &[u8] = b"the guest must not see this";

/// A clock that stands still.
struct Still;

impl Clock for Still {
    fn now(&mut self, _: ClockId) -> Result<u64, Errno> {
        Ok(1)
    }

    fn resolution(&mut self, _: ClockId) -> Result<u64, Errno> {
        Ok(1)
    }
}

impl Random for Still {
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), Errno> {
        buf.fill(9);
        Ok(())
    }
}

impl Poller for Still {
    fn wait(&mut self, _: &mut [wasi_shim::host::Source], _: Option<u64>) -> Result<(), Errno> {
        Ok(())
    }
}

/// A disk whose directory `granted` the guest gets; `secret` lies beside it.
fn disk() -> Result<(RamFs, Node), Errno> {
    let mut fs = RamFs::new(1 << 20, Box::new(|| 1));
    let root = fs.root();
    let secret = fs.create(root, "secret")?;
    let access = Access {
        read: true,
        write: true,
    };
    fs.open(secret, access, false)?;
    fs.write_at(secret, 0, SECRET)?;
    fs.close(secret);
    fs.mkdir(root, "granted")?;
    let granted = fs.lookup(root, "granted")?.node;
    fs.mkdir(granted, "a")?;
    fs.symlink("../secret", granted, "out")?;
    fs.symlink("a", granted, "link")?;
    fs.symlink("/secret", granted, "absolute")?;
    Ok((fs, granted))
}

const PATH: u32 = 1024;
const OTHER: u32 = 4096;
const OUT: u32 = 64;
const DATA: u32 = 8192;

/// Reads the input piece by piece.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn path(&mut self) -> Option<&'a [u8]> {
        let len = usize::from(self.byte()?).min(self.0.len());
        let (path, rest) = self.0.split_at(len);
        self.0 = rest;
        Some(path)
    }
}

fn run(input: &[u8]) {
    let (fs, node) = disk().expect("a disk in memory has room");
    let mut builder = WasiBuilder::with_host(Box::new(Still), Box::new(Still), Box::new(Still));
    let fs = builder.file_system(Box::new(fs));
    let grant = Grant {
        guest: "/".to_owned(),
        host: None,
    };
    builder.dir(grant, Place { fs, node });
    let mut wasi = builder.build().expect("one directory is granted");
    let mut bytes = vec![0; 65_536];
    let mut input = Input(input);
    let mut calls = 0;
    while call(&mut wasi, &mut bytes, &mut input).is_some() && calls < 60 {
        calls += 1;
    }
    let seen = bytes.windows(SECRET.len()).any(|window| window == SECRET);
    assert!(!seen, "a path leads out of what was granted");
}

/// Makes a call; nothing if the input is at its end.
fn call(wasi: &mut Wasi, bytes: &mut [u8], input: &mut Input<'_>) -> Option<()> {
    const ALL: u64 = wasi_shim::types::Rights::ALL.0;
    let kind = input.byte()?;
    let (fd, flags) = (u32::from(input.byte()? % 8), u32::from(input.byte()?));
    let mut put = |at: u32, input: &mut Input<'_>| {
        let path = input.path()?;
        bytes[at as usize..][..path.len()].copy_from_slice(path);
        Some(path.len() as u32)
    };
    let (len, other) = match kind % 16 {
        0..=5 => (put(PATH, input)?, 0),
        6..=8 => (put(PATH, input)?, put(OTHER, input)?),
        _ => (0, 0),
    };
    // A buffer of 512 bytes.
    bytes[32..40].copy_from_slice(&[0, 0x20, 0, 0, 0, 2, 0, 0]);
    let memory = &mut Memory::new(bytes);
    // Every error is one of WASI's.
    let _: Result<(), Errno> = match kind % 16 {
        0 | 1 => {
            let (oflags, fdflags) = (flags & 15, flags >> 4);
            wasi.path_open(
                memory,
                fd,
                flags >> 7,
                PATH,
                len,
                oflags,
                ALL,
                ALL,
                fdflags & 1,
                OUT,
            )
        }
        2 => wasi.path_create_directory(memory, fd, PATH, len),
        3 => wasi.path_filestat_get(memory, fd, flags & 1, PATH, len, OUT),
        4 => wasi.path_unlink_file(memory, fd, PATH, len),
        5 => wasi.path_remove_directory(memory, fd, PATH, len),
        6 => wasi.path_rename(memory, fd, PATH, len, flags % 8, OTHER, other),
        7 => wasi.path_symlink(memory, PATH, len, fd, OTHER, other),
        8 => wasi.path_link(
            memory,
            fd,
            flags & 1,
            PATH,
            len,
            flags >> 1 & 7,
            OTHER,
            other,
        ),
        9 => wasi.fd_read(memory, fd, 32, 1, OUT),
        10 => wasi.fd_write(memory, fd, 32, 1, OUT),
        11 => wasi.fd_readdir(memory, fd, DATA, 512, u64::from(flags), OUT),
        12 => wasi.fd_seek(memory, fd, i64::from(flags) - 100, flags % 4, OUT),
        13 => wasi.fd_close(fd),
        14 => wasi.fd_renumber(fd, flags % 8),
        _ => wasi.fd_filestat_set_size(fd, u64::from(flags) << (flags % 16)),
    };
    Some(())
}
