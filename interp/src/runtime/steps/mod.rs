//! The ops that a program runs, in words: what each was lowered from, and the values that it reads and writes.
//!
//! A [`Stepper`] is called at the probe of each op ([`Store::enable_probes`](crate::Store::enable_probes)). What an op has written is seen
//! at the next op, so a [`Step`] is complete one op later.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use hashbrown::HashMap;

use crate::dispatch::Field;
use crate::inspect::decode::{Decoded, kind};
use crate::inspect::values::{Type, Value, input_type, output_type};
use crate::inspect::{Lister, Listing, Names};
use crate::ops::go::{self, GoEnter};
use crate::ops::number;
use crate::runtime::{Instance, Module, Probed};

/// An op that has run.
#[derive(Clone, Debug)]
pub struct Step {
    /// The instance whose code it belongs to.
    pub instance: Instance,
    /// The function's index in its module.
    pub func: u32,
    /// The place of its frame on the value stack, as [`Probed::frame`] has it.
    pub frame: usize,
    /// The granule at which it begins.
    pub granule: usize,
    /// The instructions of WebAssembly that it was lowered from, each with its byte offset in the module. They are empty for a part of a
    /// longer sequence of ops, and in a module in lowered form.
    pub wasm: Vec<(u32, String)>,
    /// The op as listings show it.
    pub op: String,
    /// The values that it reads: the name of a slot or an accumulator, and the value.
    pub reads: Vec<(String, Value)>,
    /// The values that it has written. They are empty if the op did not complete, or is not followed by an op with a probe.
    pub writes: Vec<(String, Value)>,
    /// The granule at which the function continues, if that is not the op behind this one.
    pub goes_to: Option<usize>,
}

/// Follows a program from op to op.
#[derive(Debug, Default)]
pub struct Stepper {
    /// The names of functions, by the address of their module.
    names: HashMap<usize, Arc<Names>>,
    funcs: HashMap<(Instance, u32), Func>,
    /// The op that runs now, and its function.
    running: Option<Running>,
    running_func: Option<u32>,
}

#[derive(Debug)]
struct Running {
    step: Step,
    /// The granule behind it.
    end: usize,
    outputs: Vec<Output>,
}

/// A place that an op writes.
#[derive(Clone, Debug)]
struct Output {
    name: String,
    field: Field,
    slot: usize,
    ty: Type,
}

/// A function as it is listed.
#[derive(Debug)]
struct Func {
    listing: Option<Listing>,
    /// The instructions and the text of each op, by its granule.
    lines: BTreeMap<usize, (Vec<(u32, String)>, String)>,
    /// The parameters of each function that it calls, by the granule of the call.
    params: BTreeMap<usize, Vec<Type>>,
    /// The type of its result, if it has one.
    result: Option<Type>,
}

impl Stepper {
    /// Begins before the first op.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes the op that is about to run. Returns the one that has run before, complete.
    pub fn step<T>(&mut self, at: &Probed<'_, T>) -> Option<Step> {
        let finished = self.running.take().map(|running| running.complete(at));
        let (instance, defined) = (at.instance(), at.defined_func());
        if !self.funcs.contains_key(&(instance, defined)) {
            let func = self.list(&at.module(), defined);
            self.funcs.insert((instance, defined), func);
        }
        self.running_func = Some(defined);
        self.running = self.funcs[&(instance, defined)].begin(at, instance);
        finished
    }

    /// The byte offset in the module of the op that is about to run, or of the one in front of it.
    #[must_use]
    pub fn running_offset(&self) -> Option<usize> {
        let step = &self.running.as_ref()?.step;
        let func = self.funcs.get(&(step.instance, self.running_func?))?;
        let mut before = func.lines.range(..=step.granule).rev();
        let (offset, _) = before.find_map(|(_, (wasm, _))| wasm.last())?;
        Some(*offset as usize)
    }

    /// The op that ran last, if nothing followed: it has returned, trapped or ended the program.
    pub fn finish(&mut self) -> Option<Step> {
        self.running.take().map(|running| running.step)
    }

    fn list(&mut self, module: &Module, defined: u32) -> Func {
        let info = module.info();
        // Modules live as long as the store.
        let key = core::ptr::from_ref(info) as usize;
        let names = self.names.entry(key);
        let names = names.or_insert_with(|| Arc::new(Names::new(info)));
        let mut lister = Lister::with_names(info, names.clone()).with_separate_ops();
        // It was lowered already, unless the bytes of the module have changed since.
        Func::of(module, module.list(&mut lister, defined).ok())
    }
}

impl Func {
    fn of(module: &Module, listing: Option<Listing>) -> Self {
        let mut func = Self {
            lines: BTreeMap::new(),
            params: BTreeMap::new(),
            result: None,
            listing: None,
        };
        let Some(mut listing) = listing else {
            return func;
        };
        let mut wasm = Vec::new();
        for line in core::mem::take(&mut listing.lines) {
            wasm.extend(line.wasm.map(|(offset, _, text)| (offset, text)));
            if let Some((_, at, text)) = line.op {
                let lines = func.lines.entry(at).or_default();
                lines.0.append(&mut wasm);
                if !lines.1.is_empty() {
                    lines.1.push_str("; ");
                }
                lines.1.push_str(&text);
            }
        }
        let calls = listing.ops.iter().filter(|op| op.is_call());
        func.params = calls.map(|op| (op.at, params(module, op))).collect();
        if let [result] = module.info().func_type(listing.func).results() {
            func.result = Some(Type::from(*result));
        }
        func.listing = Some(listing);
        func
    }

