//! `--trace-calls`: each call and each return.
//!
//! A function is seen at its first op, and at the ops that return. A call that ends in another way (by an exception, or by a
//! tail call) is missed there; it is known by the next frame that is not inside of it.

use go_tables::Parameter;
use interp::inspect::decode::Decoded;
use interp::inspect::values::{Type, Value};
use interp::{Instance, Probed, Val};

use super::Output;
use super::format::{Argument, CallEvent};
use crate::places::Places;

/// Words of Go's arguments or results that are printed if their types are not known.
const MOST_WORDS: usize = 5;

/// The slot of the copy of Go's stack pointer; see `interp::ops::go`.
const SP_GLOBAL: u32 = 0;

/// Returns whether a probe in front of an op tells of a call or a return.
pub(super) fn is_seen(op: &Decoded) -> bool {
    op.at == 0 || op.is_return() || op.def().name == "go.resume"
}

/// The calls that have not returned.
#[derive(Default)]
pub(super) struct Calls {
    open: Vec<Call>,
}

/// A call.
struct Call {
    instance: Instance,
    func: u32,
    frame: usize,
}

impl Calls {
    pub(super) fn see<T>(&mut self, at: &mut Probed<'_, T>, places: &mut Places, out: &mut Output) {
        let frame = at.frame();
        while self.open.last().is_some_and(|call| call.frame > frame) {
            self.open.pop();
        }
        let Some(op) = at.op() else { return };
        // The first op can be the last one, too.
        if op.at == 0 {
            self.enter(at, places, out);
        }
        if op.is_return() {
            self.leave(at, &op, places, out);
        } else if op.def().name == "go.resume" && unwinds(at) {
            // A goroutine that waits unwinds: all functions return, and go on later.
            self.open.pop();
        }
    }

    fn enter<T>(&mut self, at: &Probed<'_, T>, places: &mut Places, out: &mut Output) {
        let frame = at.frame();
        let call = Call {
            instance: at.instance(),
            func: at.defined_func(),
            frame,
        };
        let is_known = |known: &Call| known.instance == call.instance && known.func == call.func;
        match self.open.last() {
            // A loop that begins with the function.
            Some(known) if known.frame == frame && is_known(known) => return,
            // A tail call.
            Some(known) if known.frame == frame => drop(self.open.pop()),
            _ => {}
        }
        let depth = self.open.len();
        self.open.push(call);
        let func = places.func(at, at.instance(), at.defined_func());
        // A Go function that goes on where it has waited.
        let module = at.module();
        let takes_one = module.info().func_type(func_index(at)).params().len() == 1;
        // Its lower half: an `i32`.
        let resume = (func.is_go && takes_one).then(|| at.slots()[0] & 0xffff_ffff);
        let resume = resume.filter(|resume| *resume != 0);
        let values = match func.is_go {
            // The return address is on top.
            true => {
                let memory = arguments(at, 8, func.arguments).unwrap_or_default();
                go_parameters(memory, func.parameters.as_deref())
            }
            false => plain(parameters(at)),
        };
        let event = CallEvent {
            depth,
            func: func_index(at),
            name: &func.name,
            line: func.start.as_ref(),
            is_return: false,
            resume,
            values: &values,
        };
        let text = out.format.call(&event);
        out.line(&text);
    }

    fn leave<T>(
        &mut self,
        at: &mut Probed<'_, T>,
        op: &Decoded,
        places: &mut Places,
        out: &mut Output,
    ) {
        // The call was not seen if the trace began inside of it.
        if self
            .open
            .last()
            .is_some_and(|call| call.frame == at.frame())
        {
            self.open.pop();
        }
        let func = places.func(&*at, at.instance(), at.defined_func());
        let values = match func.is_go {
            true => {
                // The op pops the frame and the return address.
                let popped = op.operands.first().map_or(0, |operand| operand.value);
                let popped = u64::try_from(popped).unwrap_or(0);
                let memory = arguments(at, popped, func.arguments).unwrap_or_default();
                go_results(memory, func.parameters.as_deref())
            }
            false => plain(results(at, op)),
        };
        let event = CallEvent {
            depth: self.open.len(),
            func: func_index(at),
            name: &func.name,
            line: func.start.as_ref(),
            is_return: true,
            resume: None,
            values: &values,
        };
        let text = out.format.call(&event);
        out.line(&text);
    }
}

fn plain(values: Vec<Value>) -> Vec<Argument> {
    values.into_iter().map(Argument::Value).collect()
}

fn func_index<T>(at: &Probed<'_, T>) -> u32 {
    at.module().info().imported_funcs() + at.defined_func()
}

/// Whether the `go.resume` at which the program has stopped will unwind: the callee has returned 1.
fn unwinds<T>(at: &Probed<'_, T>) -> bool {
    let ops = at.ops();
    let here = ops.partition_point(|op| op.at < at.granule());
    let call = here.checked_sub(1).and_then(|before| ops.get(before));
    let base = call.and_then(|call| {
        let is_base = |operand: &&interp::inspect::decode::Operand| {
            operand.field == interp::dispatch::Field::Base
        };
        Some(call.operands.iter().find(is_base)?.value)
    });
    let slot = base.and_then(|base| usize::try_from(base).ok());
    slot.and_then(|slot| at.slots().get(slot))
        .is_some_and(|result| *result as u32 != 0)
}

