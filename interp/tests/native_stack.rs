//! Every op, a million times, on a native stack of 64 KiB: an op whose handler does not jump to the next one, but
//! calls it, overflows that after a few thousand.
//!
//! Most ops are run by what their fields say. Calls and returns need another function, and are told by name.

mod bare;

use std::thread;

use bare::{Bare, Code, FOREIGN, HOST, Start};
use interp::Trap;
use interp::dispatch::{self, Field, OpDef, OpNumber};
use interp::machine::Exit;
use interp::ops::branch::Br;
use interp::ops::call::{Call, CallImport, Halt, Return, ReturnValue};
use interp::ops::data::Move;
use interp::ops::go::{GoCall, GoResume};
use interp::ops::intrinsic;
use interp::ops::memories::DataDrop;
use interp::ops::shape::{Imm16, Imm64, Slot, ToAcc, ToSlot};
use interp::ops::{COUNT, def, number, numbers};

/// Bytes of the native stack.
const STACK: usize = 64 << 10;
/// How often each op runs. The loop of debug builds returns after each op and cannot fail, so a pass or two will do.
const RUNS: usize = if cfg!(debug_assertions) {
    5_000
} else {
    1_000_000
};
/// How often those that may pause do.
const PAUSES: usize = 20_000;
/// How often an op stands in the code that is repeated.
const UNITS: usize = 200;

/// What is in the slots that ops read: comparisons hold and do not, conditions are met and are not.
const INPUTS: [[u64; 3]; 3] = [[7, 7, 7], [7, 9, 7], [9, 7, 0]];
/// The slots of inputs, the last of which is 0, and one that is written.
const SLOTS: [usize; 4] = [10, 11, 12, 13];
const DST: i64 = 20;
/// Where the frames of called functions begin, and where in such a frame the next one does.
const BASE: i64 = 30;
const INNER_BASE: i64 = 5;
/// Where the header of a function with one parameter lies.
const HEADER: i64 = 1;
/// The elements of the table that are function 0, one of another instance, one of the host.
const CALLEES: [u64; 3] = [7, 9, 10];

/// Ops that cannot run again and again, with the reason.
const LEFT_OUT: [(&str, &str); 3] = [
    ("halt", "stops the machine; each run here ends with it"),
    ("unreachable", "always traps"),
    ("atomic.unshared", "always traps"),
];

#[test]
fn no_op_leaves_anything_on_the_native_stack() {
    let thread = thread::Builder::new().stack_size(STACK).spawn(|| {
        let mut failed = Vec::new();
        for op in numbers().filter(|op| left_out(*op).is_none()) {
            for inputs in INPUTS {
                if let Err(what) = repeat(op, inputs) {
                    let def = def(op);
                    failed.push(format!(
                        "{} {} {:?}: {what}",
                        def.form, def.name, def.fields
                    ));
                }
            }
        }
        failed
    });
    let failed = thread
        .expect("a thread can be started")
        .join()
        .expect("the thread does not panic");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let left_out = numbers().filter_map(left_out).count();
    println!(
        "{} of {COUNT} ops ran {RUNS} times each ({}); {left_out} left out: {LEFT_OUT:?}",
        COUNT - left_out,
        dispatch::NAME
    );
    assert_eq!(left_out, LEFT_OUT.len(), "what is left out exists");
}

fn left_out(op: OpNumber) -> Option<&'static str> {
    let name = def(op).name;
    LEFT_OUT
        .iter()
        .find(|(other, _)| *other == name)
        .map(|(_, reason)| *reason)
}

/// Runs an op its share of [`RUNS`] times in a loop, with these inputs; and again so that each branch back and each
/// call asks the runtime for fuel.
fn repeat(op: OpNumber, inputs: [u64; 3]) -> Result<(), String> {
    let mut bare = Bare::new();
    #[cfg(feature = "gc")]
    add_objects(&mut bare);
    // Addresses that are found in memory lie in it.
    bare.memories[0].fill(0);
    let mut code = Code::default();
    for _ in 0..UNITS {
        unit(op, &mut bare, &mut code);
    }
    set_slots(&mut bare, inputs);
    let mut once = code.clone();
    once.with(number::<Halt>(), &[]);
    let plenty = 1 << 32;
    let (exit, left) = bare.run(
        &once,
        Start {
            fuel: plenty,
            ..Start::default()
        },
    );
    if exit != Exit::Done {
        return Err(format!("one pass ends with {exit:?}"));
    }
    let back = -(code.len() as i64);
    code.with(number::<Br<true>>(), &[back]);
    let each_pass = plenty - left + 1;
    let passes = |runs: usize| (runs / UNITS).div_ceil(INPUTS.len()) as i64;
    let with_pauses = each_pass * passes(PAUSES);
    for (fuel, grants) in [(each_pass * passes(RUNS), 0), (0, with_pauses as usize)] {
        set_slots(&mut bare, inputs);
        bare.set_grants(grants);
        let (exit, _) = bare.run(
            &code,
            Start {
                fuel,
                ..Start::default()
            },
        );
        if exit != Exit::Trap(Trap::OutOfFuel) {
            return Err(format!("many passes end with {exit:?}"));
        }
    }
    Ok(())
}

