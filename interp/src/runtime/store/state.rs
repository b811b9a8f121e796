//! [`State`]: all parts of a store that do not depend on the type of the embedder's data.
//!
//! Each kind of item is stored in an array. Handles and instances refer to items by index. Nothing is removed before the
//! store is dropped, so every reference refers to an existing item (invariant 6 of [`crate::machine`]).

#[cfg(any(feature = "std", feature = "probes"))]
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;

use crate::Error;
use crate::machine::{Context, FuncEntry, Runtime};
#[cfg(feature = "heap")]
use crate::runtime::entity::code_map::CodeMap;
#[cfg(feature = "exceptions")]
use crate::runtime::entity::exception::Exceptions;
use crate::runtime::entity::handle::StoreId;
#[cfg(feature = "heap")]
use crate::runtime::entity::heap::Heap;
use crate::runtime::entity::shared::{Shared, SharedSlots};
use crate::runtime::entity::taken::Taken;
use crate::runtime::entity::{GlobalEntity, InstanceEntity, MemoryEntity, TableEntity};
#[cfg(feature = "probes")]
use crate::runtime::store::code_index::CodeIndex;
use crate::runtime::store::fuel::Tank;
#[cfg(feature = "probes")]
use crate::runtime::store::probe_table::ProbeTable;
use crate::runtime::{Engine, FuncType};
use core::ptr;

/// The items of a store, and the machine that runs them.
pub(crate) struct State {
    pub(crate) id: StoreId,
    pub(crate) engine: Engine,
    pub(crate) funcs: Vec<FuncEntry>,
    pub(crate) instances: Vec<InstanceEntity>,
    pub(crate) memories: Vec<MemoryEntity>,
    pub(crate) tables: Vec<TableEntity>,
    pub(crate) globals: Vec<GlobalEntity>,
    /// The slots of the globals: one block for each instance, and one for each global that the host has created.
    pub(crate) global_blocks: Vec<SharedSlots>,
    /// The values of references of type `externref`.
    pub(crate) externs: Vec<Arc<dyn Any + Send + Sync>>,
    #[cfg(feature = "exceptions")]
    pub(crate) exceptions: Exceptions,
    /// The objects and exceptions to which references exist.
    #[cfg(feature = "heap")]
    pub(crate) heap: Heap,
    /// The functions of this store whose code was lowered.
    #[cfg(feature = "heap")]
    pub(crate) code: CodeMap,
    /// The probes in the code of the store, if it can have some.
    #[cfg(feature = "probes")]
    pub(crate) probes: Option<Box<ProbeTable>>,
    /// The functions that were lowered, if somebody takes samples.
    #[cfg(feature = "probes")]
    pub(crate) sampled: Option<Box<CodeIndex>>,
    pub(crate) tank: Tank,
    /// The bytes taken by the store.
    pub(crate) taken: Taken,
    /// The first slot of the value stack that is not used by a frame while a host function runs.
    pub(crate) free_top: usize,
    /// The depth of nested host functions and calls by the host.
    pub(crate) depth: u32,
    /// Whether the running call can be suspended at a request.
    pub(crate) is_suspendable: bool,
    /// The function at whose first call by the program a suspendable call is suspended.
    pub(crate) suspend_at: Option<u32>,
    /// Whether its contents were read ([`Store::thaw`](crate::Store::thaw)): anybody may have written them.
    #[cfg(feature = "freeze")]
    pub(crate) is_thawed: bool,
    /// The functions that were found not to rely on references in slots when the store was frozen before.
    #[cfg(feature = "freeze")]
    pub(crate) harmless_funcs: alloc::collections::BTreeSet<u32>,
    /// Set when the machine stops at a place where it can continue.
    pub(crate) pause: Option<Pause>,
    /// The error of [`Exit::Runtime`].
    pub(crate) pending: Option<Error>,
    /// A panic of the embedder that has stopped the program.
    pub(crate) panic: Option<Payload>,
    pub(in crate::runtime) cx: Shared<Context>,
}

/// The reason why the machine stopped at a place where it can continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// No fuel is left. The machine's count is the debt. If an op that pays in advance has the debt: the price of that op.
    Fuel { paid: u64 },
    /// The embedder has asked for it. The number is as above.
    Asked { paid: u64 },
    /// The host function with this index has failed.
    Host(u32),
}

