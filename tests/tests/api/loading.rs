//! Modules from files, and modules that are only validated.

use interp::{Config, Engine, Error, Linker, Module, Store, Validation};

const GOOD: &str = r#"(module (memory 1) (func (export "answer") (result i32) (i32.const 42)))"#;

#[test]
fn modules_are_validated_and_read_from_files() -> Result<(), Error> {
    let engine = Engine::default();
    let good = wat::parse_str(GOOD).expect("the text is a module");
    let folder = std::env::temp_dir().join(format!("wasi-interp-api-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(Error::host)?;
    let path = folder.join("main.wasm");
    let missing = Module::from_file(&engine, &path).expect_err("there is no file");
    assert!(missing.to_string().contains("main.wasm"));
    let kind = missing
        .downcast_ref::<std::io::Error>()
        .map(std::io::Error::kind);
    assert_eq!(kind, Some(std::io::ErrorKind::NotFound));
    std::fs::write(&path, &good).map_err(Error::host)?;
    let module = Module::from_file(&engine, &path)?;
    std::fs::remove_dir_all(&folder).map_err(Error::host)?;
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
    let answer = instance.get_typed_func::<(), i32>(&store, "answer")?;
    assert_eq!(answer.call(&mut store, ())?, 42);

    Module::validate(&engine, &good)?;
    // A body without its result, a text, an empty file, half of a module, two memories, an unknown number.
    let body = wat::parse_str("(module (func (result i32)))").expect("it is well-formed");
    let memories = wat::parse_str("(module (memory 1) (memory 1))").expect("it is well-formed");
    let half = &good[..good.len() / 2];
    let mut single = Config::new();
    single.wasm_multi_memory(false);
    let bad: [&[u8]; 6] = [&body, b"(module)", b"", half, &memories, b"\0asm\x09\0\0\0"];
    for bytes in bad {
        let engine = Engine::new(&single);
        let words = Module::new(&engine, bytes.to_vec())
            .expect_err("it is not valid")
            .to_string();
        let found = Module::validate(&engine, bytes).expect_err("it is not valid");
        assert_eq!(found.to_string(), words);
    }
    // A module with lazy validation of bodies is still invalid.
    let mut lazy = Config::new();
    lazy.validation(Validation::Lazy);
    let lazy = Engine::new(&lazy);
    Module::new(&lazy, body.clone())?;
    assert!(Module::validate(&lazy, &body).is_err());
    Ok(())
}
