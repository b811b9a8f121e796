//! Tar archives: unpacked into a RAM disk, which is written as an archive again and unpacked once more.

use wasi_shim::RamFs;

use super::Target;

pub(super) const TARGET: Target = Target {
    name: "tar",
    run,
    words: &[
        b"ustar\x0000",
        b"path=",
        b"size=",
        b"0000644\0",
        b"../",
        b"/",
        &[0; 512],
    ],
    longest: 8192,
};

const LIMIT: u64 = 1 << 20;

fn run(input: &[u8]) {
    let clock = || Box::new(|| 1_700_000_000_000_000_000);
    for mended in [false, true] {
        let mut archive = input.to_vec();
        if mended {
            archive.chunks_exact_mut(512).for_each(mend);
        }
        let Ok(fs) = RamFs::from_tar(&archive, LIMIT, clock()) else {
            continue;
        };
        assert!(fs.used() <= LIMIT);
        let mut bytes = Vec::new();
        fs.export_tar(&mut |part| bytes.extend_from_slice(part));
        let again = RamFs::from_tar(&bytes, 2 * LIMIT, clock());
        let again = again.unwrap_or_else(|error| panic!("our own archive is refused: {error}"));
        let mut same = Vec::new();
        again.export_tar(&mut |part| same.extend_from_slice(part));
        assert!(bytes == same, "an archive of an archive is another one");
    }
}

/// Puts the right checksum into what could be a header: changes of it shall get past the check.
fn mend(block: &mut [u8]) {
    if block[257..262] == *b"ustar" {
        block[148..156].fill(b' ');
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    }
}
