//! Traps with their backtraces, and modules that are refused.

use interp::{Config, Engine, Error, Linker, Module, ModuleErrorKind, Store, Trap, Validation};

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
    // Skips the declarations of locals, of which there are none.
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

#[test]
fn an_invalid_body_fails_when_the_module_is_made_or_when_it_is_called() -> Result<(), Error> {
    // A function whose body is `i64.const 1` where an i32 is due.
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
