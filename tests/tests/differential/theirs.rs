//! Runs a module in wasmi.

use wasmi::{
    AsContextMut, Config, Engine, Error, Extern, ExternType, F32, F64, Func, FuncType, Global,
    Instance, Memory, Module, Ref, RefType, Store, Table, TrapCode, V128, Val, ValType,
};

use super::seen::{Arguments, Kind, Record, Value, host_result, sum};

/// The visible results of the module of `seed`.
pub(crate) fn run(seed: u64, bytes: &[u8]) -> Vec<String> {
    let mut config = Config::default();
    config
        .wasm_multi_memory(true)
        .wasm_tail_call(true)
        .wasm_extended_const(true)
        .wasm_custom_page_sizes(true)
        .wasm_wide_arithmetic(true)
        .set_max_recursion_depth(1 << 20)
        .set_max_stack_height(1 << 28);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, bytes).expect("the module is valid");
    let mut store = Store::new(&engine, Record::default());
    let imports: Vec<Extern> = module
        .imports()
        .map(|import| provide(&mut store, import.ty()))
        .collect();
    match Instance::new(&mut store, &module, &imports) {
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
    let module = Module::new(&engine, bytes).expect("the module is valid");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("it imports nothing");
    let func = instance.get_typed_func::<i32, i32>(&store, "is_zero");
    let func = func.expect("the module exports it");
    func.call(&mut store, number).expect("it does not trap")
}

fn provide(store: &mut Store<Record>, ty: &ExternType) -> Extern {
    match ty {
        ExternType::Func(ty) => Func::new(&mut *store, ty.clone(), host(ty.clone())).into(),
        ExternType::Global(ty) => {
            let value = Val::default_for_ty(ty.content());
            Global::new(&mut *store, value, ty.mutability()).into()
        }
        ExternType::Table(ty) => {
            let null = match ty.element() {
                RefType::Func => Ref::Func(wasmi::Nullable::Null),
                RefType::Extern => Ref::Extern(wasmi::Nullable::Null),
            };
            let table = Table::new(&mut *store, *ty, null);
            table.expect("the table is small").into()
        }
        ExternType::Memory(ty) => {
            let memory = Memory::new(&mut *store, *ty);
            memory.expect("the memory is small").into()
        }
    }
}

fn host(
    ty: FuncType,
) -> impl Fn(wasmi::Caller<'_, Record>, &[Val], &mut [Val]) -> Result<(), Error> {
    move |mut caller, params, results| {
        let params: Vec<Value> = params.iter().map(value).collect();
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
    let mut exports: Vec<(String, Extern)> = instance
        .exports(&*store)
        .map(|export| (export.name().to_owned(), export.into_extern()))
        .collect();
    exports.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, export) in &exports {
        let Extern::Func(func) = export else {
            continue;
        };
        let ty = func.ty(&*store);
        let values: Vec<Value> = ty
            .params()
            .iter()
            .map(|ty| arguments.next(kind(*ty)))
            .collect();
        let params: Vec<Val> = (values.iter().zip(ty.params()))
            .map(|(value, ty)| val(*value, *ty))
            .collect();
        let mut results: Vec<Val> = ty
            .results()
            .iter()
            .copied()
            .map(Val::default_for_ty)
            .collect();
        let called = func.call(store.as_context_mut(), &params, &mut results);
        let results: Vec<Value> = results.iter().map(value).collect();
        let seen = match called {
            Ok(()) => format!("returned {results:?}"),
            Err(error) => outcome(&error),
        };
        let line = format!("call {name} with {values:?} {seen}");
        store.data_mut().lines.push(line);
    }
    for (name, export) in exports {
        let seen = match export {
            Extern::Func(_) => continue,
            Extern::Global(global) => format!("{:?}", value(&global.get(&*store))),
            Extern::Memory(memory) => {
                let bytes = memory.data(&*store);
                format!("{} bytes, sum {:#x}", bytes.len(), sum(bytes))
            }
            Extern::Table(table) => {
                let size = table.size(&*store);
                let elements = (0..size).filter_map(|index| table.get(&*store, index));
                let set = elements.filter(|element| value(&Val::from(*element)) == Value::NonNull);
                format!("{size} elements, {} not null", set.count())
            }
        };
        store.data_mut().lines.push(format!("{name} is {seen}"));
    }
}

fn outcome(error: &Error) -> String {
    let Some(trap) = error.as_trap_code() else {
        // In wasmi, segments that do not fit are no traps.
        let said = error.to_string();
        return match said {
            _ if said.contains("memory") => "trapped: memory out of bounds".into(),
            _ if said.contains("table") || said.contains("element") => {
                "trapped: table out of bounds".into()
            }
            _ => panic!("wasmi failed otherwise than by a trap: {error}"),
        };
    };
    let name = match trap {
        TrapCode::UnreachableCodeReached => "unreachable",
        TrapCode::MemoryOutOfBounds => "memory out of bounds",
        TrapCode::TableOutOfBounds => "table out of bounds",
        TrapCode::IndirectCallToNull => "call of null",
        TrapCode::BadSignature => "call of another type",
        TrapCode::IntegerOverflow => "integer overflow",
        TrapCode::IntegerDivisionByZero => "division by zero",
        TrapCode::BadConversionToInteger => "bad conversion",
        TrapCode::StackOverflow => "stack overflow",
        other => panic!("no module can trap so: {other}"),
    };
    format!("trapped: {name}")
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

fn value(val: &Val) -> Value {
    match val {
        Val::I32(value) => Value::I32(*value),
        Val::I64(value) => Value::I64(*value),
        Val::F32(value) => Value::F32(value.to_bits()),
        Val::F64(value) => Value::F64(value.to_bits()),
        Val::V128(value) => Value::V128(value.as_u128()),
        Val::FuncRef(wasmi::Nullable::Null) | Val::ExternRef(wasmi::Nullable::Null) => Value::Null,
        _ => Value::NonNull,
    }
}

fn val(value: Value, ty: ValType) -> Val {
    match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(F64::from_bits(bits)),
        Value::V128(bits) => Val::V128(V128::from(bits)),
        Value::Null | Value::NonNull => Val::default_for_ty(ty),
    }
}
