//! Reads and writes: access modes, offsets, many buffers, listings of directories.

use crate::guest::{ALL, DATA, Guest, IOVS, OUT, READ};
use crate::{CREAT, DIR, DIRECTORY};
use wasi_shim::errno::Errno::*;
use wasi_shim::types::{FileType, Rights};

#[test]
fn access_decides_about_reading_and_writing() {
    let mut guest = Guest::new();
    guest.file(DIR, "file", b"content");
    let reader = guest
        .open(DIR, "file", 0, ALL & !Rights::FD_WRITE.0)
        .unwrap();
    assert_eq!(guest.write(reader, b"x"), Err(BadF));
    assert_eq!(guest.wasi.fd_filestat_set_size(reader, 0), Err(Inval));
    let writer = guest.open(DIR, "file", 0, Rights::FD_WRITE.0).unwrap();
    assert_eq!(guest.read(writer, 1), Err(BadF));
    assert_eq!(
        guest.wasi.fd_filestat_set_size(writer, u64::MAX),
        Err(Inval)
    );
    // Rights can be given up permanently.
    guest.wasi.fd_fdstat_set_rights(reader, READ, 0).unwrap();
    assert_eq!(guest.seek(reader, 0, 0), Err(NotCapable));
    assert_eq!(guest.read(reader, 4), Ok(b"cont".to_vec()));
    assert_eq!(
        guest.wasi.fd_fdstat_set_rights(reader, ALL, 0),
        Err(NotCapable)
    );
    guest
        .call(|wasi, memory| wasi.fd_fdstat_get(memory, reader, OUT))
        .unwrap();
    assert_eq!(
        (guest.bytes[OUT as usize], guest.u64(OUT + 8)),
        (FileType::RegularFile as u8, READ)
    );
}

#[test]
fn offsets_append_and_positions() {
    let mut guest = Guest::new();
    let fd = guest.open(DIR, "file", CREAT, ALL).unwrap();
    guest.write(fd, b"0123456789").unwrap();
    assert_eq!(guest.seek(fd, -4, 2), Ok(6));
    assert_eq!(guest.read(fd, 2), Ok(b"67".to_vec()));
    assert_eq!(guest.seek(fd, 0, 1), Ok(8));
    for (offset, whence) in [(-1, 0), (-9, 1), (i64::MAX, 1), (0, 3)] {
        assert_eq!(guest.seek(fd, offset, whence), Err(Inval));
    }
    assert_eq!(guest.seek(fd, 0, 1), Ok(8), "a refused seek moves nothing");
    // The gap after the end reads as zeros.
    assert_eq!(guest.seek(fd, 12, 0), Ok(12));
    guest.write(fd, b"x").unwrap();
    assert_eq!(guest.content(DIR, "file"), Ok(b"0123456789\0\0x".to_vec()));
    let tail = guest.open_as(DIR, 1, "file", 0, ALL, 1).unwrap();
    guest.write(tail, b"end").unwrap();
    assert_eq!(guest.seek(tail, 0, 1), Ok(16));
    // pwrite writes at its position, even when appending, and the offset does not change.
    let len = guest.put(DATA, b"AB");
    guest.iovs(&[(DATA, len)]);
    guest
        .call(|wasi, memory| wasi.fd_pwrite(memory, tail, IOVS, 1, 1, OUT))
        .unwrap();
    guest.iovs(&[(DATA + 100, 3), (DATA + 200, 2)]);
    guest
        .call(|wasi, memory| wasi.fd_pread(memory, fd, IOVS, 2, 0, OUT))
        .unwrap();
    assert_eq!(guest.u32(OUT), 5);
    assert_eq!(&guest.bytes[DATA as usize + 100..][..3], b"0AB");
    assert_eq!(&guest.bytes[DATA as usize + 200..][..2], b"34");
    assert_eq!(guest.seek(tail, 0, 1), Ok(16));
}

#[test]
fn many_buffers_are_one_operation() {
    let mut guest = Guest::new();
    let count = 1000;
    for index in 0..count {
        guest.put(DATA + index, &[b'a' + (index % 26) as u8]);
        guest.put(IOVS + index * 8, &(DATA + index).to_le_bytes());
        guest.put(IOVS + index * 8 + 4, &1u32.to_le_bytes());
    }
    guest
        .call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, count, OUT))
        .unwrap();
    assert_eq!(guest.u32(OUT), count);
    let written: Vec<u8> = guest.stdout.data.borrow().iter().copied().collect();
    assert_eq!(written, guest.bytes[DATA as usize..][..count as usize]);
    // If one buffer is outside of the memory, nothing is written at all.
    let end = guest.bytes.len() as u32;
    guest.iovs(&[(DATA, 10), (end - 4, 5)]);
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, 2, OUT)),
        Err(Fault)
    );
    assert_eq!(guest.stdout.data.borrow().len(), count as usize);
    guest.iovs(&[(DATA, u32::MAX)]);
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, 1, OUT)),
        Err(Fault)
    );
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, u32::MAX, OUT)),
        Err(Fault)
    );
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, 0, OUT)),
        Ok(())
    );
}

#[test]
fn directories_are_listed_whole_with_any_buffer() {
    let mut guest = Guest::new();
    let mut expected = vec![".".to_owned(), "..".to_owned()];
    for number in 0..50 {
        let name = format!("{number:03}{}", "x".repeat(number * 4));
        guest.file(DIR, &name, b"");
        expected.push(name);
    }
    expected.sort();
    let fd = guest.open(DIR, ".", DIRECTORY, READ).unwrap();
    for buf_len in [24 + 255, 300, 8192, 65_536] {
        let mut names = guest.list(fd, buf_len);
        names.sort();
        assert_eq!(names, expected, "with {buf_len} bytes");
    }
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_readdir(memory, 1, DATA, 100, 0, OUT)),
        Err(NotDir)
    );
}
