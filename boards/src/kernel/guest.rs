//! The program: found, loaded, given its world, run.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::sync::atomic::{AtomicBool, Ordering};

use interp::{Config, Engine, Error, InterruptHandle, Linker, Module, Store, Validation};
use wasi_shim::{Grant, RamFs, Wasi, WasiBuilder, fat::FatFs, mounts::Place};

use super::{
    console, host,
    memory::GuestMemory,
    once::Once,
    random::Random,
    terminal::{self, Terminal},
    time, volume,
};
use crate::settings::{self, Settings};

/// What a shell reports of a program that a signal ended: 128 and the number of SIGABRT, or SIGINT.
const TRAPPED: u8 = 134;
const INTERRUPTED: u8 = 130;

struct Running {
    handle: InterruptHandle,
    interrupted: AtomicBool,
}

static RUNNING: Once<Running> = Once::new();

/// Stops the program at its next call or loop.
pub(super) fn interrupt() {
    if let Some(running) = RUNNING.get() {
        running.interrupted.store(true, Ordering::Relaxed);
        running.handle.interrupt();
    }
}

/// Whether [`interrupt`] was called: the program must not wait any more.
pub(super) fn is_interrupted() -> bool {
    RUNNING
        .get()
        .is_some_and(|running| running.interrupted.load(Ordering::Relaxed))
}

/// Runs the program of a volume; returns its exit status. The error says why it could not be run.
///
/// The volume is unmounted, and so synced, when this returns.
pub(super) fn run(mut fs: FatFs, random: Random) -> Result<u8, String> {
    let settings = read_settings(&mut fs)?;
    super::log::init(settings.console.log);
    if !time::has_calendar() {
        time::not_before(volume::newest(&mut fs));
    }
    let program = match &settings.program {
        Some(program) => program.clone(),
        None => volume::only_program(&mut fs)?,
    };
    let bytes = volume::read_file(&mut fs, &program)?;
    let bytes = bytes.ok_or_else(|| format!("no program: {program} is not on the volume"))?;
    terminal::init(settings.console.line_editing);
    let wasi = world(fs, &settings, &program, random)?;
    execute(bytes, &settings, wasi).map_err(|error| format!("{program}: {error}"))
}

fn read_settings(fs: &mut FatFs) -> Result<Settings, String> {
    let Some(text) = volume::read_file(fs, settings::FILE)? else {
        return Ok(Settings::default());
    };
    let text =
        core::str::from_utf8(&text).map_err(|_| format!("{} is not UTF-8", settings::FILE))?;
    settings::parse(text).map_err(|error| format!("{}: {error}", settings::FILE))
}

/// Arguments, environment, directories, the console.
fn world(
    mut fs: FatFs,
    settings: &Settings,
    program: &str,
    random: Random,
) -> Result<Wasi, String> {
    let whole = ["/".to_string()];
    let mut places = Vec::new();
    for dir in settings.dirs.as_deref().unwrap_or(&whole) {
        let (path, guest) = dir.split_once("::").unwrap_or((dir, dir));
        let node = volume::find(&mut fs, path).map_err(|errno| format!("dirs: {path}: {errno}"))?;
        let node = node.ok_or_else(|| format!("dirs: {path} is not on the volume"))?;
        places.push((guest.to_string(), node));
    }
    let mut builder = WasiBuilder::new();
    builder
        .clock(host::Clocks)
        .random(random)
        .poller(host::Wait);
    builder.arg(program);
    for arg in &settings.args {
        builder.arg(arg);
    }
    for (name, value) in &settings.env {
        builder.env(name, value);
    }
    builder
        .stdin(Box::new(Terminal))
        .stdout(Box::new(Terminal))
        .stderr(Box::new(Terminal));
    let fs = builder.file_system(Box::new(fs));
    for (guest, node) in places {
        builder.dir(Grant { guest, host: None }, Place { fs, node });
    }
    if let Some(size) = settings.tmp {
        let ram = RamFs::new(size, Box::new(time::wall));
        let node = ram.root();
        let fs = builder.file_system(Box::new(ram));
        builder.dir(
            Grant {
                guest: "/tmp".to_string(),
                host: None,
            },
            Place { fs, node },
        );
    }
    builder.build().map_err(|error| error.to_string())
}

fn execute(bytes: Vec<u8>, settings: &Settings, wasi: Wasi) -> Result<u8, Error> {
    let mut config = Config::new();
    config
        .memory_creator(Arc::new(GuestMemory::new(settings.limits.memory)))
        // What a program never calls costs nothing at its start.
        .validation(Validation::Lazy)
        .consume_fuel(settings.limits.fuel.is_some());
    if let Some(stack) = settings
        .limits
        .stack
        .and_then(|stack| usize::try_from(stack).ok())
    {
        config.max_stack_bytes(stack);
    }
    let engine = Engine::new(&config);
    let module = Module::new(&engine, bytes)?;
    let mut linker = Linker::new(&engine);
    wasi_shim::bind::add_to_linker(&mut linker, |wasi| wasi)?;
    let mut store = Store::new(&engine, wasi);
    if let Some(fuel) = settings.limits.fuel {
        store.set_fuel(fuel)?;
    }
    RUNNING.set(Running {
        handle: store.interrupt_handle(),
        interrupted: AtomicBool::new(false),
    });
    let result = linker
        .instantiate(&mut store, &module)
        .and_then(|instance| {
            let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
            log::info!("the program starts at {} µs", time::monotonic() / 1000);
            start.call(&mut store, ())
        });
    match result {
        Ok(()) => Ok(0),
        Err(error) => match error.i32_exit_status() {
            Some(status) => Ok(status as u8),
            None if error.as_trap() == Some(interp::Trap::Interrupt) => Ok(INTERRUPTED),
            None if error.as_trap().is_some() => {
                console::print(format_args!("kernel: {error}\n"));
                Ok(TRAPPED)
            }
            None => Err(error),
        },
    }
}
