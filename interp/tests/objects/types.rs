//! Which types are equal, in one module and in several, and which match where something is imported, called or cast.

use interp::{Extern, Func, FuncType, HeapType, RefType, Trap, ValType};

use super::*;

/// Links what `exporter` exports to `importer`.
fn link(exporter: &str, importer: &str) -> Outcome {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let exports = linker.instantiate(&mut store, &module(&engine, exporter)?)?;
    linker.instance(&store, "m", exports)?;
    linker.instantiate(&mut store, &module(&engine, importer)?)?;
    Ok(())
}

#[test]
fn groups_are_compared_as_a_whole() -> Outcome {
    let one = r#"(module (rec (type $a (struct (field (ref null $b)))) (type $b (struct (field (ref null $a)))))
        (func (export "f") (param (ref null $a))))"#;
    // Other names and other types before it do not matter.
    link(
        one,
        r#"(module (type (func (param i64))) (rec (type $x (struct (field (ref null $y)))) (type $y (struct (field (ref null $x)))))
            (import "m" "f" (func (param (ref null $x)))))"#,
    )?;
    for other in [
        // Another place in the group.
        r#"(module (rec (type $x (struct (field (ref null $y)))) (type $y (struct (field (ref null $x)))))
            (import "m" "f" (func (param (ref null $y)))))"#,
        // A larger group.
        r#"(module (rec (type $x (struct (field (ref null $y)))) (type $y (struct (field (ref null $x)))) (type (struct)))
            (import "m" "f" (func (param (ref null $x)))))"#,
        // No group.
        r#"(module (type $x (struct (field (ref null $x)))) (import "m" "f" (func (param (ref null $x)))))"#,
        // A mutable field.
        r#"(module (rec (type $x (struct (field (mut (ref null $y))))) (type $y (struct (field (ref null $x)))))
            (import "m" "f" (func (param (ref null $x)))))"#,
    ] {
        let error = link(one, other).expect_err("the types differ");
        assert!(
            error.to_string().contains("incompatible import type"),
            "{error}"
        );
    }
    Ok(())
}

#[test]
fn functions_match_by_declared_subtypes() -> Outcome {
    let exporter = r#"(module
        (type $base (sub (func (result anyref))))
        (type $derived (sub $base (func (result eqref))))
        (type $plain (func (result anyref)))
        (func (export "derived") (type $derived) (ref.null eq))
        (func (export "base") (type $base) (ref.null any))
        (func (export "plain") (type $plain) (ref.null any)))"#;
    let import = |name: &str, ty: &str| {
        link(
            exporter,
            &format!(
                r#"(module (type $base (sub (func (result anyref)))) (type $derived (sub $base (func (result eqref))))
                    (type $plain (func (result anyref))) (import "m" "{name}" (func (type ${ty}))))"#
            ),
        )
    };
    for (name, ty) in [
        ("base", "base"),
        ("derived", "derived"),
        ("derived", "base"),
        ("plain", "plain"),
    ] {
        import(name, ty)?;
    }
    for (name, ty) in [
        ("base", "derived"),
        ("base", "plain"),
        ("plain", "base"),
        ("derived", "plain"),
    ] {
        assert!(import(name, ty).is_err(), "{name} as {ty}");
    }
    Ok(())
}

