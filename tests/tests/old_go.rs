//! Programs built by the first Go release with `GOOS=wasip1` behave as they do natively.

use tests::{Guest, same};

/// Reading, writing, seeking, truncating files.
#[test]
fn files() {
    same::as_native(Guest::named("files").old());
}

/// Directories, temporary files, the working directory.
#[test]
fn tree() {
    same::as_native(Guest::named("tree").old());
}

/// Symbolic and hard links.
#[test]
fn links() {
    same::as_native(Guest::named("links").old());
}

/// Goroutines, channels, select, timers, contexts, locks.
#[test]
fn channels() {
    same::as_native(Guest::named("channels").old());
}

/// A million nested calls.
#[test]
fn recursion() {
    same::as_native(Guest::named("recursion").old());
}

/// Garbage collection under pressure.
#[test]
fn gc() {
    same::as_native(Guest::named("gc").old());
}

/// JSON both ways.
#[test]
fn json() {
    same::as_native(Guest::named("json").old());
}

/// Sorting, strings, numbers, containers.
#[test]
fn text() {
    same::as_native(Guest::named("text").old());
}

/// Floating point, bit by bit.
#[test]
fn floats() {
    same::as_native(Guest::named("floats").old());
}

/// Every panic that can be recovered from.
#[test]
fn recovered_panics() {
    same::as_native(Guest::named("panics").old());
}

/// Lines of standard input.
#[test]
fn stdin_lines() {
    same::as_native_with(Guest::named("stdin").old(), &[], b"one\ntwo\n");
}
