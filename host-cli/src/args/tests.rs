//! Whole command lines.

use super::*;

fn read(line: &[&str]) -> Result<Cli, clap::Error> {
    Cli::read(
        std::iter::once("wasi-interp")
            .chain(line.iter().copied())
            .map(OsString::from),
    )
}

fn run(line: &[&str]) -> RunArgs {
    let cli = read(line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
    match cli.command {
        Some(Command::Run(run)) => *run,
        Some(other) => panic!("{line:?} is read as {other:?}"),
        None => cli.run,
    }
}

#[test]
fn definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn what_follows_the_module_is_the_guests() {
    for prefix in [
        &[][..],
        &["run"],
        &["--"],
        &["--dir", "."],
        &["run", "--dir=.", "--"],
    ] {
        for rest in [
            &[][..],
            &["a"],
            &["-v"],
            &["--dir", "."],
            &["--", "a"],
            &["--help"],
            &["run", ""],
        ] {
            let line = [prefix, &["main.wasm"], rest].concat();
            let run = run(&line);
            assert_eq!(run.module(), PathBuf::from("main.wasm"), "{line:?}");
            assert_eq!(run.guest_args(), rest, "{line:?}");
            assert_eq!(run.verbose, 0, "{line:?}");
        }
    }
}

#[test]
fn mounts_keep_their_order() {
    for word in [&[][..], &["run"]] {
        let line = [
            word,
            &[
                "--dir",
                "b",
                "--dir-ro=a",
                "--env",
                "X=1",
                "--ram=/tmp",
                "--dir=c::/d",
                "m",
            ],
        ]
        .concat();
        let order: Vec<_> = run(&line)
            .mounts
            .into_iter()
            .map(|mount| match mount {
                Mount::Directory {
                    host, read_only, ..
                } => (host.display().to_string(), read_only),
                Mount::Fat { guest, .. } | Mount::Ram { guest, .. } => (guest, false),
            })
            .collect();
        let wanted = [("b", false), ("a", true), ("/tmp", false), ("c", false)];
        assert_eq!(
            order,
            wanted.map(|(name, read_only)| (name.to_owned(), read_only))
        );
    }
}

#[test]
fn addresses_in_both_spellings() {
    let options = run(&[
        "--listen=[::1]:80",
        "--tcplisten",
        "a:1",
        "-S",
        "cli,tcplisten=b:2",
        "m",
    ]);
    assert_eq!(
        options.listen().collect::<Vec<_>>(),
        ["[::1]:80", "a:1", "b:2"]
    );
}

#[test]
fn limits_in_both_spellings() {
    let plain = run(&[
        "--fuel=5",
        "--timeout=1s",
        "--max-memory=1M",
        "--max-stack",
        "2M",
        "m",
    ])
    .limits();
    let wasmtime = run(&[
        "-W",
        "fuel=5,timeout=1",
        "-Wmax-memory-size=1048576",
        "--wasm=max-wasm-stack=2M",
        "m",
    ]);
    assert_eq!(plain, wasmtime.limits());
    assert_eq!(plain.fuel, Some(5));
    assert_eq!(
        run(&["-W", "fuel=5", "-W", "fuel=6", "m"]).limits().fuel,
        Some(6)
    );
    assert_eq!(
        run(&["--fuel=7", "-W", "fuel=6", "m"]).limits().fuel,
        Some(7)
    );
    assert_eq!(run(&["m"]).limits(), Limits::default());
}

#[test]
fn environment() {
    assert!(!run(&["m"]).inherits_env());
    assert!(run(&["--inherit-env", "m"]).inherits_env());
    assert!(run(&["-S", "cli,inherit-env", "m"]).inherits_env());
    assert!(!run(&["-Sinherit-env=n", "m"]).inherits_env());
}

#[test]
fn tracing_does_not_take_the_module() {
    let options = run(&["--trace-wasi", "m", "a"]);
    assert_eq!(options.module(), PathBuf::from("m"));
    assert!(
        options
            .trace_wasi
            .is_some_and(|trace| trace.families.is_empty())
    );
    let options = run(&["--trace-wasi=fs,json", "m"]);
    assert!(
        options
            .trace_wasi
            .is_some_and(|trace| trace.families.len() == 1)
    );
    assert!(run(&["m", "--trace-wasi"]).trace_wasi.is_none());
}

#[test]
fn bad_lines_are_usage_errors() {
    for line in [
        &[][..],
        &["run"],
        &["--dir"],
        &["--dir=", "m"],
        &["--env", "=x", "m"],
        &["--fuel=-1", "m"],
        &["--timeout=soon", "m"],
        &["--trace-wasi=files", "m"],
        &["--nonsense", "m"],
        &["-W", "nonsense", "m"],
        &["completions", "cmd.exe"],
        &["validate"],
    ] {
        let error = read(line).expect_err("the line is wrong");
        assert_eq!(error.exit_code(), 2, "{line:?}: {error}");
    }
}
