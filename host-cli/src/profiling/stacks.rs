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
    known: HashMap<SampledFrame, u32>,
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
            frames.extend(stack.frames.iter().map(|frame| finder.frame(*frame)));
        }
        Self {
            all,
            frames: finder.frames,
        }
    }
}

impl<T> Finder<'_, T> {
    /// The number of a function that runs.
    fn frame(&mut self, sampled: SampledFrame) -> u32 {
        if let Some(known) = self.known.get(&sampled) {
            return *known;
        }
        let SampledFrame {
            instance,
            defined,
            granule,
        } = sampled;
        let module = instance.module(self.store);
        let positions = self.positions.entry((instance, defined));
        let positions = positions.or_insert_with(|| module.positions(defined));
        let offset = positions.at(granule as usize);
        let info = module.info();
        let places = self.places.entry(std::ptr::from_ref(info) as usize);
        let places = places.or_insert_with(|| Places::new(Names::new(info)));
        let func = places.func(self.store, instance, defined);
        let line = offset.and_then(|offset| func.line(offset));
        let start = func.start.as_ref();
        let frame = Frame {
            name: Spelled(&func.name).to_string(),
            line: line.or(start).cloned(),
            start: start.map_or(0, |start| start.line),
            is_host: false,
        };
        let number = self.number(frame);
        self.known.insert(sampled, number);
        number
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
