//! WASI guests in other threads, stores that move between threads from call to call, and builders of guests.

use std::fs;
use std::sync::{Arc, Mutex};
use std::thread;

use interp::{Engine, Error, InstancePre, Linker, Module, Store, TypedFunc};
use wasi_shim::fat::{FatFs, MemDisk, image};
use wasi_shim::host::Absent;
use wasi_shim::in_memory::{Bytes, Captured};
use wasi_shim::mounts::Place;
use wasi_shim::trace::{Format, Tracer};
use wasi_shim::{Errno, FileSystem, Grant, Node, RamFs, Stream, Wasi, WasiBuilder, bind};

use crate::module;

#[test]
fn what_is_sent_and_what_is_shared() {
    fn sent<T: Send>() {}
    fn shared<T: Send + Sync>() {}
    sent::<Wasi>();
    sent::<WasiBuilder>();
    sent::<Store<Wasi>>();
    sent::<Tracer>();
    sent::<Box<dyn Stream>>();
    sent::<Box<dyn FileSystem>>();
    sent::<FatFs>();
    sent::<RamFs>();
    shared::<Captured>();
    shared::<Engine>();
    shared::<Module>();
    shared::<Linker<Wasi>>();
    shared::<InstancePre<Wasi>>();
    shared::<TypedFunc<i32, i32>>();
    shared::<Error>();
}

/// Appends bytes to a file, with its descriptor and a growing memory kept from call to call.
const WRITES: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open" (func $open
        (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "log")
    (data (i32.const 16) "\40\00\00\00\01\00\00\00") ;; one byte at 64
    (data (i32.const 32) "\00\04\00\00\10\00\00\00") ;; 16 bytes at 1024
    ;; To read, write and seek; created if it is missing.
    (func (export "open") (param i32) (result i32)
        (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 1)
            (i64.const 102) (i64.const 102) (i32.const 0) (i32.const 8)))
    (func (export "add") (param $byte i32) (result i32)
        (drop (memory.grow (i32.const 1)))
        (i32.store8 (i32.const 64) (local.get $byte))
        (call $write (i32.load (i32.const 8)) (i32.const 16) (i32.const 1) (i32.const 12)))
    ;; How many bytes were read, or an errno below zero.
    (func (export "read") (param i32) (result i32)
        (local $errno i32)
        (local.set $errno (i32.or
            (call $seek (i32.load (i32.const 8)) (i64.const 0) (i32.const 0) (i32.const 48))
            (call $read (i32.load (i32.const 8)) (i32.const 32) (i32.const 1) (i32.const 12))))
        (select (i32.sub (i32.const 0) (local.get $errno)) (i32.load (i32.const 12)) (local.get $errno))))"#;

/// A guest that sees one file system as `/`.
fn guest_with(fs: impl FileSystem + 'static, root: Node) -> Result<Wasi, Error> {
    let mut builder = WasiBuilder::new();
    let fs = builder.file_system(Box::new(fs));
    let grant = Grant {
        guest: "/".into(),
        host: None,
    };
    builder.dir(grant, Place { fs, node: root });
    builder.build().map_err(Error::host)
}

