//! The goroutines of a program that stands somewhere.

use anyhow::{Context, Result, anyhow};

use super::engine::Engine;
use crate::go::{Program, Thread, ThreadCall};

impl Engine {
    /// The goroutines of a Go program. There are none before its runtime has begun.
    ///
    /// # Errors
    /// Go has not built the program, or its runtime's records cannot be read.
    pub(crate) fn threads(&mut self) -> Result<Vec<Thread>> {
        let machine = self.machine();
        let program = Program::find(&machine.store, machine.instance, None);
        let program = program.context("Go has not built this program")?;
        program.threads().map_err(|why| anyhow!(why))
    }

    /// The calls of a goroutine, innermost first.
    ///
    /// # Errors
    /// Go has not built the program, or it does not stand before an op.
    pub(crate) fn thread_calls(&mut self, id: u64) -> Result<Vec<ThreadCall>> {
        let trace = self.look(|at| at.backtrace())?;
        let machine = self.machine();
        let program = Program::find(&machine.store, machine.instance, None);
        let program = program.context("Go has not built this program")?;
        Ok(program.thread_calls(id, &trace))
    }
}