    fn begin<T>(&self, at: &Probed<'_, T>, instance: Instance) -> Option<Running> {
        let listing = self.listing.as_ref()?;
        let (granule, frame) = (at.granule(), at.frame());
        let first = listing.ops.partition_point(|op| op.at < granule);
        let mut ops = listing.ops[first..].iter();
        // A superinstruction is several ops.
        let op = ops.next()?;
        let end = ops.take_while(|op| op.joined).last().unwrap_or(op);
        let slots = at.slots();
        let slot = |index: usize| slots.get(index).copied().unwrap_or(0);
        let is_return = op.is_return();
        let mut reads = Vec::new();
        let mut outputs = Vec::new();
        for (place, operand) in op.operands.iter().enumerate() {
            let (field, index) = (operand.field, operand.value as usize);
            let ty = || match self.result {
                // The name of a return does not tell its type.
                Some(result) if is_return => result,
                _ => input_type(op, place),
            };
            match field {
                Field::Slot => reads.push((listing.slot_name(index), ty().value(slot(index)))),
                Field::Vector => {
                    let value = u128::from(slot(index + 1)) << 64 | u128::from(slot(index));
                    reads.push((listing.slot_name(index), Value::V128(value)));
                }
                Field::Acc => reads.push((kind(field).to_string(), ty().value(at.acc()))),
                Field::Facc => {
                    let value = ty().value(at.facc().to_bits());
                    reads.push((kind(field).to_string(), value));
                }
                // The start of a function does not read it.
                Field::Sp if is_enter(op) => {}
                Field::Sp => reads.push((kind(field).to_string(), Value::Bits(slot(SP_SLOT)))),
                Field::Base => {
                    let types = self.params.get(&op.at);
                    for (number, ty) in types.into_iter().flatten().enumerate() {
                        let name = listing.slot_name(index + number);
                        reads.push((name, ty.value(slot(index + number))));
                    }
                }
                _ => {}
            }
            if is_written(field) {
                let (slot, name) = match field {
                    Field::Sp => (SP_SLOT, kind(field).to_string()),
                    Field::DstAcc => (0, kind(Field::Acc).to_string()),
                    Field::DstFacc => (0, kind(Field::Facc).to_string()),
                    _ => (index, listing.slot_name(index)),
                };
                let ty = output_type(op);
                outputs.push(Output {
                    name,
                    field,
                    slot,
                    ty,
                });
            }
        }
        let (wasm, text) = self.lines.get(&op.at).cloned().unwrap_or_default();
        let imported = at.module().info().imported_funcs();
        Some(Running {
            step: Step {
                instance,
                func: imported + at.defined_func(),
                frame,
                granule,
                wasm,
                op: text,
                reads,
                writes: Vec::new(),
                goes_to: None,
            },
            end: end.at + end.granules,
            outputs: outputs.into_iter().filter(|_| !op.is_call()).collect(),
        })
    }
}

/// The slot with the copy of Go's stack pointer.
const SP_SLOT: usize = go::SP_SLOT.index();

/// Whether an op is the start of a Go function, which makes the copy of the stack pointer.
fn is_enter(op: &Decoded) -> bool {
    op.op == number::<GoEnter<true>>() || op.op == number::<GoEnter<false>>()
}

fn is_written(field: Field) -> bool {
    matches!(
        field,
        Field::Dst | Field::DstAcc | Field::DstFacc | Field::DstVector | Field::Also | Field::Sp
    )
}

/// The types of the parameters of the function that a call calls, if it says which. A vector takes two slots; the types behind one are not
/// known.
fn params(module: &Module, op: &Decoded) -> Vec<Type> {
    let info = module.info();
    let index = |operand: &crate::inspect::decode::Operand| {
        let value = u32::try_from(operand.value).ok()?;
        match operand.field {
            Field::Func16 | Field::Func32 => value.checked_add(info.imported_funcs()),
            Field::Import => Some(value),
            _ => None,
        }
    };
    // Go's calls pass the resume point 0.
    let is_go = op.operands.iter().any(|operand| operand.field == Field::Sp);
    let callee = op.operands.iter().find_map(index).filter(|_| !is_go);
    let Some(callee) = callee.filter(|callee| (*callee as usize) < info.funcs().len()) else {
        return Vec::new();
    };
    let params = info.func_type(callee).params().iter();
    params
        .take_while(|ty| **ty != wasmparser::ValType::V128)
        .map(|ty| Type::from(*ty))
        .collect()
}

impl Running {
    /// Adds what the op has written, which is seen at the next one.
    fn complete<T>(self, at: &Probed<'_, T>) -> Step {
        let Self {
            mut step,
            end,
            outputs,
        } = self;
        let imported = at.module().info().imported_funcs();
        let is_same = at.frame() == step.frame
            && at.instance() == step.instance
            && imported + at.defined_func() == step.func;
        if !is_same {
            return step;
        }
        for Output {
            name,
            field,
            slot,
            ty,
        } in outputs
        {
            let read = |slot: usize| at.slots().get(slot).copied().unwrap_or(0);
            let value = match field {
                Field::DstAcc => ty.value(at.acc()),
                Field::DstFacc => ty.value(at.facc().to_bits()),
                Field::DstVector => {
                    Value::V128(u128::from(read(slot + 1)) << 64 | u128::from(read(slot)))
                }
                Field::Sp => Value::Bits(read(slot)),
                _ => ty.value(read(slot)),
            };
            step.writes.push((name, value));
        }
        if at.granule() != end {
            step.goes_to = Some(at.granule());
        }
        step
    }
}
