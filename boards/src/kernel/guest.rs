//! The program: found, loaded, given its [`world`], run.

use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::sync::atomic::AtomicBool;

use board_settings::{self as settings, Settings};
use interp::{
    Config, Engine, Error, Instance, Linker, Module, ModuleBytes, Store, TypedFunc, Validation,
};
use wasi_shim::{WasiBuilder, fat::FatFs, platforms, preopen, wasi::Wasi};

use super::{
    console,
    frozen::{self, Frozen},
    memory::{self, GuestMemory, Tables},
    mounted,
    once::Once,
    random::Random,
    stop::{self, Cause},
    terminal, time, volume, world,
};

/// The statuses that a shell reports for a program that a signal has ended: 128 plus the number of SIGABRT or SIGINT.
const TRAPPED: u8 = 134;
const INTERRUPTED: u8 = 130;

/// The program's name, for messages of code that does not know it otherwise.
static PROGRAM: Once<String> = Once::new();
/// Set when the program has started.
static RUNNING: Once<()> = Once::new();

/// Prints that the kernel itself has no memory left, unmounts the volume if possible, and returns the exit status.
///
/// Called when an infallible allocation has failed. No interrupted operation continues.
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

/// Runs the program in flash, or that of a volume. Returns its exit status, or an error if it could not be run.
///
/// The volume is unmounted, and thereby synced, when this returns.
pub(super) fn run(
    mut fs: FatFs,
    in_flash: Option<&'static [u8]>,
    random: impl FnOnce() -> Random,
) -> Result<u8, String> {
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
        None if in_flash.is_some() => "flash".to_string(),
        None => volume::only_program(&mut fs)?,
    };
    PROGRAM.set(program.clone());
    let mut frozen = match in_flash {
        Some(_) => None,
        None => Frozen::program(&mut fs, &program)?,
    };
    let bytes: ModuleBytes = match (in_flash, &frozen) {
        (Some(bytes), _) => bytes.into(),
        (None, Some(frozen)) => frozen.module(&mut fs)?.into(),
        (None, None) => read_program(&mut fs, &program)?.into(),
    };
    #[cfg(not(feature = "hibernate"))]
    frozen::check(&program, bytes.as_slice())?;
    if settings.hibernate {
        frozen = Frozen::hibernated(&mut fs)?.or(frozen);
    }
    terminal::init(&settings.console);
    // This may print a warning, so the settings of the log are applied first.
    let world = world::build(fs, &settings, &program, random())?;
    execute(&program, bytes, frozen, &settings, world)
}

fn read_program(fs: &mut FatFs, program: &str) -> Result<Vec<u8>, String> {
    let bytes = volume::read_file(fs, program)?;
    bytes.ok_or_else(|| format!("no program: {program} is not on the volume"))
}

fn read_settings(fs: &mut FatFs) -> Result<Settings, String> {
    let Some(text) = volume::read_file(fs, settings::FILE)? else {
        return Ok(Settings::default());
    };
    let text =
        core::str::from_utf8(&text).map_err(|_| format!("{} is not UTF-8", settings::FILE))?;
    settings::parse(text).map_err(|error| format!("{}: {error}", settings::FILE))
}

/// Rejects a program that was built for another host, with the messages of the desktop.
fn refuse_foreign(module: &Module) -> Result<(), String> {
    let platform = module
        .imports()
        .find_map(|import| platforms::hint(import.module));
    platform.map_or(Ok(()), |platform| Err(platform.to_string()))
}

/// Decodes a module, or reads one in lowered form: the first bytes tell which.
fn decode(engine: &Engine, bytes: ModuleBytes) -> Result<Module, Error> {
    #[cfg(feature = "lowered-modules")]
    if Module::is_serialized(bytes.as_slice()) {
        return Module::deserialize(engine, bytes);
    }
    Module::new(engine, bytes)
}

