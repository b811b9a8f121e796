//! Runs a module here.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use interp::{
    AsContextMut, Config, Engine, Error, Extern, ExternType, Func, FuncType, Global, Instance,
    Memory, Module, Store, Table, Trap, Val, ValType,
};

use super::seen::{Arguments, Kind, Record, Value, host_result, sum};

/// The visible results of the module of `seed`.
pub(crate) fn run(seed: u64, bytes: &[u8]) -> Vec<String> {
    run_with(seed, bytes, seed % 2 == 1)
}

/// The same with the default settings or with others, under which objects are freed before each call, too.
pub(crate) fn run_with(seed: u64, bytes: &[u8], others: bool) -> Vec<String> {
    run_in(seed, bytes, others, |_| {})
}

/// The same in a store that is prepared first.
pub(crate) fn run_in(
    seed: u64,
    bytes: &[u8],
    others: bool,
    prepare: impl FnOnce(&mut Store<Record>),
) -> Vec<String> {
    let mut config = Config::new();
    // The default depends on the processor.
    config.max_stack_bytes(16 << 20);
    if others {
        config
            .validation(interp::Validation::Lazy)
            .memory_reallocated();
    }
    let engine = Engine::new(&config);
    let module = match Module::new(&engine, bytes.to_vec()) {
        Ok(module) => module,
        Err(error) => return [format!("refused: {error}")].into(),
    };
    let record = Record {
        frees: others,
        ..Record::default()
    };
    let mut store = Store::new(&engine, record);
    store.limiter(|record: &mut Record| record);
    prepare(&mut store);
    let imports: Vec<Extern> = module
        .imports()
        .map(|import| provide(&mut store, &import.ty))
        .collect();
    match Instance::instantiate(&mut store, &module, &imports) {
        Ok(instance) => observe(seed, &mut store, instance),
        Err(error) => {
            let line = format!("not instantiated: {}", outcome(&error));
            store.data_mut().lines.push(line);
        }
    }
    store.into_data().lines
}

/// The result of a module's function `is_zero`.
pub(crate) fn is_zero(bytes: &[u8], number: i32) -> i32 {
    let engine = Engine::default();
    let module = Module::new(&engine, bytes.to_vec()).expect("the module is valid");
    let mut store = Store::new(&engine, ());
    let instance = Instance::instantiate(&mut store, &module, &[]).expect("it imports nothing");
    let func = instance.get_typed_func::<i32, i32>(&store, "is_zero");
    let func = func.expect("the module exports it");
    func.call(&mut store, number).expect("it does not trap")
}

fn provide(store: &mut Store<Record>, ty: &ExternType) -> Extern {
    match ty {
        ExternType::Func(ty) => Func::new(&mut *store, ty.clone(), host(ty.clone())).into(),
        ExternType::Global(ty) => {
            let value = Val::default_for(ty.content);
            let global = Global::new(&mut *store, *ty, value);
            global.expect("the value fits").into()
        }
        ExternType::Table(ty) => {
            let table = Table::new(&mut *store, *ty, Val::default_for(ty.element));
            table.expect("the table is small").into()
        }
        ExternType::Memory(ty) => {
            let memory = Memory::new(&mut *store, *ty);
            memory.expect("the memory is small").into()
        }
        other => panic!("the generator makes no imports of this type: {other}"),
    }
}

fn host(
    ty: FuncType,
) -> impl Fn(interp::Caller<'_, Record>, &[Val], &mut [Val]) -> Result<(), Error> {
    move |mut caller, params, results| {
        let params: Vec<Value> = params.iter().map(|param| value(*param)).collect();
        let call = caller.data_mut().host_call(&params);
        for (result, ty) in results.iter_mut().zip(ty.results()) {
            *result = val(host_result(call, kind(*ty)), *ty);
        }
        Ok(())
    }
}

