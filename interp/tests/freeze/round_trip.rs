//! A program is frozen after each unit of fuel, and goes on in another store.

use super::*;

#[test]
fn a_program_frozen_at_any_moment_goes_on_elsewhere() {
    for program in PROGRAMS {
        let (said, result, fuel) = whole(program);
        assert!(fuel > 30, "{} is too short", program.name);
        for spent in 0..fuel {
            let (mut home, instance) = store(program);
            let begun = begin(&mut home, instance, spent).expect("it is suspended");
            let before = core::mem::take(&mut home.data_mut().said);
            let call = begun.into_suspended();
            let call = call.unwrap_or_else(|| panic!("{} ends after {spent}", program.name));
            let bytes = frozen(&mut home, &call);
            assert_eq!(bytes, frozen(&mut home, &call), "freezing changes nothing");

            let (mut elsewhere, _) = store(program);
            let thawed = elsewhere.thaw(&mut &bytes[..]).expect("it can be thawed");
            // An op that pays in advance pays again.
            assert!(elsewhere.get_fuel().expect("it is metered") <= spent);
            assert_eq!(
                frozen(&mut elsewhere, &thawed),
                bytes,
                "the state is the same"
            );
            for (mut store, call) in [(elsewhere, thawed), (home, call)] {
                let (after, end) = finish(&mut store, call);
                let at = format!("{} after {spent} units", program.name);
                assert_eq!([before.clone(), after].concat(), said, "{at}");
                assert_eq!(end, result, "{at}");
            }
        }
    }
}

/// The state of a store with a probe at each op goes on in one without, and the other way round.
#[cfg(feature = "probes")]
#[test]
fn a_program_with_probes_is_frozen_as_without() {
    let probed = |program: &Program| {
        prepared(program, |store| {
            store.enable_probes(|_| Ok(()));
            store.probes().add(None, |_| true);
        })
    };
    for program in PROGRAMS {
        let (said, result, fuel) = whole(program);
        for spent in (0..fuel).step_by(3) {
            let mut states = Vec::new();
            for (mut home, instance) in [store(program), probed(program)] {
                let begun = begin(&mut home, instance, spent).expect("it is suspended");
                let before = core::mem::take(&mut home.data_mut().said);
                let call = begun.into_suspended().expect("it has not ended");
                states.push((frozen(&mut home, &call), before));
            }
            // Slots that nobody reads may hold addresses of code, which differ.
            assert_eq!(states[0].0.len(), states[1].0.len());
            for (bytes, before) in states {
                for (mut elsewhere, _) in [store(program), probed(program)] {
                    let thawed = elsewhere.thaw(&mut &bytes[..]).expect("it can be thawed");
                    let (after, end) = finish(&mut elsewhere, thawed);
                    assert_eq!([before.clone(), after].concat(), said);
                    assert_eq!(end, result);
                }
            }
        }
    }
}

#[test]
fn a_host_function_that_failed_is_called_again() {
    for program in PROGRAMS {
        let (said, result, _) = whole(program);
        for number in 1..=said.len() {
            let (mut home, instance) = store(program);
            home.data_mut().fails_at = Some(number);
            let begun = begin(&mut home, instance, u64::MAX).expect("it is suspended");
            assert!(matches!(begun, ResumableCall::HostTrap(_)), "{begun:?}");
            let before = core::mem::take(&mut home.data_mut().said);
            assert_eq!(before.len(), number - 1);
            let call = begun.into_suspended().expect("it has not ended");
            let bytes = frozen(&mut home, &call);
            let (mut elsewhere, _) = store(program);
            let thawed = elsewhere.thaw(&mut &bytes[..]).expect("it can be thawed");
            for (mut store, call) in [(elsewhere, thawed), (home, call)] {
                let (after, end) = finish(&mut store, call);
                assert_eq!([before.clone(), after].concat(), said, "{}", program.name);
                assert_eq!(end, result, "{}", program.name);
            }
        }
    }
}

