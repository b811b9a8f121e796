//! Streams without data, and `poll_oneoff`.

use crate::guest::{ALL, DATA, Guest, OUT};
use crate::{CREAT, DIR};
use wasi_shim::errno::Errno::*;

#[test]
fn streams_wait_or_say_so() {
    let mut guest = Guest::new();
    // Blocking: waits once, until there is data.
    let stdin = guest.stdin.clone();
    guest
        .time
        .events
        .borrow_mut()
        .push_back(Box::new(move || stdin.data.borrow_mut().extend(b"line\n")));
    assert_eq!(guest.read(0, 100), Ok(b"line\n".to_vec()));
    assert_eq!(guest.time.waits.get(), 1);
    // Non-blocking: never waits.
    guest.wasi.fd_fdstat_set_flags(0, 4).unwrap();
    assert_eq!(guest.read(0, 100), Err(Again));
    guest.stdin.closed.set(true);
    assert_eq!(guest.read(0, 100), Ok(Vec::new()));
    assert_eq!(guest.time.waits.get(), 1);
    guest.wasi.fd_fdstat_set_flags(1, 4).unwrap();
    guest.stdout.room.set(3);
    assert_eq!(guest.write(1, b"hello"), Ok(3));
    assert_eq!(guest.write(1, b"lo"), Err(Again));
    assert_eq!(guest.seek(0, 0, 1), Err(SPipe));
    assert_eq!(guest.wasi.fd_fdstat_set_flags(0, 32), Err(Inval));
    // A file never fails with `EAGAIN`.
    let fd = guest.open_as(DIR, 1, "file", CREAT, ALL, 4).unwrap();
    assert_eq!(guest.read(fd, 100), Ok(Vec::new()));
    // An interrupt by the embedder fails the read.
    guest.stdin.closed.set(false);
    guest.wasi.fd_fdstat_set_flags(0, 0).unwrap();
    assert_eq!(guest.read(0, 100), Err(Intr));
}

#[test]
fn polling_never_fails_and_never_spins() {
    let mut guest = Guest::new();
    assert_eq!(guest.poll(0), Err(Inval));
    let (clock, read, write) = (0, 1, 2);
    // A timeout of zero does not wait; a second does, once.
    guest.subscribe(0, 7, clock, 1, 0, 0);
    assert_eq!(guest.poll(1), Ok(vec![(7, 0, clock)]));
    assert_eq!(guest.time.waits.get(), 0);
    guest.subscribe(0, 7, clock, 1, 1_000_000_000, 0);
    assert_eq!(guest.poll(1), Ok(vec![(7, 0, clock)]));
    assert_eq!(
        (guest.time.waits.get(), guest.time.now.get()),
        (1, 1_000_000_000)
    );
    // Absolute times of both clocks, including times in the past.
    guest.subscribe(0, 1, clock, 0, 5, 1);
    guest.subscribe(1, 2, clock, 1, 1_000_000_005, 1);
    assert_eq!(guest.poll(2), Ok(vec![(1, 0, clock)]));
    guest.subscribe(0, 1, clock, 0, 1_001_000_007, 1);
    assert_eq!(guest.poll(2), Ok(vec![(2, 0, clock)]));
    assert_eq!(guest.time.now.get(), 1_000_000_005);
    // The error of one subscription is reported in its own event.
    guest.subscribe(0, 1, read, 999, 0, 0);
    guest.subscribe(1, 2, clock, 9, 0, 0);
    guest.subscribe(2, 3, 7, 0, 0, 0);
    guest.subscribe(3, 4, write, 0, 0, 0);
    guest.subscribe(4, 5, clock, 1, u64::MAX, 0);
    guest.subscribe(5, 6, read, DIR, 0, 0);
    guest.subscribe(6, 7, write, 1, 0, 0);
    let events = guest.poll(7).unwrap();
    let badf = BadF.raw();
    assert_eq!(
        events,
        [
            (1, badf, read),
            (2, Inval.raw(), clock),
            (3, Inval.raw(), 7),
            (4, badf, write),
            (6, 0, read),
            (7, 0, write)
        ]
    );
    // A timeout that never expires, and a stream that becomes ready while the guest sleeps.
    let waits = guest.time.waits.get();
    let stdin = guest.stdin.clone();
    guest.time.events.borrow_mut().push_back(Box::new(|| {}));
    guest
        .time
        .events
        .borrow_mut()
        .push_back(Box::new(move || stdin.data.borrow_mut().extend(b"x")));
    guest.subscribe(0, 1, clock, 1, u64::MAX, 0);
    guest.subscribe(1, 2, read, 0, 0, 0);
    assert_eq!(guest.poll(2), Ok(vec![(2, 0, read)]));
    assert_eq!(
        guest.time.waits.get(),
        waits + 2,
        "one wait came back early"
    );
    // The maximum number of descriptors for Go.
    for index in 0..65_535 {
        guest.subscribe(index, u64::from(index), read, 0, 0, 0);
    }
    assert_eq!(guest.poll(65_535).map(|events| events.len()), Ok(65_535));
    guest.bytes.resize(32 << 20, 0);
    assert_eq!(guest.poll((1 << 18) + 1), Err(Inval));
    assert_eq!(
        guest.call(|wasi, memory| wasi.poll_oneoff(memory, DATA, DATA, u32::MAX, OUT)),
        Err(Fault)
    );
}
