//! Suspended calls in the wrong store, with wrong results, and without their store.

use interp::{Engine, Error, Instance, ResumableCall, Store};

use super::{World, supplied, waiting, zeros};
use crate::module;

#[test]
fn a_call_of_another_store_and_wrong_results_are_refused() -> Result<(), Error> {
    for wrong in 0..4 {
        let (mut here, mut there) = (waiting(), waiting());
        let mut results = zeros();
        let ResumableCall::HostTrap(call) = there.begin(&mut results) else {
            panic!("the host waits");
        };
        let fits = supplied(3);
        let outcome = match wrong {
            0 => call.resume(&mut here.store, &fits, &mut results),
            1 => call.resume(&mut there.store, &fits[..2], &mut results),
            2 => call.resume(&mut there.store, &[fits[1], fits[0], fits[2]], &mut results),
            _ => call.resume(&mut there.store, &fits, &mut []),
        };
        let error = outcome.expect_err("it does not fit").to_string();
        assert_eq!(error.contains("another store"), wrong == 0, "{error}");
        // Both stores are whole.
        there.disturb(true);
        here.disturb(true);
    }
    let (mut here, mut there) = (World::new(), World::new());
    there.store.set_fuel(3)?;
    let ResumableCall::OutOfFuel(call) = there.begin(&mut zeros()) else {
        panic!("there is no fuel");
    };
    let error = call.resume(&mut here.store, &mut zeros());
    assert!(error.is_err_and(|error| error.to_string().contains("another store")));
    Ok(())
}

/// Suspended calls can be kept by another thread, and outlive their store.
#[test]
fn a_suspended_call_may_outlive_its_store() {
    fn is_sent<V: Send + Sync>(_: &V) {}
    let mut world = World::new();
    world.store.set_fuel(40).expect("it is metered");
    let call = world.begin(&mut zeros());
    is_sent(&call);
    drop(world);
    drop(call);
    let engine = Engine::default();
    let module = module(&engine, "(module)");
    let mut store = Store::new(&engine, ());
    Instance::instantiate(&mut store, &module, &[]).expect("it is empty");
}
