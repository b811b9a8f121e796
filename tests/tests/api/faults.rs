//! Traps with their backtraces, and modules that are rejected.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use interp::{
    Caller, Config, Engine, Error, Extern, Linker, Module, ModuleErrorKind, Store, Trap, Validation,
};

use crate::{instance, world};

const FAULTS: &str = r#"(module $faulty
    (memory 1)
    (func $inner (param i32) (result i32)
        (drop (i32.const 1))
        (i32.load (local.get 0)))
    (func $middle (param i32) (result i32)
        (i32.add (i32.const 7) (call $inner (local.get 0))))
    (func (export "outer") (param i32) (result i32)
        (call $middle (local.get 0))))"#;

/// The offset of the first `wanted` byte of a function's body.
fn offset_of(module: &Module, func: u32, wanted: u8) -> usize {
    let range = module.info().body_range(func);
    let body = &module.info().bytes()[range.clone()];
    // Skips the number of local declarations, which is 0.
    let at = body.iter().skip(1).position(|byte| *byte == wanted);
    range.start + 1 + at.expect("the instruction is there")
}

#[test]
fn a_backtrace_names_functions_and_instructions() -> Result<(), Error> {
    let (mut store, linker) = world(());
    let instance = instance(&mut store, &linker, FAULTS);
    let module = instance.module(&store);
    let outer = instance.get_typed_func::<i32, i32>(&store, "outer")?;
    let error = outer
        .call(&mut store, 65_533)
        .expect_err("three bytes are left");
    assert_eq!(error.as_trap(), Some(Trap::MemoryOutOfBounds));
    let frames = error.backtrace().expect("it says where").frames();
    let names: Vec<_> = frames.iter().map(interp::FrameSymbol::func_name).collect();
    assert_eq!(names[..2], [Some("inner"), Some("middle")]);
    let offsets: Vec<_> = frames
        .iter()
        .filter_map(|frame| frame.module_offset())
        .collect();
    let (load, call) = (0x28, 0x10);
    assert_eq!(
        offsets,
        [
            offset_of(&module, 0, load),
            offset_of(&module, 1, call),
            offset_of(&module, 2, call)
        ]
    );
    let said = error.to_string();
    let expected = format!(
        "wasm trap: out of bounds memory access\nwasm backtrace:\n    0: {:#8x} - inner\n",
        offsets[0]
    );
    assert!(said.starts_with(&expected), "{said}");
    Ok(())
}

