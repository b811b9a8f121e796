//! The state of the guest as a whole: its descriptors, arguments, environment, end.

use crate::DIR;
use crate::guest::{DATA, Guest, OUT, READ, ram};
use wasi_shim::Wasi;
use wasi_shim::errno::Errno::*;
use wasi_shim::memory::Memory;

#[test]
fn descriptors_have_a_limit() {
    let mut guest = Guest::with(vec![("/", ram())], |builder| {
        builder.fd_limit(20);
    });
    guest.file(DIR, "file", b"");
    let mut opened = Vec::new();
    let errno = loop {
        match guest.open(DIR, "file", 0, READ) {
            Ok(fd) => opened.push(fd),
            Err(errno) => break errno,
        }
    };
    assert_eq!(errno, MFile);
    assert_eq!(opened.last(), Some(&19));
    guest.wasi.fd_close(opened[3]).unwrap();
    assert_eq!(guest.open(DIR, "file", 0, READ), Ok(opened[3]));
    guest.wasi.fd_renumber(opened[4], opened[5]).unwrap();
    assert_eq!(guest.wasi.fd_close(opened[4]), Err(BadF));
}

#[test]
fn arguments_and_environment() {
    let mut guest = Guest::with(vec![], |builder| {
        builder
            .arg("program")
            .arg("ä")
            .env("A", "1")
            .env("B", "")
            .env("A", "2");
    });
    guest
        .call(|wasi, memory| wasi.args_sizes_get(memory, OUT, OUT + 4))
        .unwrap();
    assert_eq!((guest.u32(OUT), guest.u32(OUT + 4)), (2, 11));
    guest
        .call(|wasi, memory| wasi.args_get(memory, OUT, DATA))
        .unwrap();
    assert_eq!(
        &guest.bytes[DATA as usize..][..11],
        "program\0ä\0".as_bytes()
    );
    assert_eq!(guest.u32(OUT + 4), DATA + 8);
    assert_eq!(guest.wasi.env(), [&b"B="[..], b"A=2"]);
    let end = guest.bytes.len() as u32;
    assert_eq!(
        guest.call(|wasi, memory| wasi.environ_get(memory, OUT, end - 2)),
        Err(Fault)
    );
    assert_eq!(guest.wasi.proc_exit(300).code, 300);
    assert_eq!(
        guest
            .wasi
            .proc_raise(6)
            .map(|end| end.map_err(|exit| exit.code)),
        Ok(Err(134))
    );
}

/// A memory of 4 GiB ends where 32 bits end: results may stand right before that.
#[cfg(target_pointer_width = "64")]
#[test]
fn results_at_the_end_of_the_address_space() {
    const END: u64 = 1 << 32;
    let mut guest = Guest::with(vec![], |builder| {
        builder.arg("program").arg("x");
    });
    // Pages that are not touched take no memory.
    guest.bytes = vec![0; END as usize];
    let last = |count: u64| (END - count) as u32;
    guest
        .call(|wasi, memory| wasi.args_get(memory, OUT, last(10)))
        .unwrap();
    assert_eq!(guest.bytes[last(10) as usize..], *b"program\0x\0");
    assert_eq!((guest.u32(OUT), guest.u32(OUT + 4)), (last(10), last(2)));
    guest
        .call(|wasi, memory| wasi.args_get(memory, last(8), DATA))
        .unwrap();
    assert_eq!((guest.u32(last(8)), guest.u32(last(4))), (DATA, DATA + 8));
    let past = |wasi: &mut Wasi, memory: &mut Memory<'_>| wasi.args_get(memory, OUT, last(9));
    assert_eq!(guest.call(past), Err(Fault));
    // Two subscriptions with an unknown tag, whose events are there at once.
    guest.bytes[DATA as usize + 8] = 9;
    guest.bytes[DATA as usize + 48 + 8] = 9;
    guest
        .call(|wasi, memory| wasi.poll_oneoff(memory, DATA, last(64), 2, OUT))
        .unwrap();
    assert_eq!(guest.u32(OUT), 2);
    assert_eq!(guest.bytes[last(32) as usize + 8], Inval.raw() as u8);
}

#[test]
fn a_broken_pipe_ends_a_guest_only_if_it_should() {
    for ends in [false, true] {
        let mut guest = Guest::with(vec![], |builder| {
            if ends {
                builder.end_on_broken_pipe();
            }
        });
        assert_eq!(guest.write(1, b"x"), Ok(1));
        assert_eq!(guest.wasi.take_end(), None);
        guest.stdout.closed.set(true);
        assert_eq!(guest.write(1, b"x"), Err(Pipe));
        let end = guest.wasi.take_end().map(|exit| exit.code);
        assert_eq!(end, ends.then_some(128 + 13));
        assert_eq!(guest.wasi.take_end(), None, "it is told once");
    }
}
