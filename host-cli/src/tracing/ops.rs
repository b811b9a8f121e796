//! `--trace-ops`: each op that runs.

use interp::{Probed, Step, Stepper};

use super::Output;
use super::format::OpEvent;
use crate::places::{Line, Places};

/// Follows a program op by op.
#[derive(Default)]
pub(super) struct Ops {
    stepper: Stepper,
    /// The frames from the outermost to the running one.
    frames: Vec<usize>,
    /// What the op that runs is told with.
    running: Option<Context>,
    /// The function and the line of the last event.
    last: Option<(u32, usize, Option<Line>)>,
}

/// What surrounds an op.
struct Context {
    depth: usize,
    name: String,
    line: Option<Line>,
}

impl Ops {
    pub(super) fn see<T>(&mut self, at: &Probed<'_, T>, places: &mut Places, out: &mut Output) {
        let finished = self.stepper.step(at);
        self.print(finished, out);
        let frame = at.frame();
        while self.frames.last().is_some_and(|last| *last > frame) {
            self.frames.pop();
        }
        if self.frames.last() != Some(&frame) {
            self.frames.push(frame);
        }
        let func = places.func(at, at.instance(), at.defined_func());
        let offset = self.stepper.running_offset();
        let line = offset
            .and_then(|offset| func.line(offset))
            .or(func.start.as_ref());
        self.running = Some(Context {
            depth: self.frames.len() - 1,
            name: func.name.clone(),
            line: line.cloned(),
        });
    }

    /// Prints the op that ran last.
    pub(super) fn finish(&mut self, out: &mut Output) {
        let finished = self.stepper.finish();
        self.print(finished, out);
    }

    fn print(&mut self, step: Option<Step>, out: &mut Output) {
        let (Some(step), Some(context)) = (step, self.running.take()) else {
            return;
        };
        let place = (step.func, step.frame, context.line.clone());
        let is_elsewhere = self.last.as_ref() != Some(&place);
        self.last = Some(place);
        let Context { depth, name, line } = context;
        let event = OpEvent {
            step: &step,
            depth,
            name: &name,
            line: line.as_ref(),
            is_elsewhere,
        };
        for text in out.format.op(&event) {
            out.line(&text);
        }
    }
}
