//! A machine without a module: for tests that run single ops.
//!
//! [`Bare`] has two memories, a table, globals and some functions, all of them plain data, and answers for the
//! runtime itself. [`Code`] puts ops together from the fields of the op table.

#![allow(
    dead_code,
    reason = "each test that includes this file uses another part of it"
)]

use std::cell::RefCell;
use std::ptr;
#[cfg(feature = "gc")]
use std::sync::atomic::AtomicU32;

use interp::dispatch::{self, Field, OpNumber, granule};
#[cfg(feature = "gc")]
use interp::machine::{Contents, HeapCode, Object};
use interp::machine::{
    Context, Exit, FuncEntry, FuncIndex, Header, MemoryView, Regs, Runtime, TableView, Trap,
};
use interp::ops::call::Return;
use interp::ops::{def, number, stub};

/// Bytes of memory 0; memory 1 has twice as many.
pub(crate) const MEMORY: usize = 65_536;
/// Elements of table 0; table 1 has half as many.
pub(crate) const TABLE: usize = 32;
/// Slots of the frame that code runs in.
pub(crate) const SLOTS: usize = 64;
/// Functions 0 to 2 have one parameter and one result and belong to the running instance; 3 to another one; 4 to
/// the host.
pub(crate) const FUNCS: usize = 5;
/// The function of another instance.
pub(crate) const FOREIGN: usize = 3;
/// The function of the host.
pub(crate) const HOST: usize = 4;

/// The store's numbers of the module's types.
pub(crate) const TYPES: [u32; 4] = [1, 2, 13, 14];

/// What [`Runtime::lower`] makes of a function without code: it returns its parameter.
static RETURN: [u16; 2] = [granule(number::<Return>()), 1];

/// Code in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code {
    /// The granules so far.
    pub(crate) granules: Vec<u16>,
}

impl Code {
    /// Appends op `number`. `value` tells each operand by its field and its place; branch targets count from the start
    /// of the op.
    pub(crate) fn op(
        &mut self,
        number: OpNumber,
        mut value: impl FnMut(usize, Field) -> i64,
    ) -> &mut Self {
        self.granules.push(granule(number));
        let mut count = 0;
        for (place, &field) in def(number).fields.iter().enumerate() {
            match field.granules() {
                _ if field == Field::Labels16 => {
                    for _ in 0..=count {
                        self.granules.push(value(place, field) as u16);
                    }
                }
                _ if field == Field::Labels32 => {
                    for _ in 0..=count {
                        self.push32(value(place, field));
                    }
                }
                0 => {}
                1 => {
                    count = value(place, field);
                    self.granules.push(count as u16);
                }
                2 => {
                    count = value(place, field);
                    self.push32(count);
                }
                halves => {
                    let number = value(place, field);
                    for _ in 0..halves / 4 {
                        self.push32(number);
                        self.push32(number >> 32);
                    }
                }
            }
        }
        self
    }

    /// Appends op `number` with these operands, one for each field that has granules.
    pub(crate) fn with(&mut self, number: OpNumber, operands: &[i64]) -> &mut Self {
        let mut operands = operands.iter();
        self.op(number, |_, _| {
            *operands.next().expect("an operand for each field")
        })
    }

    /// Appends another piece of code.
    pub(crate) fn append(&mut self, other: &Self) {
        self.granules.extend(&other.granules);
    }

    /// Appends another piece of code without the name of its first op.
    pub(crate) fn append_unnamed(&mut self, other: &Self) {
        self.granules.extend(&other.granules[1..]);
    }

    /// Gives the first op another name.
    pub(crate) fn rename(&mut self, number: OpNumber) {
        self.granules[0] = granule(number);
    }

    fn push32(&mut self, number: i64) {
        let bytes = (number as u32).to_ne_bytes();
        self.granules.push(u16::from_ne_bytes([bytes[0], bytes[1]]));
        self.granules.push(u16::from_ne_bytes([bytes[2], bytes[3]]));
    }

    /// Granules so far.
    pub(crate) fn len(&self) -> usize {
        self.granules.len()
    }
}

/// What the machine starts with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Start {
    /// The first granule to run.
    pub(crate) at: usize,
    /// The integer accumulator.
    pub(crate) acc: u64,
    /// The bits of the float accumulator.
    pub(crate) facc: u64,
    /// Units of fuel.
    pub(crate) fuel: i64,
}

