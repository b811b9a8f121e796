//! Modules in lowered form: each runs like the module from which it was made, and a damaged one harms the program only.

mod damaged;
mod handlers;
mod progress;
mod refused;
mod round_trip;

use std::fs;
use std::path::Path;

use interp::compile::module::ModuleInfo;
use interp::{
    Config, Engine, Error, Linker, Module, ModuleBytes, Store, StoreLimits, StoreLimitsBuilder,
    Val, ValType, Validation,
};

/// The modules of `listings/` that can be written in lowered form, each function exported, with their file names.
fn modules() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/listings");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder exists")
        .map(|entry| entry.expect("an entry").path())
        // Objects cannot be verified.
        .filter(|path| !path.ends_with("objects.wat"))
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("a text file");
        let name = path.file_name().expect("a name").to_string_lossy();
        let bytes = wat::parse_str(text).expect("the text is a module");
        (name.into_owned(), exported(&bytes))
    };
    files.iter().map(read).collect()
}

/// A module with an export `f0`, `f1` … for each of its functions in place of its own exports.
fn exported(bytes: &[u8]) -> Vec<u8> {
    let module = ModuleInfo::new(ModuleBytes::from(bytes.to_vec()), Validation::Lazy);
    let funcs = module.expect("it is valid").funcs().len();
    let mut exports = number(funcs);
    for func in 0..funcs {
        let name = format!("f{func}");
        exports.extend(number(name.len()));
        exports.extend(name.bytes());
        exports.push(0);
        exports.extend(number(func));
    }
    let (head, mut rest) = bytes.split_at(8);
    let mut module = head.to_vec();
    let mut exports = Some(exports);
    while let Some((&section, behind)) = rest.split_first() {
        let mut reader = wasmparser::BinaryReader::new(behind, 0);
        let len = reader.read_var_u32().expect("a length") as usize;
        let end = 1 + reader.original_position() as usize + len;
        // Start function, elements, data count and code follow the exports (core specification, 5.5.16).
        if let Some(exports) = exports.take_if(|_| (8..13).contains(&section)) {
            module.push(7);
            module.extend(number(exports.len()));
            module.extend(exports);
        }
        if section != 7 {
            module.extend(&rest[..end]);
        }
        rest = &rest[end..];
    }
    module
}

/// A number in LEB128.
fn number(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// An engine that counts fuel.
fn engine() -> Engine {
    Engine::new(&config())
}

/// An engine that verifies a function when it is called first.
fn lazy() -> Engine {
    Engine::new(config().validation(Validation::Lazy))
}

fn config() -> Config {
    let mut config = Config::new();
    config.consume_fuel(true).max_stack_bytes(1 << 16);
    config
}

/// The result of the exported function `f` of a module without imports.
fn call(module: &Module) -> Result<i32, Error> {
    let mut store = Store::new(module.engine(), ());
    store.set_fuel(100)?;
    let instance = Linker::new(module.engine()).instantiate(&mut store, module)?;
    let f = instance.get_typed_func::<(), i32>(&store, "f")?;
    f.call(&mut store, ())
}

/// What calls of all exported functions with some arguments return or fail with, and the fuel that they take.
fn outcomes(module: &Module) -> Result<Vec<String>, Error> {
    let mut store = Store::new(
        module.engine(),
        StoreLimitsBuilder::new().memory_size(64 << 20).build(),
    );
    store.limiter(|limits: &mut StoreLimits| limits);
    store.set_fuel(10_000)?;
    let mut linker = Linker::new(module.engine());
    linker.define_unknown_imports_as_default_values(&mut store, module)?;
    let instance = linker.instantiate(&mut store, module)?;
    let mut all = Vec::new();
    let funcs: Vec<_> = module
        .exports()
        .filter_map(|export| instance.get_func(&store, export.name))
        .collect();
    for func in funcs {
        for number in [0_u8, 1, 7, 200] {
            let ty = func.ty(&store);
            let params: Option<Vec<Val>> = ty
                .params()
                .iter()
                .map(|ty| match ty {
                    ValType::I32 => Some(Val::I32(number.into())),
                    ValType::I64 => Some(Val::I64(number.into())),
                    ValType::F32 => Some(Val::F32(f32::from(number).to_bits())),
                    ValType::F64 => Some(Val::F64(f64::from(number).to_bits())),
                    ValType::V128 => Some(Val::V128(number.into())),
                    _ => None,
                })
                .collect();
            let Some(params) = params else {
                continue;
            };
            let mut results = vec![Val::I32(0); ty.results().len()];
            store.set_fuel(2_000)?;
            let outcome = match func.call(&mut store, &params, &mut results) {
                Ok(()) => format!("{results:?}"),
                Err(error) => format!("{error:#}"),
            };
            all.push(format!("{outcome}, {:?} fuel left", store.get_fuel()?));
        }
    }
    Ok(all)
}
