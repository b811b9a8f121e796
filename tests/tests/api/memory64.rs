//! Memories and tables with 64-bit addresses and indices, pages of one byte, and wide arithmetic.

use interp::{
    Config, Engine, Error, Linker, Memory, MemoryType, Module, Store, StoreLimitsBuilder, Trap, Val,
};

use crate::{instance, module, world};

const GIB: i64 = 1 << 30;

#[test]
fn a_memory_grows_beyond_four_gibibytes() -> Result<(), Error> {
    let text = r#"(module
        (memory (export "memory") i64 1)
        (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
        (func (export "store") (param i64 i64) (i64.store offset=8 (local.get 0) (local.get 1)))
        (func (export "load") (param i64) (result i64) (i64.load offset=8 (local.get 0)))
        (func (export "far") (param i64) (result i64) (i64.load offset=0x1_0000_0000 (local.get 0)))
        (func (export "never") (param i64) (result i64)
            (i64.load offset=0xffff_ffff_ffff_fff0 (local.get 0)))
        (func (export "fill") (param i64 i64) (memory.fill (local.get 0) (i32.const 7) (local.get 1)))
        (func (export "copy") (param i64 i64 i64)
            (memory.copy (local.get 0) (local.get 1) (local.get 2))))"#;
    let (mut store, linker) = world(());
    let instance = instance(&mut store, &linker, text);
    let grow = instance.get_typed_func::<i64, i64>(&store, "grow")?;
    let set = instance.get_typed_func::<(i64, i64), ()>(&store, "store")?;
    let get = instance.get_typed_func::<i64, i64>(&store, "load")?;
    let far = instance.get_typed_func::<i64, i64>(&store, "far")?;
    let never = instance.get_typed_func::<i64, i64>(&store, "never")?;
    let fill = instance.get_typed_func::<(i64, i64), ()>(&store, "fill")?;
    let copy = instance.get_typed_func::<(i64, i64, i64), ()>(&store, "copy")?;

    let pages = 5 * GIB / 65_536;
    assert_eq!(grow.call(&mut store, pages)?, 1);
    assert_eq!(grow.call(&mut store, 0)?, pages + 1);
    let end = 5 * GIB + 65_536;
    set.call(&mut store, (4 * GIB + 24, 0x0123_4567_89ab_cdef))?;
    assert_eq!(get.call(&mut store, 4 * GIB + 24)?, 0x0123_4567_89ab_cdef);
    assert_eq!(far.call(&mut store, 32)?, 0x0123_4567_89ab_cdef);
    // The same place modulo 2³² is another one.
    assert_eq!(get.call(&mut store, 24)?, 0);
    fill.call(&mut store, (end - 3, 3))?;
    copy.call(&mut store, (8, 4 * GIB + 32, 8))?;
    assert_eq!(get.call(&mut store, 0)?, 0x0123_4567_89ab_cdef);

    let traps = [
        get.call(&mut store, end - 15).map(drop),
        get.call(&mut store, -1).map(drop),
        get.call(&mut store, -8).map(drop),
        far.call(&mut store, -1).map(drop),
        never.call(&mut store, 8).map(drop),
        never.call(&mut store, 16).map(drop),
        never.call(&mut store, 32).map(drop),
        fill.call(&mut store, (end - 3, 4)),
        fill.call(&mut store, (-1, 2)),
        copy.call(&mut store, (0, -4, 8)),
    ];
    for (number, outcome) in traps.into_iter().enumerate() {
        let trap = outcome.expect_err("the access is out of bounds").as_trap();
        assert_eq!(trap, Some(Trap::MemoryOutOfBounds), "access {number}");
    }
    // 2⁴⁸ pages have 2⁶⁴ bytes.
    for delta in [1 << 32, 1 << 48, i64::MAX, -1] {
        assert_eq!(grow.call(&mut store, delta)?, -1);
    }
    let memory = instance.get_memory(&store, "memory").expect("exported");
    assert_eq!(memory.size(&store), (pages + 1) as u64);
    assert_eq!(memory.data(&store)[end as usize - 3..], [7; 3]);
    assert!(memory.ty(&store).is_64);
    Ok(())
}

