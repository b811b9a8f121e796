//! Objects that the host creates, reads and writes; what it cannot do with them; the limits that it sets.

use interp::{
    AnyRef, ArrayRef, ArrayType, ExternRef, FieldType, Global, GlobalType, HeapType, I31, RefType,
    StorageType, StoreLimits, StoreLimitsBuilder, StorePart, StructRef, StructType, Table,
    TableType, Trap, Val, ValType,
};

use super::*;

const fn field(storage: StorageType, mutable: bool) -> FieldType {
    FieldType { storage, mutable }
}

#[test]
fn fields_of_all_types() -> Outcome {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let any = ValType::reference(RefType::new(true, HeapType::Any));
    let types = [
        StorageType::I8,
        StorageType::Val(ValType::V128),
        StorageType::I16,
        StorageType::Val(ValType::F32),
        StorageType::Val(ValType::I64),
        StorageType::Val(any),
        StorageType::Val(ValType::FuncRef),
    ];
    let ty = StructType::new(&engine, types.map(|storage| field(storage, true)));
    assert_eq!(ty.fields().len(), 7);
    let one = AnyRef::from_i31(&store, I31::wrapping_u32(9));
    let values = [
        Val::I32(0x1ff),
        Val::V128(u128::MAX - 5),
        Val::I32(-1),
        Val::from(1.5_f32),
        Val::I64(-7),
        one.into(),
        Val::FuncRef(None),
    ];
    let object = StructRef::new(&mut store, &ty, &values)?;
    let mut read = values;
    // Packed fields keep their lowest bits.
    (read[0], read[2]) = (Val::I32(0xff), Val::I32(0xffff));
    assert_eq!(object.fields(&mut store)?, read);
    assert_eq!(object.ty(&store)?, ty);
    object.set_field(&mut store, 1, Val::V128(3))?;
    object.set_field(&mut store, 5, object.into())?;
    assert_eq!(object.field(&mut store, 1)?, Val::V128(3));
    assert_eq!(object.field(&mut store, 5)?, object.into());
    assert_eq!(object.field(&mut store, 4)?, Val::I64(-7));
    for (field, value) in [(0, Val::I64(0)), (6, Val::AnyRef(None)), (7, Val::I32(0))] {
        assert!(
            object.set_field(&mut store, field, value).is_err(),
            "{field}"
        );
    }
    assert!(StructRef::new(&mut store, &ty, &values[1..]).is_err());
    Ok(())
}

#[test]
fn arrays_of_all_types() -> Outcome {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    for (storage, value, read) in [
        (StorageType::I8, Val::I32(0x102), Val::I32(2)),
        (StorageType::I16, Val::I32(0x1_0203), Val::I32(0x203)),
        (StorageType::Val(ValType::I32), Val::I32(-3), Val::I32(-3)),
        (
            StorageType::Val(ValType::F64),
            Val::from(2.5),
            Val::from(2.5),
        ),
        (
            StorageType::Val(ValType::V128),
            Val::V128(1 << 100),
            Val::V128(1 << 100),
        ),
        (
            StorageType::Val(ValType::ExternRef),
            Val::ExternRef(None),
            Val::ExternRef(None),
        ),
    ] {
        let ty = ArrayType::new(&engine, field(storage, true));
        let array = ArrayRef::new(&mut store, &ty, value, 5)?;
        assert_eq!((array.len(&store)?, array.is_empty(&store)?), (5, false));
        let zero = Val::default_for(storage.unpacked());
        array.set(&mut store, 3, zero)?;
        let elements: Vec<_> = (0..5)
            .map(|index| array.get(&mut store, index))
            .collect::<Outcome<_>>()?;
        assert_eq!(elements, [read, read, read, zero, read]);
        for index in [5, u32::MAX] {
            let error = array
                .get(&mut store, index)
                .expect_err("it is beyond the end");
            assert_eq!(error.as_trap(), Some(Trap::ArrayOutOfBounds));
            assert!(array.set(&mut store, index, zero).is_err());
        }
        let fixed = ArrayRef::new_fixed(&mut store, &ty, &[zero, value])?;
        assert_eq!(fixed.get(&mut store, 1)?, read);
        assert!(ArrayRef::new_fixed(&mut store, &ty, &[])?.is_empty(&store)?);
    }
    let constant = ArrayType::new(&engine, field(StorageType::I8, false));
    let array = ArrayRef::new(&mut store, &constant, Val::I32(1), 1)?;
    assert!(array.set(&mut store, 0, Val::I32(2)).is_err());
    Ok(())
}

