//! Tells the compiler which dispatcher this build can use.
//!
//! Tail calls rest on LLVM's sibling-call optimisation, which needs optimisation, and registers enough
//! for the machine's state. Everything else runs the loop.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(tail_calls)");
    let arch = env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    let optimised = env::var("OPT_LEVEL").is_ok_and(|level| level != "0");
    let enough_registers = matches!(arch.as_str(), "x86_64" | "aarch64" | "riscv64" | "riscv32");
    let wants_loop = env::var_os("CARGO_FEATURE_LOOP_DISPATCH").is_some();
    if optimised && enough_registers && !wants_loop {
        println!("cargo:rustc-cfg=tail_calls");
    }
}
