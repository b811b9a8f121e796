//! Verifies code that was not lowered by this process: a module in lowered form is a file, and a file can be changed.
//!
//! [`verify`] establishes the machine's invariants ([`crate::machine`]) for one function, in one pass over its code. So a changed file
//! can make the program wrong, but not the host. What each operand must be follows from its [`Field`], the one declaration that encoding
//! and listings come from. `special.rs` names the ops that demand more.
//!
//! | invariant | what is checked |
//! |---|---|
//! | 1, code | Each op has a number, each operand follows it, each branch target is the start of an op, and the last op does not go on. |
//! | 2, frame | Each slot is below the frame's end, and is not in its header. A callee's frame begins behind the header. |
//! | 3, 4 | Ops establish these themselves: they check addresses, and reload the memory. |
//! | 5, views | Each index is below the number of items of that kind. |
//! | 6, types | Numbers need no check: an op ignores the upper half of a slot of which it reads 32 bits. References do: ops that rely on them are refused (`special.rs`). |
//!
//! A slot that was never written holds a value that an earlier frame has left there. A verified function may read it: such a number can be a value
//! of another function, or an address of this process (a return address). It can only print such a number.
//!
//! This layer knows ops and no wasm. What it must know of the module is in [`Surroundings`].

mod frame;
#[cfg(feature = "exceptions")]
mod handlers;
mod marks;
mod plan;
mod special;
mod surroundings;

use core::fmt;

use crate::dispatch::{Field, OpNumber, granule, number};
use crate::machine::HEADER_SLOTS;
use crate::ops::go::{G_GLOBAL, HEADER, SP_SLOT};
use crate::ops::{COUNT, ends_block, fields, has_handler, intrinsic, list, superinstruction};

use frame::MOST_SLOTS;
pub use frame::{Frame, Signature};
#[cfg(feature = "exceptions")]
pub use handlers::verify_handlers;
pub use marks::Marks;
use plan::{PLANS, Plan};
pub use special::relies_on_references;
use special::{Special, special};
pub use surroundings::{Global, Surroundings};

/// What is wrong with code, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The granule of the op.
    pub at: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at granule {} of its code)", self.what, self.at)
    }
}

impl core::error::Error for Fault {}

/// Verifies the code of a function. `marks` is a buffer; afterwards it has the starts of the ops.
///
/// # Errors
/// The first op at which the code breaks an invariant.
pub fn verify(
    code: &[u16],
    frame: &Frame,
    module: &dyn Surroundings,
    marks: &mut Marks,
) -> Result<(), Fault> {
    marks.reset(code.len());
    let needed = frame.signature.header() + HEADER_SLOTS + frame.zero_slots as usize;
    if frame.slots > MOST_SLOTS || needed > frame.slots as usize {
        return Err(Fault {
            at: 0,
            what: "the frame is too small for its parameters and locals",
        });
    }
    let mut verifier = Verifier {
        code,
        frame,
        module,
        marks,
        behind_go_call: false,
    };
    verifier.walk()?;
    match verifier.marks.first_target_between_ops() {
        Some(at) => Err(Fault {
            at,
            what: "a branch leads into the middle of an op",
        }),
        None => Ok(()),
    }
}

/// What is wrong with an op that a build for another program does not have.
pub(crate) const NO_HANDLER: &str =
    "this build has the handlers of another program, and not those of this one";

/// What is wrong with an op that is cut off.
const BEYOND: &str = "its operands go beyond the end of the code";

struct Verifier<'a> {
    code: &'a [u16],
    frame: &'a Frame,
    module: &'a dyn Surroundings,
    marks: &'a mut Marks,
    /// Whether the last op was a call of Go's, behind which its `go.resume` must stand.
    behind_go_call: bool,
}

/// What the operands of an op so far say of those that follow.
#[derive(Default)]
struct Context {
    /// The function that it calls, or the values of the tag that it throws.
    callee: Option<Signature>,
    /// The type of the elements of its table or segment.
    elements: Option<u32>,
    /// The last number, for a list of targets.
    count: u32,
    /// Its global.
    global: Option<Global>,
}

/// What a check finds wrong.
type Outcome = Result<(), &'static str>;

/// Fails with `what` unless `holds`.
fn ensure(holds: bool, what: &'static str) -> Outcome {
    if holds { Ok(()) } else { Err(what) }
}

