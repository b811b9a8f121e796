//! The goroutines of a program, one by one, for debuggers.

use go_tables::State;
use interp::WasmBacktrace;

use super::Program;
use super::stack::Frame;

/// The maximum number of goroutines that are listed, and of frames of one.
const MOST_GOROUTINES: usize = 1000;
const MOST_FRAMES: usize = 1000;

/// A goroutine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Thread {
    pub(crate) id: u64,
    /// What it does or waits for, in Go's words.
    pub(crate) state: String,
    /// Whether its frames are those of the interpreter.
    pub(crate) is_running: bool,
}

/// A call on a goroutine's stack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ThreadCall {
    pub(crate) name: String,
    /// The file and the line.
    pub(crate) place: Option<(String, u32)>,
    pub(crate) is_inlined: bool,
}

impl Program<'_> {
    /// The goroutines that are alive, without those of Go's runtime. The running one comes first, whatever it is.
    ///
    /// # Errors
    /// The reason why there is no list.
    pub(crate) fn threads(&self) -> Result<Vec<Thread>, String> {
        let goroutines = self.goroutines.as_ref().map_err(ToString::to_string)?;
        let running = self.running.map(|running| running.address);
        let others = goroutines.iter().filter(|goroutine| {
            let is_alive = !matches!(
                goroutine.state,
                State::Idle | State::Dead | State::DeadExtra
            );
            is_alive && !goroutine.is_system && Some(goroutine.address) != running
        });
        let all = self.running.into_iter().chain(others);
        let threads = all.take(MOST_GOROUTINES).map(|goroutine| Thread {
            id: goroutine.id,
            state: goroutine
                .reason
                .unwrap_or(goroutine.state.word())
                .to_owned(),
            is_running: Some(goroutine.address) == running,
        });
        Ok(threads.collect())
    }

    /// The calls of a goroutine, innermost first. `backtrace` is that of the interpreter; it has the calls of a goroutine that runs.
    pub(crate) fn thread_calls(&self, id: u64, backtrace: &WasmBacktrace) -> Vec<ThreadCall> {
        let Ok(goroutines) = &self.goroutines else {
            return Vec::new();
        };
        let Some(goroutine) = goroutines.iter().find(|goroutine| goroutine.id == id) else {
            return Vec::new();
        };
        let is_live = self.g == Some(goroutine.address);
        let start = match is_live {
            true => self.matched(backtrace.frames()).map(|(_, start)| start),
            false => self
                .frame_of(goroutine.pc)
                .filter(|_| goroutine.sp != 0)
                .map(|frame| (frame, goroutine.sp)),
        };
        let frames = start.into_iter().flat_map(|start| self.walk(start));
        frames
            .take(MOST_FRAMES)
            .flat_map(|frame| self.calls_of(frame))
            .collect()
    }

    fn calls_of(&self, Frame { index, resume }: Frame) -> Vec<ThreadCall> {
        let func = self.tables.func(index);
        let calls = func.iter().flat_map(|func| func.calls(resume));
        calls
            .map(|call| ThreadCall {
                name: call.name.to_owned(),
                place: call.place.map(|place| (place.file.to_owned(), place.line)),
                is_inlined: call.is_inlined,
            })
            .collect()
    }
}