#[test]
fn a_store_goes_from_thread_to_thread_between_calls() -> Result<(), Error> {
    let ram = RamFs::new(1 << 20, Box::new(|| 0));
    let ram_root = ram.root();
    let mut disk = MemDisk::new(vec![0; 4 << 20]);
    image::format(&mut disk, &image::Options::default()).map_err(Error::host)?;
    let fat = FatFs::mount(Box::new(disk), Box::new(|| 0), false).map_err(Error::host)?;
    let fat_root = fat.root();
    let folder = std::env::temp_dir().join(format!("wasi-interp-sent-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(Error::host)?;
    let mut builder = WasiBuilder::new();
    builder.preopened_dir(&folder, "/").map_err(Error::host)?;
    let guests = [
        guest_with(ram, ram_root)?,
        guest_with(fat, fat_root)?,
        builder.build().map_err(Error::host)?,
    ];

    let engine = Engine::default();
    let module = module(&engine, WRITES);
    let mut linker = Linker::new(&engine);
    bind::add_to_linker(&mut linker, |wasi: &mut Wasi| wasi)?;
    let ready = Arc::new(linker.instantiate_pre(&module)?);
    for wasi in guests {
        let mut store = Store::new(&engine, wasi);
        let instance = ready.instantiate(&mut store)?;
        let call = |mut store: Store<Wasi>, name: &'static str, argument: i32| {
            let elsewhere = thread::spawn(move || {
                let func = instance.get_typed_func::<i32, i32>(&store, name)?;
                let result = func.call(&mut store, argument)?;
                Ok::<_, Error>((store, result))
            });
            elsewhere.join().expect("it does not panic")
        };
        let mut result;
        (store, result) = call(store, "open", 0)?;
        assert_eq!(result, 0);
        for byte in *b"abc" {
            (store, result) = call(store, "add", byte.into())?;
            assert_eq!(result, 0);
        }
        (store, result) = call(store, "read", 0)?;
        assert_eq!(result, 3);
        let memory = instance.get_memory(&store, "memory").expect("it has one");
        assert_eq!(memory.data(&store)[1024..1028], *b"abc\0");
        // The guest also ends in a thread of its own, which closes its files.
        thread::spawn(move || drop(store))
            .join()
            .expect("it does not panic");
    }
    assert_eq!(fs::read(folder.join("log")).map_err(Error::host)?, b"abc");
    fs::remove_dir_all(&folder).map_err(Error::host)
}

const ECHO: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\40\00\00\00\20\00\00\00")
    (func (export "_start")
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (i32.store (i32.const 4) (i32.load (i32.const 8)))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
        (call $exit (i32.load (i32.const 4)))))"#;

#[test]
fn guests_that_one_thread_builds_run_in_others() -> Result<(), Error> {
    let engine = Engine::default();
    let mut linker = Linker::new(&engine);
    bind::add_traced_to_linker(&mut linker, |wasi: &mut Wasi| wasi)?;
    let ready = linker.instantiate_pre(&module(&engine, ECHO))?;
    let lines = Arc::new(Mutex::new(Vec::new()));
    let mut guests = Vec::new();
    for number in 0..4_usize {
        let input = format!("guest {}", "x".repeat(number));
        let output = Captured::new(100);
        let mut builder = WasiBuilder::new();
        builder
            .stdin(Box::new(Bytes::new(input.clone())))
            .stdout(Box::new(output.clone()));
        let mut wasi = builder.build().map_err(Error::host)?;
        let lines = lines.clone();
        let tell = move |line: &str| lines.lock().expect("no panic").push(line.to_owned());
        wasi.set_tracer(Tracer::new(Format::Text, &[], Box::new(tell)));
        let (ready, mut store) = (ready.clone(), Store::new(&engine, wasi));
        let running = thread::spawn(move || {
            let instance = ready.instantiate(&mut store)?;
            let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
            start.call(&mut store, ())
        });
        guests.push((input, output, running));
    }
    for (input, output, running) in guests {
        let ended = running.join().expect("it does not panic");
        let status = ended.expect_err("it exits").i32_exit_status();
        assert_eq!(status, Some(input.len() as i32));
        assert_eq!(output.take(), input.as_bytes());
    }
    assert_eq!(lines.lock().expect("no panic").len(), 4 * 3);
    Ok(())
}

/// Requests the time, random bytes, and a sleep of a nanosecond. The argument selects the errno.
const ASKS: &str = r#"(module
    (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "\01") (data (i32.const 24) "\01") ;; the monotonic clock, one nanosecond
    (func (export "time") (result i32) (call $time (i32.const 0) (i64.const 0) (i32.const 512)))
    (func (export "random") (result i32) (call $random (i32.const 512) (i32.const 16)))
    (func (export "sleep") (result i32)
        (call $poll (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 512))))"#;