impl Verifier<'_> {
    fn walk(&mut self) -> Result<(), Fault> {
        let mut at = 0;
        let mut goes_on = true;
        while at < self.code.len() {
            let name = number(self.code[at]);
            let fault = |what| Fault { at, what };
            if granule(name) != self.code[at] || name.index() >= COUNT + superinstruction::COUNT {
                return Err(fault("there is no op with this number"));
            }
            if !has_handler(name) {
                return Err(fault(NO_HANDLER));
            }
            self.marks.start(at);
            if name.index() < COUNT {
                goes_on = !ends_block(name);
                at = self.op(name, at, true).map_err(fault)?;
                continue;
            }
            let mut end = at;
            for (place, op) in superinstruction::ops_of(name).enumerate() {
                // Only the first op has a number. The others begin one granule before their operands.
                let begin = end - usize::from(place > 0);
                end = self.op(op, begin, false).map_err(fault)?;
                goes_on = !ends_block(op);
            }
            at = end;
        }
        match goes_on || self.behind_go_call {
            true => Err(Fault {
                at: self.code.len(),
                what: "the code ends without a return or a branch",
            }),
            false => Ok(()),
        }
    }

    /// Verifies `op`, which begins at granule `at`. Returns where it ends.
    fn op(&mut self, op: OpNumber, at: usize, is_alone: bool) -> Result<usize, &'static str> {
        let special = special(op);
        if matches!(special, Special::Nothing) && !self.behind_go_call {
            let plan = &PLANS[usize::from(list(op))];
            if plan.granules > 0 {
                return self.plain_op(plan, at);
            }
        }
        let is_resume = matches!(special, Special::GoResume);
        ensure(
            is_resume == self.behind_go_call && (is_alone || !is_resume),
            "a `go.resume` must stand behind a call of Go's, and only there",
        )?;
        self.behind_go_call = false;
        let mut context = Context::default();
        let mut next = at + 1;
        for &field in fields(op) {
            let times = match field.granules_each() {
                // It was read as a number of at most 32 bits.
                Some(_) => context.count as usize + 1,
                None => 1,
            };
            let granules = field.granules_each().unwrap_or(field.granules());
            ensure(
                times <= self.code.len() && next + times * granules <= self.code.len(),
                BEYOND,
            )?;
            for _ in 0..times {
                self.operand(field, next, at, &mut context)?;
                next += granules;
            }
        }
        if let Some(Global { mutable: false, .. }) = context.global {
            let reads = fields(op).iter().any(|field| field.is_output());
            ensure(reads, "it writes to a global that is constant")?;
        }
        self.demands(special, at, &context)?;
        Ok(next)
    }

    /// Verifies an op that has slots, a branch target and constants, and begins at granule `at`. Returns where it ends.
    fn plain_op(&mut self, plan: &Plan, at: usize) -> Result<usize, &'static str> {
        let end = at + usize::from(plan.granules);
        ensure(end <= self.code.len(), BEYOND)?;
        for (place, slots) in plan.slots() {
            self.slots(self.small(at + place), slots)?;
        }
        match plan.target() {
            Some((place, true)) => {
                self.target(at, i64::from(self.wide(at + place).cast_signed()))?
            }
            Some((place, false)) => {
                self.target(at, i64::from(self.code[at + place].cast_signed()))?;
            }
            None => {}
        }
        Ok(end)
    }

    /// Verifies the operand at granule `at` of the op that begins at `start`.
    fn operand(&mut self, field: Field, at: usize, start: usize, context: &mut Context) -> Outcome {
        let module = self.module;
        match field {
            Field::Dst | Field::Also | Field::Slot => self.slots(self.small(at), 1),
            Field::DstVector | Field::Vector => self.slots(self.small(at), 2),
            Field::Base => self.base(self.small(at), context),
            // `demands` knows whose header it is.
            Field::Header => Ok(()),
            Field::Sp => self.stack_pointer(),
            Field::Count16 => {
                context.count = self.small(at) as u32;
                Ok(())
            }
            Field::Count32 => {
                context.count = self.wide(at);
                Ok(())
            }
            Field::Func16 => self.callee(module.func(self.small(at) as u32), context),
            Field::Func32 => self.callee(module.func(self.wide(at)), context),
            Field::Import => self.callee(module.import(self.wide(at)), context),
            Field::Type => self.callee(module.ty(self.wide(at)), context),
            Field::Tag => {
                let values = module.tag(self.wide(at));
                let signature = values.map(|params| Signature { params, results: 0 });
                self.callee(signature, context)
            }
            Field::Global16 => self.global(module.own_global(self.small(at) as u32), context),
            Field::Global32 => self.global(module.global(self.wide(at)), context),
            Field::Memory => ensure(
                (self.small(at) as u32) < module.memories(),
                "there is no such memory",
            ),
            Field::Table => self.elements(module.table(self.small(at) as u32), context),
            Field::Elem => self.elements(module.element(self.wide(at)), context),
            Field::Data => ensure(
                self.wide(at) < module.data(),
                "there is no such data segment",
            ),
            #[cfg(feature = "gc")]
            Field::HeapType => Err("it tests a reference"),
            Field::Label16 | Field::Labels16 => {
                self.target(start, i64::from(self.code[at].cast_signed()))
            }
            Field::Label32 | Field::Labels32 => {
                self.target(start, i64::from(self.wide(at).cast_signed()))
            }
            // An operand of a new kind is refused until it is verified here.
            _ => ensure(field.is_free(), "an operand of this kind is not verified"),
        }
    }

    /// What an op demands beyond its operands.
    fn demands(&mut self, special: Special, at: usize, context: &Context) -> Outcome {
        let frame = self.frame;
        let header = frame.signature.header();
        // Where an op that has a `Header` names it.
        let named = |place: usize| self.small(at + place);
        let own = "it names another slot as the frame's header";
        match special {
            Special::Nothing => Ok(()),
            Special::Refused => Err("no function of a lowered module has this op"),
            Special::Call => ensure(
                Some(named(4)) == context.callee.map(Signature::header),
                "it names another slot as the callee's header",
            ),
            Special::TailCall(place) => {
                ensure(named(place.into()) == header, own)?;
                ensure(
                    context.callee.map(|callee| callee.results) == Some(frame.signature.results),
                    "the function that takes its place has other results",
                )
            }
            Special::Return => ensure(named(1) == header, own),
            Special::ReturnValue => ensure(named(1) == header && header > 0, own),
            Special::GoCall => {
                self.behind_go_call = true;
                ensure(
                    context.callee.map(Signature::header) == Some(HEADER.index()),
                    "the callee is not a function of Go's",
                )
            }
            Special::GoResume => Ok(()),
            Special::GoEnter { guarded } => {
                // Behind the number and, if it is guarded, the size of the frame beyond the guard.
                let label = at + if guarded { 4 } else { 3 };
                ensure(
                    self.code[label].cast_signed() > 0,
                    "the start of a function leads backwards",
                )?;
                ensure(
                    !guarded || self.module.own_global(G_GLOBAL.into()).is_some(),
                    "there is no global with Go's running goroutine",
                )
            }
            Special::Zero => self.slots(SP_SLOT.index(), context.count as usize),
            Special::Intrinsic => ensure(
                frame.signature.params == intrinsic::PARAMETERS
                    && header == usize::from(intrinsic::PARAMETERS)
                    && frame.signature.results > 0,
                "the function has not the parameters of this function of Go's",
            ),
            Special::VectorGlobal => ensure(
                context.global.is_some_and(|global| global.is_vector),
                "the global is not a vector",
            ),
        }
    }

    fn slots(&self, first: usize, len: usize) -> Outcome {
        ensure(
            self.frame.has(first, len),
            "it names a slot that the frame does not have, or its header",
        )
    }

    /// The first slot of arguments. The callee's header follows them, so they must lie behind this frame's own.
    fn base(&self, base: usize, context: &Context) -> Outcome {
        let callee = context.callee.ok_or("it has arguments for nobody")?;
        self.slots(base, callee.header())?;
        ensure(
            base >= self.frame.signature.header() + HEADER_SLOTS,
            "the callee's frame would begin in front of the header",
        )
    }

    fn callee(&self, callee: Option<Signature>, context: &mut Context) -> Outcome {
        context.callee = callee;
        ensure(
            callee.is_some(),
            "there is no such function, type or tag, or it has references",
        )
    }

    fn elements(&self, elements: Option<u32>, context: &mut Context) -> Outcome {
        let elements = elements.ok_or("there is no such table or element segment")?;
        ensure(
            context.elements.is_none_or(|other| other == elements),
            "it copies references of one type to a table of another",
        )?;
        context.elements = Some(elements);
        Ok(())
    }

    /// Go's stack pointer: global 0, and its copy in slot 3 of a frame with one parameter and one result.
    fn stack_pointer(&self) -> Outcome {
        self.slots(SP_SLOT.index(), 1)?;
        ensure(
            self.frame.signature.header() == HEADER.index() && self.has_stack_pointer(),
            "the function is not one of Go's",
        )
    }

    fn has_stack_pointer(&self) -> bool {
        let global = self.module.own_global(0);
        global.is_some_and(|global| global.mutable)
    }

    fn global(&self, global: Option<Global>, context: &mut Context) -> Outcome {
        context.global = global;
        ensure(
            global.is_some(),
            "there is no such global, or it is a reference",
        )
    }

    fn target(&mut self, start: usize, distance: i64) -> Outcome {
        // Code has fewer than 2³¹ granules.
        let target = start as i64 + distance;
        let inside = usize::try_from(target).is_ok_and(|target| target < self.code.len());
        ensure(inside, "a branch leads out of the code")?;
        self.marks.target(target as usize);
        Ok(())
    }

    /// The operand of one granule at `at`.
    fn small(&self, at: usize) -> usize {
        self.code[at].into()
    }

    /// The operand of two granules at `at`, in the host's byte order.
    fn wide(&self, at: usize) -> u32 {
        let [a, b] = self.code[at].to_ne_bytes();
        let [c, d] = self.code[at + 1].to_ne_bytes();
        u32::from_ne_bytes([a, b, c, d])
    }
}
