//! Whoever changes a state can make the program wrong, but not harm the host. `DAMAGED=N` tries N states of each program.

use super::*;
use interp::{StoreLimits, StoreLimitsBuilder, ThawError};

/// A generator of numbers: xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
}

/// FNV-1a, which a state ends with.
fn hash(bytes: &[u8]) -> [u8; 8] {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step).to_le_bytes()
}

/// Thaws and runs a state. Returns whether it could be thawed.
fn attempt(program: &Program, bytes: &[u8]) -> bool {
    let (mut store, _) = store(program);
    let call = match store.thaw(&mut &bytes[..]) {
        Ok(call) => call,
        Err(ThawError::Read(never)) => panic!("a slice can be read: {never:?}"),
        Err(error) => {
            assert!(!error.to_string().contains('\n'), "{error}");
            return false;
        }
    };
    store.set_fuel(5_000).expect("fuel is metered");
    // It ends, or is suspended again, or traps.
    if let Ok(call) = call.resume(&mut store, &mut [Val::I64(0)])
        && let Some(call) = call.into_suspended()
    {
        let _ = store.freeze(&call, &mut Vec::new());
    }
    true
}

#[test]
fn a_cut_or_changed_state_is_refused() {
    let (mut home, instance) = store(&PROGRAMS[0]);
    let call = begin(&mut home, instance, 40).expect("it is suspended");
    let bytes = frozen(&mut home, &call.into_suspended().expect("it has not ended"));
    for end in 0..bytes.len() {
        assert!(!attempt(&PROGRAMS[0], &bytes[..end]), "cut off at {end}");
    }
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert!(!attempt(&PROGRAMS[0], &changed), "changed at {at}");
    }
    assert!(attempt(&PROGRAMS[0], &bytes));
}

#[test]
fn a_state_with_a_right_hash_harms_nobody() {
    let rounds = std::env::var("DAMAGED").map_or(600, |text| text.parse().expect("a number"));
    for program in PROGRAMS {
        let (_, _, fuel) = whole(program);
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        let (mut thawed, mut states) = (0, Vec::new());
        for _ in 0..20 {
            let (mut home, instance) = store(program);
            let spent = random.below(fuel as usize) as u64;
            let call = begin(&mut home, instance, spent).expect("it is suspended");
            states.push(frozen(
                &mut home,
                &call.into_suspended().expect("it has not ended"),
            ));
        }
        for _ in 0..rounds {
            let mut bytes = states[random.below(states.len())].clone();
            let end = bytes.len() - 8;
            for _ in 0..=random.below(3) {
                // The call is at the end.
                let part = [end, end.min(400)][random.below(2)];
                let near = 1 + random.below(part);
                let at = end - near;
                bytes[at] = match random.below(4) {
                    0 => 0,
                    1 => 0xff,
                    2 => bytes[at] ^ 1 << random.below(8),
                    _ => random.below(256) as u8,
                };
            }
            let hash = hash(&bytes[..end]);
            bytes[end..].copy_from_slice(&hash);
            thawed += usize::from(attempt(program, &bytes));
        }
        assert!(
            thawed > rounds / 20,
            "{}: only {thawed} of {rounds} were thawed",
            program.name
        );
    }
}

#[test]
fn limits_of_the_store_apply() {
    let program = &PROGRAMS[1];
    let (_, _, fuel) = whole(program);
    let (mut home, instance) = store(program);
    let call = begin(&mut home, instance, fuel - 1).expect("it is suspended");
    let bytes = frozen(&mut home, &call.into_suspended().expect("it has not ended"));

    let engine = engine();
    let limits = StoreLimitsBuilder::new().memory_size(5 << 16).build();
    let mut small = Store::new(&engine, limits);
    small.limiter(|limits: &mut StoreLimits| limits);
    small.set_fuel(u64::MAX).expect("fuel is metered");
    let mut linker = Linker::new(&engine);
    linker
        .func_wrap("host", "say", |what: i32| what)
        .expect("it is new");
    let text = wat::parse_str(program.modules[0]).expect("the text is a module");
    let module = Module::new(&engine, text).expect("the module is valid");
    linker
        .instantiate(&mut small, &module)
        .expect("it is linked");
    let error = small
        .thaw(&mut &bytes[..])
        .expect_err("the memory is larger");
    assert!(matches!(error, ThawError::Store(_)), "{error}");
    assert!(error.to_string().contains("a limit forbids it"), "{error}");
}