#[test]
fn a_place_without_null_refuses_null() -> Outcome {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let ty = StructType::new(&engine, []);
    let exact = ValType::reference(RefType::new(false, ty.heap_type()));
    let object = StructRef::new(&mut store, &ty, &[])?;
    let other = StructRef::new(
        &mut store,
        &StructType::new(&engine, [field(StorageType::I8, false)]),
        &[Val::I32(0)],
    )?;
    let global = GlobalType {
        content: exact,
        mutable: true,
    };
    let global = Global::new(&mut store, global, object.into())?;
    let table = Table::new(&mut store, TableType::new(exact, 1, None), object.into())?;
    let array = ArrayType::new(&engine, field(StorageType::Val(exact), true));
    let array = ArrayRef::new_fixed(&mut store, &array, &[object.into()])?;
    for wrong in [
        Val::AnyRef(None),
        other.into(),
        Val::FuncRef(None),
        Val::I32(0),
    ] {
        assert!(global.set(&mut store, wrong).is_err());
        assert!(table.set(&mut store, 0, wrong).is_err());
        assert!(table.fill(&mut store, 0, wrong, 1).is_err());
        assert!(table.grow(&mut store, 1, wrong).is_err());
        assert!(array.set(&mut store, 0, wrong).is_err());
    }
    assert_eq!(global.get(&store), object.into());
    assert_eq!(table.get(&store, 0), Some(object.into()));
    Ok(())
}

#[test]
fn references_belong_to_a_store() -> Outcome {
    let engine = Engine::default();
    let (mut store, mut foreign) = (Store::new(&engine, ()), Store::new(&engine, ()));
    let ty = StructType::new(&engine, []);
    let object = StructRef::new(&mut foreign, &ty, &[])?;
    let any = AnyRef::from(object);
    assert!(any.ty(&store).is_err() && object.fields(&mut store).is_err());
    assert!(any.as_struct(&store).is_none() && any.as_eq(&store).is_none());
    let boxes = ArrayType::new(
        &engine,
        field(
            StorageType::Val(ValType::reference(RefType::new(true, HeapType::Any))),
            true,
        ),
    );
    assert!(ArrayRef::new(&mut store, &boxes, any.into(), 1).is_err());
    let elsewhere = StructType::new(&Engine::default(), []);
    assert!(StructRef::new(&mut store, &elsewhere, &[]).is_err());
    assert!(StructType::from_heap_type(&engine, HeapType::Struct).is_err());
    assert!(ArrayType::from_heap_type(&engine, ty.heap_type()).is_err());
    assert_eq!(StructType::from_heap_type(&engine, ty.heap_type())?, ty);
    Ok(())
}

