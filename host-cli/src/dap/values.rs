//! Variables, expressions and memory.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::breakpoints::number_of;
use super::frame::AtFrame;
use super::session::{Answered, Debuggee, Session, told};
use super::stack::count;
use crate::variables::{self, Answer, At, Variable};

/// The maximum number of variables that are sent at once, and of bytes.
const MOST: u64 = 1000;
const MOST_BYTES: u64 = 1 << 20;

/// What a client may look into.
#[derive(Clone)]
pub(super) enum Node {
    /// A scope of a frame.
    Scope(ScopeKind, usize),
    /// A value with parts, as a frame sees it.
    Value(Variable, usize),
}

/// The scopes of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScopeKind {
    Arguments,
    Locals,
    /// The global variables of the unit.
    Globals,
    /// The interpreter's frame.
    Slots,
    Registers,
    WasmGlobals,
}

impl ScopeKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Arguments => "Arguments",
            Self::Locals => "Locals",
            Self::Globals => "Globals",
            Self::Slots => "Wasm locals and slots",
            Self::Registers => "Registers",
            Self::WasmGlobals => "Wasm globals",
        }
    }

    /// How the protocol calls it.
    pub(super) fn hint(self) -> Option<&'static str> {
        match self {
            Self::Arguments => Some("arguments"),
            Self::Locals => Some("locals"),
            Self::Registers => Some("registers"),
            _ => None,
        }
    }
}

impl Session {
    pub(super) fn variables(&mut self, arguments: &Value) -> Answered {
        let debuggee = self.stopped()?;
        let node = debuggee.node_known(&arguments["variablesReference"])?;
        let start = arguments["start"].as_u64().unwrap_or(0);
        let wanted = arguments["count"].as_u64().filter(|count| *count > 0);
        let wanted = start..start.saturating_add(wanted.unwrap_or(MOST).min(MOST));
        let shown: Vec<_> = match node {
            Node::Scope(kind, frame) => {
                let (skip, take) = (start, wanted.end - start);
                let all = debuggee.in_scope(kind, frame)?.into_iter();
                let all = all.skip(clamped(skip)).take(clamped(take));
                all.map(|item| match item {
                    Item::Variable(variable) => debuggee.shown(&variable, frame),
                    Item::Plain(name, value, ty) => {
                        json!({ "name": name, "value": value, "type": ty, "variablesReference": 0 })
                    }
                })
                .collect()
            }
            Node::Value(variable, frame) => {
                let parts = debuggee.with(frame, |dies, at| variable.part(dies, at, wanted));
                let parts = parts.iter();
                parts.map(|part| debuggee.shown(part, frame)).collect()
            }
        };
        Ok(json!({ "variables": shown }))
    }

    pub(super) fn evaluate(&mut self, arguments: &Value) -> Answered {
        let text = arguments["expression"]
            .as_str()
            .ok_or("there is no expression")?
            .to_owned();
        let debuggee = self.stopped()?;
        let frame = match &arguments["frameId"] {
            Value::Null => 0,
            id => debuggee.frame_known(id)?,
        };
        if arguments["context"] == "repl"
            && let Some(told) = debuggee.commanded(&text)
        {
            return Ok(json!({ "result": told?, "variablesReference": 0 }));
        }
        let answer = debuggee.evaluated(&text, frame)?;
        Ok(match answer {
            Answer::Text(text) => json!({ "result": text, "variablesReference": 0 }),
            Answer::Variable(variable) => {
                let mut shown = debuggee.shown(&variable, frame);
                shown["result"] = shown["value"].take();
                if let Some(shown) = shown.as_object_mut() {
                    for other in ["name", "value", "evaluateName"] {
                        shown.remove(other);
                    }
                }
                shown
            }
        })
    }

    pub(super) fn read_memory(&mut self, arguments: &Value) -> Answered {
        let reference = arguments["memoryReference"].as_str().unwrap_or_default();
        let start = number_of(reference)
            .ok_or_else(|| format!("`{}` is no address", interp::inspect::Spelled(reference)))?;
        let start = start.checked_add_signed(arguments["offset"].as_i64().unwrap_or(0));
        let start = start.ok_or("the address is outside of the memory")?;
        let wanted = arguments["count"].as_u64().ok_or("no number of bytes")?;
        if wanted > MOST_BYTES {
            return Err(format!("at most {MOST_BYTES} bytes can be read at once"));
        }
        let debuggee = self.stopped()?;
        // As many as there are: the memory may end within.
        let mut read = wanted;
        let bytes = loop {
            match debuggee.engine.memory(start, clamped(read)) {
                Ok(bytes) => break bytes,
                Err(_) if read == 0 => break Vec::new(),
                Err(_) => read = debuggee.readable(start, read),
            }
        };
        let unreadable = wanted - bytes.len() as u64;
        Ok(json!({
            "address": format!("{start:#x}"),
            "data": STANDARD.encode(bytes),
            "unreadableBytes": unreadable,
        }))
    }