/// What running code has asked its runtime for: the arguments of the methods of [`Runtime`], in their order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asked {
    Lower(u32),
    CallHost(u32, usize),
    Enter(u32),
    MemoryGrow(u32, u64),
    TableGrow(u32, u64, u64),
    MemoryInit(u32, u32, u64, u64, u64),
    DataDrop(u32),
    TableInit(u32, u32, u64, u64, u64),
    ElemDrop(u32),
    Pay(u64),
    Look,
    #[cfg(feature = "probes")]
    Probe,
    Wait(i64),
    Throw(u32, usize),
    ThrowRef(u64),
    Unwind,
    /// With them where [`Context::stopped`] says that the machine is: the next op, and the number of the frame's first slot.
    #[cfg(feature = "gc")]
    Create(u32, u32, Contents, *const u16, usize),
    #[cfg(feature = "gc")]
    ArrayInit(u64, u32, u32, Contents),
    #[cfg(feature = "gc")]
    IsInstance(u64, HeapCode),
    #[cfg(feature = "gc")]
    IsSubtype(u32, u32),
}

/// An object in the table of a [`Bare`].
#[cfg(feature = "gc")]
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Thing {
    /// The number of its type, as the store has it.
    pub(crate) ty: u32,
    /// The generation of references to it.
    pub(crate) generation: u32,
    /// The number of elements.
    pub(crate) len: u32,
    /// The bytes of fields or elements, and of what lies behind them.
    pub(crate) data: Vec<u64>,
}

/// What the runtime of a [`Bare`] does.
#[derive(Debug)]
struct Host {
    /// What it was asked for, if anybody wants to know.
    asked: RefCell<Option<Vec<Asked>>>,
    /// What it says to whoever wants to grow, initialise or create something; 1 is a yes to a question of types.
    answer: Result<Option<u64>, Exit>,
    /// How often it grants a unit of fuel to a machine that has none.
    grants: usize,
    /// All functions, and the code that each began with.
    funcs: Vec<FuncEntry>,
    first_codes: Vec<*const u16>,
    /// The context, to make another instance current.
    cx: Option<*mut Context>,
}

impl Default for Host {
    fn default() -> Self {
        Self {
            asked: RefCell::default(),
            answer: Ok(None),
            grants: 0,
            funcs: Vec::new(),
            first_codes: Vec::new(),
            cx: None,
        }
    }
}

impl Host {
    fn note(&self, asked: Asked) {
        if let Some(all) = &mut *self.asked.borrow_mut() {
            all.push(asked);
        }
    }
}

/// The machine.
pub(crate) struct Bare {
    /// Memory 0 and memory 1.
    pub(crate) memories: [Vec<u8>; 2],
    /// The globals.
    pub(crate) globals: Vec<u64>,
    /// The elements of table 0 and table 1.
    pub(crate) tables: [Vec<u64>; 2],
    /// The objects of the store.
    #[cfg(feature = "gc")]
    pub(crate) objects: Vec<Thing>,
    /// Slots of the frame before and after a run.
    pub(crate) slots: Vec<u64>,
    host: Box<Host>,
    codes: Vec<Vec<u16>>,
}

impl Bare {
    /// A machine whose memories hold a pattern, whose functions return at once.
    pub(crate) fn new() -> Self {
        let pattern =
            |step: usize, len: usize| (0..len).map(|at| (at * step + at / 256) as u8).collect();
        Self {
            memories: [pattern(7, MEMORY), pattern(13, 2 * MEMORY)],
            globals: (0..4).map(|index| index * 0x0101_0101_0101_0101).collect(),
            // Element 7 is function 1, 8 is null, the rest is function 0; in table 1 all is null.
            tables: [
                (0..TABLE as u64)
                    .map(|index| match index {
                        7 => 2,
                        8 => 0,
                        _ => 1,
                    })
                    .collect(),
                vec![0; TABLE / 2],
            ],
            #[cfg(feature = "gc")]
            objects: Vec::new(),
            slots: vec![0; SLOTS],
            host: Box::default(),
            codes: vec![Vec::new(); FUNCS],
        }
    }

    /// Sets the code of a function.
    pub(crate) fn set_func(&mut self, func: usize, code: Code) {
        self.codes[func] = code.granules;
    }

    /// Lets the runtime grant so many units of fuel, one by one, after those of [`Start::fuel`].
    pub(crate) fn set_grants(&mut self, grants: usize) {
        self.host.grants = grants;
    }

    /// Lets the runtime answer whoever wants to grow or initialise something.
    pub(crate) fn set_answer(&mut self, answer: Result<Option<u64>, Exit>) {
        self.host.answer = answer;
    }

    /// What the runtime was asked for since the last time, or since the first.
    pub(crate) fn asked(&mut self) -> Vec<Asked> {
        let asked = self.host.asked.replace(Some(Vec::new()));
        asked.unwrap_or_default()
    }

