//! Mending a volume: faults that a power cut leaves, one by one, and faults that it does not leave.

mod disks;
mod suite;

use std::sync::Arc;

use disks::{Image, Judge, Overlay, RamDisk, Sectors, Verdict, clock};
use suite::Subject;
use wasi_shim::fat::FatFs;
use wasi_shim::fat::image::Kind;

/// The content of a file.
fn bytes(len: usize, seed: u8) -> Vec<u8> {
    (0..len).map(|at| (at / 7) as u8 ^ seed).collect()
}

/// A volume with a fault that no power cut leaves is not touched.
#[test]
fn what_is_not_understood_is_left_alone() {
    for kind in disks::ALL_KINDS {
        let mut bytes = cut_volume(kind);
        // Both files are given the same clusters.
        if kind == Kind::ExFat {
            let (one, two) = (exfat_set(&bytes, "ONE"), exfat_set(&bytes, "TWO"));
            bytes.copy_within(one + 32 + 20..one + 32 + 32, two + 32 + 20);
            seal(&mut bytes, two);
        } else {
            let at = |bytes: &[u8], name: &[u8]| {
                bytes.windows(11).position(|window| window == name).unwrap()
            };
            let (one, two) = (at(&bytes, b"ONE        "), at(&bytes, b"TWO        "));
            bytes.copy_within(one + 20..one + 32, two + 20);
        }
        let disk = Overlay::new(Arc::new(bytes), Sectors::new());
        let mut fs = FatFs::mount(Box::new(disk.clone()), clock(), false).unwrap();
        let before = disk.changed.borrow().clone();
        fs.mend().unwrap();
        assert_eq!(*disk.changed.borrow(), before, "{kind:?}");
        assert!(fs.was_dirty() || kind == Kind::Fat12);
    }
}

/// A volume with three files on which the power has failed.
fn cut_volume(kind: Kind) -> Vec<u8> {
    let disk = RamDisk::formatted(kind, 4 << 20);
    let mut s = disks::fat_subject(&disk);
    s.put(s.root, "ONE", &bytes(20_000, 1));
    s.put(s.root, "TWO", &bytes(20_000, 2));
    s.fs.sync(s.root, false).unwrap();
    s.put(s.root, "THREE", b"3");
    std::mem::forget(s);
    disk.bytes()
}

/// Where the entries of a file of exFAT stand whose name has at most fifteen letters.
fn exfat_set(bytes: &[u8], name: &str) -> usize {
    let mut entry = [0; 32];
    entry[0] = 0xc1;
    for (at, unit) in entry[2..].chunks_exact_mut(2).zip(name.encode_utf16()) {
        at.copy_from_slice(&unit.to_le_bytes());
    }
    let entries = bytes.as_chunks::<32>().0;
    (entries.iter().position(|other| *other == entry).unwrap() - 2) * 32
}

/// Gives three entries their checksum (exFAT specification, 6.3.3).
fn seal(bytes: &mut [u8], at: usize) {
    let set = bytes[at..at + 96].iter().enumerate();
    let sum = set
        .filter(|(index, _)| ![2, 3].contains(index))
        .fold(0_u16, |sum, (_, byte)| {
            sum.rotate_right(1).wrapping_add(u16::from(*byte))
        });
    bytes[at + 2..at + 4].copy_from_slice(&sum.to_le_bytes());
}

/// Faults of exFAT that a power cut leaves, one by one: afterwards `fsck.exfat` finds nothing, and what is whole is there.
#[test]
fn exfat_is_mended() {
    type Break = fn(&mut [u8], usize);
    let judge = Judge::find();
    let faults: [(&str, bool, Break); 6] = [
        ("a wrong checksum", true, |bytes, set| bytes[set + 2] ^= 1),
        (
            "a time that was changed before the checksum",
            true,
            |bytes, set| bytes[set + 12] ^= 1,
        ),
        (
            "a file entry that was removed before the others",
            false,
            |bytes, set| bytes[set] &= 0x7f,
        ),
        ("a stream that is missing", false, |bytes, set| {
            bytes[set + 32] &= 0x7f
        }),
        ("a name that is missing", false, |bytes, set| {
            bytes[set + 64] &= 0x7f
        }),
        ("clusters without a file", false, |bytes, set| {
            for entry in 0..3 {
                bytes[set + 32 * entry] &= 0x7f;
            }
        }),
    ];
    for (fault, stays, break_it) in faults {
        let mut image = cut_volume(Kind::ExFat);
        let two = exfat_set(&image, "TWO");
        break_it(&mut image, two);
        let disk = Overlay::new(Arc::new(image.clone()), Sectors::new());
        let mut fs = FatFs::mount(Box::new(disk.clone()), clock(), false).unwrap();
        let (_, free) = fs.space().unwrap();
        fs.mend().unwrap();
        assert!(!fs.was_dirty(), "{fault}");
        let (_, now) = fs.space().unwrap();
        assert_eq!(
            now > free,
            !stays,
            "{fault}: {free} bytes were free, {now} are"
        );
        let root = fs.root();
        let mut s = Subject {
            fs: Box::new(fs),
            root,
            traits: disks::traits(Kind::ExFat),
        };
        assert_eq!(s.get(root, "ONE"), bytes(20_000, 1), "{fault}");
        assert_eq!(s.fs.lookup(root, "TWO").is_ok(), stays, "{fault}");
        if stays {
            assert_eq!(s.get(root, "TWO"), bytes(20_000, 2), "{fault}");
        }
        s.put(root, "after", b"works");
        drop(s);
        let file = Image::new(&image);
        let changed = disk.changed.borrow();
        file.patch(changed.iter().map(|(sector, data)| (*sector, &**data)));
        let (verdict, text) = judge.verdict(&file, Kind::ExFat);
        assert_eq!(verdict, Verdict::Clean, "{fault}: {text}");
    }
}
