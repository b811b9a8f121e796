"""PyPI's wasmtime as a runner of `cargo xtask bench --proposals`. DIR is the package's folder, TARGET is `pulley64` or `host`:

    python3 wasmtime.py DIR compile TARGET MODULE.wasm MODULE.cwasm
    python3 wasmtime.py DIR run TARGET MODULE.wasm|MODULE.cwasm
"""

import sys

sys.path.insert(0, sys.argv[1])
import wasmtime

task, target, path = sys.argv[2:5]
config = wasmtime.Config()
for proposal in ("function_references", "gc"):
    setattr(config, "wasm_" + proposal, True)
if target != "host":
    config.target = target
engine = wasmtime.Engine(config)
if task == "compile":
    with open(sys.argv[5], "wb") as file:
        file.write(wasmtime.Module.from_file(engine, path).serialize())
    sys.exit()
load = wasmtime.Module.deserialize_file if path.endswith(".cwasm") else wasmtime.Module.from_file
module = load(engine, path)
wasi = wasmtime.WasiConfig()
wasi.argv = [path]
wasi.inherit_stdout()
wasi.inherit_stderr()
store = wasmtime.Store(engine)
store.set_wasi(wasi)
linker = wasmtime.Linker(engine)
linker.define_wasi()
try:
    linker.instantiate(store, module).exports(store)["_start"](store)
except wasmtime.ExitTrap as exit:
    sys.exit(exit.code)