fn asked(wasi: Wasi) -> Result<[i32; 3], Error> {
    let engine = Engine::default();
    let mut linker = Linker::new(&engine);
    bind::add_to_linker(&mut linker, |wasi: &mut Wasi| wasi)?;
    let mut store = Store::new(&engine, wasi);
    let instance = linker.instantiate(&mut store, &module(&engine, ASKS))?;
    let mut ask = |name| {
        let func = instance.get_typed_func::<(), i32>(&store, name)?;
        func.call(&mut store, ())
    };
    Ok([ask("time")?, ask("random")?, ask("sleep")?])
}

#[test]
fn a_builder_begins_with_this_system_and_takes_another_host() -> Result<(), Error> {
    let missing = i32::from(Errno::NotSup.raw());
    let built = |builder: &mut WasiBuilder| builder.build().map_err(Error::host);
    let mut builder = WasiBuilder::new();
    assert!(builder.waker().is_some());
    assert_eq!(asked(built(&mut builder)?)?, [0, 0, 0]);
    // The built guest has taken everything.
    assert!(builder.waker().is_none());
    assert_eq!(asked(built(&mut builder)?)?, [missing; 3]);
    let absent = || Box::new(Absent);
    let mut builder = WasiBuilder::with_host(absent(), absent(), absent());
    assert!(builder.waker().is_none());
    assert_eq!(asked(built(&mut builder)?)?, [missing; 3]);
    let mut builder = WasiBuilder::new();
    builder.random(Absent);
    assert_eq!(asked(built(&mut builder)?)?, [0, missing, 0]);

    let wasi = WasiBuilder::default()
        .args(["program", "one"])
        .arg("two")
        .envs([("A", "1"), ("B", "2")])
        .env("A", "3")
        .build()
        .map_err(Error::host)?;
    assert_eq!(wasi.args(), [&b"program"[..], b"one", b"two"]);
    assert_eq!(wasi.env(), [&b"B=2"[..], b"A=3"]);
    let wasi = WasiBuilder::new()
        .inherit_args()
        .inherit_env()
        .inherit_stdio()
        .build()
        .map_err(Error::host)?;
    assert_eq!(wasi.args().len(), std::env::args_os().len());
    assert!(wasi.env().iter().any(|entry| entry.starts_with(b"PATH=")));
    assert!(!wasi.env().iter().any(|entry| entry.starts_with(b"PWD=")));
    Ok(())
}

#[test]
fn a_directory_is_given_to_be_written_or_not() -> Result<(), Error> {
    let folder = std::env::temp_dir().join(format!("wasi-interp-given-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(Error::host)?;
    let engine = Engine::default();
    let mut linker = Linker::new(&engine);
    bind::add_to_linker(&mut linker, |wasi: &mut Wasi| wasi)?;
    let ready = linker.instantiate_pre(&module(&engine, WRITES))?;
    let open = |builder: &mut WasiBuilder| {
        let mut store = Store::new(&engine, builder.build().map_err(Error::host)?);
        let instance = ready.instantiate(&mut store)?;
        let open = instance.get_typed_func::<i32, i32>(&store, "open")?;
        open.call(&mut store, 0)
    };
    let mut builder = WasiBuilder::new();
    let read_only = builder.preopened_dir_read_only(&folder, "/");
    assert_eq!(
        open(read_only.map_err(Error::host)?)?,
        Errno::RoFs.raw().into()
    );
    assert!(!folder.join("log").exists());
    assert_eq!(
        open(
            builder
                .preopened_dir(&folder, "/data")
                .map_err(Error::host)?
        )?,
        0
    );
    assert!(folder.join("log").exists());
    assert!(builder.preopened_dir(folder.join("log"), "/data").is_err());
    fs::remove_dir_all(&folder).map_err(Error::host)
}
