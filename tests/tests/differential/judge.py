"""A second judge of modules that differ: wasmtime. Run by hand on what the differential test has saved:

    pip install --target DIR wasmtime
    PYTHONPATH=DIR python3 tests/tests/differential/judge.py /tmp/wasi-interp-differences/go-*.wasm

For each module it makes the calls that the test made, in their order, and says with whom wasmtime agrees in each call.
"""

import os
import re
import struct
import sys

import wasmtime


FLOATS = {"f32": ("<f", "<I"), "f64": ("<d", "<Q")}


def number(text):
    if text in ("null", "ref"):
        return None
    kind, bits = text.split()[:2]
    if kind in FLOATS:
        shape, size = FLOATS[kind]
        return struct.unpack(shape, struct.pack(size, int(bits, 0)))[0]
    return int(bits, 0)


def outcome(store, func, args):
    try:
        result = func(store, *args)
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        return "threw" if "exception" in str(error) else "trapped"
    results = [] if result is None else result if isinstance(result, list) else [result]
    return results


def same(seen, said):
    for word in ("trapped", "threw"):
        if said.startswith(word):
            return seen == word
    if seen in ("trapped", "threw"):
        return False
    listed = re.search(r"\[(.*)\]", said).group(1)
    expected = re.findall(r"(null|ref|(?:i32|i64|f32|f64) \S+?)(?: \([^)]*\))?(?:, |$)", listed)
    if listed and not seen:
        # One null.
        seen = [None] * len(expected)
    return len(seen) == len(expected) and all(map(equal, seen, expected))


def equal(seen, expected):
    if isinstance(seen, wasmtime.Val):
        seen = seen.value
    if expected in ("null", "ref"):
        return (seen is None) == (expected == "null")
    value = number(expected)
    if isinstance(value, float):
        # NaNs are alike: their bits may differ.
        both = [struct.pack("<d", float(v)) for v in (seen, value)]
        return both[0] == both[1] or seen != seen and value != value
    bits = 32 if expected.startswith("i32") else 64
    return (seen - value) % 2**bits == 0


def checksum(data):
    result = 0xCBF29CE484222325
    for byte in data:
        result = (result ^ byte) * 0x100000001B3 % 2**64
    return result


def judge(path):
    config = wasmtime.Config()
    for proposal in ("tail_call", "gc", "function_references", "exceptions", "memory64"):
        setattr(config, "wasm_" + proposal, True)
    engine = wasmtime.Engine(config)
    store = wasmtime.Store(engine)
    module = wasmtime.Module(engine, open(path, "rb").read())
    if module.imports:
        return "it imports from the host: not judged"
    records = {"ours": open(path.replace(".wasm", ".ours")).read().split("\n")}
    if os.path.exists(path.replace(".wasm", ".theirs")):
        records["theirs"] = open(path.replace(".wasm", ".theirs")).read().split("\n")
    if any("heap full" in line or "stack overflow" in line for line in records["ours"]):
        return "it meets a limit: not judged"
    try:
        exports = wasmtime.Instance(store, module, []).exports(store)
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        refused = records["ours"][0].startswith("not instantiated")
        return "neither instantiates it" if refused else f"wasmtime does not instantiate it: {error}"
    wrong = dict.fromkeys(records, 0)
    for lines in zip(*records.values()):
        mine = lines[0]
        call = re.match(r"call (.*?) with \[(.*?)\] (.*)", mine, re.DOTALL)
        if call:
            name, args, _ = call.groups()
            args = re.findall(r"(null|ref|\w+ \S+?)(?: \([^)]*\))?(?:, |$)", args)
            seen = outcome(store, exports[name], [number(arg) for arg in args])
            is_right = lambda line: same(seen, line.split("] ", 1)[1])
        elif mine.startswith("not instantiated"):
            return "wasmtime instantiates it, and ours does not"
        else:
            named = re.match(r"(.*?) is (.*)", mine, re.DOTALL)
            if not named:
                return "a name has a line break: not judged"
            name = named.group(1)
            if isinstance(exports[name], wasmtime.Global):
                seen = exports[name].value(store)
                is_right = lambda line: equal(seen, line.split(" is ", 1)[1])
            elif isinstance(exports[name], wasmtime.Table):
                continue
            else:
                seen = checksum(exports[name].read(store))
                is_right = lambda line: int(line.split()[-1], 0) == seen
        for who, line in zip(records, lines):
            if not is_right(line):
                wrong[who] += 1
                if who == "ours" and len(records) == 1:
                    print("  wasmtime:", seen, "ours:", line)
    return f"lines where wasmtime answers otherwise: {wrong}"


for path in sys.argv[1:]:
    print(path, judge(path))
