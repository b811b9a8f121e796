//! A WebAssembly interpreter for hosts and bare metal. At its first call, a function is lowered to compact register
//! bytecode, which a threaded interpreter runs.
//!
//! ```
//! use interp::{Caller, Engine, Error, Linker, Module, Store};
//!
//! fn main() -> Result<(), Error> {
//!     // An empty module; usually these are the bytes of a file.
//!     let bytes = b"\0asm\x01\0\0\0";
//!     let engine = Engine::default();
//!     let module = Module::new(&engine, bytes)?;
//!     let mut store = Store::new(&engine, 0_u32);
//!     let mut linker = Linker::new(&engine);
//!     linker.func_wrap("host", "count", |mut caller: Caller<'_, u32>, step: u32| {
//!         *caller.data_mut() += step;
//!     })?;
//!     let instance = linker.instantiate(&mut store, &module)?;
//!     assert!(instance.get_func(&store, "run").is_none());
//!     Ok(())
//! }
//! ```
//!
//! The next example runs an untrusted program: its memory is limited and read with checks, its calls and loops are counted,
//! any thread can stop it, and a trap has a backtrace.
//! ```
//! use interp::{Config, Engine, Error, Linker, Module, Store, StoreLimits, StoreLimitsBuilder, Trap};
//!
//! fn main() -> Result<(), Error> {
//!     let program = wat::parse_str(
//!         r#"(module
//!             (memory (export "memory") 1) (data (i32.const 8) "hello")
//!             (func (export "greeting") (result i32 i32) (i32.const 8) (i32.const 5))
//!             (func $forever (loop (br 0)))
//!             (func (export "run") (call $forever)))"#,
//!     );
//!     let engine = Engine::new(Config::new().consume_fuel(true));
//!     let module = Module::new(&engine, program.map_err(Error::host)?)?;
//!     let limits = StoreLimitsBuilder::new().memory_size(1 << 20).build();
//!     let mut store = Store::new(&engine, limits);
//!     store.limiter(|limits: &mut StoreLimits| limits);
//!     store.set_fuel(1_000_000)?;
//!     let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
//!
//!     let greeting = instance.get_typed_func::<(), (u32, u32)>(&store, "greeting")?;
//!     let (start, len) = greeting.call(&mut store, ())?;
//!     let memory = instance.get_memory(&store, "memory").ok_or(Error::new("no memory"))?;
//!     let mut text = vec![0; len as usize];
//!     memory.read(&store, start as usize, &mut text).map_err(Error::host)?;
//!     assert_eq!(text, b"hello");
//!
//!     let run = instance.get_typed_func::<(), ()>(&store, "run")?;
//!     let error = run.call(&mut store, ()).expect_err("the fuel ends");
//!     assert_eq!(error.as_trap(), Some(Trap::OutOfFuel));
//!     let backtrace = error.backtrace().expect("a trap has one");
//!     assert_eq!(backtrace.frames()[0].func_name(), Some("forever"));
//!
//!     store.set_fuel(u64::MAX)?;
//!     let handle = store.interrupt_handle();
//!     let other = std::thread::spawn(move || handle.interrupt());
//!     let error = run.call(&mut store, ()).expect_err("it is stopped");
//!     assert_eq!(error.as_trap(), Some(Trap::Interrupt));
//!     other.join().expect("it only interrupts");
//!     Ok(())
//! }
//! ```
//!
//! # How to read it
//! From the bottom up. Each layer knows only the layers before it.
//! 1. [`machine`]: registers, frames, the stack. Read `mod.rs`, `context.rs`, `frame.rs`.
//! 2. [`dispatch`]: how one op leads to the next. Read `mod.rs`, then `tail.rs`.
//! 3. [`ops`]: the effect of each op. Read `shape.rs`, `binary.rs`, `call/`.
//! 4. [`compile`]: from wasm to ops.
//! 5. [`verify`]: code that others may have written. `image/`: modules in lowered form, as files.
//! 6. [`inspect`]: listings, profiles, traces.
//! 7. [`runtime`]: the embedder's API. Read `store/mod.rs`, `link/instantiate.rs`, `run/invoke.rs`.
//!
//! # Features
//! * `std` (default): memories are reserved address space if the host has enough of it.
//! * `superinstructions` (default): frequent sequences of ops share one dispatch; 200 KB of code.
//! * `simd` (default): vectors of 128 bits, with the relaxed instructions. Without it, modules that use them are refused.
//! * `exceptions` (default): exceptions, with references to them. Without it, modules that use them are refused.
//! * `threads` (default): atomic instructions and shared memories, for one thread.
//! * `gc` (default): typed references, and structures and arrays that are garbage collected. Without it, modules that use them are
//!   refused.
//! * `memory64` (default): memories and tables with 64-bit addresses and indices. Without it, modules that use them are refused.
//! * `wide-arithmetic` (default): sums and products of 128 bits. Without it, modules that use them are refused.
//! * `lowered-modules` (default): [`Module::serialize`] and [`Module::deserialize`].
//! * `freeze` (default): [`Store::freeze`] and [`Store::thaw`].
//! * `canonical-nans` (default): [`Config::canonical_nans`].
//! * `probes` (default): [`Store::enable_probes`], and samples for profiles, [`Store::sample`].
//! * `lowering` (part of `std`): functions are lowered. Without it, only modules in lowered form run.
//! * `loop-dispatch`: dispatches by a loop, even where tail calls work.
//! * `observe`: an observer can see every op before it runs, for profiles and traces.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(feature = "lowering"),
    allow(dead_code, reason = "lowering and writing its results use more")
)]
extern crate alloc;

pub mod compile;
pub mod dispatch;
mod fnv;
#[cfg(feature = "lowered-modules")]
mod image;
pub mod inspect;
pub mod lower;
pub mod machine;
pub mod ops;
pub mod runtime;
#[cfg(feature = "lowered-modules")]
pub mod verify;

mod error;

pub use compile::error::{ModuleError, ModuleErrorKind};
pub use compile::module::{ModuleBytes, Validation};
pub use compile::progress::{Pass, Progress};
pub use error::{Error, FrameSymbol, WasmBacktrace};
pub use machine::Trap;
#[cfg(feature = "lowered-modules")]
pub use ops::Flavour;
#[cfg(feature = "gc")]
pub use runtime::{
    AnyRef, ArrayRef, ArrayType, ConcreteType, EqRef, FieldType, HeapType, I31, RefType,
    StorageType, StructRef, StructType,
};
pub use runtime::{
    AsContext, AsContextMut, CallHook, Caller, Config, Engine, Export, ExportType, Extern,
    ExternRef, ExternType, FixedRegion, Func, FuncType, Global, GlobalType, ImportType, Instance,
    InstancePre, InterruptHandle, IntoFunc, IntoResults, Limits, Linker, Memory, MemoryAccessError,
    MemoryCreator, MemoryType, Module, Region, ResourceLimiter, ResumableCall, ResumableHostTrap,
    ResumableOutOfFuel, ResumableSuspended, Store, StoreContext, StoreContextMut, StoreLimits,
    StoreLimitsBuilder, StorePart, Table, TableType, TypedFunc, UpdateDeadline, Val, ValType,
    WasmTy, WasmTyList,
};
#[cfg(feature = "exceptions")]
pub use runtime::{ExnRef, Tag, TagType, ThrownException};
#[cfg(feature = "freeze")]
pub use runtime::{FreezeError, ThawError};
#[cfg(feature = "probes")]
pub use runtime::{ProbeId, Probed, ProbedFrame, Probes, SampledFrame, Step, Stepper};