/// Names come from modules. They cannot imitate other lines of a message, and their length is bounded there, however often they occur.
#[test]
fn names_in_messages_stay_in_their_places() -> Result<(), Error> {
    let long = "n".repeat(1 << 20);
    for (name, shown) in [
        (r"a\n    1: \u{202e}b", r"- a\n    1: \u{202e}b"),
        (long.as_str(), "nnnn…\n    1:"),
    ] {
        let text =
            format!(r#"(module (func $deep (@name "{name}") (export "deep") (call $deep)))"#);
        let (mut store, linker) = world(());
        let instance = instance(&mut store, &linker, &text);
        let deep = instance.get_typed_func::<(), ()>(&store, "deep")?;
        let error = deep.call(&mut store, ()).expect_err("it never returns");
        let said = error.to_string();
        assert!(said.contains(shown), "{}", &said[..300]);
        assert!(said.len() < 1 << 18, "{} bytes", said.len());
        let module = instance.module(&store);
        let mut lister = interp::inspect::Lister::new(module.info());
        let listing = lister.list(0).expect("it is valid").to_string();
        assert!(listing.len() < 1 << 14, "{} bytes", listing.len());
        assert!(listing.lines().count() < 10, "{listing}");
    }
    Ok(())
}

#[test]
fn an_invalid_body_fails_when_the_module_is_made_or_when_it_is_called() -> Result<(), Error> {
    // A function whose body is `i64.const 1`, but whose result is an i32.
    let bytes = b"\0asm\x01\0\0\0\x01\x05\x01\x60\x00\x01\x7f\x03\x03\x02\x00\x00\
        \x07\x0b\x02\x03bad\x00\x00\x01g\x00\x01\x0a\x0b\x02\x04\x00\x42\x01\x0b\x04\x00\x41\x05\x0b";
    let error = Module::new(&Engine::default(), bytes).expect_err("the body is invalid");
    let at = error.as_module_error().map(interp::ModuleError::offset);
    assert!(at.is_some_and(|at| at > 0x25), "{error}");

    let engine = Engine::new(Config::new().validation(Validation::Lazy));
    let module = Module::new(&engine, bytes)?;
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
    let good = instance.get_typed_func::<(), i32>(&store, "g")?;
    let bad = instance.get_typed_func::<(), i32>(&store, "bad")?;
    for _ in 0..2 {
        assert_eq!(good.call(&mut store, ())?, 5);
        let error = bad.call(&mut store, ()).expect_err("the body is invalid");
        let kind = error.as_module_error().map(interp::ModuleError::kind);
        assert_eq!(kind, Some(ModuleErrorKind::Invalid), "{error}");
    }
    Ok(())
}

#[test]
fn other_formats_are_refused_by_name() {
    let refused = |bytes: &'static [u8]| {
        let error = Module::new(&Engine::default(), bytes).expect_err("it is no core module");
        let kind = error
            .as_module_error()
            .expect("the module is at fault")
            .kind();
        (kind, error.to_string())
    };
    let (kind, said) = refused(b"(module)");
    assert!(
        kind == ModuleErrorKind::NotWasm && said.contains("text"),
        "{said}"
    );
    let (kind, said) = refused(b"\0asm\x0d\0\x01\0");
    assert!(
        kind == ModuleErrorKind::Component && said.contains("component"),
        "{said}"
    );
    let (kind, said) = refused(b"\0asm\x01\0\0\0\x01\x05\x01");
    assert!(
        kind == ModuleErrorKind::Truncated && said.contains("0xb"),
        "{said}"
    );
    let (kind, _) = refused(b"\0asm\x02\0\0\0");
    assert_eq!(kind, ModuleErrorKind::Invalid);
}

/// A panic of the host passes through the running programs, and the store stays usable.
#[test]
fn a_host_function_panics() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    linker.func_wrap("host", "panic", |depth: i32| {
        if depth == 0 {
            // Unwinds like a panic, but without a message and a backtrace for each of the hundred rounds.
            resume_unwind(Box::new("a panic of the host's"));
        }
    })?;
    linker.func_wrap("host", "again", |mut caller: Caller<'_, ()>, depth: i32| {
        let down = caller.get_export("down").and_then(Extern::into_func);
        let down = down.expect("it is exported").typed::<i32, i32>(&caller)?;
        down.call(&mut caller, depth)
    })?;
    let text = r#"(module
        (import "host" "panic" (func $panic (param i32)))
        (import "host" "again" (func $again (param i32) (result i32)))
        (func (export "down") (param i32) (result i32)
            (call $panic (local.get 0))
            (if (result i32) (i32.eq (local.get 0) (i32.const 10))
                (then (i32.const 10))
                (else (call $again (i32.sub (local.get 0) (i32.const 1)))))))"#;
    let instance = instance(&mut store, &linker, text);
    let down = instance.get_typed_func::<i32, i32>(&store, "down")?;
    // More rounds than calls of the host may nest.
    for _ in 0..100 {
        let call = AssertUnwindSafe(|| down.call(&mut store, 5));
        let payload = catch_unwind(call).expect_err("the panic passes through");
        let said = payload.downcast_ref::<&str>();
        assert_eq!(said, Some(&"a panic of the host's"));
        assert_eq!(down.call(&mut store, 15)?, 10);
    }
    Ok(())
}
