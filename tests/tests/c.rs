//! C programs, built by clang with wasi-libc, behave under wasi-interp as they do natively.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tests::same::{as_native_c, as_native_c_module, as_native_cpp, folder};
use tests::tools::programs;
use tests::{Guest, Run, run, wasi_interp};

/// Streams, descriptors, directories, links, and the error of every wrong call.
#[test]
fn files() {
    as_native_c(Guest::named("cfiles"), &[], b"");
}

/// Some 1,200 calls at the edge of failure: on descriptors of the wrong kind or mode, and on names that are missing or lead
/// elsewhere.
#[test]
fn errors() {
    as_native_c(Guest::named("cerrors"), &[], b"");
}

/// Arguments, environment, standard streams, clocks, memory, exit status.
#[test]
fn misc() {
    as_native_c(Guest::named("cmisc"), &[], b"two\nlines\n");
    as_native_c(Guest::named("cmisc"), &["33", "second"], b"");
}

/// Vectors, atomics, wide arithmetic, and `setjmp` by exceptions in both forms.
#[test]
fn proposals() {
    const OPTIONS: [&str; 4] = [
        "-mcpu=generic+exception_handling+simd128+atomics+bulk_memory+wide_arithmetic",
        "-mllvm",
        "-wasm-enable-sjlj",
        "-lsetjmp",
    ];
    let guest = Guest::named("cproposals");
    let old = guest.c_wasm_with("old.wasm", &OPTIONS);
    as_native_c_module(guest, &old);
    let new = [&OPTIONS[..], &["-mllvm", "-wasm-use-legacy-eh=false"]].concat();
    let new = guest.c_wasm_with("new.wasm", &new);
    as_native_c_module(guest, &new);
}

/// `poll` on standard input waits, and then reports that it is ready.
#[test]
fn poll() {
    let mut child = Command::new(programs().join("wasi-interp"))
        .arg(Guest::named("cpoll").c_wasm())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("wasi-interp can be started");
    let mut line = run::lines(&mut child);
    assert_eq!(line(), "0", "nothing was typed yet");
    sleep(Duration::from_millis(200));
    child
        .stdin
        .take()
        .expect("stdin is piped")
        .write_all(b"typed\n")
        .expect("the guest reads");
    assert_eq!(line(), "1 1 6 typed");
    assert_eq!(line(), "1 1");
    assert!(child.wait().expect("the guest ends").success());
}

/// wasi-libc finds relative and absolute paths, in any order of the options.
#[test]
fn preopens() {
    let (work, other) = (folder(), folder());
    let option = format!("--dir={}", other.path().display());
    for options in [["--dir=.", &option], [&option, "--dir=."]] {
        let guest = Guest::named("ccopy").c_wasm();
        let (from, to) = (work.path().join(".from"), other.path().join(".to"));
        std::fs::write(&from, "content").expect("a fresh folder can be written");
        for source in [".from", "./.from", from.to_str().expect("UTF-8")] {
            Run::of(
                wasi_interp(work.path())
                    .args(options)
                    .arg(&guest)
                    .arg(source)
                    .arg(&to),
            )
            .ends_with(0);
            assert_eq!(
                std::fs::read_to_string(&to).expect("the copy exists"),
                "content"
            );
            std::fs::remove_file(&to).expect("the copy exists");
        }
    }
}

/// The root is its own parent: paths above it are missing, or lead down again.
#[test]
fn above_the_root() {
    let work = folder();
    std::fs::write(work.path().join("from"), "content").expect("a fresh folder can be written");
    let copy = |from: &str| {
        let mut command = wasi_interp(work.path());
        let guest = Guest::named("ccopy").c_wasm();
        Run::of(command.arg("--dir=.::/work").arg(guest).args([from, "to"]))
    };
    for path in ["../../../missing", "../../etc/passwd"] {
        copy(path).ends_with(1).says(&["no such file"]);
    }
    for path in ["../work/from", "../../../work/from", "/../work/from"] {
        copy(path).ends_with(0);
    }
}

/// For wasi-libc, an absolute path that was not granted is a relative one. A message names the path that may have been
/// meant.
#[test]
fn an_absolute_path_outside() {
    let (work, other) = (folder(), folder());
    let from = other.path().join("from");
    std::fs::write(&from, "content").expect("a fresh folder can be written");
    let copy = |from: &Path| {
        let mut command = wasi_interp(work.path());
        let guest = Guest::named("ccopy").c_wasm();
        Run::of(command.arg("--dir=.").arg(guest).arg(from).arg("to")).ends_with(1)
    };
    let option = format!("--dir={}", other.path().display());
    let absolute = from.to_str().expect("UTF-8");
    copy(&from).says(&["no such file", "was not found; if", absolute, &option]);
    let run = copy(Path::new("missing"));
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
}

/// Exceptions in C++: destructors on the way, bases, rethrowing, deep stacks.
#[test]
#[ignore = "zig builds the C++ library twice for it: two minutes of a processor"]
fn exceptions_in_cpp() {
    as_native_cpp(Guest::named("cppthrow"));
}