/// Adds objects for the references that are among [`INPUTS`]. Their arrays are as long as the greatest index and length there.
#[cfg(feature = "gc")]
fn add_objects(bare: &mut Bare) {
    let most = INPUTS.into_iter().flatten().max().unwrap_or_default();
    let len = 2 * most;
    let object = bare::Thing {
        len: len as u32,
        // A vector takes two slots.
        data: vec![0; 2 * len as usize],
        ..bare::Thing::default()
    };
    bare.objects = vec![object; most as usize];
}

fn set_slots(bare: &mut Bare, inputs: [u64; 3]) {
    bare.slots.fill(0);
    // Go's stack pointer, and its copy.
    bare.slots[3] = 1024;
    bare.globals[0] = 1024;
    for (slot, value) in SLOTS.into_iter().zip(inputs) {
        bare.slots[slot] = value;
    }
    for (callee, slot) in CALLEES.into_iter().zip(40..) {
        bare.slots[slot] = callee;
        bare.slots[slot + 3] = callee << 16;
        let reference = [1, FOREIGN as u64 + 1, HOST as u64 + 1][slot - 40];
        bare.tables[0][callee as usize] = reference;
        bare.slots[slot + 6] = reference;
    }
}

/// Appends one execution of an op, with whatever it needs around it.
fn unit(op: OpNumber, bare: &mut Bare, code: &mut Code) {
    let name = def(op).name;
    match name {
        "call" => {
            bare.set_func(0, plain_return());
            operands(code, op, None, 0);
        }
        "call_import" => {
            for func in [0, FOREIGN, HOST] {
                bare.set_func(func, plain_return());
                operands(code, op, None, func as i64);
            }
        }
        "call_indirect" | "go.call_indirect" | "call_ref" => {
            bare.set_func(FOREIGN, plain_return());
            bare.set_func(0, plain_return());
            let first = match name {
                "call_indirect" => 40,
                "go.call_indirect" => 43,
                _ => 46,
            };
            for (slot, callee) in (first..first + 3).zip(CALLEES) {
                set_accumulators(code, op, callee);
                operands(code, op, Some(slot), 0);
                if name == "go.call_indirect" {
                    reset_sp(code);
                }
            }
        }
        "return_call" | "return_call_import" | "return_call_indirect" => {
            tail_call(op, bare, code, 40);
        }
        "return_call_ref" => tail_call(op, bare, code, 46),
        "lower" => {
            // Function 2 has no code, until it is forgotten again.
            code.with(number::<Call>(), &[2, BASE, HEADER])
                .with(number::<DataDrop>(), &[0]);
        }
        "restore" => {
            bare.set_func(FOREIGN, plain_return());
            code.with(number::<CallImport>(), &[FOREIGN as i64, BASE]);
        }
        "return" | "freturn" => {
            let mut callee = Code::default();
            operands(&mut callee, op, Some(0), 0);
            bare.set_func(0, callee);
            code.with(number::<Call>(), &[0, BASE, HEADER]);
        }
        "go.call" | "go.return" => {
            let mut callee = Code::default();
            if name == "go.return" {
                operands(&mut callee, op, None, 0);
                // As the callee pops its frame of three bytes.
                code.with(number::<GoCall>(), &[0, 3, BASE]);
            } else {
                callee = plain_return();
                operands(code, op, None, 0);
            }
            bare.set_func(0, callee);
            code.with(number::<GoResume>(), &[]);
            // The stack pointer as it was.
            reset_sp(code);
        }
        "go.resume" => {
            let mut callee = Code::default();
            callee.with(number::<ReturnValue<u64, Imm16>>(), &[HEADER, 1]);
            bare.set_func(0, callee);
            let mut caller = Code::default();
            reset_sp(&mut caller);
            caller
                .with(number::<GoCall>(), &[0, 3, INNER_BASE])
                .with(op, &[]);
            bare.set_func(1, caller);
            code.with(number::<Call>(), &[1, BASE, HEADER]);
        }
        "go.memequal" | "go.memcmp" | "go.memchr" => {
            let header = i64::from(intrinsic::PARAMETERS);
            let mut callee = Code::default();
            callee.with(op, &[]).with(number::<Return>(), &[header]);
            bare.set_func(0, callee);
            // Three bytes; a `c` that is one, and a `q`.
            for (place, argument) in (BASE..).zip([7, 9, 3]) {
                code.with(number::<Move<u64, Imm16, ToSlot>>(), &[argument, place]);
            }
            code.with(number::<Call>(), &[0, BASE, header]);
        }
        #[cfg(feature = "probes")]
        "probe" => {
            // In place of an op that loads a constant.
            let hidden = number::<Move<u64, Imm16, ToAcc>>();
            let granule = dispatch::granule(hidden);
            bare.set_answer(Ok(Some(granule.into())));
            let mut constant = Code::default();
            constant.with(hidden, &[7]).rename(op);
            code.append(&constant);
        }
        "array.copy" => {
            // Within an array: the reference, the index, again both, the length.
            let mut slots = [0, 1, 0, 1, 2].into_iter().map(|input| SLOTS[input] as i64);
            code.op(op, |_, _| slots.next().expect("a slot for each input"));
        }
        _ => {
            // A reference has the type that it is cast to.
            if name == "ref.cast" {
                bare.set_answer(Ok(Some(1)));
            }
            set_accumulators(code, op, 7);
            operands(code, op, None, 0);
            if def(op).fields.iter().any(|field| field.is_label()) {
                backward(op, code);
            }
        }
    }
}

