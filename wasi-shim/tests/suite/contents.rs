//! Reading, writing, cutting and extending.

use super::{Case, READ_WRITE, Subject};
use wasi_shim::Errno;

pub(super) const CASES: &[Case] = &[
    ("what was written is read", write_read),
    ("reads are short at the end only", short_reads),
    ("a gap reads as zeros", gap),
    ("writes overlap", overlap),
    ("append goes to the end", append),
    ("a file is cut and extended", set_len),
    ("a file open twice is one file", twice),
    ("many small writes", small_writes),
    ("sync changes nothing", sync),
    ("allocate extends and keeps", allocate),
    ("empty reads and writes", empty),
];

/// Bytes that differ from place to place.
fn pattern(len: usize, seed: u32) -> Vec<u8> {
    (0..len as u32)
        .map(|at| ((at ^ seed).wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}

fn write_read(s: &mut Subject) {
    let data = pattern(200_000, 1);
    let file = s.file(s.root, "file", &data);
    assert_eq!(s.content(file), data);
    s.fs.close(file);
    assert_eq!(s.get(s.root, "file"), data);
}

fn short_reads(s: &mut Subject) {
    let data = pattern(10_000, 2);
    let file = s.file(s.root, "file", &data);
    for (pos, len, expected) in [
        (0, 1, 1),
        (4095, 3, 3),
        (9_990, 100, 10),
        (10_000, 5, 0),
        (1 << 40, 5, 0),
        (511, 8_193, 8_193),
    ] {
        let mut buf = vec![0; len];
        assert_eq!(
            s.fs.read_at(file, pos, &mut buf),
            Ok(expected),
            "{len} bytes from {pos}"
        );
        if expected > 0 {
            let pos = pos as usize;
            assert_eq!(buf[..expected], data[pos..pos + expected]);
        }
    }
    s.fs.close(file);
}

fn gap(s: &mut Subject) {
    // First something that leaves rubbish in the free space behind it.
    s.put(s.root, "old", &[0xff; 100_000]);
    s.fs.unlink(s.root, "old").unwrap();
    let file = s.file(s.root, "file", b"start");
    s.write(file, 60_000, b"end");
    let mut expected = vec![0; 60_003];
    expected[..5].copy_from_slice(b"start");
    expected[60_000..].copy_from_slice(b"end");
    assert_eq!(s.content(file), expected);
    s.fs.close(file);
    assert_eq!(s.get(s.root, "file"), expected);
}

fn overlap(s: &mut Subject) {
    let mut expected = pattern(30_000, 3);
    let file = s.file(s.root, "file", &expected);
    for (pos, len) in [
        (0, 1),
        (511, 2),
        (512, 512),
        (4_000, 9_000),
        (29_999, 5_000),
        (100, 3),
    ] {
        let data = pattern(len, pos as u32 + 77);
        s.write(file, pos as u64, &data);
        expected.resize(expected.len().max(pos + len), 0);
        expected[pos..pos + len].copy_from_slice(&data);
        assert_eq!(s.content(file), expected);
    }
    s.fs.close(file);
    assert_eq!(s.get(s.root, "file"), expected);
}

fn append(s: &mut Subject) {
    let file = s.file(s.root, "file", b"one");
    assert_eq!(s.fs.append(file, b" two"), Ok((4, 7)));
    s.fs.set_len(file, 3).unwrap();
    assert_eq!(s.fs.append(file, b" three"), Ok((6, 9)));
    assert_eq!(s.content(file), b"one three");
    s.fs.close(file);
}

fn set_len(s: &mut Subject) {
    let data = pattern(50_000, 4);
    let file = s.file(s.root, "file", &data);
    let mut expected = data;
    for len in [40_000, 40_001, 100, 512, 511, 20_000, 0, 3, 8_192, 4_096] {
        s.fs.set_len(file, len as u64).unwrap();
        expected.resize(len, 0);
        assert_eq!(s.fs.stat(file).unwrap().size, len as u64);
        assert_eq!(s.content(file), expected, "after set_len {len}");
    }
    s.fs.close(file);
    assert_eq!(s.get(s.root, "file"), expected);
}

fn twice(s: &mut Subject) {
    let one = s.file(s.root, "file", b"first");
    let two = s.node(s.root, "file");
    s.open(two);
    s.write(one, 5, b" second");
    assert_eq!(s.content(two), b"first second");
    s.fs.set_len(two, 5).unwrap();
    assert_eq!(s.content(one), b"first");
    s.fs.close(one);
    s.write(two, 0, b"F");
    assert_eq!(s.content(two), b"First");
    s.fs.close(two);
    assert_eq!(s.get(s.root, "file"), b"First");
}

fn small_writes(s: &mut Subject) {
    let file = s.file(s.root, "file", b"");
    let other = s.file(s.root, "other", b"");
    let mut expected = Vec::new();
    for line in 0..1_000 {
        let text = format!("line {line}\n");
        s.write(file, expected.len() as u64, text.as_bytes());
        s.write(other, line, b"x");
        expected.extend_from_slice(text.as_bytes());
        if line % 97 == 0 {
            assert_eq!(s.fs.stat(file).unwrap().size, expected.len() as u64);
        }
        if line % 211 == 0 {
            assert_eq!(s.content(file), expected);
        }
    }
    assert_eq!(s.content(file), expected);
    s.fs.close(file);
    s.fs.close(other);
    assert_eq!(s.get(s.root, "file"), expected);
    assert_eq!(s.get(s.root, "other"), [b'x'; 1_000]);
}

fn sync(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    let file = s.file(dir, "file", b"synced");
    s.fs.sync(file, true).unwrap();
    s.fs.sync(file, false).unwrap();
    s.fs.sync(dir, false).unwrap();
    s.fs.sync(s.root, false).unwrap();
    assert_eq!(s.content(file), b"synced");
    s.fs.close(file);
}

fn allocate(s: &mut Subject) {
    let file = s.file(s.root, "file", b"kept");
    match s.fs.allocate(file, 2, 10_000) {
        Ok(()) => {
            let mut expected = vec![0; 10_002];
            expected[..4].copy_from_slice(b"kept");
            assert_eq!(s.content(file), expected);
            s.fs.allocate(file, 0, 5).unwrap();
            assert_eq!(s.fs.stat(file).unwrap().size, 10_002);
        }
        Err(errno) => assert_eq!(errno, Errno::NotSup),
    }
    s.fs.close(file);
}

fn empty(s: &mut Subject) {
    let file = s.fs.create(s.root, "file").unwrap();
    s.fs.open(file, READ_WRITE, false).unwrap();
    assert_eq!(s.fs.write_at(file, 0, b""), Ok(0));
    assert_eq!(s.fs.read_at(file, 0, &mut []), Ok(0));
    assert_eq!(s.fs.write_at(file, 100, b""), Ok(0));
    assert_eq!(s.fs.stat(file).unwrap().size, 0);
    s.fs.close(file);
}