#[test]
fn globals_and_tables_match_by_their_types() -> Outcome {
    let exporter = r#"(module
        (type $s (sub (struct))) (type $t (sub $s (struct (field i32))))
        (global (export "const") (ref $t) (struct.new $t (i32.const 1)))
        (global (export "mut") (mut (ref null $t)) (ref.null $t))
        (table (export "table") 1 (ref null $t)))"#;
    let types = "(type $s (sub (struct))) (type $t (sub $s (struct (field i32))))";
    for (import, fits) in [
        (r#""const" (global (ref $t))"#, true),
        (r#""const" (global (ref null $s))"#, true),
        (r#""const" (global anyref)"#, true),
        (r#""const" (global (ref array))"#, false),
        (r#""mut" (global (mut (ref null $t)))"#, true),
        (r#""mut" (global (mut (ref null $s)))"#, false),
        (r#""mut" (global (ref null $t))"#, false),
        (r#""table" (table 1 (ref null $t))"#, true),
        (r#""table" (table 1 (ref null $s))"#, false),
    ] {
        let linked = link(
            exporter,
            &format!(r#"(module {types} (import "m" {import}))"#),
        );
        assert_eq!(linked.is_ok(), fits, "{import}: {linked:?}");
    }
    Ok(())
}

#[test]
fn an_indirect_call_admits_subtypes() -> Outcome {
    let text = r#"(module
        (type $base (sub (func (result i32))))
        (type $derived (sub $base (func (result i32))))
        (type $plain (func (result i32)))
        (table funcref (elem $f $g $h))
        (func $f (type $derived) (i32.const 1))
        (func $g (type $base) (i32.const 2))
        (func $h (type $plain) (i32.const 3))
        (func (export "base") (param i32) (result i32) (call_indirect (type $base) (local.get 0)))
        (func (export "derived") (param i32) (result i32) (return_call_indirect (type $derived) (local.get 0))))"#;
    let (mut store, instance) = instance(text)?;
    let mut call = |name, element| {
        let func = instance.get_typed_func::<i32, i32>(&store, name)?;
        func.call(&mut store, element)
    };
    assert_eq!(
        (call("base", 0)?, call("base", 1)?, call("derived", 0)?),
        (1, 2, 1)
    );
    for (name, element) in [("base", 2), ("derived", 1), ("derived", 2)] {
        let error = call(name, element).expect_err("the types differ");
        assert_eq!(error.as_trap(), Some(Trap::BadSignature));
    }
    Ok(())
}

#[test]
fn casts_between_instances_of_two_modules() -> Outcome {
    let types =
        "(type $s (sub (struct (field i32)))) (type $t (sub $s (struct (field i32) (field i64))))";
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let maker = format!(
        r#"(module (type (array i8)) {types}
            (func (export "s") (result anyref) (struct.new $s (i32.const 1)))
            (func (export "t") (result anyref) (struct.new $t (i32.const 2) (i64.const 3))))"#
    );
    let maker = linker.instantiate(&mut store, &module(&engine, &maker)?)?;
    linker.instance(&store, "m", maker)?;
    let user = format!(
        r#"(module {types}
            (import "m" "s" (func $s (result anyref))) (import "m" "t" (func $t (result anyref)))
            (func (export "run") (result i32 i32 i32 i32 i32)
                (ref.test (ref $s) (call $s)) (ref.test (ref $t) (call $s))
                (ref.test (ref $s) (call $t)) (ref.test (ref $t) (call $t))
                (struct.get $s 0 (ref.cast (ref $s) (call $t))))
            (func (export "trap") (drop (ref.cast (ref $t) (call $s)))))"#
    );
    let user = linker.instantiate(&mut store, &module(&engine, &user)?)?;
    let run = user.get_typed_func::<(), (i32, i32, i32, i32, i32)>(&store, "run")?;
    assert_eq!(run.call(&mut store, ())?, (1, 0, 1, 1, 2));
    let trap = user.get_typed_func::<(), ()>(&store, "trap")?;
    let error = trap.call(&mut store, ()).expect_err("the cast fails");
    assert_eq!(error.as_trap(), Some(Trap::CastFailure));
    Ok(())
}

#[test]
fn numbers_of_types_are_given_back() -> Outcome {
    let engine = Engine::default();
    let text = |number: u32| {
        format!(
            r#"(module (rec (type $a (struct (field (ref null $b)) (field i{}))) (type $b (array (mut (ref null $a)))))
                (type $f (func (param (ref $a)) (result (ref $b))))
                (import "m" "f" (func (type $f))))"#,
            if number.is_multiple_of(2) { 32 } else { 64 }
        )
    };
    // The name of a type has its number, and it stays small.
    for number in 0..1000 {
        let module = module(&engine, &text(number))?;
        let ty = module
            .imports()
            .next()
            .expect("it has an import")
            .ty
            .to_string();
        let digits = ty.chars().filter(char::is_ascii_digit).collect::<String>();
        assert!(digits.len() <= 2, "{ty}");
    }
    Ok(())
}

#[test]
fn the_types_of_exports_name_what_they_are() -> Outcome {
    let text = r#"(module (type $s (struct))
        (func (export "f") (param (ref $s) anyref eqref i31ref) (result (ref null none) (ref func)) (unreachable))
        (global (export "g") structref (ref.null struct)))"#;
    let engine = Engine::default();
    let module = module(&engine, text)?;
    let exports: Vec<_> = module
        .exports()
        .map(|export| export.ty.to_string())
        .collect();
    assert!(exports[0].contains("(ref struct type "), "{}", exports[0]);
    assert!(
        exports[0].ends_with(
            "(ref null any), (ref null eq), (ref null i31)) -> ((ref null none), (ref func))"
        ),
        "{}",
        exports[0]
    );
    assert_eq!(exports[1], "global (ref null struct)");
    Ok(())
}

#[test]
fn the_host_gives_functions_types_of_modules() -> Outcome {
    let engine = Engine::default();
    let text = r#"(module (type $s (struct (field i32)))
        (import "m" "f" (func $f (param (ref $s)) (result (ref null $s))))
        (func (export "run") (param i32) (result i32)
            (struct.get $s 0 (call $f (struct.new $s (local.get 0))))))"#;
    let module = module(&engine, text)?;
    let wanted = module.imports().next().and_then(|import| match import.ty {
        interp::ExternType::Func(ty) => Some(ty),
        _ => None,
    });
    let ty = wanted.expect("it imports a function");
    let mut store = Store::new(&engine, ());
    let same = Func::new(&mut store, ty.clone(), |_, params, results| {
        results[0] = params[0];
        Ok(())
    });
    let instance = Instance::instantiate(&mut store, &module, &[Extern::Func(same)])?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 5)?, 5);
    // A host function that returns something else fails, and the program never sees it.
    let other = Func::new(&mut store, ty, |caller, _, results| {
        results[0] = interp::AnyRef::from_i31(&caller, interp::I31::wrapping_u32(1)).into();
        Ok(())
    });
    let instance = Instance::instantiate(&mut store, &module, &[Extern::Func(other)])?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    let error = run
        .call(&mut store, 5)
        .expect_err("an integer is no structure");
    assert!(
        error.to_string().contains("returned a value of type"),
        "{error}"
    );
    // A function of another type cannot be imported.
    let any = ValType::reference(RefType::new(true, HeapType::Any));
    let third = Func::new(&mut store, FuncType::new([any], [any]), |_, _, _| Ok(()));
    assert!(Instance::instantiate(&mut store, &module, &[Extern::Func(third)]).is_err());
    Ok(())
}
