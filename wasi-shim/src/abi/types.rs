//! The flags, rights and records of WASI preview 1, with their layout in guest memory.
//!
//! All of this is fixed by the witx file `wasi_snapshot_preview1`: numbers, bit positions, sizes and field offsets, all
//! little-endian. The calls that use a record, in `calls`, describe its meaning.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Declares a set of flags as a newtype over an integer: the bits, the union and membership. Unknown bits are checked by
/// the caller.
macro_rules! flags {
    ($(#[$doc:meta])* $name:ident: $int:ty { $($(#[$bit_doc:meta])* $bit:ident = $value:expr, $word:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
        pub struct $name(pub $int);

        impl $name {
            $($(#[$bit_doc])* pub const $bit: $name = $name($value);)*
            /// The bits that preview 1 defines.
            pub const ALL: $name = $name(0 $(| $value)*);
            /// Each bit with the name that the witx file gives it.
            pub const NAMES: &'static [($name, &'static str)] = &[$(($name::$bit, $word)),*];

            /// The names of the set bits, separated by `|`. Bits without a name are shown as a number.
            pub fn describe(bits: u64) -> String {
                describe(bits, $name::NAMES.iter().map(|(bit, word)| (u64::from(bit.0), *word)))
            }

            /// Returns whether every bit of `other` is set.
            pub const fn contains(self, other: $name) -> bool {
                self.0 & other.0 == other.0
            }
            /// The bits in both sets.
            pub const fn and(self, other: $name) -> $name {
                $name(self.0 & other.0)
            }
            /// The bits in either set.
            pub const fn or(self, other: $name) -> $name {
                $name(self.0 | other.0)
            }
            /// The bits of `self` that are not in `other`.
            pub const fn without(self, other: $name) -> $name {
                $name(self.0 & !other.0)
            }
            /// Returns whether no bit is set.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }
        }
    };
}

/// The names of the bits that are set.
fn describe(bits: u64, names: impl Iterator<Item = (u64, &'static str)>) -> String {
    let mut words = Vec::new();
    let mut rest = bits;
    for (bit, word) in names.filter(|(bit, _)| bits & bit != 0) {
        rest &= !bit;
        words.push(String::from(word));
    }
    if rest != 0 {
        words.push(format!("{rest:#x}"));
    }
    words.join("|")
}

/// Declares a numbered choice: each variant with its number and the name that the witx file gives it.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $number:literal, $word:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$variant_doc])* $variant = $number,)*
        }

        impl $name {
            /// Decodes a guest's number. Returns `None` if preview 1 does not define it.
            pub fn from_raw(raw: u32) -> Option<$name> {
                match raw {
                    $($number => Some($name::$variant),)*
                    _ => None,
                }
            }

            /// The name that the witx file gives it.
            pub fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }
    };
}

