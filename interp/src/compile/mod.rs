//! From the bytes of a module to code: what the module contains, and what each function becomes.
//!
//! Start with `module/`: the module as an index of offsets.

pub mod module;
