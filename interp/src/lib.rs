//! A WebAssembly interpreter for hosts and bare metal: functions are lowered, at their first call, to
//! compact register bytecode that runs threaded.
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
//! # How to read it
//! From the bottom up; each layer knows only those before it.
//! 1. [`machine`]: registers, frames, the stack. Read `mod.rs`, `context.rs`, `frame.rs`.
//! 2. [`dispatch`]: how one op leads to the next. Read `mod.rs`, then `tail.rs`.
//! 3. [`ops`]: what each op does. Read `shape.rs`, `binary.rs`, `call/`.
//! 4. [`compile`]: from wasm to ops.
//! 5. [`inspect`]: listings, profiles, traces.
//! 6. [`runtime`]: the embedder's API. Read `store.rs`, `instantiate.rs`, `invoke.rs`.
//!
//! # Features
//! * `std` (default): memories are reserved address space where the host has enough of it.
//! * `superinstructions` (default): ops that often follow each other run behind one dispatch; 200 KB of code.
//! * `loop-dispatch`: the portable dispatcher even where the faster one works.
//! * `observe`: an observer can see every op before it runs; makes profiles and traces.
#![cfg_attr(not(feature = "std"), no_std)]
extern crate alloc;

pub mod compile;
pub mod dispatch;
pub mod inspect;
pub mod lower;
pub mod machine;
pub mod ops;
pub mod runtime;

mod error;

pub use compile::module::{ModuleBytes, ModuleError, ModuleErrorKind, Validation};
pub use error::Error;
pub use machine::Trap;
pub use runtime::{
    AsContext, AsContextMut, Caller, Config, Engine, Export, ExportType, Extern, ExternRef,
    ExternType, FixedRegion, FrameSymbol, Func, FuncType, Global, GlobalType, ImportType, Instance,
    InterruptHandle, IntoFunc, IntoResults, Limits, Linker, Memory, MemoryAccessError,
    MemoryCreator, MemoryType, Module, Region, ResourceLimiter, Store, StoreContext,
    StoreContextMut, StoreId, StoreLimits, StoreLimitsBuilder, Table, TableType, TypedFunc, Val,
    ValType, WasmBacktrace, WasmTy, WasmTyList,
};
