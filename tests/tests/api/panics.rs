//! The embedder's code panics wherever it is called. The panic arrives at the call that started the program, the store stays usable, and
//! the code is called again the next time.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use interp::{
    CallHook, Error, Linker, ResourceLimiter, ResumableCall, Store, StorePart, TypedFunc,
    UpdateDeadline, Val,
};

use crate::instance;

/// `work` calls the host, grows a memory and a table by one, and returns the sum of both sizes and of its argument.
const TEXT: &str = r#"(module
    (import "host" "work" (func $host))
    (memory (export "memory") 1)
    (table 1 funcref)
    (func (export "work") (param i64) (result i64)
        (call $host)
        (drop (memory.grow (i32.const 1)))
        (drop (table.grow (ref.null func) (i32.const 1)))
        (call $add (local.get 0)))
    (func $add (param i64) (result i64)
        (i64.add (local.get 0)
            (i64.extend_i32_u (i32.add (memory.size) (table.size))))))"#;

/// A place where the embedder's code runs.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Hook(CallHook),
    Host,
    Memory,
    Table,
    Total(StorePart),
    Epoch,
}

/// The data of the store: where the embedder panics.
#[derive(Default)]
struct Embedder {
    panics: Option<Place>,
    /// How often it was called at that place.
    calls: u32,
}

impl Embedder {
    fn at(&mut self, place: Place) {
        if self.panics == Some(place) {
            self.calls += 1;
            // The second time it does not panic, so that a test sees that it was called.
            if self.calls == 1 {
                resume_unwind(Box::new("a panic of the embedder's"));
            }
        }
    }
}

impl ResourceLimiter for Embedder {
    fn memory_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, Error> {
        self.at(Place::Memory);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool, Error> {
        self.at(Place::Table);
        Ok(true)
    }

    fn total_growing(&mut self, part: StorePart, _: usize, _: usize) -> Result<bool, Error> {
        self.at(Place::Total(part));
        Ok(true)
    }
}

fn world() -> (Store<Embedder>, TypedFunc<i64, i64>) {
    let (mut store, mut linker): (_, Linker<Embedder>) = crate::world(Embedder::default());
    linker
        .func_wrap(
            "host",
            "work",
            |mut caller: interp::Caller<'_, Embedder>| {
                caller.data_mut().at(Place::Host);
            },
        )
        .expect("it is free");
    let instance = instance(&mut store, &linker, TEXT);
    let work = instance.get_typed_func(&store, "work");
    store.limiter(|embedder| embedder);
    store.call_hook(|mut store, change| {
        store.data_mut().at(Place::Hook(change));
        Ok(())
    });
    store.epoch_deadline_callback(|embedder| {
        embedder.at(Place::Epoch);
        Ok(UpdateDeadline::Continue(0))
    });
    // It is always reached.
    store.set_epoch_deadline(0);
    (store, work.expect("it is exported"))
}

const PLACES: [Place; 10] = [
    Place::Hook(CallHook::CallingWasm),
    Place::Hook(CallHook::ReturningFromWasm),
    Place::Hook(CallHook::CallingHost),
    Place::Hook(CallHook::ReturningFromHost),
    Place::Host,
    Place::Memory,
    Place::Table,
    Place::Total(StorePart::Memories),
    Place::Total(StorePart::Code),
    Place::Epoch,
];

/// Calls `work` in a way that may panic, then plainly.
fn panics_and_goes_on(call: impl Fn(&mut Store<Embedder>, TypedFunc<i64, i64>)) {
    for place in PLACES {
        let (mut store, work) = world();
        store.data_mut().panics = Some(place);
        let caught = catch_unwind(AssertUnwindSafe(|| call(&mut store, work)));
        let payload = caught.expect_err("the panic passes through");
        let said = payload.downcast_ref::<&str>();
        assert_eq!(said, Some(&"a panic of the embedder's"), "{place:?}");
        let sum = |store: &mut Store<Embedder>| work.call(store, 1000).expect("it goes on");
        let first = sum(&mut store);
        assert!((1004..=1006).contains(&first), "{place:?}: {first}");
        assert_eq!(sum(&mut store), first + 2, "{place:?}");
        // Code is lowered, and so counted, once.
        let calls = store.data().calls;
        assert!(calls > 1, "{place:?}: it is not called any more");
    }
}

#[test]
fn of_an_ordinary_call() {
    panics_and_goes_on(|store, work| {
        let _ = work.call(store, 1);
    });
}

#[test]
fn of_a_resumable_call() {
    panics_and_goes_on(|store, work| {
        let call = work
            .func()
            .call_resumable(store, &[Val::I64(1)], &mut [Val::I64(0)]);
        assert!(matches!(call, Ok(ResumableCall::Finished)));
    });
}
