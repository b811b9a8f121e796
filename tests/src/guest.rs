//! Builds the programs of `tests/guests`. Built programs are stored in the target directory under a name that contains the
//! hash of their sources, so a test run builds only what changed.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::tools::{self, Go};

/// A program of `tests/guests`.
#[derive(Clone, Copy)]
pub struct Guest {
    name: &'static str,
    go: Go,
    /// What `GOEXPERIMENT` asks Go for.
    experiment: Option<&'static str>,
}

impl Guest {
    /// The program in this folder, built with the newest Go.
    pub fn named(name: &'static str) -> Guest {
        Guest {
            name,
            go: Go::Current,
            experiment: None,
        }
    }

    /// The same program, to be built with the oldest Go.
    pub fn old(self) -> Guest {
        Guest {
            go: Go::Old,
            ..self
        }
    }

    /// The same program, to be built with an experiment of Go's: a word of `GOEXPERIMENT`.
    pub fn with_experiment(self, word: &'static str) -> Guest {
        Guest {
            experiment: Some(word),
            ..self
        }
    }

    /// Its WebAssembly module, built by Go.
    pub fn wasm(self) -> PathBuf {
        self.go_wasm("wasm", &[])
    }

    /// The same module without a name section, like the test binaries of `go test`.
    pub fn stripped(self) -> PathBuf {
        self.go_wasm("stripped.wasm", &["-ldflags=-s"])
    }

    /// The same program with counters of Go's own, which it writes to the folder `GOCOVERDIR`.
    pub fn counting(self) -> PathBuf {
        self.go_wasm("counting.wasm", &["-cover"])
    }

    /// A library with exports instead of a program, built by Go.
    pub fn reactor(self) -> PathBuf {
        self.go_wasm("reactor.wasm", &["-buildmode=c-shared"])
    }

    fn go_wasm(self, form: &str, options: &[&str]) -> PathBuf {
        self.built(form, |output, folder| {
            let mut command = self.go_command(folder);
            command.env("GOOS", "wasip1").env("GOARCH", "wasm");
            command.args(["build", "-buildvcs=false"]).args(options);
            command.arg("-o").arg(output).arg(".");
            command
        })
    }

    /// Its native program, built by Go.
    pub fn native(self) -> PathBuf {
        self.built("native", |output, folder| {
            let mut command = self.go_command(folder);
            command
                .args(["build", "-buildvcs=false", "-o"])
                .arg(output)
                .arg(".");
            command
        })
    }

    /// Its WebAssembly module, built from `main.c` by clang with wasi-libc.
    pub fn c_wasm(self) -> PathBuf {
        self.built("c.wasm", |output, folder| {
            zig_cc(output, folder, &["-target", "wasm32-wasi"])
        })
    }

    /// The same, built with other options of the compiler. `form` names the result.
    pub fn c_wasm_with(self, form: &str, options: &[&str]) -> PathBuf {
        self.built(form, |output, folder| {
            zig_cc(
                output,
                folder,
                &[&["-target", "wasm32-wasi"], options].concat(),
            )
        })
    }

    /// Its native program, built by the same compiler.
    pub fn c_native(self) -> PathBuf {
        self.built("c", |output, folder| zig_cc(output, folder, &[]))
    }