/// A function that returns what it is given.
fn plain_return() -> Code {
    let mut code = Code::default();
    code.with(number::<Return>(), &[HEADER]);
    code
}

/// Function 1 makes the tail call, function 0 and those of others return. Function 1 gets what is in slot `callee`.
fn tail_call(op: OpNumber, bare: &mut Bare, code: &mut Code, callee: i64) {
    bare.set_func(0, plain_return());
    bare.set_func(FOREIGN, plain_return());
    let mut caller = Code::default();
    // The parameter names the element of the table, or the function.
    operands(&mut caller, op, Some(0), 0);
    caller.with(number::<Return>(), &[HEADER]);
    bare.set_func(1, caller);
    code.with(COPY, &[callee, BASE]);
    code.with(number::<Call>(), &[1, BASE, HEADER]);
}

/// `slot ← slot`.
const COPY: OpNumber = number::<Move<u64, Slot, ToSlot>>();

/// Sets Go's stack pointer and its copy to what they were at first.
fn reset_sp(code: &mut Code) {
    code.with(number::<Move<u64, Imm16, ToSlot>>(), &[1024, 3]);
}

/// Puts `value` into the accumulators that the op reads.
fn set_accumulators(code: &mut Code, op: OpNumber, value: u64) {
    for field in def(op).fields {
        match field {
            Field::Acc => {
                code.with(number::<Move<u64, Imm16, ToAcc>>(), &[value as i64]);
            }
            Field::Facc => {
                code.with(
                    number::<Move<f64, Imm64, ToAcc>>(),
                    &[1.5_f64.to_bits() as i64],
                );
            }
            _ => {}
        }
    }
}

/// Appends the op. Its first slot is `slot` if that is given, its wide index is `index`; a branch goes to what follows.
fn operands(code: &mut Code, op: OpNumber, slot: Option<i64>, index: i64) {
    let def = def(op);
    let length = length(&def);
    let mut slots = slot
        .into_iter()
        .chain(SLOTS.into_iter().map(|slot| slot as i64));
    code.op(op, |_, field| match field {
        Field::Dst => DST,
        Field::Slot => slots.next().expect("a slot for each input"),
        Field::Also => BASE,
        Field::Base => {
            if def.name.starts_with("return") {
                INNER_BASE
            } else {
                BASE
            }
        }
        Field::Header => HEADER,
        Field::Func32 | Field::Import | Field::Global32 => index,
        Field::Type | Field::Data | Field::Elem | Field::Tag | Field::Count32 => index,
        Field::Func16 | Field::Global16 | Field::Memory | Field::Table => 0,
        Field::Count16 | Field::EachImm16 | Field::EachOffset16 => 0,
        Field::Offset16 | Field::Offset32 => 8,
        label if label.is_label() => length,
        _ => 3,
    });
}

/// Granules of an op, with a table of one target.
fn length(def: &OpDef) -> i64 {
    let labels = def.fields.iter().filter_map(|field| field.granules_each());
    (def.granules() + labels.sum::<usize>()) as i64
}

/// Appends the op so that it branches back, if it does: to a jump over it.
fn backward(op: OpNumber, code: &mut Code) {
    let def = def(op);
    let length = length(&def);
    set_accumulators(code, op, 7);
    // Over the way back, to the op.
    code.with(number::<Br<true>>(), &[6]);
    code.with(number::<Br<true>>(), &[3 + length]);
    let mut slots = SLOTS.into_iter().map(|slot| slot as i64);
    code.op(op, |_, field| match field {
        Field::Slot => slots.next().expect("a slot for each input"),
        Field::Also | Field::Base => BASE,
        Field::Count16 | Field::Count32 | Field::EachImm16 | Field::EachOffset16 => 0,
        label if label.is_label() => -3,
        _ => 3,
    });
}
