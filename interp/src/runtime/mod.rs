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
//! The folders, from the bottom up. Imports run downwards, but for a handle that a store creates or a caller that a host
//! function receives:
//!
//! * `engine/`: settings, the clock, the numbers of function types, memory of the operating system.
//! * `module/`: a module with its lowered code.
//! * `entity/`: the items of a store.
//! * `store/`: a store, its limits, fuel, deadline and hook.
//! * `run/`: calls by the host (`invoke.rs`), requests of running code (`machine.rs`), panics of the host (`panic.rs`), calls that
//!   stop and continue later (`suspend.rs`), calls of the host before chosen ops (`probe.rs`).
//! * `freeze/`: stores as bytes.
//! * `item/`: handles and values.
//! * `steps/`: the ops that a program runs, in words.
//! * `link/`: imports and instances. `instantiate.rs` creates an instance.
//!
//! Start with `store/mod.rs` and `store/state.rs`. Continue with `link/instantiate.rs`, `run/invoke.rs` and `run/machine.rs`.
//!
//! The machine's invariants are established in `module/code.rs` (1), `run/invoke.rs` (2, 4, 6), `engine/linear.rs` (3),
//! `store/state.rs` (3, 5, 6) and `link/instantiate.rs` (5).

mod engine;
mod entity;
#[cfg(feature = "freeze")]
mod freeze;
mod item;
mod link;
mod module;
#[cfg(feature = "gc")]
mod object_type;
#[cfg(feature = "gc")]
mod ref_type;
mod run;
mod sealed;
#[cfg(feature = "probes")]
mod steps;
mod store;
mod types;

pub use engine::Engine;
pub use engine::config::Config;
pub use engine::linear::{FixedRegion, MemoryCreator, Region};
pub use entity::taken::StorePart;
#[cfg(feature = "freeze")]
pub use freeze::{FreezeError, ThawError};
#[cfg(feature = "exceptions")]
pub use item::exception::{ExnRef, ThrownException};
pub use item::externs::Extern;
pub use item::func::{
    Func, IntoFunc, IntoResults, ResumableCall, ResumableHostTrap, ResumableOutOfFuel,
    ResumableSuspended, TypedFunc, WasmTyList,
};
pub use item::global::Global;
pub use item::memory::{Memory, MemoryAccessError};
#[cfg(feature = "gc")]
pub use item::object::{AnyRef, ArrayRef, EqRef, I31, StructRef};
pub use item::table::Table;
#[cfg(feature = "exceptions")]
pub use item::tag::Tag;
pub use item::value::{ExternRef, Val, WasmTy};
pub use link::instance::{Export, Instance};
pub use link::instance_pre::InstancePre;
pub use link::linker::Linker;
pub use module::{ExportType, ImportType, Module};
#[cfg(feature = "gc")]
pub use object_type::{ArrayType, FieldType, StorageType, StructType};
#[cfg(feature = "gc")]
pub use ref_type::{ConcreteType, HeapType, RefType};
#[cfg(feature = "probes")]
pub use run::probe::{Probed, ProbedFrame};
#[cfg(feature = "probes")]
pub use run::sample::SampledFrame;
#[cfg(feature = "probes")]
pub use steps::{Step, Stepper};
pub use store::Store;
pub use store::caller::Caller;
pub use store::context::{AsContext, AsContextMut, StoreContext, StoreContextMut};
pub use store::epoch::UpdateDeadline;
pub use store::fuel::InterruptHandle;
pub use store::hook::CallHook;
pub use store::limits::{ResourceLimiter, StoreLimits, StoreLimitsBuilder};
#[cfg(feature = "probes")]
pub use store::probe_table::{ProbeId, Probes};
#[cfg(feature = "exceptions")]
pub use types::TagType;
pub use types::{ExternType, FuncType, GlobalType, Limits, MemoryType, TableType, ValType};