    /// The address and the bytes of a variable: a part of one that the client knows, or an expression.
    pub(super) fn variable_called(
        &mut self,
        arguments: &Value,
        name: &str,
    ) -> Result<Option<(u64, u64)>, String> {
        let debuggee = self.stopped()?;
        let variable = match &arguments["variablesReference"] {
            Value::Null => {
                let frame = match &arguments["frameId"] {
                    Value::Null => 0,
                    id => debuggee.frame_known(id)?,
                };
                match debuggee.evaluated(name, frame)? {
                    Answer::Variable(variable) => Some(variable),
                    Answer::Text(_) => None,
                }
            }
            reference => {
                let node = debuggee.node_known(reference)?;
                let parts = match node {
                    Node::Scope(kind, frame) => {
                        let all = debuggee.in_scope(kind, frame)?.into_iter();
                        let all = all.filter_map(|item| match item {
                            Item::Variable(variable) => Some(variable),
                            Item::Plain(..) => None,
                        });
                        all.collect()
                    }
                    Node::Value(variable, frame) => {
                        debuggee.with(frame, |dies, at| variable.part(dies, at, 0..MOST))
                    }
                };
                parts.into_iter().find(|part| part.name == name)
            }
        };
        Ok(variable.and_then(|variable| {
            let size = debuggee.dies.size_of(&variable.ty)?;
            Some((variable.address()?, size))
        }))
    }
}

/// A line in a scope.
enum Item {
    Variable(Variable),
    /// A name, a value, a type.
    Plain(String, String, &'static str),
}

impl Debuggee {
    /// Evaluates an expression in a frame.
    pub(super) fn evaluated(&mut self, text: &str, frame: usize) -> Result<Answer, String> {
        let address = self.address(frame);
        self.with(frame, |dies, stopped| {
            variables::evaluate(text, At { dies, address }, stopped)
        })
    }

    /// Remembers what a client may look into, and returns its number.
    pub(super) fn node(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len()
    }

    fn node_known(&self, reference: &Value) -> Result<Node, String> {
        let number = count(reference).and_then(|number| number.checked_sub(1));
        let node = number.and_then(|number| self.nodes.get(number).cloned());
        node.ok_or_else(|| "there is no such variable: the program has moved on".to_owned())
    }

    /// Does something with the values of a frame.
    fn with<R>(
        &mut self,
        frame: usize,
        f: impl FnOnce(&variables::Dies, &mut AtFrame<'_>) -> R,
    ) -> R {
        let mut at = AtFrame::new(&mut self.engine, frame, self.is_go);
        f(&self.dies, &mut at)
    }

    /// A variable, as the protocol has it.
    fn shown(&mut self, variable: &Variable, frame: usize) -> Value {
        let (value, parts, points_to) = self.with(frame, |dies, at| {
            let value = variable.tell(dies, at);
            let parts = variable.parts(dies, at);
            (value, parts, variable.points_to(dies, at))
        });
        let has_elements = variable.has_elements(&self.dies);
        let reference = match parts {
            0 => 0,
            _ => self.node(Node::Value(variable.clone(), frame)),
        };
        let mut shown = json!({
            "name": variable.name,
            "value": value,
            "type": self.dies.name_of(&variable.ty),
            "variablesReference": reference,
        });
        if has_elements {
            shown["indexedVariables"] = parts.into();
        }
        if let Some(address) = points_to.or_else(|| variable.address()) {
            shown["memoryReference"] = format!("{address:#x}").into();
        }
        shown
    }

    fn in_scope(&mut self, kind: ScopeKind, frame: usize) -> Result<Vec<Item>, String> {
        let plain = |name: String, value: String| Item::Plain(name, value, "");
        Ok(match kind {
            ScopeKind::Arguments | ScopeKind::Locals => {
                let Some((address, level)) = self.address(frame) else {
                    return Ok(Vec::new());
                };
                let scope = self.with(frame, |dies, at| variables::scope(dies, address, level, at));
                let all = match kind {
                    ScopeKind::Arguments => scope.arguments,
                    _ => scope.locals,
                };
                all.into_iter().map(Item::Variable).collect()
            }
            ScopeKind::Globals => {
                let Some((address, _)) = self.address(frame) else {
                    return Ok(Vec::new());
                };
                let all = self.with(frame, |dies, at| variables::globals(dies, address, at));
                all.into_iter().map(Item::Variable).collect()
            }
            ScopeKind::Slots => {
                let frames = self.engine.frames().map_err(told)?;
                let frame = frames.get(frame).ok_or("there is no such frame")?;
                let slots = self.engine.slots(frame).map_err(told)?.into_iter();
                slots
                    .map(|(name, value)| plain(name, value.to_string()))
                    .collect()
            }
            ScopeKind::Registers => {
                let (acc, facc, depth) = self
                    .engine
                    .look(|at| (at.acc(), at.facc(), at.frame()))
                    .map_err(told)?;
                let position = self.engine.position().to_string();
                vec![
                    plain("acc".to_owned(), format!("{acc} ({acc:#x})")),
                    plain("facc".to_owned(), facc.to_string()),
                    plain("frame".to_owned(), depth.to_string()),
                    plain("position".to_owned(), position),
                ]
            }
            ScopeKind::WasmGlobals => {
                let globals = self.engine.globals().into_iter().enumerate();
                globals
                    .map(|(index, value)| plain(format!("global{index}"), format!("{value:?}")))
                    .collect()
            }
        })
    }

    /// The number of bytes from an address on that the memory has, at most `wanted`.
    fn readable(&mut self, start: u64, wanted: u64) -> u64 {
        let (mut low, mut high) = (0, wanted);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            match self.engine.memory(start, clamped(middle)) {
                Ok(_) => low = middle,
                Err(_) => high = middle - 1,
            }
        }
        low
    }
}

fn clamped(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
