//! Instructions that fill and copy many bytes: what they cost, and that they can be stopped.

use interp::{
    Config, Engine, Error, Extern, Instance, Linker, Memory, ResumableCall, Store, Trap, Val,
};

use crate::{instance, world};

/// Each instruction as a function of its three operands. 64 MiB of memory, 100,000 elements.
const BULK: &str = r#"(module
    (memory (export "memory") 1024)
    (data $bytes "0123456789abcdefghijklmnopqrstuvwxyz")
    (table $to 100000 funcref) (table $from 100000 funcref)
    (func $f) (elem $elements func $f $f $f $f $f $f)
    (func (export "memory.fill") (param i32 i32 i32)
        (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "memory.copy") (param i32 i32 i32)
        (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "memory.init") (param i32 i32 i32)
        (memory.init $bytes (local.get 0) (local.get 1) (local.get 2)))
    (func (export "table.fill") (param i32 i32 i32)
        (table.fill $to (local.get 0) (ref.null func) (local.get 2)))
    (func (export "table.copy") (param i32 i32 i32)
        (table.copy $to $from (local.get 0) (local.get 1) (local.get 2)))
    (func (export "table.init") (param i32 i32 i32)
        (table.init $to $elements (local.get 0) (local.get 1) (local.get 2)))
    (func (export "fills") (param $count i32) (param $len i32)
        (loop $again
            (memory.fill (i32.const 0) (i32.const 1) (local.get $len))
            (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))"#;

fn metered() -> Result<(Store<()>, Instance), Error> {
    let engine = Engine::new(Config::new().consume_fuel(true));
    let (mut store, linker) = (Store::new(&engine, ()), Linker::new(&engine));
    let instance = instance(&mut store, &linker, BULK);
    Ok((store, instance))
}

fn memory<T: 'static>(store: &Store<T>, instance: Instance) -> Memory {
    let memory = instance.get_export(store, "memory");
    memory
        .and_then(Extern::into_memory)
        .expect("it is exported")
}

fn bytes<T: 'static>(store: &Store<T>, instance: Instance) -> &[u8] {
    memory(store, instance).data(store)
}

/// Many bytes as one unit for each KiB: few cost nothing, and without the fuel nothing happens.
#[test]
fn an_instruction_pays_for_the_bytes_that_it_handles() -> Result<(), Error> {
    const MANY: u64 = 1 << 20;
    let (mut store, instance) = metered()?;
    for (name, len, units) in [
        ("memory.fill", 1023, 0),
        ("memory.fill", 1024, 1),
        ("memory.fill", 60 << 20, 60 << 10),
        ("memory.copy", 5 << 10, 5),
        ("memory.init", 36, 0),
        ("table.fill", 127, 0),
        ("table.fill", 100_000, 781),
        ("table.copy", 100_000, 781),
        ("table.init", 6, 0),
    ] {
        let call = instance.get_typed_func::<(i32, i32, i32), ()>(&store, name)?;
        store.set_fuel(MANY)?;
        call.call(&mut store, (0, 0, len))?;
        assert_eq!(store.get_fuel()?, MANY - units, "{name} of {len}");
        if units > 0 {
            store.set_fuel(units - 1)?;
            let error = call
                .call(&mut store, (0, 0, len))
                .expect_err("it is too little");
            assert_eq!(error.as_trap(), Some(Trap::OutOfFuel), "{name} of {len}");
        }
    }
    Ok(())
}

#[test]
fn an_instruction_without_fuel_has_no_effect_until_the_call_goes_on() -> Result<(), Error> {
    let (mut store, instance) = metered()?;
    let fill = instance.get_func(&store, "memory.fill").expect("exported");
    let args = [Val::I32(0), Val::I32(7), Val::I32(100 << 10)];
    store.set_fuel(99)?;
    let error = fill.call(&mut store, &args, &mut []);
    let trap = error.expect_err("it is too little").as_trap();
    assert_eq!((trap, store.get_fuel()?), (Some(Trap::OutOfFuel), 0));
    // In slices, however small: they are collected until they are enough.
    let mut granted = 30;
    store.set_fuel(granted)?;
    let mut call = fill.call_resumable(&mut store, &args, &mut [])?;
    while let ResumableCall::OutOfFuel(waits) = call {
        assert_eq!(waits.required_fuel(), 100 - granted);
        assert_eq!((bytes(&store, instance)[0], store.get_fuel()?), (0, 0));
        store.set_fuel(30)?;
        granted += 30;
        call = waits.resume(&mut store, &mut [])?;
    }
    assert!(matches!(call, ResumableCall::Finished));
    assert_eq!((granted, store.get_fuel()?), (120, 20));
    assert_eq!(bytes(&store, instance)[(100 << 10) - 1..][..2], [7, 0]);
    Ok(())
}

/// Long copies are made in pieces, which overlap in all ways.
#[test]
fn pieces_of_a_copy_do_not_overwrite_each_other() -> Result<(), Error> {
    const MIB: i32 = 1 << 20;
    let (mut store, linker) = world(());
    let instance = instance(&mut store, &linker, BULK);
    let copy = instance.get_typed_func::<(i32, i32, i32), ()>(&store, "memory.copy")?;
    let memory = memory(&store, instance);
    for (to, from, len) in [
        (0, 1, 3 * MIB),
        (1, 0, 3 * MIB),
        (MIB - 1, 0, 2 * MIB + 1),
        (0, MIB + 1, 2 * MIB + 7),
        (5 * MIB, 0, 2 * MIB),
        (77, 77, MIB + 1),
    ] {
        let mut expected: Vec<u8> = (0..8 * MIB as usize)
            .map(|at| (at * 7 + at / 251) as u8)
            .collect();
        memory.write(&mut store, 0, &expected)?;
        copy.call(&mut store, (to, from, len))?;
        let (to, from, len) = (to as usize, from as usize, len as usize);
        expected.copy_within(from..from + len, to);
        assert!(
            bytes(&store, instance)[..expected.len()] == expected,
            "{to} ← {from}, {len}"
        );
    }
    Ok(())
}

/// One long instruction is stopped in its middle, and many short ones between two of them.
#[test]
fn the_program_can_be_stopped_meanwhile() -> Result<(), Error> {
    let (mut store, linker) = world(0_u32);
    let instance = instance(&mut store, &linker, BULK);
    store.interrupt_routine(|asked| {
        *asked += 1;
        match *asked % 10 {
            0 => Err(Error::new("that is enough")),
            _ => Ok(()),
        }
    });
    let long = instance.get_typed_func::<(i32, i32, i32), ()>(&store, "memory.fill")?;
    let error = long
        .call(&mut store, (0, 1, 64 << 20))
        .expect_err("it is stopped");
    assert!(error.to_string().contains("that is enough"), "{error}");
    let filled = bytes(&store, instance)
        .iter()
        .filter(|byte| **byte == 1)
        .count();
    assert!((1 << 20..16 << 20).contains(&filled), "{filled}");
    // Short ones: the routine is called for each slice of fuel.
    *store.data_mut() = 0;
    let fills = instance.get_typed_func::<(i32, i32), ()>(&store, "fills")?;
    let error = fills
        .call(&mut store, (100_000, 512 << 10))
        .expect_err("it is stopped");
    assert!(error.to_string().contains("that is enough"), "{error}");
    Ok(())
}