/// Calls every exported function in alphabetical order, and then records all other exports.
fn observe(seed: u64, store: &mut Store<Record>, instance: Instance) {
    let mut arguments = Arguments::new(seed);
    let mut exports = instance.exports(&*store);
    exports.sort_by(|a, b| a.name.cmp(&b.name));
    for export in &exports {
        let Extern::Func(func) = export.value else {
            continue;
        };
        let ty = func.ty(&*store);
        if ty
            .params()
            .iter()
            .chain(ty.results())
            .any(|ty| is_object(*ty))
        {
            continue;
        }
        #[cfg(not(target_arch = "wasm32"))]
        if store.data().frees {
            store.gc();
        }
        let values: Vec<Value> = ty
            .params()
            .iter()
            .map(|ty| arguments.next(kind(*ty)))
            .collect();
        let params: Vec<Val> = (values.iter().zip(ty.params()))
            .map(|(value, ty)| val(*value, *ty))
            .collect();
        let mut results: Vec<Val> = ty.results().iter().copied().map(Val::default_for).collect();
        let called = func.call(store.as_context_mut(), &params, &mut results);
        let results: Vec<Value> = results.into_iter().map(value).collect();
        let seen = match called {
            Ok(()) => format!("returned {results:?}"),
            Err(error) => outcome(&error),
        };
        let line = format!("call {} with {values:?} {seen}", export.name);
        store.data_mut().lines.push(line);
    }
    for export in exports {
        let seen = match export.value {
            Extern::Func(_) => continue,
            Extern::Global(global) if is_object(global.ty(&*store).content) => continue,
            Extern::Table(table) if is_object(table.ty(&*store).element) => continue,
            #[cfg(not(target_arch = "wasm32"))]
            Extern::Tag(_) => continue,
            Extern::Global(global) => format!("{:?}", value(global.get(&*store))),
            Extern::Memory(memory) => {
                let bytes = memory.data(&*store);
                format!("{} bytes, sum {:#x}", bytes.len(), sum(bytes))
            }
            Extern::Table(table) => {
                let size = table.size(&*store);
                let elements = (0..size).filter_map(|index| table.get(&*store, index));
                let set = elements.filter(|element| value(*element) == Value::NonNull);
                format!("{size} elements, {} not null", set.count())
            }
            other => panic!("the generator makes no exports of this kind: {other:?}"),
        };
        store
            .data_mut()
            .lines
            .push(format!("{} is {seen}", export.name));
    }
}

fn outcome(error: &Error) -> String {
    #[cfg(not(target_arch = "wasm32"))]
    if error.downcast_ref::<interp::ThrownException>().is_some() {
        return "threw".into();
    }
    let Some(trap) = error.as_trap() else {
        panic!("the program failed otherwise than by a trap: {error}");
    };
    let name = match trap {
        Trap::UnreachableCodeReached => "unreachable",
        Trap::MemoryOutOfBounds => "memory out of bounds",
        Trap::TableOutOfBounds => "table out of bounds",
        Trap::IndirectCallToNull => "call of null",
        Trap::BadSignature => "call of another type",
        Trap::IntegerOverflow => "integer overflow",
        Trap::IntegerDivisionByZero => "division by zero",
        Trap::BadConversionToInteger => "bad conversion",
        Trap::StackOverflow => "stack overflow",
        Trap::NullReference => "null",
        #[cfg(not(target_arch = "wasm32"))]
        Trap::CastFailure => "cast",
        #[cfg(not(target_arch = "wasm32"))]
        Trap::ArrayOutOfBounds => "array out of bounds",
        #[cfg(not(target_arch = "wasm32"))]
        Trap::HeapFull => "heap full",
        other => panic!("no module can trap so: {other}"),
    };
    format!("trapped: {name}")
}

/// The largest heap of a module.
#[cfg(not(target_arch = "wasm32"))]
const HEAP: usize = 16 << 20;

impl interp::ResourceLimiter for Record {
    fn memory_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, Error> {
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, Error> {
        Ok(true)
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn heap_growing(&mut self, _: usize, desired: usize) -> Result<bool, Error> {
        Ok(desired <= HEAP)
    }
}

/// Whether values of a type are references to what other engines cannot pass. The interpreter as a module is built without these.
#[cfg(not(target_arch = "wasm32"))]
fn is_object(ty: ValType) -> bool {
    matches!(ty, ValType::Ref(_) | ValType::ExnRef)
}

#[cfg(target_arch = "wasm32")]
fn is_object(_: ValType) -> bool {
    false
}

fn kind(ty: ValType) -> Kind {
    match ty {
        ValType::I32 => Kind::I32,
        ValType::I64 => Kind::I64,
        ValType::F32 => Kind::F32,
        ValType::F64 => Kind::F64,
        ValType::V128 => Kind::V128,
        _ => Kind::Ref,
    }
}

fn value(val: Val) -> Value {
    match val {
        Val::I32(value) => Value::I32(value),
        Val::I64(value) => Value::I64(value),
        Val::F32(bits) => Value::F32(bits),
        Val::F64(bits) => Value::F64(bits),
        Val::V128(bits) => Value::V128(bits),
        Val::FuncRef(None) | Val::ExternRef(None) => Value::Null,
        _ => Value::NonNull,
    }
}

fn val(value: Value, ty: ValType) -> Val {
    match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::V128(bits) => Val::V128(bits),
        Value::Null | Value::NonNull => Val::default_for(ty),
    }
}