#[test]
fn memories_of_both_kinds_are_copied_to_each_other() -> Result<(), Error> {
    let text = r#"(module
        (memory $near (export "near") 1) (memory $wide (export "wide") i64 1)
        (data $data "abcdef")
        (func (export "init") (memory.init $wide $data (i64.const 10) (i32.const 2) (i32.const 4)))
        (func (export "to_near") (param i64)
            (memory.copy $near $wide (i32.wrap_i64 (local.get 0)) (i64.const 10) (i32.const 4)))
        (func (export "to_wide") (param i64)
            (memory.copy $wide $near (i64.const 100) (i32.wrap_i64 (local.get 0))
                (i32.wrap_i64 (i64.add (local.get 0) (i64.const -1))))))"#;
    let (mut store, linker) = world(());
    let instance = instance(&mut store, &linker, text);
    let init = instance.get_typed_func::<(), ()>(&store, "init")?;
    let to_near = instance.get_typed_func::<i64, ()>(&store, "to_near")?;
    let to_wide = instance.get_typed_func::<i64, ()>(&store, "to_wide")?;
    init.call(&mut store, ())?;
    // The op reads 64 bits of a number that is the low half of its slot.
    to_near.call(&mut store, (7 << 32) | 5)?;
    to_wide.call(&mut store, (7 << 32) | 5)?;
    let bytes = |name: &str| {
        let memory = instance.get_memory(&store, name).expect("exported");
        memory.data(&store).to_vec()
    };
    assert_eq!(bytes("near")[5..9], *b"cdef");
    assert_eq!(bytes("wide")[100..104], *b"cdef");
    Ok(())
}

#[test]
fn tables_with_64_bits() -> Result<(), Error> {
    let text = r#"(module
        (table $table (export "table") i64 2 10 funcref)
        (elem (table $table) (i64.const 1) func $seven)
        (elem $more func $seven $seven)
        (func $seven (result i32) (i32.const 7))
        (func (export "call") (param i64) (result i32)
            (call_indirect $table (result i32) (local.get 0)))
        (func (export "tail") (param i64) (result i32)
            (return_call_indirect $table (result i32) (local.get 0)))
        (func (export "constant") (result i32)
            (call_indirect $table (result i32) (i64.const 0x1_0000_0001)))
        (func (export "grow") (param i64) (result i64)
            (table.grow $table (ref.null func) (local.get 0)))
        (func (export "size") (result i64) (table.size $table))
        (func (export "is_null") (param i64) (result i32)
            (ref.is_null (table.get $table (local.get 0))))
        (func (export "init") (param i64)
            (table.init $table $more (local.get 0) (i32.const 0) (i32.const 2)))
        (func (export "fill") (param i64 i64)
            (table.fill $table (local.get 0) (ref.null func) (local.get 1)))
        (func (export "copy") (param i64 i64 i64)
            (table.copy $table $table (local.get 0) (local.get 1) (local.get 2))))"#;
    let (mut store, linker) = world(());
    let instance = instance(&mut store, &linker, text);
    for name in ["call", "tail"] {
        let call = instance.get_typed_func::<i64, i32>(&store, name)?;
        assert_eq!(call.call(&mut store, 1)?, 7);
        for index in [2, 1 << 32 | 1, -1] {
            let error = call.call(&mut store, index).expect_err("no such element");
            assert_eq!(
                error.as_trap(),
                Some(Trap::TableOutOfBounds),
                "{name} {index}"
            );
        }
    }
    let constant = instance.get_typed_func::<(), i32>(&store, "constant")?;
    assert!(constant.call(&mut store, ()).is_err());
    let grow = instance.get_typed_func::<i64, i64>(&store, "grow")?;
    assert_eq!(grow.call(&mut store, 6)?, 2);
    for delta in [3, 1 << 32, -1] {
        assert_eq!(grow.call(&mut store, delta)?, -1);
    }
    let size = instance.get_typed_func::<(), i64>(&store, "size")?;
    assert_eq!(size.call(&mut store, ())?, 8);
    let is_null = instance.get_typed_func::<i64, i32>(&store, "is_null")?;
    let init = instance.get_typed_func::<i64, ()>(&store, "init")?;
    let fill = instance.get_typed_func::<(i64, i64), ()>(&store, "fill")?;
    let copy = instance.get_typed_func::<(i64, i64, i64), ()>(&store, "copy")?;
    init.call(&mut store, 6)?;
    fill.call(&mut store, (7, 1))?;
    copy.call(&mut store, (3, 6, 2))?;
    let nulls = (0..8)
        .map(|index| is_null.call(&mut store, index))
        .collect::<Result<Vec<_>, _>>()?;
    assert_eq!(nulls, [1, 0, 1, 0, 1, 1, 0, 1]);
    assert!(init.call(&mut store, 1 << 32 | 1).is_err());
    assert!(fill.call(&mut store, (0, 1 << 32)).is_err());
    assert!(copy.call(&mut store, (1 << 32, 0, 1)).is_err());
    assert!(is_null.call(&mut store, 1 << 32).is_err());
    Ok(())
}