flags! {
    /// `$rights`: the allowed operations of a descriptor. In this shim they are mostly informative: wasi-libc and Go read
    /// them. Reading and writing follow from the access mode, which `FD_READ` and `FD_WRITE` report.
    Rights: u64 {
        /// `fd_datasync`.
        FD_DATASYNC = 1 << 0, "fd_datasync";
        /// `fd_read`, `sock_recv`, and `fd_pread` with `FD_SEEK`.
        FD_READ = 1 << 1, "fd_read";
        /// `fd_seek`. Without it, C programs take a character device for a terminal.
        FD_SEEK = 1 << 2, "fd_seek";
        /// `fd_fdstat_set_flags`.
        FD_FDSTAT_SET_FLAGS = 1 << 3, "fd_fdstat_set_flags";
        /// `fd_sync`.
        FD_SYNC = 1 << 4, "fd_sync";
        /// `fd_tell`, and `fd_seek` that does not move the offset.
        FD_TELL = 1 << 5, "fd_tell";
        /// `fd_write`, `sock_send`, and `fd_pwrite` with `FD_SEEK`.
        FD_WRITE = 1 << 6, "fd_write";
        /// `fd_advise`.
        FD_ADVISE = 1 << 7, "fd_advise";
        /// `fd_allocate`.
        FD_ALLOCATE = 1 << 8, "fd_allocate";
        /// `path_create_directory`.
        PATH_CREATE_DIRECTORY = 1 << 9, "path_create_directory";
        /// `path_open` with `OFlags::CREAT`.
        PATH_CREATE_FILE = 1 << 10, "path_create_file";
        /// `path_link` with this as the directory of the existing file.
        PATH_LINK_SOURCE = 1 << 11, "path_link_source";
        /// `path_link` with this as the directory of the new name.
        PATH_LINK_TARGET = 1 << 12, "path_link_target";
        /// `path_open`.
        PATH_OPEN = 1 << 13, "path_open";
        /// `fd_readdir`.
        FD_READDIR = 1 << 14, "fd_readdir";
        /// `path_readlink`.
        PATH_READLINK = 1 << 15, "path_readlink";
        /// `path_rename` with this as the directory of the old name.
        PATH_RENAME_SOURCE = 1 << 16, "path_rename_source";
        /// `path_rename` with this as the directory of the new name.
        PATH_RENAME_TARGET = 1 << 17, "path_rename_target";
        /// `path_filestat_get`.
        PATH_FILESTAT_GET = 1 << 18, "path_filestat_get";
        /// `path_open` with `OFlags::TRUNC`.
        PATH_FILESTAT_SET_SIZE = 1 << 19, "path_filestat_set_size";
        /// `path_filestat_set_times`.
        PATH_FILESTAT_SET_TIMES = 1 << 20, "path_filestat_set_times";
        /// `fd_filestat_get`.
        FD_FILESTAT_GET = 1 << 21, "fd_filestat_get";
        /// `fd_filestat_set_size`.
        FD_FILESTAT_SET_SIZE = 1 << 22, "fd_filestat_set_size";
        /// `fd_filestat_set_times`.
        FD_FILESTAT_SET_TIMES = 1 << 23, "fd_filestat_set_times";
        /// `path_symlink`.
        PATH_SYMLINK = 1 << 24, "path_symlink";
        /// `path_remove_directory`.
        PATH_REMOVE_DIRECTORY = 1 << 25, "path_remove_directory";
        /// `path_unlink_file`.
        PATH_UNLINK_FILE = 1 << 26, "path_unlink_file";
        /// `poll_oneoff` on this descriptor.
        POLL_FD_READWRITE = 1 << 27, "poll_fd_readwrite";
        /// `sock_shutdown`.
        SOCK_SHUTDOWN = 1 << 28, "sock_shutdown";
        /// `sock_accept`.
        SOCK_ACCEPT = 1 << 29, "sock_accept";
    }
}

flags! {
    /// `$fdflags`: how reads and writes of an open descriptor behave.
    FdFlags: u16 {
        /// Each write goes to the end of the file.
        APPEND = 1 << 0, "append";
        /// A write returns when its data is on the medium.
        DSYNC = 1 << 1, "dsync";
        /// A read or write that would have to wait fails with `EAGAIN`.
        NONBLOCK = 1 << 2, "nonblock";
        /// Like `SYNC`, for reads as well.
        RSYNC = 1 << 3, "rsync";
        /// A write returns when data and metadata are on the medium.
        SYNC = 1 << 4, "sync";
    }
}

flags! {
    /// `$oflags`: the steps of `path_open` before the open.
    OFlags: u16 {
        /// Create the file if there is none.
        CREAT = 1 << 0, "creat";
        /// Fail if it is no directory.
        DIRECTORY = 1 << 1, "directory";
        /// Fail if it exists already.
        EXCL = 1 << 2, "excl";
        /// Truncate the file to length 0.
        TRUNC = 1 << 3, "trunc";
    }
}

