//! WASI preview 1 over a small operating-system trait: the same 46 calls on a desktop, on a FAT disk and on a RAM disk.
//!
//! # A guest of your own
//! This program gets its input from memory, has a directory in memory, and uses only clocks and random numbers of this
//! system. It runs in a thread of its own:
//! ```
//! use interp::{Engine, Linker, Module, Store};
//! use wasi_shim::in_memory::{Bytes, Captured};
//! use wasi_shim::mounts::Place;
//! use wasi_shim::{Grant, RamFs, Wasi, WasiBuilder, bind};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Usually these are the bytes of a file.
//! let program = wat::parse_str(
//!     r#"(module
//!         (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
//!         (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
//!         (memory (export "memory") 1)
//!         (data (i32.const 0) "\10\00\00\00\06\00\00\00") ;; one buffer: at 16, 6 bytes long
//!         (data (i32.const 16) "hello\n")
//!         (func (export "_start")
//!             (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
//!             (call $exit (i32.const 3))))"#,
//! )?;
//!
//! let output = Captured::new(1 << 20);
//! let mut builder = WasiBuilder::new();
//! // `waker.wake()`, from any thread, ends a wait of the guest's.
//! let waker = builder.waker().ok_or("only a builder with a host of its own has none")?;
//! builder.args(["hello", "world"]).env("LANG", "C");
//! builder.stdin(Box::new(Bytes::new("input"))).stdout(Box::new(output.clone()));
//! let files = RamFs::new(1 << 20, Box::new(|| 0));
//! let node = files.root();
//! let fs = builder.file_system(Box::new(files));
//! builder.dir(Grant { guest: "/data".into(), host: None }, Place { fs, node });
//!
//! let engine = Engine::default();
//! let module = Module::new(&engine, program)?;
//! let mut linker = Linker::new(&engine);
//! bind::add_to_linker(&mut linker, |wasi: &mut Wasi| wasi)?;
//! let mut store = Store::new(&engine, builder.build()?);
//! // With `waker.wake()` it stops a guest that runs as well as one that waits.
//! let interrupt = store.interrupt_handle();
//! let instance = linker.instantiate(&mut store, &module)?;
//! let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
//! let guest = std::thread::spawn(move || start.call(&mut store, ()));
//! // `proc_exit` arrives as an error that carries the status.
//! let ended = guest.join().map_err(|_| "it panicked")?.expect_err("it calls proc_exit");
//! assert_eq!(ended.i32_exit_status(), Some(3));
//! assert_eq!(output.take(), b"hello\n");
//! # drop((waker, interrupt));
//! # Ok(())
//! # }
//! ```
//! `WasiBuilder::inherit_stdio` connects this process's standard streams instead, and `WasiBuilder::preopened_dir` grants
//! directories of this system. `WasiBuilder::new().inherit_stdio().args(["hello"]).build()?` builds a guest in one line.
//!
//! A [`Wasi`], and a store that holds one, can be sent to another thread, also between two calls. Several guests at the
//! same time need several stores, each used by one thread at a time. They can share engine, module and linker.
//!
//! # Reading order
//! 1. [`errno`], [`types`]: the vocabulary, fixed by the specification.
//! 2. [`fs`], [`stream`], [`host`]: the traits for the machine below the shim; [`in_memory`]: streams for embedders and
//!    tests.
//! 3. [`path`]: the resolution of a guest's path to a node. This file is the sandbox.
//! 4. [`fd`], [`wasi`]: the open objects of a guest, and its other state.
//! 5. [`calls`]: the 46 functions, by family.
//! 6. [`preopen`], [`namespace`], [`builder`]: the directories of a guest, and their names.
//! 7. [`std_host`]: the desktop.
//! 8. [`freeze`]: the state of a guest as bytes; [`frozen_file`]: the file of a frozen program.
//! 9. [`bind`]: the calls as host functions of the interpreter; [`trace`] around them. `replay`: record and replay.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
extern crate alloc;

mod abi;
#[cfg(feature = "bind")]
pub mod bind;
pub mod calls;
#[cfg(feature = "fat")]
pub mod fat;
mod files;
#[cfg(feature = "freeze")]
pub mod freeze;
pub mod frozen_file;
mod guest;
pub mod host;
#[cfg(feature = "ram")]
pub mod ram;
#[cfg(feature = "replay")]
pub mod replay;
#[cfg(feature = "std")]
pub mod std_host;
#[cfg_attr(
    not(feature = "bind"),
    expect(dead_code, reason = "calls are traced where `bind` makes them")
)]
pub mod trace;

pub use abi::{errno, memory, platforms, types};
#[cfg(feature = "freeze")]
pub use files::whole;
pub use files::{devices, fs, protected, wrap};
use guest::{absolute, outside};
pub use guest::{builder, fd, mounts, namespace, path, preopen, wasi};
pub use host::{in_memory, stream, wall_clock};

pub use builder::{BuildError, WasiBuilder};
pub use errno::Errno;
pub use fs::{Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
pub use host::{Clock, Poller, Random};
pub use preopen::Grant;
#[cfg(feature = "ram")]
pub use ram::RamFs;
pub use stream::{Listener, Stream};
pub use wasi::Wasi;