    /// A reference to the object with this index.
    #[cfg(feature = "gc")]
    pub(crate) fn reference(&self, index: usize) -> u64 {
        u64::from(self.objects[index].generation) << 32 | (index as u64 + 1)
    }

    /// The fuel that is left is in the answer.
    pub(crate) fn run(&mut self, code: &Code, start: Start) -> (Exit, i64) {
        let entry = |(index, code): (usize, &Vec<u16>)| FuncEntry {
            code: if code.is_empty() {
                stub::lower()
            } else {
                code.as_ptr()
            },
            frame_slots: 8,
            zero_slots: 1,
            ty: 1,
            instance: match index {
                FOREIGN => 1,
                HOST => FuncEntry::HOST,
                _ => 0,
            },
            params: 1,
            results: 1,
        };
        self.host.funcs = self.codes.iter().enumerate().map(entry).collect();
        self.host.first_codes = self.host.funcs.iter().map(|entry| entry.code).collect();
        let all_funcs = self.host.funcs.as_mut_ptr();
        let imports: Vec<_> = (0..FUNCS as u32).map(FuncIndex).collect();
        // All functions have type 0.
        let types = TYPES;
        let global_slots: Vec<*mut u64> = self.globals.iter_mut().map(ptr::from_mut).collect();
        let mut tables = self.tables.each_mut().map(|table| TableView {
            elements: table.as_mut_ptr(),
            len: table.len() as u64,
        });
        let tables = tables.each_mut().map(ptr::from_mut);
        let mut memories = self.memories.each_mut().map(|memory| MemoryView {
            base: memory.as_mut_ptr(),
            len: memory.len() as u64,
        });
        let memories = memories.each_mut().map(ptr::from_mut);
        #[cfg(feature = "gc")]
        let mut objects: Vec<_> = self
            .objects
            .iter_mut()
            .map(|thing| Object {
                data: thing.data.as_mut_ptr().cast(),
                len: thing.len,
                ty: thing.ty,
                generation: thing.generation,
                scope: AtomicU32::new(0),
            })
            .collect();
        let runtime: *mut Host = &raw mut *self.host;
        let mut context = Context::new(1 << 16, runtime);
        context.stack.grow(SLOTS + 64).expect("a small stack");
        context.stack_limit = context.stack.limit();
        context.mem_len = MEMORY as u64;
        // SAFETY: a memory has a first byte.
        context.mem = unsafe { (*memories[0]).base };
        context.fuel = start.fuel;
        context.funcs = all_funcs;
        context.all_funcs = all_funcs;
        context.globals = self.globals.as_mut_ptr();
        context.all_globals = global_slots.as_ptr();
        context.tables = tables.as_ptr();
        context.types = types.as_ptr();
        context.memories = memories.as_ptr();
        context.func_imports = imports.as_ptr();
        #[cfg(feature = "gc")]
        {
            context.objects = objects.as_mut_ptr();
        }
        context.instance = 0;
        let cx: *mut Context = &raw mut context;
        self.host.cx = Some(cx);
        // SAFETY: the frame has as many slots as `SLOTS` and the calls of tests need, all views are as long as the
        // indices that tests use, and nothing uses the context but the machine until it has stopped.
        unsafe {
            let fp = (*cx).stack.base();
            ptr::copy_nonoverlapping(self.slots.as_ptr(), fp, SLOTS);
            Header {
                return_ip: stub::halt(),
                distance: 0,
            }
            .write(fp.add(SLOTS));
            let exit = dispatch::run(Regs {
                ip: code.granules.as_ptr().add(start.at),
                fp,
                mem: (*cx).mem,
                mem_len: (*cx).mem_len,
                cx,
                acc: start.acc,
                facc: f64::from_bits(start.facc),
            });
            ptr::copy_nonoverlapping((*cx).stack.base(), self.slots.as_mut_ptr(), SLOTS);
            (exit, (*cx).fuel)
        }
    }
}

impl Runtime for Host {
    fn lower(&mut self, func: FuncIndex) -> Result<(), Exit> {
        self.note(Asked::Lower(func.0));
        // What `data.drop` undoes.
        self.funcs[func.index()].code = RETURN.as_ptr();
        Ok(())
    }

    /// The host's function returns its argument with all bits inverted.
    fn call_host(&mut self, func: FuncIndex, args: usize) -> Result<(), Exit> {
        self.note(Asked::CallHost(func.0, args));
        let cx = self.cx.expect("the machine runs");
        // SAFETY: the machine waits, and the slots of arguments exist.
        unsafe {
            let slot = (*cx).stack.base().add(args);
            slot.write(!slot.read());
        }
        Ok(())
    }