#[test]
fn pages_of_one_byte() -> Result<(), Error> {
    let text = r#"(module
        (memory (export "memory") 3 10 (pagesize 1))
        (data (i32.const 1) "ab")
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "size") (result i32) (memory.size))
        (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0))))"#;
    let limits = StoreLimitsBuilder::new().memory_size(8).build();
    let (mut store, linker) = world(limits);
    store.limiter(|limits| limits);
    let instance = instance(&mut store, &linker, text);
    let grow = instance.get_typed_func::<i32, i32>(&store, "grow")?;
    let size = instance.get_typed_func::<(), i32>(&store, "size")?;
    let load = instance.get_typed_func::<i32, i32>(&store, "load")?;
    assert_eq!(load.call(&mut store, 2)?, i32::from(b'b'));
    assert!(load.call(&mut store, 3).is_err());
    assert_eq!(grow.call(&mut store, 2)?, 3);
    assert_eq!(load.call(&mut store, 4)?, 0);
    assert!(load.call(&mut store, 5).is_err());
    assert_eq!(grow.call(&mut store, 4)?, -1, "the limit is 8 bytes");
    assert_eq!(size.call(&mut store, ())?, 5);
    let memory = instance.get_memory(&store, "memory").expect("exported");
    let ty = memory.ty(&store);
    assert_eq!((ty.page_size(), ty.limits.max), (1, Some(10)));
    assert_eq!((memory.size(&store), memory.data_size(&store)), (5, 5));
    Ok(())
}

#[test]
fn imports_match_in_width_and_page_size() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let wide = Memory::new(&mut store, MemoryType::new64(1, Some(2)))?;
    let bytes = MemoryType {
        page_size_log2: 0,
        ..MemoryType::new(65_536, None)
    };
    let bytes = Memory::new(&mut store, bytes)?;
    let near = Memory::new(&mut store, MemoryType::new(1, Some(2)))?;
    linker.define("host", "wide", wide)?;
    linker.define("host", "bytes", bytes)?;
    linker.define("host", "near", near)?;
    let types = [
        ("wide", "i64 1"),
        ("bytes", "1 (pagesize 1)"),
        ("near", "1"),
    ];
    for (name, _) in types {
        for (wanted, ty) in types {
            let text = format!(r#"(module (import "host" "{name}" (memory {ty})))"#);
            let module = module(linker.engine(), &text);
            let linked = linker.instantiate(&mut store, &module);
            assert_eq!(linked.is_ok(), name == wanted, "{name} as {wanted}");
        }
    }
    Ok(())
}

