//! The RAM disk: the suite, a random model, limits, and archives against the system's `tar`.

mod shared;
mod suite;

use std::io::Write;
use std::process::{Command, Stdio};

use shared::Shared;
use suite::model::{Model, Random};
use suite::{Subject, Traits};
use wasi_shim::ram::{ArchiveError, ArchiveProblem};
use wasi_shim::{Errno, FileSystem, RamFs, SetTime};

const RAM: Traits = Traits {
    links: true,
    case_sensitive: true,
    any_name: true,
    mtime_step: 1,
    atime_step: 1,
    earliest: None,
};

/// A clock that goes on by a millisecond whenever it is read.
fn clock() -> Box<dyn Fn() -> u64 + Send> {
    let now = Shared::new(1_700_000_000_000_000_000);
    Box::new(move || {
        now.set(now.get() + 1_000_000);
        now.get()
    })
}

fn subject(limit: u64) -> Subject {
    let fs = RamFs::new(limit, clock());
    let root = fs.root();
    Subject {
        fs: Box::new(fs),
        root,
        traits: RAM,
    }
}

#[test]
fn suite() {
    suite::run(|| subject(16 << 20));
}

#[test]
fn random_operations_agree_with_the_model() {
    for seed in 1..=4 {
        let mut subject = subject(64 << 20);
        let mut model = Model::new(&mut subject, seed, 60_000);
        model.run(4_000);
        assert_eq!(model.counts.full, 0);
    }
    for seed in 5..=8 {
        let mut subject = subject(300_000);
        let mut model = Model::new(&mut subject, seed, 60_000);
        model.run(4_000);
        assert!(model.counts.full > 0, "the tree was never full");
    }
}

#[test]
fn everything_counts_and_is_given_back() {
    let limit = 100_000;
    let mut fs = RamFs::new(limit, clock());
    let root = fs.root();
    let mut made = 0;
    while fs.create(root, &format!("file {made}")).is_ok() {
        made += 1;
    }
    assert_eq!(fs.create(root, "one more"), Err(Errno::NoSpc));
    assert_eq!(fs.mkdir(root, "one more"), Err(Errno::NoSpc));
    // A link costs less than a file, so one may still fit.
    let _ = fs.symlink("somewhere", root, "one more");
    let another = fs.symlink("somewhere", root, "another");
    assert_eq!(another, Err(Errno::NoSpc));
    let _ = fs.unlink(root, "one more");
    assert!((90..200).contains(&made), "{made} files of about 900 bytes");
    // Renaming works in a full tree.
    fs.rename(root, "file 0", root, "file 1").unwrap();
    for index in 1..made {
        fs.unlink(root, &format!("file {index}")).unwrap();
    }
    assert_eq!(fs.used(), 0);
    let file = fs.create(root, "file").unwrap();
    assert!(fs.write_at(file, 0, &[1; 200_000]).unwrap() >= 90_000);
    assert_eq!(fs.set_len(file, 1 << 40), Ok(()));
    assert_eq!(fs.write_at(file, 1 << 39, b"x"), Err(Errno::NoSpc));
    fs.unlink(root, "file").unwrap();
    assert_eq!(fs.used(), 0);
}

/// A tree with everything an archive can hold.
fn full_tree() -> RamFs {
    let mut fs = RamFs::new(16 << 20, clock());
    let root = fs.root();
    fs.mkdir(root, "dir").unwrap();
    let dir = fs.lookup(root, "dir").unwrap().node;
    fs.mkdir(dir, "empty").unwrap();
    let long = "long name ".repeat(20);
    for (name, content) in [
        ("a", &b"content"[..]),
        (&long, &[7; 5_000]),
        ("empty file", b""),
    ] {
        let file = fs.create(dir, name).unwrap();
        fs.write_at(file, 0, content).unwrap();
    }
    fs.link(dir, "a", root, "hard link").unwrap();
    fs.symlink("dir/a", root, "symbolic link").unwrap();
    fs.symlink(&"far/".repeat(60), root, "long link").unwrap();
    let file = fs.lookup(dir, "a").unwrap().node;
    let time = SetTime::At(1_234_567_890_123_456_789);
    fs.set_times(file, time, time).unwrap();
    fs
}