flags! {
    /// `$lookupflags`: how the last name of a path is resolved.
    LookupFlags: u32 {
        /// A symbolic link at the end of the path is followed.
        SYMLINK_FOLLOW = 1 << 0, "symlink_follow";
    }
}

flags! {
    /// `$fstflags`: the times to set, each to a given time or to the current time.
    FstFlags: u16 {
        /// Set the access time to the given one.
        ATIM = 1 << 0, "atim";
        /// Set the access time to the current time.
        ATIM_NOW = 1 << 1, "atim_now";
        /// Set the modification time to the given one.
        MTIM = 1 << 2, "mtim";
        /// Set the modification time to the current time.
        MTIM_NOW = 1 << 3, "mtim_now";
    }
}

flags! {
    /// `$riflags`: how `sock_recv` reads.
    RiFlags: u16 {
        /// Leave the data in the queue.
        PEEK = 1 << 0, "recv_peek";
        /// Wait until the buffers are full.
        WAITALL = 1 << 1, "recv_waitall";
    }
}

flags! {
    /// `$sdflags`: the directions of a socket that `sock_shutdown` closes.
    SdFlags: u8 {
        /// No more receiving.
        RD = 1 << 0, "rd";
        /// No more sending.
        WR = 1 << 1, "wr";
    }
}

choices! {
    /// `$filetype`: the kind of a node.
    #[derive(Default)]
    FileType {
        /// Other kinds, for instance a pipe, for which preview 1 has no number.
        #[default]
        Unknown = 0, "unknown";
        /// A block device.
        BlockDevice = 1, "block_device";
        /// A character device, for instance a terminal.
        CharacterDevice = 2, "character_device";
        /// A directory.
        Directory = 3, "directory";
        /// A regular file.
        RegularFile = 4, "regular_file";
        /// A datagram socket.
        SocketDgram = 5, "socket_dgram";
        /// A stream socket.
        SocketStream = 6, "socket_stream";
        /// A symbolic link.
        SymbolicLink = 7, "symbolic_link";
    }
}

impl FileType {
    /// Returns whether the node is read and written at offsets, and is always ready.
    pub fn is_file(self) -> bool {
        matches!(self, FileType::RegularFile | FileType::BlockDevice)
    }
}

choices! {
    /// `$whence`: the origin of an offset of `fd_seek`.
    Whence {
        /// From the start of the file.
        Set = 0, "set";
        /// From the current offset.
        Cur = 1, "cur";
        /// From the end of the file.
        End = 2, "end";
    }
}

choices! {
    /// `$clockid`: a clock.
    ClockId {
        /// Wall-clock time, in nanoseconds since 1970-01-01 UTC. Can be set, and can jump.
        Realtime = 0, "realtime";
        /// Time since some point in the past; never goes back.
        Monotonic = 1, "monotonic";
        /// Time that the process has spent on a processor.
        ProcessCpu = 2, "process_cputime_id";
        /// Time that the thread has spent on a processor.
        ThreadCpu = 3, "thread_cputime_id";
    }
}

/// `$filestat`: the status of a node.
///
/// Times are nanoseconds since 1970-01-01 UTC, as signed numbers in two's complement: a time before 1970 is negative. Go
/// reads and writes them in this way. They range from 1677 to 2262, and [`timestamp`] clamps all others.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stat {
    /// Number of its device. A file system without one sets 0, and the shim assigns a number to its mount.
    pub dev: u64,
    /// Serial number: two names are of the same file exactly if `dev` and `ino` are equal. Never 0.
    pub ino: u64,
    /// Its kind.
    pub kind: FileType,
    /// Number of hard links.
    pub nlink: u64,
    /// Length in bytes; of a symbolic link, that of its target.
    pub size: u64,
    /// Time of the last access.
    pub atim: u64,
    /// Time of the last change of the data.
    pub mtim: u64,
    /// Time of the last change of the node itself.
    pub ctim: u64,
}

