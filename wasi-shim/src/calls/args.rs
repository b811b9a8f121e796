//! Arguments and environment: two lists of NUL-terminated strings that are copied to the guest. They are usually UTF-8, but
//! the host's bytes are passed on unchanged.

use alloc::vec::Vec;

use crate::errno::Errno;
use crate::memory::Memory;
use crate::wasi::Wasi;

impl Wasi {
    /// `args_get(argv, argv_buf)`: writes the arguments, NUL-terminated and one after the other, to `argv_buf`, and the
    /// address of each to the table `argv`. `args_sizes_get` returns the sizes of both.
    pub fn args_get(
        &mut self,
        memory: &mut Memory<'_>,
        argv: u32,
        argv_buf: u32,
    ) -> Result<(), Errno> {
        copy_out(&self.args, memory, argv, argv_buf)
    }

    /// `args_sizes_get() -> (argc, argv_buf_size)`: returns the number of arguments, and their bytes including NULs.
    pub fn args_sizes_get(
        &mut self,
        memory: &mut Memory<'_>,
        argc: u32,
        size: u32,
    ) -> Result<(), Errno> {
        sizes(&self.args, memory, argc, size)
    }

    /// `environ_get(environ, environ_buf)`: like `args_get`, for strings of the form `NAME=value`.
    pub fn environ_get(
        &mut self,
        memory: &mut Memory<'_>,
        environ: u32,
        environ_buf: u32,
    ) -> Result<(), Errno> {
        copy_out(&self.env, memory, environ, environ_buf)
    }

    /// `environ_sizes_get() -> (environc, environ_buf_size)`: like `args_sizes_get`.
    pub fn environ_sizes_get(
        &mut self,
        memory: &mut Memory<'_>,
        count: u32,
        size: u32,
    ) -> Result<(), Errno> {
        sizes(&self.env, memory, count, size)
    }
}

fn sizes(
    list: &[Vec<u8>],
    memory: &mut Memory<'_>,
    count_at: u32,
    size_at: u32,
) -> Result<(), Errno> {
    let size: usize = list.iter().map(|item| item.len() + 1).sum();
    let count = u32::try_from(list.len()).map_err(|_| Errno::Overflow)?;
    let size = u32::try_from(size).map_err(|_| Errno::Overflow)?;
    memory.check(size_at, 4)?;
    memory.set_u32(count_at, count)?;
    memory.set_u32(size_at, size)
}

fn copy_out(list: &[Vec<u8>], memory: &mut Memory<'_>, table: u32, buf: u32) -> Result<(), Errno> {
    // The end of the last string may be the end of the address space.
    let address = |at: u64| u32::try_from(at).map_err(|_| Errno::Fault);
    let (mut entry, mut at) = (u64::from(table), u64::from(buf));
    for item in list {
        let end = at + item.len() as u64;
        memory.set_u32(address(entry)?, address(at)?)?;
        memory.write(address(at)?, item)?;
        memory.write(address(end)?, &[0])?;
        at = end + 1;
        entry += 4;
    }
    Ok(())
}
