//! Debug information of programs built by Go: names and lines of functions, and goroutines.
//!
//! Names come from the table that Go's runtime uses for its own tracebacks ([`go_tables`]). It exists even if the name
//! section does not. A goroutine's stack is in the program's memory, and global 0 is its pointer. Global 2 is the address of the record of
//! the running goroutine, or of the scheduler.

mod backtrace;
mod resume_points;
mod stack;
#[cfg(feature = "debug")]
mod threads;
mod traceback;

use go_tables::{Func, Goroutine, Goroutines, Missing, Tables};
use interp::{FrameSymbol, Instance, Module, Store, Val};
use wasi_shim::preopen;

#[cfg(feature = "debug")]
pub(crate) use threads::{Thread, ThreadCall};

/// Returns whether Go has built a program.
pub(crate) fn built(module: &Module) -> bool {
    preopen::reads_pwd(module.custom_sections())
}

/// A program built by Go that has stopped.
pub(crate) struct Program<'a> {
    module: Module,
    memory: &'a [u8],
    tables: Tables<'a>,
    /// The stack pointer of the running goroutine.
    sp: Option<u64>,
    /// The address of the running goroutine's record, or of the scheduler's.
    g: Option<u64>,
    goroutines: Result<Goroutines<'a>, Missing>,
    /// The goroutine that runs, if the runtime's records can be read.
    running: Option<Goroutine>,
    /// The program's monotonic clock, in nanoseconds.
    now: Option<u64>,
}

impl<'a> Program<'a> {
    /// Finds the program in a store. `now` is the time of its monotonic clock, if it is known. Returns `None` if it was not built by Go.
    pub(crate) fn find<T>(
        store: &'a Store<T>,
        instance: Instance,
        now: Option<u64>,
    ) -> Option<Self> {
        let memory = instance.get_memory(store, "memory")?.data(store);
        let sp = match instance.debug_global(store, 0)?.get(store) {
            Val::I32(sp) => Some(u64::from(sp.cast_unsigned())),
            _ => None,
        };
        let g = match instance.debug_global(store, 2).map(|g| g.get(store)) {
            Some(Val::I64(g)) => Some(g.cast_unsigned()),
            _ => None,
        };
        let tables = Tables::find(memory)?;
        let goroutines = Goroutines::find(&tables);
        let listed = goroutines.as_ref().ok();
        Some(Self {
            module: instance.module(store),
            memory,
            running: listed.and_then(|goroutines| goroutines.running(g?)),
            tables,
            goroutines,
            sp,
            g,
            now,
        })
    }

    /// The name of a frame's function, from the module's name section or from Go's table.
    pub(crate) fn name<'b>(&'b self, frame: &'b FrameSymbol) -> Option<&'b str> {
        frame.func_name().or_else(|| self.func(frame)?.name())
    }

    /// The functions that may have called the one that runs now, by their indices without imports. `defined` is that function.
    #[cfg(feature = "debug")]
    pub(crate) fn callers(&self, defined: u32) -> Vec<u32> {
        let sizes = self.tables.func(defined);
        let sizes = sizes.iter().flat_map(Func::frame_sizes);
        let caller = |size| {
            let at = self.sp?.checked_add(u64::from(size))?;
            Some(self.frame_at(at)?.index)
        };
        sizes.filter_map(caller).collect()
    }

    fn func(&self, frame: &FrameSymbol) -> Option<Func<'a>> {
        self.tables.func(self.index(frame)?)
    }

    /// The function's index without imports.
    fn index(&self, frame: &FrameSymbol) -> Option<u32> {
        let imported = self.module.info().imported_funcs();
        frame.func_index().checked_sub(imported)
    }
}