/// A time of a file in the form of preview 1's records. Times outside of the 64-bit range become the ends of the range.
pub fn timestamp(nanoseconds: i128) -> u64 {
    let ends = i128::from(i64::MIN)..=i128::from(i64::MAX);
    // The value lies within the range of an `i64`.
    (nanoseconds.clamp(*ends.start(), *ends.end()) as i64).cast_unsigned()
}

/// The identity of a file of the system, independent of its names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FileId {
    /// Number of its device.
    pub dev: u64,
    /// Its serial number there.
    pub ino: u64,
}

impl Stat {
    /// Size of the record in guest memory.
    pub const SIZE: u32 = 64;

    /// The identity of the file, or `None` if the file system has no device number; only the shim distinguishes its files
    /// then.
    pub fn id(&self) -> Option<FileId> {
        let (dev, ino) = (self.dev, self.ino);
        (dev != 0).then_some(FileId { dev, ino })
    }

    /// The record in guest memory:
    /// ```text
    /// 0   8   16   17      24    32   40   48   56   64
    /// dev ino kind padding nlink size atim mtim ctim
    /// ```
    pub fn encode(&self) -> [u8; 64] {
        let mut record = [0; 64];
        record[16] = self.kind as u8;
        let words = [
            (0, self.dev),
            (8, self.ino),
            (24, self.nlink),
            (32, self.size),
        ];
        let times = [(40, self.atim), (48, self.mtim), (56, self.ctim)];
        for (offset, value) in words.into_iter().chain(times) {
            record[offset..offset + 8].copy_from_slice(&value.to_le_bytes());
        }
        record
    }
}

/// `$fdstat`: the status of an open descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FdStat {
    /// Its kind.
    pub kind: FileType,
    /// Its flags.
    pub flags: FdFlags,
    /// Its rights.
    pub rights: Rights,
    /// The maximum rights of descriptors that are opened through it.
    pub inheriting: Rights,
}

impl FdStat {
    /// The record in guest memory: kind at 0, flags at 2, rights at 8, inheriting rights at 16.
    pub fn encode(&self) -> [u8; 24] {
        let mut record = [0; 24];
        record[0] = self.kind as u8;
        record[2..4].copy_from_slice(&self.flags.0.to_le_bytes());
        record[8..16].copy_from_slice(&self.rights.0.to_le_bytes());
        record[16..24].copy_from_slice(&self.inheriting.0.to_le_bytes());
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_the_witx_layout() {
        let stat = Stat {
            dev: 1,
            ino: 2,
            kind: FileType::Directory,
            nlink: 3,
            size: 4,
            atim: 5,
            mtim: 6,
            ctim: 7,
        };
        let record = stat.encode();
        assert_eq!(record[16], 3);
        for (offset, value) in [(0, 1), (8, 2), (24, 3), (32, 4), (40, 5), (48, 6), (56, 7)] {
            assert_eq!(record[offset], value, "at {offset}");
        }
        let record = FdStat {
            kind: FileType::RegularFile,
            flags: FdFlags::NONBLOCK,
            rights: Rights::FD_READ,
            inheriting: Rights::FD_WRITE,
        }
        .encode();
        assert_eq!((record[0], record[2], record[8], record[16]), (4, 4, 2, 64));
    }

    #[test]
    fn flags_are_described_by_name() {
        assert_eq!(OFlags::describe(0), "");
        assert_eq!(OFlags::describe(5), "creat|excl");
        assert_eq!(SdFlags::describe(0x81), "rd|0x80");
    }

    #[test]
    fn rights_are_thirty_bits_in_witx_order() {
        assert_eq!(Rights::ALL.0, (1 << 30) - 1);
        assert_eq!(Rights::POLL_FD_READWRITE.0, 1 << 27);
        assert_eq!(Rights::SOCK_ACCEPT.0, 1 << 29);
    }
}
