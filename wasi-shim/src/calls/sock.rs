//! Sockets: the preopened ones, and the connections that they accept.

use crate::errno::Errno;
use crate::fd::{Descriptor, Object};
use crate::memory::Memory;
use crate::types::{FileType, RiFlags, Rights, SdFlags};
use crate::wasi::Wasi;

use super::fd::fd_flags;

impl Wasi {
    /// `sock_accept(fd, flags) -> fd`: takes the next connection of a listening socket. The flags apply to the new
    /// descriptor; only `nonblock` has a meaning. Like `accept4` in Linux.
    ///
    /// Errors: `EAGAIN` if there is none and the listener is non-blocking, `ENOTSOCK`, `EINVAL` for a connection, `EMFILE`.
    pub fn sock_accept(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        flags: u32,
        new_fd: u32,
    ) -> Result<(), Errno> {
        memory.check(new_fd, 4)?;
        let flags = fd_flags(flags)?;
        let stream = loop {
            let descriptor = self.fds.get_mut(fd)?;
            let nonblock = descriptor.nonblock();
            let listener = match &mut descriptor.object {
                Object::Listener(listener) => listener,
                object if is_socket(object.kind()) => return Err(Errno::Inval),
                _ => return Err(Errno::NotSock),
            };
            match listener.accept() {
                Err(Errno::Again) if !nonblock => self.wait_ready(fd, Rights::FD_READ)?,
                accepted => break accepted?,
            }
        };
        let object = Object::Stream {
            stream,
            place: None,
        };
        let new = self.install(Descriptor::new(object, (true, true), flags))?;
        memory.set_u32(new_fd, new)
    }

    /// `sock_recv(fd, ri_data, ri_flags) -> (size, roflags)`: reads from a connection, peeks at its data (`recv_peek`), or
    /// waits until the buffers are full (`recv_waitall`). Like `recv` in POSIX. Errors: `ENOTSOCK`; otherwise those of
    /// `fd_read`.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parameters of the function in the witx file"
    )]
    pub fn sock_recv(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        ri_data: u32,
        ri_data_len: u32,
        ri_flags: u32,
        ro_datalen: u32,
        ro_flags: u32,
    ) -> Result<(), Errno> {
        self.connection(fd)?;
        let flags = match u16::try_from(ri_flags) {
            Ok(bits) if RiFlags::ALL.contains(RiFlags(bits)) => RiFlags(bits),
            _ => return Err(Errno::Inval),
        };
        memory.check(ro_datalen, 4)?;
        memory.check(ro_flags, 2)?;
        let (vectors, _) = memory.iovecs(ri_data, ri_data_len)?;
        self.fds.get(fd)?.need(Rights::FD_READ)?;
        let mut total = 0;
        'all: for vector in vectors {
            let mut filled = 0;
            while filled < vector.len {
                let received = self.receive(
                    memory.bytes_mut(vector.buf + filled, vector.len - filled)?,
                    fd,
                    flags,
                );
                memory.filled(received.unwrap_or(usize::MAX));
                match received {
                    Ok(0) => break 'all,
                    Ok(read) => {
                        // At most the length of a 32-bit buffer.
                        filled += read as u32;
                        total += read as u32;
                    }
                    Err(_) if total > 0 => break 'all,
                    Err(errno) => return Err(errno),
                }
                if !flags.contains(RiFlags::WAITALL) || flags.contains(RiFlags::PEEK) {
                    break 'all;
                }
            }
        }
        memory.set_u32(ro_datalen, total)?;
        memory.write(ro_flags, &[0, 0])
    }

    fn receive(&mut self, buf: &mut [u8], fd: u32, flags: RiFlags) -> Result<usize, Errno> {
        self.wait_ready(fd, Rights::FD_READ)?;
        match &mut self.fds.get_mut(fd)?.object {
            Object::Stream { stream, .. } if flags.contains(RiFlags::PEEK) => stream.peek(buf),
            Object::Stream { stream, .. } => stream.read(buf),
            _ => Err(Errno::NotSock),
        }
    }

    /// `sock_send(fd, si_data, si_flags) -> size`: writes to a connection. `si_flags` is reserved and must be 0. Like
    /// `send` in POSIX. Errors: `ENOTSOCK`, `EINVAL`; otherwise those of `fd_write`.
    pub fn sock_send(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        si_data: u32,
        si_data_len: u32,
        si_flags: u32,
        so_datalen: u32,
    ) -> Result<(), Errno> {
        self.connection(fd)?;
        if si_flags != 0 {
            return Err(Errno::Inval);
        }
        self.fd_write(memory, fd, si_data, si_data_len, so_datalen)
    }

    /// `sock_shutdown(fd, how)`: closes one or both directions of a connection. Like `shutdown` in POSIX.
    /// Errors: `ENOTSOCK`, `ENOTCONN` for a listener, `EINVAL` for no or an unknown direction.
    pub fn sock_shutdown(&mut self, fd: u32, how: u32) -> Result<(), Errno> {
        self.connection(fd)?;
        let how = match u8::try_from(how) {
            Ok(bits) if bits != 0 && SdFlags::ALL.contains(SdFlags(bits)) => SdFlags(bits),
            _ => return Err(Errno::Inval),
        };
        match &mut self.fds.get_mut(fd)?.object {
            Object::Stream { stream, .. } => stream.shutdown(how),
            _ => Err(Errno::NotConn),
        }
    }

    /// Fails unless a descriptor is a connection.
    fn connection(&self, fd: u32) -> Result<(), Errno> {
        match &self.fds.get(fd)?.object {
            Object::Listener(_) => Err(Errno::NotConn),
            // For a program without any grants, the invented root is no descriptor.
            Object::Directory { place } if self.mounts.is_invented(*place) => Err(Errno::BadF),
            object if is_socket(object.kind()) => Ok(()),
            _ => Err(Errno::NotSock),
        }
    }
}

fn is_socket(kind: FileType) -> bool {
    matches!(kind, FileType::SocketStream | FileType::SocketDgram)
}
