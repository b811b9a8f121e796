//! Frozen stores: a program is frozen, some bytes of its state are changed, and it goes on.
//!
//! The first two bytes of the input are the fuel after which it is frozen, the third a number of changes. Each change has four bytes: a place
//! from the end of the state (two bytes), the byte that is written there, and one that does not matter. A module without imports follows. The
//! hash at the end of the state is made right again.
//!
//! [`WORLD`] does the same to the state of a WASI guest: the input is that state.

use interp::{
    Config, Engine, Extern, Instance, Module, Store, StoreLimits, StoreLimitsBuilder, Val,
};
use wasi_shim::mounts::Place;
use wasi_shim::{Grant, RamFs, Wasi, WasiBuilder};

use super::Target;

pub(super) const TARGET: Target = Target {
    name: "states",
    run,
    words: &[
        b"\0asm\x01\0\0\0",
        &[8, 0, 1, 0],
        &[9, 0, 0xff, 0],
        &[20, 0, 1, 0, 24, 0, 1, 0],
    ],
    longest: 4096,
};

/// The state of a guest of WASI.
pub(super) const WORLD: Target = Target {
    name: "world",
    run: run_world,
    words: &[
        b"/ram",
        b"PATH=/",
        &[1, 1, 3, 1],
        &[0xff, 0xff, 0xff, 0xff, 0x0f],
    ],
    longest: 2048,
};

fn run(input: &[u8]) {
    let Some(([a, b, changes], rest)) = input.split_first_chunk() else {
        return;
    };
    let Some((changes, wasm)) = rest.split_at_checked(4 * usize::from(changes % 16)) else {
        return;
    };
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .max_stack_bytes(1 << 16)
        .memory_reallocated();
    let engine = Engine::new(&config);
    let Ok(module) = Module::new(&engine, wasm.to_vec()) else {
        return;
    };
    let Some(mut home) = store(&engine, &module) else {
        return;
    };
    let fuel = u16::from_le_bytes([*a, *b]);
    home.0.set_fuel(fuel.into()).expect("it is metered");
    let Some(func) = home
        .1
        .exports(&home.0)
        .into_iter()
        .find_map(|export| match export.value {
            Extern::Func(func) => Some(func),
            _ => None,
        })
    else {
        return;
    };
    let ty = func.ty(&home.0);
    let params: Vec<Val> = ty.params().iter().copied().map(Val::default_for).collect();
    let mut results: Vec<Val> = ty.results().iter().copied().map(Val::default_for).collect();
    let Ok(call) = func.call_resumable(&mut home.0, &params, &mut results) else {
        return;
    };
    let Some(call) = call.into_suspended() else {
        return;
    };
    let mut bytes = Vec::new();
    // Not everything can be kept.
    if home.0.freeze(&call, &mut bytes).is_err() {
        return;
    }
    let end = bytes.len() - 8;
    for [a, b, byte, _] in changes.as_chunks::<4>().0 {
        let from_end = 1 + usize::from(u16::from_le_bytes([*a, *b]));
        if let Some(at) = end.checked_sub(from_end) {
            bytes[at] = *byte;
        }
    }
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    let hash = bytes[..end].iter().fold(0xcbf2_9ce4_8422_2325, step);
    bytes[end..].copy_from_slice(&hash.to_le_bytes());
    let (mut elsewhere, _) = store(&engine, &module).expect("the first one was made");
    let thawed = elsewhere.thaw(&mut &bytes[..]);
    assert!(
        thawed.is_ok() || !changes.is_empty(),
        "what was written can be read"
    );
    if let Ok(call) = thawed {
        elsewhere.set_fuel(10_000).expect("it is metered");
        let _ = call.resume(&mut elsewhere, &mut results);
    }
}

/// A store with an instance and little memory.
fn store(engine: &Engine, module: &Module) -> Option<(Store<StoreLimits>, Instance)> {
    let limits = StoreLimitsBuilder::new().total_size(4 << 20).build();
    let mut store: Store<StoreLimits> = Store::new(engine, limits);
    store.limiter(|limits| limits);
    store.set_fuel(10_000).expect("it is metered");
    let instance = Instance::instantiate(&mut store, module, &[]).ok()?;
    Some((store, instance))
}

fn run_world(input: &[u8]) {
    let mut wasi = world();
    if wasi.thaw(input).is_err() {
        return;
    }
    // What was read can be written, and read again.
    let Ok(state) = wasi.freeze() else { return };
    let again = world().thaw(&state);
    assert!(again.is_ok(), "{again:?}");
}

/// A guest with a RAM disk and nothing else.
fn world() -> Wasi {
    let mut builder = WasiBuilder::new();
    let files = RamFs::new(1 << 16, Box::new(|| 1_700_000_000_000_000_000));
    let node = files.root();
    let fs = builder.file_system(Box::new(files));
    let grant = Grant {
        guest: "/ram".into(),
        host: None,
    };
    builder.fd_limit(64).dir(grant, Place { fs, node });
    builder.build().expect("nothing is wrong with it")
}
