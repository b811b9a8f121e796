//! The data that running code accesses through one pointer, and the trait through which it requests services.

use core::ptr;

#[cfg(feature = "gc")]
use super::HeapCode;
use super::{Exit, FuncIndex, Leave, SlotIndex, Stack, Trap};

/// The slot of a null reference. Any other reference is the index of its entity in the store, plus one.
pub const NULL_REF: u64 = 0;

/// A function of the store, in the form that a call needs.
///
/// All functions of a store are in one array, and those of one instance are adjacent. So a direct call adds its index to
/// [`Context::funcs`]. A reference is the array index plus one.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct FuncEntry {
    /// Lowered code, the stub that lowers the function first, or the stub that calls the host.
    pub code: *const u16,
    /// Slots from the frame's first to the end of its temporaries.
    pub frame_slots: u32,
    /// The number of slots after the header that are locals, zero at entry.
    pub zero_slots: u32,
    /// The function's type, as numbered by the engine. Equal numbers are equal types.
    pub ty: u32,
    /// The instance to which its code belongs; [`FuncEntry::HOST`] for a function of the host.
    pub instance: u32,
    /// Parameters and results, in slots. The header is at slot `max(params, results)`.
    pub params: u16,
    /// See `params`.
    pub results: u16,
}

impl FuncEntry {
    /// The `instance` of a function that the host defined.
    pub const HOST: u32 = u32::MAX;

    /// The position of the header, in slots from the frame's first.
    #[inline(always)]
    pub fn header(&self) -> usize {
        usize::from(if self.params > self.results {
            self.params
        } else {
            self.results
        })
    }
}

/// A table, in the form for running code.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct TableView {
    /// The elements: references.
    pub elements: *mut u64,
    /// The number of elements.
    pub len: u64,
}

/// A memory, in the form for running code.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct MemoryView {
    /// The first byte.
    pub base: *mut u8,
    /// The length in bytes.
    pub len: u64,
}

/// A call that leaves the instance.
#[derive(Clone, Copy, Debug)]
pub struct ForeignCall {
    /// The callee.
    pub entry: *mut FuncEntry,
    /// The op after the call.
    pub return_ip: *const u16,
    /// The slot where the arguments begin.
    pub base: SlotIndex,
}

/// Everything that running code needs and that does not have a register of its own.
///
/// There is one for each store. The fields after `instance` describe the instance whose code runs. The runtime renews them
/// when another instance's code begins, and after each call of the host (invariant 5).
#[derive(Debug)]
#[repr(C)]
pub struct Context {
    /// Length of memory 0 in bytes.
    pub mem_len: u64,
    /// One past the last slot that a frame may use.
    pub stack_limit: *mut u64,
    /// Calls and backward branches until the runtime must be asked (see [`Runtime::refuel`]).
    pub fuel: i64,
    /// Functions that the instance defines, by index minus the number of imported ones.
    pub funcs: *mut FuncEntry,
    /// Globals that the instance defines, by index minus the number of imported ones; one slot each.
    pub globals: *mut u64,
    /// Tables by index.
    pub tables: *const *mut TableView,
    /// The engine's number of each of the module's types.
    pub types: *const u32,
    /// The instance whose code runs.
    pub instance: u32,
    /// The index in the store of `funcs[0]`.
    pub first_func: u32,
    /// First byte of memory 0.
    pub mem: *mut u8,
    /// Imported functions.
    pub func_imports: *const FuncIndex,
    /// Globals by index, imported ones first: the address of each slot.
    pub all_globals: *const *mut u64,
    /// Memories by index.
    pub memories: *const *mut MemoryView,
    /// All functions of the store.
    pub all_funcs: *mut FuncEntry,
    /// The table of objects of the store.
    #[cfg(feature = "gc")]
    pub objects: *mut super::Object,
    /// The value stack.
    pub stack: Stack,
    /// The address and the frame of the op at which the machine stopped or left for the host. Before it continues, those of
    /// the next op.
    pub stopped: (*const u16, *mut u64),
    /// The reason why the last op left the ordinary path.
    pub leave: Leave,
    /// With [`Leave::GrowStack`]: the number of slots that the stack must have.
    pub stack_need: usize,
    /// With [`Leave::Foreign`]: the call.
    pub foreign: ForeignCall,
    /// The integer accumulator when the machine continues.
    pub call_acc: u64,
    /// The float accumulator when the machine stopped or left for the host. It continues with the same value.
    pub call_facc: f64,
    /// The number, as it stands in code, of the op that a probe hides and that runs next.
    #[cfg(feature = "probes")]
    pub hidden: u16,
    /// The runtime, for operations that ops cannot perform.
    pub runtime: *mut dyn Runtime,
}