    /// Its WebAssembly module, built from `main.cpp` by clang with exceptions.
    pub fn cpp_wasm(self) -> PathBuf {
        self.built("cpp.wasm", |output, folder| {
            // zig builds the library without exceptions, so their part of it stands before the program. It is in the same package.
            let lib = tools::zig().with_file_name("lib");
            let mut command = zig_cxx(output, folder);
            command.args(["-target", "wasm32-wasi", "-fwasm-exceptions"]);
            command.args([
                "-mexception-handling",
                "-mllvm",
                "-wasm-use-legacy-eh=false",
            ]);
            command.args(["-D_LIBCXXABI_HAS_NO_THREADS", "-D_LIBUNWIND_HAS_NO_THREADS"]);
            command.args([
                "-D_LIBCPP_BUILDING_LIBRARY",
                "-D_LIBCXXABI_BUILDING_LIBRARY",
            ]);
            command.args(["-DNDEBUG", "-D_LIBUNWIND_HIDE_SYMBOLS", "-Dthread_local="]);
            command.args(["-fdeclspec", "-w"]);
            for folder in ["libcxxabi/include", "libcxxabi/src", "libcxx/src"] {
                command.arg("-I").arg(lib.join(folder));
            }
            for folder in ["libunwind/include", "libunwind/src"] {
                command.arg("-I").arg(lib.join(folder));
            }
            for source in ["cxa_exception.cpp", "cxa_personality.cpp"] {
                command.arg(lib.join("libcxxabi/src").join(source));
            }
            command.arg(lib.join("libunwind/src/Unwind-wasm.c"));
            command.args(["tag.S", "main.cpp"]);
            command
        })
    }

    /// Its native program, built from `main.cpp` by the same compiler.
    pub fn cpp_native(self) -> PathBuf {
        self.built("cpp", |output, folder| {
            let mut command = zig_cxx(output, folder);
            command.arg("main.cpp");
            command
        })
    }

    /// The folder with its sources.
    pub fn folder(self) -> PathBuf {
        guests().join(self.name)
    }

    /// A `go` command in a folder, with the experiment.
    fn go_command(self, folder: &Path) -> Command {
        let mut command = self.go.command(folder);
        command.envs(self.experiment.map(|word| ("GOEXPERIMENT", word)));
        command
    }

    /// Returns the path of a built form. `command` builds it if the sources have changed. Builds run one at a time, because
    /// each uses all processors.
    fn built(self, form: &str, command: impl FnOnce(&Path, &Path) -> Command) -> PathBuf {
        static BUILDING: Mutex<()> = Mutex::new(());
        let _alone = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.folder();
        let mut hasher = DefaultHasher::new();
        sources(&folder).hash(&mut hasher);
        fs::read(guests().join("go.mod"))
            .expect("tests/guests/go.mod exists")
            .hash(&mut hasher);
        self.experiment.hash(&mut hasher);
        let stem = format!(
            "{}-{:?}-{:016x}.{form}",
            self.name,
            self.go,
            hasher.finish()
        );
        let kept = tools::target().join("guests").join(stem);
        if !kept.exists() {
            let fresh = kept.with_extension(format!("{form}.{}", std::process::id()));
            fs::create_dir_all(tools::target().join("guests"))
                .expect("the target directory can be written");
            let mut command = command(&fresh, &folder);
            let output = command
                .output()
                .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
            let messages = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success(),
                "{} does not build: {command:?}\n{messages}",
                self.name
            );
            fs::rename(&fresh, &kept).expect("a file can be renamed within its folder");
        }
        kept
    }
}

fn guests() -> PathBuf {
    tools::repository().join("tests/guests")
}

fn zig(folder: &Path) -> Command {
    let mut command = Command::new(tools::zig());
    let cache = tools::target().join("zig-cache");
    command
        .current_dir(folder)
        .env("ZIG_GLOBAL_CACHE_DIR", &cache)
        .env("ZIG_LOCAL_CACHE_DIR", &cache);
    command
}

fn zig_cxx(output: &Path, folder: &Path) -> Command {
    let mut command = zig(folder);
    command.args(["c++", "-O2", "-o"]).arg(output);
    command
}

fn zig_cc(output: &Path, folder: &Path, target: &[&str]) -> Command {
    let mut command = zig(folder);
    command
        .arg("cc")
        .args(["-O2", "-Wall", "-Werror"])
        .args(target)
        .arg("-o")
        .arg(output)
        .arg("main.c");
    command
}

/// Every file of a folder by its path.
fn sources(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("no guest in {}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("a folder that was opened can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_none_or(|extension| extension != "wasm") {
            let bytes = fs::read(&path).expect("a source can be read");
            found.insert(path, bytes);
        }
    }
    found
}
