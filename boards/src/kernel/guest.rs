//! The program: found, loaded, given its world, run.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

use interp::{Config, Engine, Error, Linker, Module, Store, Validation};
use wasi_shim::{
    FileSystem, Grant, Node, RamFs, Wasi, WasiBuilder, fat::FatFs, mounts::Place, platforms,
    protected::Protected, types::FileType,
};

use super::{
    console, host,
    memory::{self, GuestMemory, Tables},
    mounted,
    once::Once,
    random::Random,
    terminal::{self, Terminal},
    time, volume,
    watch::{self, Cause},
};
use crate::{
    boot_files,
    settings::{self, Settings, Tmp},
};

/// What a shell reports of a program that a signal ended: 128 and the number of SIGABRT, or SIGINT.
const TRAPPED: u8 = 134;
const INTERRUPTED: u8 = 130;

/// The program's name, for messages from where nothing else is known.
static PROGRAM: Once<String> = Once::new();
/// Set when the program has begun to run.
static RUNNING: Once<()> = Once::new();

/// Says that the kernel itself found no memory, unmounts the volume if it can, and returns the status to end with.
///
/// Called when an allocation has failed that nobody expected to fail: nothing of what was under way goes on.
pub(super) fn out_of_memory() -> u8 {
    let missing = memory::shortage();
    let name = PROGRAM.get().map_or("the volume", String::as_str);
    let running = RUNNING.get().is_some();
    if running {
        console::print(format_args!(
            "kernel: {name}: stopped: out of memory; the interpreter needs {missing} KiB more than this machine has left\n"
        ));
    } else {
        console::print(format_args!("kernel: {}\n", volume::does_not_fit(name)));
    }
    memory::release_reserve();
    if !mounted::unmount() {
        console::print(format_args!(
            "kernel: the volume was in use and is not unmounted; what was synced is on it\n"
        ));
    }
    if running { TRAPPED } else { super::NOT_RUN }
}

/// Runs the program of a volume; returns its exit status. The error says why it could not be run.
///
/// The volume is unmounted, and so synced, when this returns.
pub(super) fn run(mut fs: FatFs, random: impl FnOnce() -> Random) -> Result<u8, String> {
    let settings = read_settings(&mut fs)?;
    super::log::init(settings.console.log);
    log::info!("{} KiB of RAM are free", memory::free() >> 10);
    if settings.no_fsck {
        if fs.was_dirty() {
            log::warn!("the volume was not unmounted the last time, and fsck is off");
        }
    } else if let Err(errno) = fs.mend() {
        log::error!("the volume cannot be mended: {errno}");
    }
    if !time::has_calendar() {
        time::not_before(volume::newest(&mut fs));
    }
    let program = match &settings.program {
        Some(program) => program.clone(),
        None => volume::only_program(&mut fs)?,
    };
    PROGRAM.set(program.clone());
    let bytes = volume::read_file(&mut fs, &program)?;
    let bytes = bytes.ok_or_else(|| format!("no program: {program} is not on the volume"))?;
    terminal::init(&settings.console);
    // It may warn, so the settings of the log come first.
    let wasi = world(fs, &settings, &program, random())?;
    execute(&program, bytes, &settings, wasi)
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
        if !is_folder(&mut fs, node) {
            return Err(format!("dirs: {path} is a file, not a folder"));
        }
        places.push((guest.to_string(), node));
    }
    let tmp = match settings.tmp {
        Tmp::Size(size) => Some(size),
        Tmp::Off => None,
        Tmp::Usual => (!has_tmp(&mut fs, &places)).then_some(settings::TMP),
    };
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
    let root = fs.root();
    let fs = mounted::share(fs);
    let fs: Box<dyn FileSystem> = match settings.write_boot_files {
        true => Box::new(fs),
        false => Box::new(
            Protected::new(fs, root, boot_files::is_boot_file)
                .map_err(|errno| format!("cannot list the volume: {errno}"))?,
        ),
    };
    let fs = builder.file_system(fs);
    for (guest, node) in places {
        builder.dir(Grant { guest, host: None }, Place { fs, node });
    }
    if let Some(size) = tmp {
        let mut ram = RamFs::new(size, Box::new(time::wall));
        ram.set_room(memory::beyond_reserve);
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

/// Refuses a program that was built for another host, in the words of the desktop.
fn refuse_foreign(module: &Module) -> Result<(), String> {
    let platform = module
        .imports()
        .find_map(|import| platforms::hint(import.module));
    platform.map_or(Ok(()), |platform| Err(platform.to_string()))
}

fn is_folder(fs: &mut FatFs, node: Node) -> bool {
    fs.stat(node)
        .is_ok_and(|stat| stat.kind == FileType::Directory)
}

/// Whether the program has a `/tmp` of the volume: a folder of that name, or one in the folder that is given as `/`.
fn has_tmp(fs: &mut FatFs, places: &[(String, Node)]) -> bool {
    let is = |guest: &str, wanted: &str| guest.trim_matches('/') == wanted;
    if places.iter().any(|(guest, _)| is(guest, "tmp")) {
        return true;
    }
    let Some((_, root)) = places.iter().find(|(guest, _)| is(guest, "")) else {
        return false;
    };
    let Ok(found) = fs.lookup(*root, "tmp") else {
        return false;
    };
    fs.forget(found.node);
    found.kind == FileType::Directory
}

fn execute(program: &str, bytes: Vec<u8>, settings: &Settings, wasi: Wasi) -> Result<u8, String> {
    let failed = |error: Error| format!("{program}: {error}");
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
    let module = Module::new(&engine, bytes).map_err(failed)?;
    refuse_foreign(&module).map_err(|why| format!("{program}: {why}"))?;
    let mut linker = Linker::new(&engine);
    wasi_shim::bind::add_to_linker(&mut linker, |wasi| wasi).map_err(failed)?;
    let mut store = Store::new(&engine, wasi);
    store.limiter(|_| Tables::limiter());
    if let Some(fuel) = settings.limits.fuel {
        store.set_fuel(fuel).map_err(failed)?;
    }
    watch::start(store.interrupt_handle(), &settings.limits);
    store.interrupt_routine(|_| {
        watch::look();
        Ok(())
    });
    memory::forget_shortage();
    let instance = linker.instantiate(&mut store, &module).map_err(|error| {
        match (error.as_trap(), memory::has_shortage()) {
            (None, true) => volume::does_not_fit(program),
            _ => failed(error),
        }
    })?;
    let start = instance.get_typed_func::<(), ()>(&store, "_start");
    let start = start.map_err(failed)?;
    log::info!("the program starts at {} µs", time::monotonic() / 1000);
    RUNNING.set(());
    match start.call(&mut store, ()) {
        Ok(()) => Ok(0),
        Err(error) => match error.i32_exit_status() {
            Some(status) => Ok(status as u8),
            None if error.as_trap() == Some(interp::Trap::Interrupt) => match watch::cause() {
                None | Some(Cause::CtrlC) => Ok(INTERRUPTED),
                Some(cause) => {
                    console::print(format_args!("kernel: {program}: {}\n", cause.says()));
                    Ok(TRAPPED)
                }
            },
            None if error.as_trap().is_some() => {
                console::print(format_args!("kernel: {error}\n"));
                Ok(TRAPPED)
            }
            None => Err(failed(error)),
        },
    }
}
