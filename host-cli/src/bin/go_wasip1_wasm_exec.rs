//! `go_wasip1_wasm_exec`: the program that `go run` and `go test` start for `GOOS=wasip1 GOARCH=wasm` if it is on PATH.
//!
//! It starts `wasi-interp` in the same way as the script of that name in Go's `lib/wasm` starts other runtimes: with the
//! whole file system of the host, PWD and PATH, then with the options in the variable GOWASIRUNTIMEARGS, then with the
//! program and its arguments. It first looks for `wasi-interp` in its own folder, where `cargo install` puts both.
#![forbid(unsafe_code)]

use std::env;
use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// The variable with the user's options. They are placed between the fixed ones.
const VARIABLE: &str = "GOWASIRUNTIMEARGS";

const USAGE: &str =
    "go_wasip1_wasm_exec: the go command calls this; usage: go_wasip1_wasm_exec MODULE [ARGS]...";

const HELP: &str = "\
go_wasip1_wasm_exec runs what `go run` and `go test` have built with GOOS=wasip1 GOARCH=wasm. The go command looks for it on PATH.

Usage: go_wasip1_wasm_exec MODULE [ARGS]...

It starts wasi-interp with the whole file system, the current directory and PATH:
  wasi-interp run --dir=/ --env PWD --env PATH $GOWASIRUNTIMEARGS -- MODULE ARGS...

GOWASIRUNTIMEARGS holds more options of wasi-interp, with spaces between them; a value cannot contain a space. `wasi-interp --help` lists them.
  GOWASIRUNTIMEARGS='--env HOME --env DEBUG=1' go test ./...    variables for the program
  GOWASIRUNTIMEARGS='--timeout 60s --max-memory 1G' go run .    limits
  GOWASIRUNTIMEARGS=--trace-wasi=fs go run .                    a log of its calls

Arguments of the program follow the package: `go run . ARGS...`, `go test . -args ARGS...`.
To grant less than the whole file system, build the program with `go build` and run wasi-interp itself.
";

fn main() -> ExitCode {
    let mut args = env::args_os().skip(1);
    let Some(module) = args.next() else {
        tell(USAGE);
        return ExitCode::from(2);
    };
    if ["--help", "-h"]
        .map(OsStr::new)
        .contains(&module.as_os_str())
    {
        return match io::stdout().write_all(HELP.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        };
    }
    let program = interpreter();
    let mut command = Command::new(&program);
    command.arg("run");
    let options = env::var(VARIABLE).unwrap_or_default();
    if !options.is_empty() {
        // If an option is wrong, the message names the variable.
        command.arg(format!("--options-of={VARIABLE}"));
    }
    command.arg("--dir=/");
    // Windows has no PWD, and its paths have another form in the program, which receives its directory in any case.
    if cfg!(not(windows)) {
        if let Some(directory) = unnamed_directory() {
            command.env("PWD", directory);
        }
        command.args(["--env", "PWD"]);
    }
    if env::var_os("PATH").is_some() {
        command.args(["--env", "PATH"]);
    }
    command.args(options.split_whitespace());
    command.arg("--").arg(module).args(args);
    become_it(command, program)
}

/// Returns the current directory, if PWD does not name it. A parent process may have changed the directory without changing
/// PWD. The shell that runs Go's own script corrects it, too.
fn unnamed_directory() -> Option<PathBuf> {
    let directory = env::current_dir().ok()?;
    let named = env::var_os("PWD").and_then(|name| PathBuf::from(name).canonicalize().ok());
    (named.as_deref() != Some(&directory)).then_some(directory)
}

/// Returns `wasi-interp` in this program's folder, or otherwise the one on PATH.
fn interpreter() -> PathBuf {
    let name = format!("wasi-interp{}", env::consts::EXE_SUFFIX);
    env::current_exe()
        .ok()
        .and_then(|own| own.canonicalize().ok())
        .map(|own| own.with_file_name(&name))
        .filter(|beside| beside.is_file())
        .unwrap_or_else(|| name.into())
}

/// Replaces this process, so that signals and the exit status are passed directly.
#[cfg(unix)]
fn become_it(mut command: Command, program: PathBuf) -> ExitCode {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    tell(format_args!(
        "go_wasip1_wasm_exec: cannot start {}: {error}",
        program.display()
    ));
    ExitCode::FAILURE
}

/// Runs the program and exits with its status.
#[cfg(not(unix))]
fn become_it(mut command: Command, program: PathBuf) -> ExitCode {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => {
            tell(format_args!(
                "go_wasip1_wasm_exec: cannot start {}: {error}",
                program.display()
            ));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line to standard error. Ignores errors.
fn tell(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}
