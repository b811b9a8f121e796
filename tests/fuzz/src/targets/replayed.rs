//! Logs of runs: a guest is replayed from a log whose records are the input. The first byte tells whether the input is a whole file, or the
//! content of chunks, which then have the right checksums.

use std::sync::{Mutex, OnceLock, PoisonError};

use interp::{Config, Engine, Error, Linker, Module, ResourceLimiter, Store, Validation};
use wasi_shim::bind;
use wasi_shim::replay::{Header, LogError, Player, Recorder, Written};

use super::Target;

pub(super) const TARGET: Target = Target {
    name: "replayed",
    run,
    words: &[
        b"\0wilog\x01\n",
        // A call, a refusal, an end.
        &[3, 1, 0, 0, 0, 1, 16, 8, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0x80, 1],
        &[0xff, 4, 0, 0, 0, 0],
        &[0xff, 0xff, 0xff, 0xff, 0x0f],
    ],
    longest: 4096,
};

/// Units of fuel of a run.
const FUEL: u64 = 1000;

fn run(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    let log = match kind % 2 {
        0 => rest.to_vec(),
        _ => with_checksums(rest),
    };
    let output = |_, _: &[u8]| Ok(Written::All);
    let source = std::io::Cursor::new(log);
    let mut player = match Player::new(Bytes(source), output) {
        Ok(player) => player,
        Err(error) => return check(&error),
    };
    player.stop_at(FUEL);
    let (engine, module) = guest();
    let fuel = player.limit();
    let mut store = Store::new(engine, Guest(player));
    store.limiter(|guest| guest);
    store.set_fuel(fuel).expect("fuel is metered");
    let mut linker = Linker::new(engine);
    bind::add_replayed_to_linker(&mut linker, |guest: &mut Guest| &mut guest.0)
        .expect("nothing else is defined");
    let end = linker.instantiate(&mut store, module).and_then(|instance| {
        let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
        start.call(&mut store, ())
    });
    if let Some(error) = end.as_ref().err().and_then(Error::downcast_ref::<LogError>) {
        check(error);
    }
    let limit = store.data().0.limit();
    let left = store.get_fuel().expect("fuel is metered");
    if let Err(error) = store.data_mut().0.finish(limit.saturating_sub(left)) {
        check(&error);
    }
}

/// A message is one line.
fn check(error: &LogError) {
    let text = error.to_string();
    assert!(!text.contains(char::is_control), "{text:?}");
}

/// The engine and the guest, which are made once.
fn guest() -> (&'static Engine, &'static Module) {
    static GUEST: OnceLock<(Engine, Module)> = OnceLock::new();
    let (engine, module) = GUEST.get_or_init(|| {
        let mut config = Config::new();
        config.consume_fuel(true).validation(Validation::Lazy);
        let engine = Engine::new(&config);
        let bytes = wat::parse_str(include_str!("replayed.wat")).expect("the text is right");
        let module = Module::new(&engine, bytes).expect("it is valid");
        (engine, module)
    });
    (engine, module)
}

/// The data of a store.
struct Guest(Player);

impl ResourceLimiter for Guest {
    fn memory_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, Error> {
        Ok(self.0.may_grow())
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, Error> {
        Ok(self.0.may_grow())
    }

    fn grow_failed(&mut self) {
        self.0.grow_failed();
    }
}

/// A log in memory.
struct Bytes(std::io::Cursor<Vec<u8>>);

impl embedded_io::ErrorType for Bytes {
    type Error = std::io::Error;
}

impl embedded_io::Read for Bytes {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        std::io::Read::read(&mut self.0, buf)
    }
}

/// A log with these records behind the header of this release, in one chunk.
fn with_checksums(records: &[u8]) -> Vec<u8> {
    let content = [header(), records].concat();
    let mut log = b"\0wilog\x01\n".to_vec();
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&0_u64.to_le_bytes());
    hasher.update(&content);
    // Inputs are far smaller than a chunk.
    log.extend((content.len() as u32).to_le_bytes());
    log.extend(hasher.finalize().to_le_bytes());
    log.extend(content);
    log
}

/// The header that a recorder writes, with its length in front.
fn header() -> &'static [u8] {
    static HEADER: OnceLock<Vec<u8>> = OnceLock::new();
    HEADER.get_or_init(|| {
        static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
        struct Sink;
        impl embedded_io::ErrorType for Sink {
            type Error = std::convert::Infallible;
        }
        impl embedded_io::Write for Sink {
            fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> {
                LOG.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> Result<(), Self::Error> {
                Ok(())
            }
        }
        let mut recorder = Recorder::new(Sink, &Header::default()).expect("memory takes it");
        recorder
            .finish(&Default::default())
            .expect("memory takes it");
        let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
        // Behind the magic number and the head of the first chunk. The length is below 128.
        let content = &log[16..];
        content[..=usize::from(content[0])].to_vec()
    })
}