impl Context {
    /// Creates a context in which no instance's code runs yet, with a stack of at most `max_stack` slots. `runtime` must be
    /// set before any code runs.
    #[must_use]
    pub const fn new(max_stack: usize, runtime: *mut dyn Runtime) -> Self {
        Self {
            mem_len: 0,
            stack_limit: ptr::null_mut(),
            fuel: 0,
            funcs: ptr::null_mut(),
            globals: ptr::null_mut(),
            tables: ptr::null(),
            types: ptr::null(),
            instance: FuncEntry::HOST,
            first_func: 0,
            mem: ptr::null_mut(),
            func_imports: ptr::null(),
            all_globals: ptr::null(),
            memories: ptr::null(),
            all_funcs: ptr::null_mut(),
            #[cfg(feature = "gc")]
            objects: ptr::null_mut(),
            stack: Stack::new(max_stack),
            stopped: (ptr::null(), ptr::null_mut()),
            foreign: ForeignCall {
                entry: ptr::null_mut(),
                return_ip: ptr::null(),
                base: SlotIndex(0),
            },
            call_acc: 0,
            call_facc: 0.0,
            leave: Leave::Stop(Exit::Done),
            stack_need: 0,
            #[cfg(feature = "probes")]
            hidden: 0,
            runtime,
        }
    }

    /// Extends the stack to at least `need` slots, and renews [`Context::stack_limit`] and the frame in
    /// [`Context::stopped`]. All other addresses of slots are invalid afterwards.
    ///
    /// # Errors
    /// The errors of [`Stack::grow`].
    pub fn grow_stack(&mut self, need: usize) -> Result<(), Trap> {
        let frame =
            (self.stopped.1 as usize).wrapping_sub(self.stack.base() as usize) / size_of::<u64>();
        self.stack.grow(need)?;
        self.stack_limit = self.stack.limit();
        self.stopped.1 = self.stack.base().wrapping_add(frame);
        Ok(())
    }
}

/// What an object contains when it is created.
#[cfg(feature = "gc")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Zeros and nulls.
    Zeros,
    /// The value in the slot with this number, counted from the stack's first, in each element.
    Value(usize),
    /// The values in the slots from this one on.
    Slots(usize),
    /// Bytes of a data segment, from a position on.
    Data(u32, u32),
    /// Elements of an element segment, from a position on.
    Elem(u32, u32),
}

/// The services of the runtime for running code. Every method is a cold path.
///
/// The context is passed by pointer, because the implementor usually owns it. Every method renews the views in the context
/// before it returns.
pub trait Runtime {
    /// Lowers a function of the store: sets its `code`, `frame_slots` and `zero_slots`.
    ///
    /// # Errors
    /// Fails with [`Exit::Runtime`] if its body is invalid, or if the host has no memory for its code.
    fn lower(&mut self, func: FuncIndex) -> Result<(), Exit>;

    /// Calls the host function `func`. Its arguments are at slot `args` of the value stack, and its results are written to
    /// the same place. The slots from there to `args + max(params, results)` exist.
    ///
    /// # Errors
    /// Fails with a trap, or with [`Exit::Runtime`] if the function failed or ended the program.
    fn call_host(&mut self, func: FuncIndex, args: usize) -> Result<(), Exit>;

    /// Makes `instance` the current one, and renews all its views.
    fn enter(&mut self, instance: u32);

    /// Called when [`Context::fuel`] has become negative. Grants more fuel, or stops the program.
    ///
    /// # Errors
    /// Fails with [`Trap::OutOfFuel`](super::Trap::OutOfFuel) or [`Trap::Interrupt`](super::Trap::Interrupt).
    fn refuel(&mut self) -> Result<(), Exit>;

    /// Takes `units` of fuel for an op that has not begun.
    ///
    /// # Errors
    /// As [`Runtime::refuel`]. If there is too little fuel, all is taken. The op pays again if it runs after all.
    fn pay(&mut self, units: u64) -> Result<(), Exit>;

    /// Called before the op at [`Context::stopped`], which a probe hides. Returns the number of the op as it stands in code. By default
    /// there are no probes.
    ///
    /// # Errors
    /// Fails with [`Exit::Runtime`] if the embedder stops the program, or if no op is hidden there: somebody has written the code.
    #[cfg(feature = "probes")]
    fn probe(&mut self) -> Result<u16, Exit> {
        self.hidden()
    }

    /// Does the same for an op that runs again: the embedder has heard of it.
    ///
    /// # Errors
    /// Fails with [`Exit::Runtime`] if no op is hidden there.
    #[cfg(feature = "probes")]
    fn hidden(&mut self) -> Result<u16, Exit> {
        Err(Trap::UnreachableCodeReached.into())
    }