#[test]
fn conversions_change_nothing() -> Outcome {
    let text = r#"(module
        (func (export "any") (param externref) (result anyref) (any.convert_extern (local.get 0)))
        (func (export "extern") (param anyref) (result externref) (extern.convert_any (local.get 0)))
        (func (export "is") (param anyref) (result i32 i32 i32)
            (ref.test (ref eq) (local.get 0)) (ref.test (ref any) (local.get 0)) (ref.test (ref null i31) (local.get 0))))"#;
    let (mut store, instance) = instance(text)?;
    let call = |store: &mut Store<()>, name: &str, value: Val, results: &mut [Val]| {
        let func = instance.get_func(&*store, name).ok_or(Error::new("none"))?;
        func.call(&mut *store, &[value], results)
    };
    let mine = ExternRef::new(&mut store, String::from("mine"));
    let mut results = [Val::I32(0)];
    call(&mut store, "any", Val::ExternRef(Some(mine)), &mut results)?;
    let any = results[0].any_ref().ok_or(Error::new("null"))?;
    assert!(any.as_struct(&store).is_none() && any.as_i31().is_none());
    assert_eq!(any.ty(&store)?, HeapType::Any);
    let mut is = [Val::I32(0); 3];
    call(&mut store, "is", any.into(), &mut is)?;
    assert_eq!(is, [0, 1, 0].map(Val::I32));
    call(&mut store, "extern", any.into(), &mut results)?;
    assert_eq!(results, [Val::ExternRef(Some(mine))]);
    assert_eq!(ExternRef::convert_any(any), mine);
    // The host reads no value where the reference is an object of the program.
    let ty = StructType::new(store.engine(), []);
    let object = AnyRef::from(StructRef::new(&mut store, &ty, &[])?);
    call(&mut store, "extern", object.into(), &mut results)?;
    let Val::ExternRef(Some(outside)) = results[0] else {
        return Err(Error::new("null"));
    };
    assert!(outside.data(&store).is_none());
    assert_eq!(AnyRef::convert_extern(outside), object);
    let number = AnyRef::from_i31(&store, I31::wrapping_u32(5));
    assert!(ExternRef::convert_any(number).data(&store).is_none());
    call(&mut store, "is", number.into(), &mut is)?;
    assert_eq!(is, [1, 1, 1].map(Val::I32));
    call(&mut store, "is", Val::AnyRef(None), &mut is)?;
    assert_eq!(is, [0, 0, 1].map(Val::I32));
    Ok(())
}

/// A program that makes a list until there is no room.
const LIST: &str = r#"(module
    (type $list (struct (field (ref null $list)) (field i64)))
    (global $list (mut (ref null $list)) (ref.null $list))
    (func (export "run") (param i32) (result i32)
        (loop $again
            (global.set $list (struct.new $list (global.get $list) (i64.const 1)))
            (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (global.set $list (ref.null $list))
        (i32.const 1)))"#;

#[test]
fn a_full_heap_is_a_trap() -> Outcome {
    for limits in [
        StoreLimitsBuilder::new().heap_size(1 << 20).build(),
        StoreLimitsBuilder::new().total_size(1 << 20).build(),
    ] {
        let engine = Engine::default();
        let module = module(&engine, LIST)?;
        let mut store = Store::new(&engine, limits);
        store.limiter(|limits: &mut StoreLimits| limits);
        let instance = Instance::instantiate(&mut store, &module, &[])?;
        let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
        // What is garbage does not count.
        for _ in 0..20 {
            assert_eq!(run.call(&mut store, 10_000)?, 1);
        }
        let error = run.call(&mut store, 1 << 20).expect_err("the heap is full");
        assert_eq!(error.as_trap(), Some(Trap::HeapFull));
        assert!(error.backtrace().is_some());
        let bytes = store.bytes(StorePart::Objects);
        assert!((900 << 10..=1 << 20).contains(&bytes), "{bytes}");
    }
    Ok(())
}

#[test]
fn objects_of_constant_expressions_count() -> Outcome {
    let engine = Engine::default();
    let text = r#"(module (type $a (array i64))
        (global (ref $a) (array.new $a (i64.const 1) (i32.const 100000))))"#;
    let module = module(&engine, text)?;
    let mut store = Store::new(
        &engine,
        StoreLimitsBuilder::new().heap_size(500_000).build(),
    );
    store.limiter(|limits: &mut StoreLimits| limits);
    let error = Instance::instantiate(&mut store, &module, &[]).expect_err("it is too large");
    assert_eq!(error.as_trap(), Some(Trap::HeapFull));
    let mut store = Store::new(
        &engine,
        StoreLimitsBuilder::new().heap_size(900_000).build(),
    );
    store.limiter(|limits: &mut StoreLimits| limits);
    Instance::instantiate(&mut store, &module, &[])?;
    assert_eq!(store.bytes(StorePart::Objects) / 1000, 800);
    Ok(())
}
