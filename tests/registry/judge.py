"""Runs a WASI command in wasmtime, for `cargo xtask registry`:

    PYTHONPATH=DIR python3 judge.py [--dir HOST::GUEST]... MODULE [ARGUMENT]...
"""

import os
import sys

import wasmtime

config = wasmtime.Config()
for proposal in ("exceptions", "function_references", "gc", "memory64", "relaxed_simd", "tail_call", "wide_arithmetic"):
    setattr(config, "wasm_" + proposal, True)
wasi = wasmtime.WasiConfig()
words = sys.argv[1:]
while words[0] == "--dir":
    wasi.preopen_dir(*words[1].split("::"))
    words = words[2:]
# wasi-interp passes the name of the file, too.
wasi.argv = [os.path.basename(words[0])] + words[1:]
wasi.inherit_stdin()
wasi.inherit_stdout()
wasi.inherit_stderr()
engine = wasmtime.Engine(config)
store = wasmtime.Store(engine)
store.set_wasi(wasi)
linker = wasmtime.Linker(engine)
linker.define_wasi()
module = wasmtime.Module.from_file(engine, words[0])
try:
    linker.instantiate(store, module).exports(store)["_start"](store)
except wasmtime.ExitTrap as exit:
    sys.exit(exit.code)
