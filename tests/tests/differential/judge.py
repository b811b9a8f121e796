"""A second judge of modules that differ: wasmtime. Run by hand on what the differential test has saved:

    pip install --target DIR wasmtime
    PYTHONPATH=DIR python3 tests/tests/differential/judge.py /tmp/wasi-interp-differences/go-*.wasm

For each module it makes the calls that the test made, in their order, and says with whom wasmtime agrees in each call.
"""

import re
import sys

import wasmtime


def number(text):
    kind, bits = text.split()[:2]
    return float(bits) if kind[0] == "f" and bits[0] != "0" else int(bits, 0)


def outcome(store, func, args):
    try:
        result = func(store, *args)
    except (wasmtime.Trap, wasmtime.WasmtimeError):
        return "trapped"
    results = [] if result is None else result if isinstance(result, list) else [result]
    return results


def same(seen, said):
    if said.startswith("trapped"):
        return seen == "trapped"
    listed = re.search(r"\[(.*)\]", said).group(1)
    values = re.findall(r"(i32|i64|f32|f64) (\S+?)(?: \(([^)]*)\))?(?:, |$)", listed)
    expected = [int(bits) if kind[0] == "i" else float(shown) for kind, bits, shown in values]
    return seen != "trapped" and [str(a) for a in seen] == [str(b) for b in expected]


def checksum(data):
    result = 0xCBF29CE484222325
    for byte in data:
        result = (result ^ byte) * 0x100000001B3 % 2**64
    return result


def judge(path):
    config = wasmtime.Config()
    config.wasm_tail_call = True
    engine = wasmtime.Engine(config)
    store = wasmtime.Store(engine)
    module = wasmtime.Module(engine, open(path, "rb").read())
    if module.imports:
        return "it imports from the host: not judged"
    exports = wasmtime.Instance(store, module, []).exports(store)
    ours = open(path.replace(".wasm", ".ours")).read().splitlines()
    theirs = open(path.replace(".wasm", ".theirs")).read().splitlines()
    wrong = {"ours": 0, "theirs": 0}
    for mine, other in zip(ours, theirs):
        call = re.match(r"call (\S+) with \[(.*?)\] (.*)", mine)
        if call:
            name, args, _ = call.groups()
            seen = outcome(store, exports[name], [number(arg) for arg in args.split(", ") if arg])
            is_right = lambda line: same(seen, line.split("] ", 1)[1])
        else:
            name, said = re.match(r"(\S+) is (.*)", mine).groups()
            if isinstance(exports[name], wasmtime.Global):
                seen = exports[name].value(store)
            else:
                seen = checksum(exports[name].read(store))
            is_right = lambda line: int(line.split()[-1], 0) == seen
        wrong["ours"] += not is_right(mine)
        wrong["theirs"] += not is_right(other)
    return f"lines where wasmtime answers otherwise: ours {wrong['ours']}, wasmi's {wrong['theirs']}"


for path in sys.argv[1:]:
    print(path, judge(path))
