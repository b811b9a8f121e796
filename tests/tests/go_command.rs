//! `go run` and `go test` use wasi-interp when `go_wasip1_wasm_exec` is on PATH.

use std::env::{join_paths, split_paths};
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use tests::same::folder;
use tests::tools::{Go, programs};
use tests::{Run, run};

/// PATH with the programs under test first.
fn path() -> OsString {
    let host = std::env::var_os("PATH").expect("there is a PATH");
    join_paths(std::iter::once(programs().to_owned()).chain(split_paths(&host)))
        .expect("no folder has a colon")
}

/// Runs a `go` command for wasip1 in a folder.
fn go(folder: &Path, args: &[&str]) -> Run {
    let mut command = Go::Current.command(folder);
    command
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .env("PATH", path())
        .args(args);
    Run::of(&mut command.into())
}

/// A module with a package, its tests, and a program that uses it.
fn project() -> tempfile::TempDir {
    let project = folder();
    for (name, text) in [
        ("go.mod", "module example\n\ngo 1.21\n"),
        (
            "main.go",
            "package main\n\nimport (\n\t\"example/word\"\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() {\n\tdata, err := os.ReadFile(\"data.txt\")\n\tfmt.Println(word.Count(string(data)), err, os.Args[1:])\n\tif len(os.Args) > 2 {\n\t\tos.Exit(3)\n\t}\n}\n",
        ),
        ("data.txt", "three little words"),
        (
            "word/word.go",
            "package word\n\nimport \"strings\"\n\nfunc Count(text string) int { return len(strings.Fields(text)) }\n",
        ),
        (
            "word/word_test.go",
            "package word\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestCount(t *testing.T) {\n\tdata, err := os.ReadFile(\"testdata/two\")\n\tif err != nil || Count(string(data)) != 2 {\n\t\tt.Error(string(data), err)\n\t}\n}\n\nfunc TestFails(t *testing.T) {\n\tif os.Getenv(\"PWD\") == \"\" || testing.Short() {\n\t\tt.Fatal(\"as it should\")\n\t}\n}\n",
        ),
        ("word/testdata/two", "two words"),
    ] {
        let path = project.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in the project"))
            .expect("a fresh folder can be written");
        fs::write(path, text).expect("a fresh folder can be written");
    }
    project
}

/// `go run .` passes arguments and finds files. go reports the guest's exit status.
#[test]
fn go_run() {
    let project = project();
    let run = go(project.path(), &["run", ".", "one"]).ends_with(0);
    assert_eq!(run.stdout, "3 <nil> [one]\n");
    go(project.path(), &["run", ".", "one", "two"])
        .ends_with(1)
        .says(&["exit status 3"]);
}

/// Options of wasi-interp reach the program through GOWASIRUNTIMEARGS. The message for a mistake names the variable.
#[test]
fn options_in_the_variable() {
    let project = project();
    let with = |options: &str| {
        let mut command = Go::Current.command(project.path());
        command
            .env("GOOS", "wasip1")
            .env("GOARCH", "wasm")
            .env("PATH", path())
            .env("GOWASIRUNTIMEARGS", options)
            .args(["run", "."]);
        Run::of(&mut command.into())
    };
    let run = with("--env=A=1 --trace-wasi=args").ends_with(0);
    run.says(&["environ_get", "args_get"]);
    with("--fuel 1000")
        .ends_with(1)
        .says(&["--fuel allows it 1000"]);
    with("--fuel 1000 stray --dir=/")
        .ends_with(1)
        .says(&["GOWASIRUNTIMEARGS holds `stray`, which is no option"]);
    for wrong in ["--no-such-option", "--fuel=many", "--timeout", "--help-me"] {
        let run = with(wrong)
            .ends_with(1)
            .says(&["GOWASIRUNTIMEARGS", "exit status 2"]);
        assert!(!run.stderr.contains("Usage:"), "{wrong}: {}", run.stderr);
        assert!(
            run.stderr
                .contains(wrong.split('=').next().unwrap_or_default()),
            "{}",
            run.stderr
        );
    }
}

/// If the program is called by hand, it prints its usage and the variable.
#[test]
fn help() {
    let here = folder();
    let program = || run::clean(programs().join("go_wasip1_wasm_exec"), here.path());
    for option in ["--help", "-h"] {
        let run = Run::of(program().arg(option)).ends_with(0);
        assert!(
            run.stdout.contains("GOWASIRUNTIMEARGS") && run.stdout.contains("Usage:"),
            "{}",
            run.stdout
        );
    }
    Run::of(&mut program()).ends_with(2).says(&["usage"]);
    Run::of(program().arg("missing.wasm"))
        .ends_with(1)
        .says(&["missing.wasm: no such file"]);
}

/// `go test ./...` runs tests in their package's folder, and reports their failures.
#[test]
fn go_test() {
    let project = project();
    let run = go(project.path(), &["test", "./..."]).ends_with(0);
    assert!(run.stdout.contains("ok  \texample/word"), "{}", run.stdout);
    let run = go(project.path(), &["test", "-short", "-v", "./word"]).ends_with(1);
    assert!(
        run.stdout.contains("--- PASS: TestCount") && run.stdout.contains("--- FAIL: TestFails"),
        "{}",
        run.stdout
    );
}