/// The parameters of a function that begins.
fn parameters<T>(at: &Probed<'_, T>) -> Vec<Value> {
    let module = at.module();
    let ty = module.info().func_type(func_index(at));
    typed(at, ty.params())
}

/// The results that an op returns.
fn results<T>(at: &Probed<'_, T>, op: &Decoded) -> Vec<Value> {
    use interp::dispatch::Field;
    let module = at.module();
    let ty = module.info().func_type(func_index(at));
    let [result] = ty.results() else {
        return typed(at, ty.results());
    };
    let result = Type::from(*result);
    for operand in &op.operands {
        let slot = match operand.field {
            Field::Slot => {
                let slot = usize::try_from(operand.value).ok();
                slot.and_then(|slot| at.slots().get(slot).copied())
            }
            Field::Acc => Some(at.acc()),
            Field::Facc => Some(at.facc().to_bits()),
            Field::Imm16 => Some(operand.value.cast_unsigned()),
            _ => None,
        };
        if let Some(slot) = slot {
            return vec![result.value(slot)];
        }
    }
    typed(at, ty.results())
}

/// The first slots of the frame as values of these types.
fn typed<T>(at: &Probed<'_, T>, types: &[wasmparser::ValType]) -> Vec<Value> {
    let mut slots = at.slots().iter().copied();
    let mut values = Vec::new();
    for ty in types {
        let Some(low) = slots.next() else { break };
        values.push(match ty {
            wasmparser::ValType::V128 => {
                let high = slots.next().unwrap_or(0);
                Value::V128(u128::from(high) << 64 | u128::from(low))
            }
            ty => Type::from(*ty).value(low),
        });
    }
    values
}

/// The memory of a Go function's arguments and results: `above` bytes above Go's stack pointer.
fn arguments<'a, T>(at: &'a Probed<'_, T>, above: u64, bytes: usize) -> Option<&'a [u8]> {
    let instance = at.instance();
    let Val::I32(sp) = instance.debug_global(at, SP_GLOBAL)?.get(at) else {
        return None;
    };
    let memory = instance.get_memory(at, "memory")?.data(at);
    let from = usize::try_from(u64::from(sp.cast_unsigned()) + above).ok()?;
    memory.get(from..from.checked_add(bytes)?)
}

/// The parameters of a Go function, as far as the table has them; otherwise the words there.
fn go_parameters(memory: &[u8], parameters: Option<&[Parameter]>) -> Vec<Argument> {
    let Some(parameters) = parameters else {
        return words(memory);
    };
    // The values around the one that is read.
    let mut outer = Vec::new();
    let mut values = Vec::new();
    for parameter in parameters {
        let argument = match *parameter {
            Parameter::Word { offset, size } => {
                let from = usize::from(offset);
                let bytes = memory.get(from..from + usize::from(size).min(8));
                let mut word = [0; 8];
                let bytes = bytes.unwrap_or_default();
                word[..bytes.len()].copy_from_slice(bytes);
                Argument::Value(Value::Bits(u64::from_le_bytes(word)))
            }
            Parameter::Begin => {
                outer.push(std::mem::take(&mut values));
                continue;
            }
            Parameter::End => {
                let parts = std::mem::replace(&mut values, outer.pop().unwrap_or_default());
                Argument::Parts(parts)
            }
            Parameter::More | Parameter::Far => Argument::Unknown,
        };
        values.push(argument);
    }
    values
}

/// The words of the results of a Go function, which lie behind its parameters.
fn go_results(memory: &[u8], parameters: Option<&[Parameter]>) -> Vec<Argument> {
    let mut end = 0;
    for parameter in parameters.unwrap_or_default() {
        match parameter {
            Parameter::Word { offset, size } => {
                end = end.max(usize::from(*offset) + usize::from(*size))
            }
            Parameter::Begin | Parameter::End => {}
            // Where the results begin is not known.
            Parameter::More | Parameter::Far => return Vec::new(),
        }
    }
    words(memory.get(end.next_multiple_of(8)..).unwrap_or_default())
}

fn words(memory: &[u8]) -> Vec<Argument> {
    let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
    let words = memory.chunks_exact(8).take(MOST_WORDS);
    words
        .map(|bytes| Argument::Value(Value::Bits(word(bytes))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program can write anything into its table.
    #[test]
    fn parameters_that_make_no_sense_are_read_as_far_as_they_go() {
        let far = Parameter::Word {
            offset: 0xef,
            size: 0xff,
        };
        let parameters = [Parameter::End, far, Parameter::Begin, Parameter::Begin, far];
        let memory = [7; 24];
        let zero = Argument::Value(Value::Bits(0));
        assert_eq!(go_parameters(&memory, Some(&parameters)), [zero]);
        assert_eq!(go_results(&memory, Some(&parameters)), []);
        assert_eq!(go_parameters(&memory, None).len(), 3);
    }
}
