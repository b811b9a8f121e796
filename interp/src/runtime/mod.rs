//! The embedder's API, with the types that users of other runtimes know, and its implementation.
//!
//! An [`Engine`] holds settings. A [`Module`] is decoded and validated once, and all its instances share it. A [`Store`]
//! holds all instances, and a value of the embedder. A [`Linker`] resolves the imports of modules. [`Func`], [`Memory`],
//! [`Global`], [`Table`] and [`Instance`] are handles: numbers that have a meaning only together with a store.
//!
//! ```text
//!   Store ── Inner ─┬─ data, limiter, host functions      depend on the embedder's type
//!                   └─ State ─┬─ instances, functions …   do not
//!                             └─ Context                  accessed by running code
//! ```
//!
//! Start with `store.rs` and `state.rs` (the contents of a store). Continue with `instantiate.rs` (how an instance is
//! created), `invoke.rs` (calls by the host) and `machine.rs` (requests of running code). `panic.rs` handles panics of the
//! host, and `suspend.rs` implements calls that stop and continue later.
//!
//! The machine's invariants are established in `code.rs` (1), `invoke.rs` (2, 4, 6), `linear.rs` (3), `state.rs` (3, 5, 6)
//! and `instantiate.rs` (5).

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
