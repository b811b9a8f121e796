//! From a module to an instance: imports are resolved, and the instance is created.

mod const_expr;
mod definition;
pub(super) mod instance;
pub(super) mod instance_pre;
mod instantiate;
pub(super) mod linker;
mod scope;
mod stubs;
