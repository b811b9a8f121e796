//! The cost of single calls of the shim on this system, without a guest.
//!
//! ```text
//! cargo run --release -p wasi-interp-shim --example cost
//! ```

use std::error::Error;
use std::time::Instant;

use wasi_shim::memory::Memory;
use wasi_shim::std_host::{self, Directories};
use wasi_shim::stream::Null;
use wasi_shim::types::Rights;
use wasi_shim::{Errno, Wasi};

/// The number of calls of each kind.
const TIMES: u32 = 100_000;

/// The addresses of results, and of buffers, paths and subscriptions.
const OUT: u32 = 0;
const IOVS: u32 = 64;
const PATH: u32 = 256;
const DATA: u32 = 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let scratch = std::env::temp_dir().join(format!("wasi-shim-cost-{}", std::process::id()));
    std::fs::create_dir_all(scratch.join("a/b"))?;
    std::fs::write(scratch.join("a/b/file"), [7; 4096])?;
    let (mut builder, _waker) = std_host::builder();
    builder.stdout(Box::new(Null));
    let mut directories = Directories::default();
    directories.add(&scratch, Some("/"), false)?;
    directories.give(&mut builder);
    let mut wasi = builder.build()?;
    let mut bytes = vec![0; 65_536];
    let path = b"a/b/file";
    bytes[PATH as usize..][..path.len()].copy_from_slice(path);
    bytes[IOVS as usize..][..4].copy_from_slice(&DATA.to_le_bytes());
    bytes[IOVS as usize + 4..][..4].copy_from_slice(&512u32.to_le_bytes());
    // A subscription to the monotonic clock that has expired.
    bytes[DATA as usize + 16] = 1;

    let path_len = path.len() as u32;
    let all = Rights::ALL.0;
    let memory = &mut Memory::new(&mut bytes);
    wasi.path_open(memory, 3, 1, PATH, path_len, 0, all, all, 0, OUT)?;
    let fd = memory.u32(OUT)?;
    measure("clock_time_get", &mut wasi, memory, |wasi, memory| {
        wasi.clock_time_get(memory, 1, 0, OUT)
    })?;
    measure(
        "fd_write, 512 bytes to nowhere",
        &mut wasi,
        memory,
        |wasi, memory| wasi.fd_write(memory, 1, IOVS, 1, OUT),
    )?;
    measure(
        "fd_pread, 512 bytes of a file",
        &mut wasi,
        memory,
        |wasi, memory| wasi.fd_pread(memory, fd, IOVS, 1, 0, OUT),
    )?;
    measure(
        "fd_pwrite, 512 bytes of a file",
        &mut wasi,
        memory,
        |wasi, memory| wasi.fd_pwrite(memory, fd, IOVS, 1, 0, OUT),
    )?;
    measure(
        "path_filestat_get, three names",
        &mut wasi,
        memory,
        |wasi, memory| wasi.path_filestat_get(memory, 3, 1, PATH, path_len, OUT),
    )?;
    measure(
        "path_open and fd_close, three names",
        &mut wasi,
        memory,
        |wasi, memory| {
            wasi.path_open(memory, 3, 1, PATH, path_len, 0, all, all, 0, OUT)?;
            let fd = memory.u32(OUT)?;
            wasi.fd_close(fd)
        },
    )?;
    memory.bytes_mut(DATA, 48)?.fill(0);
    memory.set_u32(DATA + 16, 1)?;
    measure(
        "poll_oneoff, a clock that has come",
        &mut wasi,
        memory,
        |wasi, memory| wasi.poll_oneoff(memory, DATA, DATA + 64, 1, OUT),
    )?;
    std::fs::remove_dir_all(scratch)?;
    Ok(())
}

/// Makes a call many times, and prints the time of one.
fn measure(
    what: &str,
    wasi: &mut Wasi,
    memory: &mut Memory<'_>,
    call: impl Fn(&mut Wasi, &mut Memory<'_>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let start = Instant::now();
    for _ in 0..TIMES {
        call(wasi, memory)?;
    }
    println!(
        "{:8} ns  {what}",
        start.elapsed().as_nanos() / u128::from(TIMES)
    );
    Ok(())
}