fn execute(
    program: &str,
    bytes: ModuleBytes,
    frozen: Option<Frozen>,
    settings: &Settings,
    mut world: WasiBuilder,
) -> Result<u8, String> {
    let failed = |error: Error| format!("{program}: {error}");
    let mut config = Config::new();
    config
        .memory_creator(Arc::new(GuestMemory::new(settings.limits.memory)))
        // Functions that are never called take no time at the start.
        .validation(Validation::Lazy)
        .consume_fuel(settings.limits.fuel.is_some());
    if let Some(stack) = settings
        .limits
        .stack
        .and_then(|stack| usize::try_from(stack).ok())
    {
        config.max_stack_bytes(stack);
    }
    // A program that goes on elsewhere computes the same there, and the states of a desktop demand it.
    #[cfg(feature = "canonical-nans")]
    config.canonical_nans(settings.hibernate || frozen.is_some());
    let engine = Engine::new(&config);
    let module = decode(&engine, bytes).map_err(failed)?;
    refuse_foreign(&module).map_err(|why| format!("{program}: {why}"))?;
    world.set_pwd(preopen::reads_pwd(module.custom_sections()));
    let wasi = world.build().map_err(|error| error.to_string())?;
    let mut linker = Linker::new(&engine);
    wasi_shim::bind::add_to_linker(&mut linker, |wasi| wasi).map_err(failed)?;
    let guest = Guest {
        program,
        settings,
        engine,
        module,
        linker,
    };
    match frozen::run(&guest, wasi, frozen)? {
        Ok(()) => Ok(0),
        Err(error) => match error.i32_exit_status() {
            Some(status) => Ok(status as u8),
            None if error.as_trap() == Some(interp::Trap::Interrupt) => match stop::cause() {
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

/// A program that can be started.
pub(super) struct Guest<'a> {
    /// Its name, for messages.
    pub(super) program: &'a str,
    pub(super) settings: &'a Settings,
    engine: Engine,
    module: Module,
    linker: Linker<Wasi>,
}

impl Guest<'_> {
    fn failed(&self, error: &Error) -> String {
        format!("{}: {error}", self.program)
    }

    /// Creates a store with the limits of the settings.
    pub(super) fn store(&self, wasi: Wasi) -> Result<Store<Wasi>, String> {
        let mut store = Store::new(&self.engine, wasi);
        store.limiter(|_| Tables::limiter());
        self.set_fuel(&mut store)?;
        store.interrupt_routine(|_| {
            stop::look();
            Ok(())
        });
        Ok(store)
    }

    /// Gives the program the fuel of the settings.
    pub(super) fn set_fuel(&self, store: &mut Store<Wasi>) -> Result<(), String> {
        match self.settings.limits.fuel {
            Some(fuel) => store.set_fuel(fuel).map_err(|error| self.failed(&error)),
            None => Ok(()),
        }
    }

    /// Instantiates the module.
    pub(super) fn instantiate(&self, store: &mut Store<Wasi>) -> Result<Instance, String> {
        memory::forget_shortage();
        self.linker
            .instantiate(store, &self.module)
            .map_err(|error| match (error.as_trap(), memory::has_shortage()) {
                (None, true) => volume::does_not_fit(self.program),
                _ => self.failed(&error),
            })
    }

    /// The function that the program starts with.
    pub(super) fn start(
        &self,
        store: &Store<Wasi>,
        instance: Instance,
    ) -> Result<TypedFunc<(), ()>, String> {
        let start = instance.get_typed_func::<(), ()>(store, "_start");
        start.map_err(|error| self.failed(&error))
    }

    /// Called immediately before the program runs. If it may hibernate, `suspender` is the switch of its WASI.
    pub(super) fn begin(&self, store: &Store<Wasi>, suspender: Option<Arc<AtomicBool>>) {
        let suspender = suspender.filter(|_| self.settings.hibernate);
        stop::watch(store.interrupt_handle(), suspender, &self.settings.limits);
        log::info!("the program starts at {} µs", time::monotonic() / 1000);
        RUNNING.set(());
    }
}
