//! The embedder's API, in the shape that users of other runtimes know, and what stands behind it.
//!
//! An [`Engine`] holds settings. A [`Module`] is decoded and validated once and shared by all its
//! instances. A [`Store`] holds everything that runs, and a value of the embedder's; a [`Linker`]
//! gives modules what they import. [`Func`], [`Memory`], [`Global`], [`Table`] and [`Instance`] are
//! handles: numbers that mean something together with a store.
//!
//! ```text
//!   Store ── Inner ─┬─ data, limiter, host functions      what depends on the embedder's type
//!                   └─ State ─┬─ instances, functions …   what does not
//!                             └─ Context                  what running code reaches
//! ```
//!
//! Start with `store.rs` and `state.rs` (what a store is), then `instantiate.rs` (how an instance
//! comes to be), `invoke.rs` (how the host calls) and `machine.rs` (how running code asks for more; in `panic.rs`, what if the host panics;
//! in `suspend.rs`, how a call stops and goes on later).
//! The machine's invariants are established in `code.rs` (1), `invoke.rs` (2, 4, 6), `linear.rs` (3),
//! `state.rs` (3, 5, 6) and `instantiate.rs` (5).

mod backtrace;
mod budget;
mod caller;
mod code;
mod config;
mod const_expr;
mod context;
mod definition;
mod engine;
mod epoch;
mod externs;
mod fuel;
mod func;
mod global;
mod handle;
mod hook;
mod instance;
mod instance_pre;
mod instantiate;
mod invoke;
mod limits;
mod linear;
mod linker;
mod lock;
mod machine;
mod memory;
mod module;
mod panic;
mod sealed;
mod shared;
mod state;
mod store;
mod stubs;
mod suspend;
mod table;
mod types;
mod value;

pub use budget::StorePart;
pub use caller::Caller;
pub use config::Config;
pub use context::{AsContext, AsContextMut, StoreContext, StoreContextMut};
pub use engine::Engine;
pub use epoch::UpdateDeadline;
pub use externs::Extern;
pub use fuel::InterruptHandle;
pub use func::{
    Func, IntoFunc, IntoResults, ResumableCall, ResumableHostTrap, ResumableOutOfFuel, TypedFunc,
    WasmTyList,
};
pub use global::Global;
pub use hook::CallHook;
pub use instance::{Export, Instance};
pub use instance_pre::InstancePre;
pub use limits::{ResourceLimiter, StoreLimits, StoreLimitsBuilder};
pub use linear::{FixedRegion, MemoryCreator, Region};
pub use linker::Linker;
pub use memory::{Memory, MemoryAccessError};
pub use module::{ExportType, ImportType, Module};
pub use store::Store;
pub use table::Table;
pub use types::{ExternType, FuncType, GlobalType, Limits, MemoryType, TableType, ValType};
pub use value::{ExternRef, Val, WasmTy};