#[test]
fn a_call_is_suspended_where_and_when_the_embedder_wants() {
    let text = r#"(module
        (import "host" "say" (func $say (param i32) (result i32)))
        (func $main (export "main") (param i32) (result i64)
            (i64.extend_i32_u (call $say (local.get 0))))
        (func (export "run") (result i64)
            (local $n i32)
            (loop $again
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $n) (i32.const 200000))))
            (i64.add (call $main (local.get $n)) (call $main (i32.const 1)))))"#;
    let program = Program {
        name: "main",
        modules: Vec::leak(vec![&*String::leak(text.to_owned())]),
    };
    let (said, result, _) = whole(&program);

    let (mut home, instance) = store(&program);
    let main = instance.get_func(&home, "main").expect("it is exported");
    home.suspend_at(Some(main))
        .expect("it is a function of a module");
    let begun = begin(&mut home, instance, u64::MAX).expect("it is suspended");
    assert!(matches!(begun, ResumableCall::Suspended(_)), "{begun:?}");
    assert!(home.data().said.is_empty(), "the function has not begun");
    let bytes = frozen(
        &mut home,
        &begun.into_suspended().expect("it has not ended"),
    );
    let (mut elsewhere, _) = store(&program);
    let call = elsewhere.thaw(&mut &bytes[..]).expect("it can be thawed");
    assert_eq!(finish(&mut elsewhere, call), (said.clone(), result));

    // A request: the loop takes more than a slice of fuel.
    let (mut home, instance) = store(&program);
    home.interrupt_handle().suspend();
    let begun = begin(&mut home, instance, u64::MAX).expect("it is suspended");
    assert!(matches!(begun, ResumableCall::Suspended(_)), "{begun:?}");
    let call = begun.into_suspended().expect("it has not ended");
    assert_eq!(finish(&mut home, call), (said.clone(), result));

    // An ordinary call cannot be suspended, and the request waits for one that can.
    let (mut home, instance) = store(&program);
    let main = instance.get_func(&home, "main").expect("it is exported");
    home.interrupt_handle().suspend();
    home.suspend_at(Some(main))
        .expect("it is a function of a module");
    let run = instance.get_func(&home, "run").expect("it is exported");
    let mut results = [Val::I64(0)];
    run.call(&mut home, &[], &mut results).expect("it ends");
    assert_eq!(results[0].i64(), Some(result.cast_signed()));
    let begun = begin(&mut home, instance, u64::MAX).expect("it is suspended");
    assert!(matches!(begun, ResumableCall::Suspended(_)), "{begun:?}");
}

/// The file of a state.
fn file(folder: &str, program: &Program, spent: u64) -> std::path::PathBuf {
    std::path::Path::new(folder).join(format!("{}-{spent}", program.name))
}

/// The moments of which states are exchanged between builds.
fn moments(fuel: u64) -> impl Iterator<Item = u64> {
    (0..fuel).step_by(3)
}

#[test]
#[ignore = "writes states for a test of another build: CONTRIBUTING has the commands"]
fn states_are_written_for_another_build() {
    let folder = std::env::var("STATES").expect("STATES names a folder");
    for program in PROGRAMS {
        let (_, _, fuel) = whole(program);
        for spent in moments(fuel) {
            let (mut home, instance) = store(program);
            let begun = begin(&mut home, instance, spent).expect("it is suspended");
            let call = begun.into_suspended().expect("it has not ended");
            std::fs::write(file(&folder, program, spent), frozen(&mut home, &call))
                .expect("it is written");
        }
    }
}

#[test]
#[ignore = "needs the states of another build: CONTRIBUTING has the commands"]
fn states_of_another_build_go_on_here() {
    let folder = std::env::var("STATES").expect("STATES names a folder");
    for program in PROGRAMS {
        let (said, result, fuel) = whole(program);
        for spent in moments(fuel) {
            let bytes = std::fs::read(file(&folder, program, spent)).expect("it was written");
            let (mut store, _) = store(program);
            let call = store.thaw(&mut &bytes[..]).expect("it can be thawed");
            let (after, end) = finish(&mut store, call);
            assert!(said.ends_with(&after), "{} after {spent}", program.name);
            assert_eq!(end, result, "{} after {spent}", program.name);
        }
    }
}
