//! Stacks with names and lines.

use std::collections::HashMap;

use interp::compile::Positions;
use interp::inspect::{Names, Spelled};
use interp::{Instance, SampledFrame, Store};

use super::{Count, Samples};
use crate::places::{Line, Places};

/// The stacks of a profile, by their numbers.
pub(super) struct Stacks {
    /// The functions of each, innermost first, and what was counted.
    pub(super) all: Vec<(Vec<u32>, Count)>,
    /// The functions with a line, by their numbers.
    pub(super) frames: Vec<Frame>,
}

/// A function that runs, and the line.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Frame {
    pub(super) name: String,
    pub(super) line: Option<Line>,
    /// The line at which the function begins.
    pub(super) start: u32,
    /// Whether it is a function of the host.
    pub(super) is_host: bool,
}

/// Finds names and lines.
struct Finder<'a, T: 'static> {
    store: &'a Store<T>,
    places: HashMap<usize, Places>,
    positions: HashMap<(Instance, u32), Positions>,
    numbers: HashMap<Frame, u32>,
    known: HashMap<SampledFrame, Vec<u32>>,
    frames: Vec<Frame>,
}

impl Stacks {
    pub(super) fn of<T>(samples: &Samples, store: &Store<T>) -> Self {
        let mut finder = Finder {
            store,
            places: HashMap::new(),
            positions: HashMap::new(),
            numbers: HashMap::new(),
            known: HashMap::new(),
            frames: Vec::new(),
        };
        let mut all = vec![(Vec::new(), Count::default()); samples.counts.len()];
        // In the order of their numbers: the same run gives the same file.
        let mut numbered: Vec<_> = samples.numbers.iter().collect();
        numbered.sort_unstable_by_key(|(_, number)| **number);
        for (stack, number) in numbered {
            let (frames, count) = &mut all[*number as usize];
            *count = samples.counts[*number as usize];
            if let Some(import) = stack.import {
                frames.extend(finder.import(import, stack.frames.first()));
            }
            for frame in &stack.frames {
                frames.extend_from_slice(finder.frames(*frame));
            }
        }
        Self {
            all,
            frames: finder.frames,
        }
    }
}

impl<T> Finder<'_, T> {
    /// The numbers of the functions of a frame: those that the compiler has inlined, and at the end its own.
    fn frames(&mut self, sampled: SampledFrame) -> &[u32] {
        if !self.known.contains_key(&sampled) {
            let found = self.find(sampled);
            self.known.insert(sampled, found);
        }
        &self.known[&sampled]
    }

    fn find(&mut self, sampled: SampledFrame) -> Vec<u32> {
        let SampledFrame {
            instance,
            defined,
            granule,
        } = sampled;
        let module = instance.module(self.store);
        let positions = self.positions.entry((instance, defined));
        let positions = positions.or_insert_with(|| instance.positions(self.store, defined));
        let offset = positions.at(granule as usize);
        let info = module.info();
        let places = self.places.entry(std::ptr::from_ref(info) as usize);
        let places = places.or_insert_with(|| Places::new(Names::new(info)));
        let func = places.func(self.store, instance, defined);
        let calls = offset.map_or(&[][..], |offset| func.calls(offset));
        let start = func.start.clone();
        let first_line = start.as_ref().map_or(0, |start| start.line);
        let frame = |name: &str, line: Option<Line>, start: u32| Frame {
            name: Spelled(name).to_string(),
            line,
            start,
            is_host: false,
        };
        let own = match calls.last() {
            Some(own) => frame(&func.name, own.line.clone().or(start), first_line),
            None => frame(&func.name, start, first_line),
        };
        let inlined = calls.iter().take(calls.len().saturating_sub(1));
        let mut frames: Vec<_> = inlined
            .map(|call| frame(&call.name, call.line.clone(), 0))
            .collect();
        frames.push(own);
        frames.into_iter().map(|frame| self.number(frame)).collect()
    }

    /// The number of a function that the innermost of these has imported.
    fn import(&mut self, import: u32, caller: Option<&SampledFrame>) -> Option<u32> {
        let module = caller?.instance.module(self.store);
        let mut funcs = module.imports();
        let is_func =
            |import: &interp::ImportType<'_>| matches!(import.ty, interp::ExternType::Func(_));
        let import = funcs.by_ref().filter(is_func).nth(import as usize)?;
        let frame = Frame {
            name: Spelled(import.name).to_string(),
            line: None,
            start: 0,
            is_host: true,
        };
        Some(self.number(frame))
    }

    fn number(&mut self, frame: Frame) -> u32 {
        let next = self.frames.len();
        // There is no memory for 2³² of them.
        let number = *self.numbers.entry(frame.clone()).or_insert(next as u32);
        if number as usize == next {
            self.frames.push(frame);
        }
        number
    }
}
