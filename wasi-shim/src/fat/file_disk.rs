//! `FileDisk`: an image file of the desktop as a block device, so that `--fat image.img::/guest` runs the code a board runs.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::device::{BlockDevice, SECTOR};
use crate::errno::Errno;

/// A disk in a file. While it is open nobody else may write the file.
pub struct FileDisk {
    file: File,
    sectors: u64,
    writable: bool,
}

impl FileDisk {
    /// Opens an image (or a disk, where the system shows disks as files).
    ///
    /// An image without permission to write is opened for reading when `writable` is false only.
    pub fn open(path: &Path, writable: bool) -> io::Result<FileDisk> {
        let mut file = OpenOptions::new().read(true).write(writable).open(path)?;
        let len = file.seek(SeekFrom::End(0))?;
        Ok(FileDisk {
            file,
            sectors: len / SECTOR as u64,
            writable,
        })
    }

    /// Makes a new image of `sectors` sectors, all zero; sparse where the host's file system can.
    ///
    /// An image that is there already is replaced.
    pub fn create(path: &Path, sectors: u64) -> io::Result<FileDisk> {
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)?;
        file.set_len(sectors * SECTOR as u64)?;
        Ok(FileDisk {
            file,
            sectors,
            writable: true,
        })
    }

    fn seek(&mut self, sector: u64) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(sector * SECTOR as u64))?;
        Ok(())
    }
}

/// Logs what the system says and turns it into an errno.
fn failed(what: &str, sector: u64, error: &io::Error) -> Errno {
    log::error!("image: cannot {what} sector {sector}: {error}");
    match error.kind() {
        // A sparse image on a full disk.
        io::ErrorKind::StorageFull => Errno::NoSpc,
        _ => Errno::Io,
    }
}

impl BlockDevice for FileDisk {
    fn sectors(&self) -> u64 {
        self.sectors
    }

    fn read(&mut self, sector: u64, buf: &mut [u8]) -> Result<(), Errno> {
        self.seek(sector)
            .and_then(|()| self.file.read_exact(buf))
            .map_err(|error| failed("read", sector, &error))
    }

    fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        self.seek(sector)
            .and_then(|()| self.file.write_all(data))
            .map_err(|error| failed("write", sector, &error))
    }

    fn flush(&mut self) -> Result<(), Errno> {
        self.file
            .sync_data()
            .map_err(|error| failed("flush behind", self.sectors, &error))
    }

    fn writable(&self) -> bool {
        self.writable
    }
}