    /// Called from time to time by an op that takes long: looks whether the program shall be stopped.
    ///
    /// # Errors
    /// [`Trap::Interrupt`](super::Trap::Interrupt), or the embedder's error.
    fn look(&mut self) -> Result<(), Exit>;

    /// Waits for `timeout` nanoseconds (proposal "threads", `memory.atomic.wait32`).
    ///
    /// # Errors
    /// [`Trap::AtomicWaitForever`](super::Trap::AtomicWaitForever) if the timeout is negative; those of [`Runtime::look`].
    fn atomic_wait(&mut self, timeout: i64) -> Result<(), Exit>;

    /// Grows a memory of the current instance by `delta` pages. Returns the old size in pages, or `None` (core
    /// specification, 4.4.7 `memory.grow`).
    ///
    /// # Errors
    /// Fails with [`Exit::Runtime`] if a limit of the embedder stops the program.
    fn memory_grow(&mut self, memory: u32, delta: u64) -> Result<Option<u64>, Exit>;

    /// Grows a table of the current instance. Returns the old size, or `None` (4.4.6 `table.grow`).
    ///
    /// # Errors
    /// The errors of `memory_grow`.
    fn table_grow(&mut self, table: u32, delta: u64, init: u64) -> Result<Option<u64>, Exit>;

    /// `memory.init`: copies `len` bytes from position `src` of a data segment to `dst`.
    ///
    /// # Errors
    /// Fails with [`Trap::MemoryOutOfBounds`](super::Trap::MemoryOutOfBounds).
    fn memory_init(
        &mut self,
        memory: u32,
        data: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(), Exit>;

    /// `data.drop`.
    fn data_drop(&mut self, data: u32);

    /// `table.init`: copies `len` references from position `src` of an element segment to `dst`.
    ///
    /// # Errors
    /// Fails with [`Trap::TableOutOfBounds`](super::Trap::TableOutOfBounds).
    fn table_init(
        &mut self,
        table: u32,
        elem: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(), Exit>;

    /// `elem.drop`.
    fn elem_drop(&mut self, elem: u32);

    /// Creates an object of type `ty` of the current instance: a structure, or an array of `len` elements. By default there is no room for
    /// objects. The op and the frame are those
    /// in [`Context::stopped`].
    ///
    /// # Errors
    /// [`Trap::HeapFull`](super::Trap::HeapFull); for segments [`Trap::MemoryOutOfBounds`](super::Trap::MemoryOutOfBounds) and
    /// [`Trap::TableOutOfBounds`](super::Trap::TableOutOfBounds); otherwise as [`Runtime::pay`].
    #[cfg(feature = "gc")]
    fn create(&mut self, ty: u32, len: u32, contents: Contents) -> Result<u64, Exit> {
        let _ = (ty, len, contents);
        Err(Trap::HeapFull.into())
    }

    /// Writes `len` elements of an array, from element `at` on.
    ///
    /// # Errors
    /// As [`Runtime::create`], and [`Trap::ArrayOutOfBounds`](super::Trap::ArrayOutOfBounds).
    #[cfg(feature = "gc")]
    fn array_init(
        &mut self,
        array: u64,
        at: u32,
        len: u32,
        contents: Contents,
    ) -> Result<(), Exit> {
        let _ = (array, at, len, contents);
        Err(Trap::ArrayOutOfBounds.into())
    }

    /// Returns whether a reference that is not null has a type.
    #[cfg(feature = "gc")]
    fn is_instance(&self, reference: u64, ty: HeapCode) -> bool {
        let _ = (reference, ty);
        false
    }

    /// Returns whether the type with number `ty` is a subtype of the one with number `wanted`.
    #[cfg(feature = "gc")]
    fn is_subtype(&self, ty: u32, wanted: u32) -> bool {
        ty == wanted
    }

    /// Stores a new exception: one with a tag of the current instance, and with the values from slot `values` of the value
    /// stack on. Returns [`Exit::Exception`].
    #[cfg(feature = "exceptions")]
    fn throw(&mut self, tag: u32, values: usize) -> Exit;

    /// Stores the exception that a reference names, in order to throw it again. Returns [`Exit::Exception`], or
    /// [`Trap::NullReference`](super::Trap::NullReference).
    #[cfg(feature = "exceptions")]
    fn throw_ref(&mut self, exception: u64) -> Exit;

    /// Finds the handler of the stored exception, beginning at the op and the frame in [`Context::stopped`]. Writes the
    /// exception's values to the handler's slots. The place to continue at is left in [`Context::stopped`], and the
    /// handler's instance is the current one.
    ///
    /// # Errors
    /// Fails with [`Exit::Runtime`] if no frame has a handler; otherwise as [`Runtime::refuel`].
    #[cfg(feature = "exceptions")]
    fn unwind(&mut self) -> Result<(), Exit>;
}