    fn enter(&mut self, instance: u32) {
        self.note(Asked::Enter(instance));
        let cx = self.cx.expect("the machine runs");
        // SAFETY: the machine waits, and the context is the one that it runs with.
        unsafe { (*cx).instance = instance };
    }

    fn refuel(&mut self) -> Result<(), Exit> {
        self.grants = self.grants.checked_sub(1).ok_or(Trap::OutOfFuel)?;
        let cx = self.cx.expect("the machine runs");
        // SAFETY: as above.
        unsafe { (*cx).fuel = 0 };
        Ok(())
    }

    /// The answer is the op that the probe hides.
    #[cfg(feature = "probes")]
    fn probe(&mut self) -> Result<u16, Exit> {
        self.note(Asked::Probe);
        Ok(self.answer?.expect("a test names the op") as u16)
    }

    fn pay(&mut self, units: u64) -> Result<(), Exit> {
        self.note(Asked::Pay(units));
        Err(Trap::OutOfFuel.into())
    }

    fn look(&mut self) -> Result<(), Exit> {
        self.note(Asked::Look);
        Ok(())
    }

    fn atomic_wait(&mut self, timeout: i64) -> Result<(), Exit> {
        self.note(Asked::Wait(timeout));
        self.answer.map(|_| ())
    }

    fn memory_grow(&mut self, memory: u32, delta: u64) -> Result<Option<u64>, Exit> {
        self.note(Asked::MemoryGrow(memory, delta));
        self.answer
    }

    fn table_grow(&mut self, table: u32, delta: u64, init: u64) -> Result<Option<u64>, Exit> {
        self.note(Asked::TableGrow(table, delta, init));
        self.answer
    }

    fn memory_init(
        &mut self,
        memory: u32,
        data: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(), Exit> {
        self.note(Asked::MemoryInit(memory, data, dst, src, len));
        self.answer.map(|_| ())
    }

    fn data_drop(&mut self, data: u32) {
        self.note(Asked::DataDrop(data));
        // The next call lowers its function again.
        for (entry, code) in self.funcs.iter_mut().zip(&self.first_codes) {
            entry.code = *code;
        }
    }

    fn table_init(
        &mut self,
        table: u32,
        elem: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(), Exit> {
        self.note(Asked::TableInit(table, elem, dst, src, len));
        self.answer.map(|_| ())
    }

    fn elem_drop(&mut self, elem: u32) {
        self.note(Asked::ElemDrop(elem));
    }

    #[cfg(feature = "exceptions")]
    fn throw(&mut self, tag: u32, values: usize) -> Exit {
        self.note(Asked::Throw(tag, values));
        Exit::Exception
    }

    #[cfg(feature = "exceptions")]
    fn throw_ref(&mut self, exception: u64) -> Exit {
        self.note(Asked::ThrowRef(exception));
        Exit::Exception
    }

    /// The handler is the op behind the one that throws.
    #[cfg(feature = "exceptions")]
    fn unwind(&mut self) -> Result<(), Exit> {
        self.note(Asked::Unwind);
        let cx = self.cx.expect("the machine runs");
        // SAFETY: the machine waits, and another op stands behind the one that throws.
        unsafe {
            let ip = (*cx).stopped.0;
            let op = def(dispatch::number(ip.read()));
            (*cx).stopped.0 = ip.add(op.granules());
            (*cx).call_acc = !0;
        }
        self.answer.map(|_| ())
    }

    #[cfg(feature = "gc")]
    fn create(&mut self, ty: u32, len: u32, contents: Contents) -> Result<u64, Exit> {
        let cx = self.cx.expect("the machine runs");
        // SAFETY: the machine waits.
        let (ip, fp, base) = unsafe { ((*cx).stopped.0, (*cx).stopped.1, (*cx).stack.base()) };
        let frame = (fp as usize).wrapping_sub(base as usize) / size_of::<u64>();
        self.note(Asked::Create(ty, len, contents, ip, frame));
        self.answer.map(Option::unwrap_or_default)
    }

    #[cfg(feature = "gc")]
    fn array_init(
        &mut self,
        array: u64,
        at: u32,
        len: u32,
        contents: Contents,
    ) -> Result<(), Exit> {
        self.note(Asked::ArrayInit(array, at, len, contents));
        self.answer.map(|_| ())
    }

    #[cfg(feature = "gc")]
    fn is_instance(&self, reference: u64, ty: HeapCode) -> bool {
        self.note(Asked::IsInstance(reference, ty));
        self.answer == Ok(Some(1))
    }

    #[cfg(feature = "gc")]
    fn is_subtype(&self, ty: u32, wanted: u32) -> bool {
        self.note(Asked::IsSubtype(ty, wanted));
        self.answer == Ok(Some(1))
    }
}
