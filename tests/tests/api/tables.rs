//! Operations on tables by the host, and the equality of values.

use interp::{Error, ExternRef, Func, Store, Table, TableType, Trap, Val, ValType};

use crate::world;

fn table(store: &mut Store<()>, element: ValType, min: u64) -> Result<Table, Error> {
    let ty = TableType {
        is_64: false,
        ..TableType::new64(element, min, None)
    };
    Table::new(store, ty, Val::default_for(element))
}

/// A table with different references.
fn numbered(store: &mut Store<()>, len: u64) -> Result<(Table, Vec<Val>), Error> {
    let table = table(store, ValType::ExternRef, len)?;
    let mut values = Vec::new();
    for index in 0..len {
        let value = Val::ExternRef(Some(ExternRef::new(&mut *store, index)));
        table.set(&mut *store, index, value)?;
        values.push(value);
    }
    Ok((table, values))
}

fn elements(store: &Store<()>, table: Table) -> Vec<Val> {
    let element = |index| table.get(store, index).expect("it is within the table");
    (0..table.size(store)).map(element).collect()
}

#[test]
fn filling_and_copying_do_what_the_instructions_do() -> Result<(), Error> {
    let (mut store, _) = world(());
    let null = Val::ExternRef(None);
    let (one, v) = numbered(&mut store, 6)?;
    // Ranges that overlap, both ways.
    Table::copy(&mut store, one, 1, one, 0, 4)?;
    assert_eq!(elements(&store, one), [v[0], v[0], v[1], v[2], v[3], v[5]]);
    Table::copy(&mut store, one, 0, one, 2, 4)?;
    assert_eq!(elements(&store, one), [v[1], v[2], v[3], v[5], v[3], v[5]]);
    let (two, w) = numbered(&mut store, 3)?;
    Table::copy(&mut store, two, 1, one, 3, 2)?;
    assert_eq!(elements(&store, two), [w[0], v[5], v[3]]);
    two.fill(&mut store, 1, null, 2)?;
    assert_eq!(elements(&store, two), [w[0], null, null]);
    // An empty range at the end is within the table.
    two.fill(&mut store, 3, w[1], 0)?;
    Table::copy(&mut store, two, 3, one, 6, 0)
}

#[test]
fn what_does_not_fit_is_an_error_and_changes_nothing() -> Result<(), Error> {
    let (mut store, _) = world(());
    let (one, _) = numbered(&mut store, 4)?;
    let (two, w) = numbered(&mut store, 2)?;
    let funcs = table(&mut store, ValType::FuncRef, 4)?;
    let before = (elements(&store, one), elements(&store, two));
    for (start, len) in [(0, 3), (2, 1), (3, 0), (u64::MAX, 1), (1, u64::MAX)] {
        let outside = Some(Trap::TableOutOfBounds);
        let filled = two.fill(&mut store, start, w[0], len);
        assert_eq!(filled.expect_err("it lies outside").as_trap(), outside);
        let copied = Table::copy(&mut store, one, 0, two, start, len);
        assert_eq!(copied.expect_err("it lies outside").as_trap(), outside);
        let copied = Table::copy(&mut store, two, start, one, 0, len);
        assert_eq!(copied.expect_err("it lies outside").as_trap(), outside);
    }
    let func = Val::FuncRef(Some(Func::wrap(&mut store, || ())));
    assert!(two.fill(&mut store, 0, func, 1).is_err());
    assert!(Table::copy(&mut store, funcs, 0, two, 0, 1).is_err());
    let (mut other, _) = world(());
    let (foreign, f) = numbered(&mut other, 2)?;
    assert!(foreign.fill(&mut store, 0, w[0], 1).is_err());
    assert!(two.fill(&mut store, 0, f[0], 1).is_err());
    assert!(Table::copy(&mut store, two, 0, foreign, 0, 1).is_err());
    assert!(Table::copy(&mut store, foreign, 0, two, 0, 1).is_err());
    assert_eq!((elements(&store, one), elements(&store, two)), before);
    Ok(())
}

#[test]
fn values_are_equal_if_type_and_bits_are() {
    let (mut store, _) = world(());
    assert_eq!(Val::from(f32::NAN), Val::from(f32::NAN));
    assert_ne!(
        Val::F64(0x7ff8_0000_0000_0000),
        Val::F64(0x7ff8_0000_0000_0001)
    );
    assert_ne!(Val::from(0.0_f64), Val::from(-0.0_f64));
    assert_ne!(Val::I32(0), Val::F32(0));
    assert_ne!(Val::I64(1), Val::I64(2));
    assert_ne!(Val::FuncRef(None), Val::ExternRef(None));
    // The same value, but two references.
    let made = [1, 1].map(|value| Val::ExternRef(Some(ExternRef::new(&mut store, value))));
    assert_ne!(made[0], made[1]);
    assert_eq!(made[0], made[0].clone());
}