fn archive(fs: &RamFs) -> Vec<u8> {
    let mut bytes = Vec::new();
    fs.export_tar(&mut |piece| bytes.extend_from_slice(piece));
    bytes
}

#[test]
fn a_tree_survives_its_archive() {
    let fs = full_tree();
    let bytes = archive(&fs);
    let mut again = RamFs::from_tar(&bytes, 16 << 20, clock()).unwrap();
    assert_eq!(archive(&again), bytes);
    let root = again.root();
    let link = again.lookup(root, "hard link").unwrap().node;
    let stat = again.stat(link).unwrap();
    assert_eq!(
        (stat.nlink, stat.size, stat.mtim),
        (2, 7, 1_234_567_890_123_456_789)
    );
    assert_eq!(again.used(), fs.used());
}

#[test]
fn the_systems_tar_agrees() {
    if Command::new("tar")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("skipped: there is no tar on this machine");
        return;
    }
    let work = std::env::temp_dir().join(format!("wasi-shim-tar-{}", std::process::id()));
    std::fs::create_dir_all(&work).unwrap();
    let mut tar = Command::new("tar")
        .args(["-x", "-f", "-", "-C"])
        .arg(&work)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    tar.stdin
        .take()
        .unwrap()
        .write_all(&archive(&full_tree()))
        .unwrap();
    assert!(tar.wait().unwrap().success());
    assert_eq!(std::fs::read(work.join("hard link")).unwrap(), b"content");
    assert_eq!(
        std::fs::read_link(work.join("symbolic link"))
            .unwrap()
            .to_str(),
        Some("dir/a")
    );
    for format in ["gnu", "ustar", "pax"] {
        let mut tar = Command::new("tar");
        tar.args(["-c", "-f", "-", "--sort=name", "--format", format, "-C"])
            .arg(&work);
        if format == "ustar" {
            // ustar has no room for the long ones.
            tar.args(["--exclude=long*"]);
        }
        let output = tar.arg(".").output().unwrap();
        assert!(output.status.success(), "{format}");
        let mut fs = RamFs::from_tar(&output.stdout, 16 << 20, clock()).unwrap();
        let root = fs.root();
        let dir = fs.lookup(root, "dir").unwrap().node;
        let file = fs.lookup(dir, "a").unwrap().node;
        let mut buf = [0; 10];
        assert_eq!(fs.read_at(file, 0, &mut buf), Ok(7), "{format}");
        let stat = fs.stat(file).unwrap();
        assert_eq!(
            (stat.nlink, stat.mtim / 1_000_000_000),
            (2, 1_234_567_890),
            "{format}"
        );
        let link = fs.lookup(root, "symbolic link").unwrap().node;
        assert_eq!(fs.readlink(link).as_deref(), Ok("dir/a"), "{format}");
        if format != "ustar" {
            assert!(fs.lookup(dir, &"long name ".repeat(20)).is_ok(), "{format}");
        }
    }
    std::fs::remove_dir_all(&work).unwrap();
}

