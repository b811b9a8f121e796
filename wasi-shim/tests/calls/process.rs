//! The state of the guest as a whole: its descriptors, arguments, environment, end.

use crate::DIR;
use crate::guest::{DATA, Guest, OUT, READ, ram};
use wasi_shim::errno::Errno::*;

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