#[test]
fn both_halves_are_right_wherever_the_operands_are() -> Result<(), Error> {
    // In locals, constants, memory, and as results of each other.
    let text = r#"(module
        (memory 1) (data (i32.const 0) "\ff\ff\ff\ff\ff\ff\ff\ff\fe\ff\ff\ff\ff\ff\ff\ff")
        (func (export "locals") (param i64 i64) (result i64 i64)
            (i64.mul_wide_u (local.get 0) (local.get 1)))
        (func (export "memory") (param i64 i64) (result i64 i64)
            (i64.mul_wide_u (i64.load (i32.const 0)) (i64.load (i32.const 8))))
        (func (export "second") (param i64 i64) (result i64 i64)
            (i64.mul_wide_s (local.get 0) (i64.add (local.get 1) (local.get 1))))
        (func (export "sum") (param i64 i64) (result i64 i64)
            (i64.add128 (i64.mul_wide_u (local.get 0) (local.get 1)) (i64.const -1) (i64.const 0)))
        (func (export "difference") (param i64 i64) (result i64 i64) (local i64 i64)
            (i64.mul_wide_u (local.get 0) (local.get 1)) (local.set 3) (local.set 2)
            (i64.sub128 (i64.const 1) (local.get 0) (local.get 2) (local.get 3)))
        (func (export "dropped") (param i64 i64) (result i64 i64)
            (i64.mul_wide_u (local.get 0) (local.get 1)) drop
            (i64.mul_wide_u (local.get 0) (local.get 1)) (local.set 0) drop (local.get 0)))"#;
    let (mut store, linker) = world(());
    let instance = instance(&mut store, &linker, text);
    let (a, b) = (0xfedc_ba98_7654_3210_u64, 0x8765_4321_0fed_cba9_u64);
    let product = u128::from(a) * u128::from(b);
    let signed = i128::from(a as i64) * i128::from((b << 1) as i64);
    let one = 1 | u128::from(a) << 64;
    let halves = |number: u128| (number as u64, (number >> 64) as u64);
    let expected = [
        ("locals", product),
        ("memory", u128::from(u64::MAX) * u128::from(u64::MAX - 1)),
        ("second", signed as u128),
        ("sum", product.wrapping_add(u64::MAX.into())),
        ("difference", one.wrapping_sub(product)),
        ("dropped", product),
    ];
    for (name, number) in expected {
        let func = instance.get_typed_func::<(u64, u64), (u64, u64)>(&store, name)?;
        assert_eq!(func.call(&mut store, (a, b))?, halves(number), "{name}");
    }
    Ok(())
}

#[test]
fn what_is_turned_off_is_refused_by_name() {
    let mut config = Config::new();
    config
        .wasm_memory64(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false);
    let engine = Engine::new(&config);
    for (text, name) in [
        ("(memory i64 1)", "memory64"),
        ("(table i64 1 funcref)", "memory64"),
        ("(memory 1 (pagesize 1))", "custom page sizes"),
        (
            "(func (i64.mul_wide_s (i64.const 1) (i64.const 1)) drop drop)",
            "wide arithmetic",
        ),
    ] {
        let bytes = wat::parse_str(format!("(module {text})")).expect("the text is a module");
        let error = Module::new(&engine, bytes).expect_err("it is turned off");
        let message = error.to_string();
        assert!(
            message.contains(name) && message.contains("turned off"),
            "{message}"
        );
    }
}

#[test]
fn too_much_memory_is_refused_with_words() {
    let engine = Engine::default();
    let linker = Linker::new(&engine);
    for text in ["(memory i64 0x1000_0000_0000)", "(memory i64 0x100_0001)"] {
        let mut store = Store::new(&engine, ());
        let module = module(&engine, &format!("(module {text})"));
        let error = linker
            .instantiate(&mut store, &module)
            .expect_err("more than 1 TiB");
        assert!(
            error.to_string().contains("no room for a memory"),
            "{error}"
        );
    }
    let mut store = Store::new(&engine, ());
    let text = "(module (func (export \"f\") (result i64) (i64.const 1)))";
    let made = instance(&mut store, &linker, text);
    let func = made.get_func(&store, "f").expect("exported");
    let mut results = [Val::I64(0)];
    func.call(&mut store, &[], &mut results)
        .expect("it returns");
    assert_eq!(results[0].i64(), Some(1), "the engine still works");
}
