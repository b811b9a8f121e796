//! What a guest's files take of the host's memory. A RAM disk never takes more than it counts against its limit, however small its files
//! are. The listings of the desktop's directories take a bounded amount, however many directories a guest reads at once.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use wasi_shim::std_host::StdFs;
use wasi_shim::{Access, Errno, FileSystem, Node, RamFs};

/// What an allocator needs for each block beside its bytes.
const HEADER: usize = 16;

thread_local! {
    static USED: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

/// Counts what a thread has allocated.
struct Counting;

fn add(layout: Layout) {
    let used = USED.get() + layout.size().next_multiple_of(HEADER) + HEADER;
    USED.set(used);
    PEAK.set(PEAK.get().max(used));
}

// SAFETY: every call goes to the system's allocator as it is; the counters are no part of it and allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout);
        // SAFETY: the caller keeps the contract of `GlobalAlloc`.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        let size = layout.size().next_multiple_of(HEADER) + HEADER;
        USED.set(USED.get().saturating_sub(size));
        // SAFETY: the caller keeps the contract of `GlobalAlloc`.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Fills a disk by `act` until there is no space, and returns what it counts and the most that it took.
fn fill(limit: u64, mut act: impl FnMut(&mut RamFs, u64) -> Result<(), Errno>) -> (u64, u64, u64) {
    let (start, mut number) = (USED.get(), 0);
    PEAK.set(start);
    let mut fs = RamFs::new(limit, Box::new(|| 1_700_000_000_000_000_000));
    loop {
        match act(&mut fs, number) {
            Ok(()) => number += 1,
            Err(errno) => {
                assert_eq!(errno, Errno::NoSpc);
                break;
            }
        }
    }
    let peak = (PEAK.get() - start) as u64;
    (number, fs.used(), peak)
}

fn write(fs: &mut RamFs, file: Node, pos: u64) -> Result<(), Errno> {
    let access = Access {
        read: true,
        write: true,
    };
    fs.open(file, access, false)?;
    let written = fs.write_at(file, pos, b"x");
    fs.close(file);
    written.map(drop)
}

#[test]
fn small_files_take_no_more_memory_than_they_count() {
    type Act = fn(&mut RamFs, u64) -> Result<(), Errno>;
    let ways: [(&str, Act); 8] = [
        ("empty files", |fs, n| {
            fs.create(fs.root(), &format!("{n}")).map(drop)
        }),
        ("empty files with long names", |fs, n| {
            fs.create(fs.root(), &format!("{n:0>200}")).map(drop)
        }),
        ("files of a byte", |fs, n| {
            let file = fs.create(fs.root(), &format!("{n}"))?;
            write(fs, file, 0)
        }),
        ("directories", |fs, n| fs.mkdir(fs.root(), &format!("{n}"))),
        ("directories with a file each", |fs, n| {
            let name = format!("{n}");
            fs.mkdir(fs.root(), &name)?;
            let dir = fs.lookup(fs.root(), &name)?.node;
            fs.create(dir, "f").map(drop)
        }),
        ("symbolic links", |fs, n| {
            fs.symlink("x", fs.root(), &format!("{n}"))
        }),
        ("hard links", |fs, n| match n {
            0 => fs.create(fs.root(), "first").map(drop),
            _ => fs.link(fs.root(), "first", fs.root(), &format!("{n}")),
        }),
        ("pages far from each other", |fs, n| {
            match fs.lookup(fs.root(), "f") {
                Err(_) => fs.create(fs.root(), "f").map(drop),
                Ok(found) => write(fs, found.node, n << 20),
            }
        }),
    ];
    for (way, act) in ways {
        for limit in [300 << 10, 4 << 20] {
            let (number, used, peak) = fill(limit, act);
            println!("{way}: {number} in {limit} bytes, {used} counted, {peak} taken");
            assert!(number > 20, "{way}: only {number} in {limit} bytes");
            assert!(
                peak <= limit,
                "{way}: {peak} bytes of memory for a limit of {limit}"
            );
        }
    }
}

/// Also after most files were removed, what is left counts for what it takes.
#[test]
fn removed_files_give_back_what_they_counted() {
    let mut fs = RamFs::new(4 << 20, Box::new(|| 0));
    let empty = fs.used();
    for round in 0..3 {
        let mut number = 0;
        while fs.create(fs.root(), &format!("{round}-{number}")).is_ok() {
            number += 1;
        }
        for number in 0..number {
            fs.unlink(fs.root(), &format!("{round}-{number}")).unwrap();
        }
        assert_eq!(fs.used(), empty);
    }
}

/// A directory that is read through many descriptors at once does not take as many times its size, and each of them still finds all
/// names.
#[test]
fn a_directory_may_be_read_by_many() {
    const NAMES: usize = 1_000;
    let folder = std::env::temp_dir().join(format!("wasi-shim-listings-{}", std::process::id()));
    let big = folder.join("big");
    std::fs::create_dir_all(&big).unwrap();
    for number in 0..NAMES {
        std::fs::write(big.join(format!("{number:0>200}")), b"").unwrap();
    }
    let start = USED.get();
    PEAK.set(start);
    let mut fs = StdFs::default();
    let root = fs.open_dir(&folder).unwrap();
    let mut readers = Vec::new();
    for _ in 0..400 {
        let dir = fs.lookup(root, "big").unwrap().node;
        fs.open(dir, Access::default(), false).unwrap();
        let mut next = 0;
        fs.read_dir(dir, 0, &mut |entry| {
            next = entry.next;
            false
        })
        .unwrap();
        readers.push((dir, next));
    }
    let peak = PEAK.get() - start;
    assert!(peak < 80 << 20, "{peak} bytes of memory");
    for (dir, next) in readers {
        let mut rest = 0;
        fs.read_dir(dir, next, &mut |_| {
            rest += 1;
            true
        })
        .unwrap();
        assert_eq!(rest, NAMES - 1);
        fs.close(dir);
        fs.forget(dir);
    }
    fs.forget(root);
    // What is left is the table of nodes.
    let left = USED.get() - start;
    assert!(left < 100_000, "{left} bytes are left");
    drop(fs);
    std::fs::remove_dir_all(&folder).unwrap();
}
