//! Selects the dispatch back end of this build.
//!
//! Tail calls depend on LLVM's sibling-call optimisation. That requires optimisation, and enough registers for the
//! machine's state as arguments. The switch requires optimisation for speed (optimised for size, it is slower than the
//! loop), sixteen registers, and `asm!`. All other builds use the loop.
//!
//! If the variable `WASI_INTERP_HANDLERS` names a file, the build has only the handlers that the file lists (`ops/chosen.rs`).

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(tail_calls, switch, assembly)");
    let arch = env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    println!("cargo:rustc-env=TARGET_ARCH={arch}");
    println!("cargo:rustc-check-cfg=cfg(chosen_handlers)");
    println!("cargo:rerun-if-env-changed=WASI_INTERP_HANDLERS");
    if let Ok(file) = env::var("WASI_INTERP_HANDLERS") {
        println!("cargo:rerun-if-changed={file}");
        println!("cargo:rustc-env=WASI_INTERP_HANDLERS={file}");
        println!("cargo:rustc-cfg=chosen_handlers");
    }
    let level = env::var("OPT_LEVEL").unwrap_or_default();
    let optimised = !matches!(level.as_str(), "" | "0");
    let for_speed = matches!(level.as_str(), "2" | "3");
    let enough_arguments = matches!(arch.as_str(), "x86_64" | "aarch64" | "riscv64" | "riscv32");
    let enough_registers = matches!(
        arch.as_str(),
        "x86_64" | "aarch64" | "arm" | "riscv64" | "loongarch64" | "s390x"
    );
    let has_assembly = matches!(
        arch.as_str(),
        "x86"
            | "x86_64"
            | "arm"
            | "aarch64"
            | "arm64ec"
            | "riscv32"
            | "riscv64"
            | "loongarch32"
            | "loongarch64"
            | "s390x"
    );
    if has_assembly {
        println!("cargo:rustc-cfg=assembly");
    }
    let wants_loop = env::var_os("CARGO_FEATURE_LOOP_DISPATCH").is_some();
    if optimised && enough_arguments && !wants_loop {
        println!("cargo:rustc-cfg=tail_calls");
    } else if for_speed && enough_registers {
        println!("cargo:rustc-cfg=switch");
    }
}