#[test]
fn archives_that_are_refused() {
    let problem = |bytes: &[u8]| match RamFs::from_tar(bytes, 1 << 20, clock()) {
        Ok(_) => panic!("accepted"),
        Err(error) => error,
    };
    let bytes = archive(&full_tree());
    assert_eq!(problem(&bytes[..3_000]).problem, ArchiveProblem::Truncated);
    assert_eq!(
        problem(&[b'x'; 1_024]),
        ArchiveError {
            offset: 0,
            entry: None,
            problem: ArchiveProblem::Checksum
        }
    );
    assert_eq!(
        RamFs::from_tar(&bytes, 3_000, clock())
            .err()
            .map(|error| error.problem),
        Some(ArchiveProblem::Refused(Errno::NoSpc))
    );
    for (path, kind, expected) in [
        ("../escape", b'0', ArchiveProblem::Escapes),
        ("a/../../b", b'5', ArchiveProblem::Escapes),
        ("sparse", b'S', ArchiveProblem::Kind(b'S')),
        ("", b'0', ArchiveProblem::Name),
    ] {
        let error = problem(&header(path, kind));
        assert_eq!(error.problem, expected, "{path}");
        assert_eq!(
            error.entry.as_deref(),
            Some(path).filter(|path| !path.is_empty())
        );
        let told = error.to_string();
        assert!(
            told.contains(&format!("{path:?} (header at byte 0)")) || path.is_empty(),
            "{told}"
        );
    }
    // What is cut off, and what a long name in a header of its own belongs to.
    let long = "long/".repeat(40) + "name";
    let mut fs = RamFs::new(1 << 20, clock());
    let mut dir = fs.root();
    for _ in 0..40 {
        fs.mkdir(dir, "long").unwrap();
        dir = fs.lookup(dir, "long").unwrap().node;
    }
    let file = fs.create(dir, "name").unwrap();
    fs.write_at(file, 0, &[1; 5_000]).unwrap();
    let bytes = archive(&fs);
    let cut = problem(&bytes[..bytes.len() - 4_096]);
    assert_eq!(cut.problem, ArchiveProblem::Truncated);
    assert_eq!(cut.entry.as_deref(), Some(&*long));
    // A name that is not UTF-8 is shown as far as it is.
    let mut odd = header("ab", b'0');
    (odd[1], odd[154]) = (0xff, 0);
    odd[148..156].fill(b' ');
    let sum: u64 = odd.iter().map(|byte| u64::from(*byte)).sum();
    odd[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    let error = problem(&odd);
    assert_eq!(
        (error.problem, error.entry.as_deref()),
        (ArchiveProblem::Name, Some("a\u{fffd}"))
    );
}

/// Times before 1970 pass through an archive, ours and tar's.
#[test]
fn early_times_in_archives() {
    let mtime = |bytes: &[u8]| {
        let mut fs = RamFs::from_tar(bytes, 1 << 20, clock()).unwrap();
        let root = fs.root();
        let file = fs.lookup(root, "file").unwrap().node;
        fs.stat(file).unwrap().mtim.cast_signed()
    };
    for time in [
        -1,
        -1_500_000_000,
        -86_400_000_000_000,
        i64::MIN,
        0,
        1,
        i64::MAX,
    ] {
        let mut fs = RamFs::new(1 << 20, clock());
        let root = fs.root();
        let file = fs.create(root, "file").unwrap();
        let at = SetTime::At(time.cast_unsigned());
        fs.set_times(file, at, at).unwrap();
        assert_eq!(fs.stat(file).unwrap().mtim.cast_signed(), time);
        assert_eq!(mtime(&archive(&fs)), time);
    }
    // As GNU tar writes seconds that octal digits cannot hold: big-endian, in two's complement.
    let mut gnu = header("file", b'0');
    gnu[136..148].fill(0xff);
    gnu[147] = 0xfe;
    gnu[148..156].fill(b' ');
    let sum: u64 = gnu.iter().map(|byte| u64::from(*byte)).sum();
    gnu[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    assert_eq!(mtime(&gnu), -2_000_000_000);
}

/// An archive of one header.
fn header(path: &str, kind: u8) -> Vec<u8> {
    let mut header = vec![0; 1_024];
    header[..path.len()].copy_from_slice(path.as_bytes());
    header[156] = kind;
    header[257..263].copy_from_slice(b"ustar\0");
    header[148..156].fill(b' ');
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header
}

#[test]
fn damaged_archives_are_errors_never_panics() {
    let bytes = archive(&full_tree());
    let mut random = Random(11);
    let mut refused = 0;
    for _ in 0..3_000 {
        let mut damaged = bytes.clone();
        // The checksum is mended, so that the damage gets past it.
        let at = random.below(bytes.len() as u64) as usize;
        damaged[at] ^= 1 << random.below(8);
        let block = at / 512 * 512;
        if &damaged[block + 257..block + 262] == b"ustar" {
            damaged[block + 148..block + 156].fill(b' ');
            let sum: u64 = damaged[block..block + 512]
                .iter()
                .map(|byte| u64::from(*byte))
                .sum();
            damaged[block + 148..block + 155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        }
        let result = RamFs::from_tar(&damaged, 1 << 20, clock());
        refused += u64::from(result.is_err());
    }
    assert!(refused > 100, "{refused} of 3000 were refused");
}