/// The payload of a panic.
#[cfg(feature = "std")]
pub(crate) type Payload = Box<dyn Any + Send>;
/// Panics have no payload without `std`.
#[cfg(not(feature = "std"))]
pub(crate) type Payload = core::convert::Infallible;

impl State {
    /// Creates the state of a store. `nobody` is a null pointer with the type of the store's runtime.
    pub(crate) fn new(engine: &Engine, nobody: *mut dyn Runtime) -> Self {
        let config = engine.config();
        Self {
            id: StoreId::next(),
            engine: engine.clone(),
            funcs: Vec::new(),
            instances: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            globals: Vec::new(),
            global_blocks: Vec::new(),
            externs: Vec::new(),
            #[cfg(feature = "exceptions")]
            exceptions: Exceptions::default(),
            #[cfg(feature = "heap")]
            heap: Heap::default(),
            #[cfg(feature = "heap")]
            code: CodeMap::default(),
            #[cfg(feature = "probes")]
            probes: None,
            #[cfg(feature = "probes")]
            sampled: None,
            tank: Tank::new(config.consume_fuel),
            taken: Taken::default(),
            free_top: 0,
            depth: 0,
            is_suspendable: false,
            #[cfg(feature = "freeze")]
            is_thawed: false,
            #[cfg(feature = "freeze")]
            harmless_funcs: alloc::collections::BTreeSet::new(),
            suspend_at: None,
            pause: None,
            pending: None,
            panic: None,
            // The runtime is set before any code runs.
            cx: Shared::new(Context::new(config.max_stack / size_of::<u64>(), nobody)),
        }
    }

    /// The machine's context.
    pub(crate) fn cx(&self) -> *mut Context {
        self.cx.as_ptr()
    }

    /// The type of a function.
    pub(crate) fn func_type(&self, func: usize) -> FuncType {
        self.engine.type_of(self.funcs[func].ty)
    }

    /// The instance whose code is running, if any.
    pub(crate) fn current(&self) -> Option<u32> {
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let instance = unsafe { (*self.cx()).instance };
        (instance != FuncEntry::HOST).then_some(instance)
    }

    /// The instance whose code is running.
    ///
    /// # Panics
    /// Panics if no code is running. Only running code calls this.
    pub(crate) fn running(&self) -> &InstanceEntity {
        let current = self.current().expect("an instance's code runs");
        &self.instances[current as usize]
    }

    /// The instance whose code is running, mutable.
    pub(crate) fn running_mut(&mut self) -> &mut InstanceEntity {
        let current = self.current().expect("an instance's code runs");
        &mut self.instances[current as usize]
    }

    /// Makes `instance` the current one, and renews all views in the context. This establishes invariants 3 and 5 of
    /// [`crate::machine`]: the arrays of views have the lengths of the module's index spaces, because instantiation has
    /// created them from these.
    pub(crate) fn enter(&mut self, instance: Option<u32>) {
        let cx = self.cx();
        let all_funcs = self.funcs.as_mut_ptr();
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let cx = unsafe { &mut *cx };
        cx.all_funcs = all_funcs;
        #[cfg(feature = "gc")]
        {
            cx.objects = self.heap.table();
        }
        let Some(instance) = instance else {
            cx.instance = FuncEntry::HOST;
            return;
        };
        let entity = &self.instances[instance as usize];
        cx.instance = instance;
        cx.first_func = entity.first_func;
        cx.funcs = all_funcs.wrapping_add(entity.first_func as usize);
        cx.globals = entity.own_globals;
        cx.all_globals = entity.global_slots.as_ptr();
        cx.tables = entity.table_views.as_ptr();
        cx.memories = entity.memory_views.as_ptr();
        cx.types = entity.module.types().as_ptr();
        cx.func_imports = entity.func_imports.as_ptr();
        (cx.mem, cx.mem_len) = match entity.memories.first() {
            Some(memory) => self.memories[*memory as usize].place(),
            None => (ptr::null_mut(), 0),
        };
    }

    /// Renews the views of the current instance.
    pub(crate) fn renew(&mut self) {
        self.enter(self.current());
    }
}
