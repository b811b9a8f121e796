//! `debug --dap`: a client drives the real command.

mod client;

use std::path::Path;

use client::Client;
use serde_json::{Value, json};
use tests::same::folder;
use tests::{Guest, modules};

/// The number of the first line of a source file that contains this text.
#[track_caller]
fn line(source: &str, text: &str) -> u64 {
    let found = source.lines().position(|line| line.contains(text));
    let found = found.unwrap_or_else(|| panic!("{text} is not in the source"));
    found as u64 + 1
}

const GO: &str = include_str!("../../guests/debugged/main.go");
const C: &str = include_str!("../../guests/cvariables/main.c");

/// Both releases of Go.
fn builds() -> [Guest; 2] {
    [Guest::named("debugged"), Guest::named("debugged").old()]
}

/// The path of a guest's file on this machine, as an editor has it.
fn path(guest: Guest, name: &str) -> String {
    guest.folder().join(name).display().to_string()
}

/// A module of C with unoptimised code, and debug information.
fn c_module() -> String {
    let wasm = Guest::named("cvariables").c_wasm_with("unoptimised.wasm", &["-g", "-O0"]);
    wasm.display().to_string()
}

#[track_caller]
fn named<'a>(variables: &'a [Value], name: &str) -> &'a Value {
    let found = variables.iter().find(|variable| variable["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {variables:#?}"))
}

/// Sets breakpoints on lines. Returns what each has become.
#[track_caller]
fn break_at(client: &mut Client, path: &str, lines: &[u64]) -> Vec<Value> {
    let lines: Vec<_> = lines.iter().map(|line| json!({ "line": line })).collect();
    let body = client.ask(
        "setBreakpoints",
        json!({ "source": { "path": path }, "breakpoints": lines }),
    );
    body["breakpoints"].as_array().expect("a list").clone()
}

/// The function and the line of the innermost frame.
#[track_caller]
fn place(client: &mut Client, stopped: &Value) -> (String, u64) {
    let frames = client.frames(&stopped["threadId"]);
    let name = frames[0]["name"].as_str().expect("it has a name");
    (
        name.to_owned(),
        frames[0]["line"].as_u64().expect("a number"),
    )
}

/// Breakpoints by line and function, steps in both directions, goroutines, a wasm local and a string, with both releases of Go.
#[test]
fn go() {
    for guest in builds() {
        let here = folder();
        let mut client = Client::start(here.path(), &[]);
        client.launch(json!({ "program": guest.wasm() }));
        let file = path(guest, "main.go");
        let in_loop = line(GO, "sum += length(word)");
        let set = break_at(&mut client, &file, &[in_loop, line(GO, "var sum int")]);
        assert_eq!(set[0]["verified"], true, "{set:?}");
        assert_eq!(set[0]["line"], in_loop);
        // A line without code: the next one that has some.
        assert_eq!(set[1]["verified"], true, "{set:?}");
        assert!(set[1]["line"].as_u64() > Some(line(GO, "var sum int")));
        assert!(
            set[1]["message"]
                .as_str()
                .is_some_and(|why| why.contains("has no code"))
        );
        break_at(&mut client, &file, &[in_loop]);

        let stopped = client.go("configurationDone", json!({}));
        assert_eq!(stopped["reason"], "breakpoint", "{stopped}");
        assert_eq!(client.output[0], "begin\n");
        let total = ("main.total".to_owned(), in_loop);
        assert_eq!(place(&mut client, &stopped), total);
        let frames = client.frames(&stopped["threadId"]);
        assert_eq!(frames[1]["name"], "main.main");
        assert_eq!(frames[1]["line"], line(GO, "sum = total(words)"));
        assert_eq!(frames[0]["source"]["path"], file);

        // Goroutines are threads.
        let threads = client.ask("threads", json!({}));
        let threads = threads["threads"].as_array().expect("a list").clone();
        let running = threads
            .iter()
            .find(|thread| thread["id"] == stopped["threadId"]);
        let name = running.expect("it is listed")["name"].as_str();
        assert_eq!(name, Some("goroutine 1 [running]"));
        let waiting = |thread: &&Value| {
            let name = thread["name"].as_str();
            name.is_some_and(|name| name.contains("[chan receive]"))
        };
        let waiting = threads.iter().find(waiting);
        let waiting = waiting.unwrap_or_else(|| panic!("nobody waits: {threads:?}"));
        let frames = client.frames(&waiting["id"]);
        let is_wait = |frame: &&Value| {
            let name = frame["name"].as_str();
            name.is_some_and(|name| name.starts_with("main.wait"))
        };
        let wait = frames.iter().find(is_wait);
        let wait = wait.unwrap_or_else(|| panic!("it is not in {frames:#?}"));
        assert_eq!(wait["line"], line(GO, "\t<-gate"));

        // A wasm local.
        let frames = client.frames(&stopped["threadId"]);
        let slots = client.scope(&frames[0], "Wasm locals and slots");
        assert!(named(&slots, "l0")["value"].is_string());

        // A string, and the same one step back in time.
        client.ask(
            "setFunctionBreakpoints",
            json!({ "breakpoints": [{ "name": "main.length" }] }),
        );
        let thread = json!({ "threadId": stopped["threadId"] });
        for word in ["alpha", "beta"] {
            let stopped = client.go("continue", thread.clone());
            assert_eq!(stopped["reason"], "function breakpoint", "{stopped}");
            let len = word.len();
            assert_eq!(
                client.value("string@sp+8"),
                format!("\"{word}\" (len {len})")
            );
            if word == "alpha" {
                let stopped = client.go("continue", thread.clone());
                assert_eq!(place(&mut client, &stopped), total);
            }
        }
        client.go("reverseContinue", thread.clone());
        let stopped = client.go("reverseContinue", thread.clone());
        assert_eq!(place(&mut client, &stopped).0, "main.length");
        assert_eq!(client.value("string@sp+8"), "\"alpha\" (len 5)");
        let slice = client.ask(
            "evaluate",
            json!({ "expression": "[2]int@sp", "context": "repl" }),
        );
        assert_eq!(slice["indexedVariables"], 2);
        assert_eq!(client.variables(&slice["variablesReference"]).len(), 2);

        // The console.
        let said = |client: &mut Client, text: &str| {
            let body = client.ask("evaluate", json!({ "expression": text, "context": "repl" }));
            body["result"].as_str().expect("it is text").to_owned()
        };
        assert!(said(&mut client, "info calls").contains("fd_write → errno 0, wrote 6 bytes"));
        assert!(said(&mut client, "info goroutines").contains("[chan receive]"));
        assert!(said(&mut client, "info position").ends_with("in the past"));

        // Lines, forward and back.
        client.ask("setFunctionBreakpoints", json!({ "breakpoints": [] }));
        let sum = line(GO, "fmt.Println(\"sum\", sum)");
        break_at(&mut client, &file, &[sum]);
        let stopped = client.go("continue", thread.clone());
        assert_eq!(place(&mut client, &stopped), ("main.main".to_owned(), sum));
        let stopped = client.go("next", thread.clone());
        let behind = place(&mut client, &stopped);
        assert!(behind.1 > sum, "{behind:?}");
        assert!(
            client.output[0].contains("sum 14\n"),
            "{}",
            client.output[0]
        );
        let stopped = client.go("stepBack", thread.clone());
        assert_eq!(place(&mut client, &stopped), ("main.main".to_owned(), sum));
        let stopped = client.go("next", thread.clone());
        assert_eq!(place(&mut client, &stopped), behind);

        // What has run again is not written again.
        client.ask("continue", thread.clone());
        assert_eq!(client.event("exited")["exitCode"], 0);
        client.event("terminated");
        assert_eq!(client.output[0], "begin\nsum 14\ntwice 28\nend\n");
        assert_eq!(client.finish(), (Some(0), String::new()));
    }
}

/// Inlined calls are frames, and functions are found by short names.
#[test]
fn inlined_calls_of_go() {
    let guest = Guest::named("debugged");
    let here = folder();
    let wasm = guest.wasm().display().to_string();
    // The module of the command line.
    let mut client = Client::start(here.path(), &[&wasm]);
    client.launch(json!({ "stopOnEntry": true }));
    let body = client.ask(
        "setFunctionBreakpoints",
        json!({ "breakpoints": [{ "name": "note" }, { "name": "nothing" }] }),
    );
    assert_eq!(body["breakpoints"][0]["verified"], true, "{body}");
    assert_eq!(body["breakpoints"][1]["verified"], false, "{body}");
    let stopped = client.go("configurationDone", json!({}));
    assert_eq!(stopped["reason"], "entry");
    let stopped = client.go("continue", json!({ "threadId": 1 }));
    assert_eq!(place(&mut client, &stopped).0, "main.note");
    let frames = client.frames(&stopped["threadId"]);
    assert_eq!(frames[1]["name"], "main.twice [inlined]");
    assert_eq!(frames[1]["line"], line(GO, "\tnote(number)"));
    assert_eq!(frames[2]["name"], "main.main");
    assert_eq!(frames[2]["line"], line(GO, "twice(sum)"));
    // Pages of the stack.
    let page = client.ask(
        "stackTrace",
        json!({ "threadId": stopped["threadId"], "startFrame": 1, "levels": 1 }),
    );
    assert_eq!(page["totalFrames"], frames.len());
    assert_eq!(page["stackFrames"][0]["name"], frames[1]["name"]);
    assert_eq!(page["stackFrames"].as_array().map(Vec::len), Some(1));
    let sources = client.ask("loadedSources", json!({})).to_string();
    assert!(sources.contains("debugged/main.go"), "{sources}");
    let missing = json!({ "source": { "path": "no/such/file.go" }, "sourceReference": 0 });
    let why = client.refused("source", missing);
    assert!(why.contains("substitutePath"), "{why}");
    assert_eq!(client.finish().0, Some(0));
}

/// Variables of C by name and type.
#[test]
fn variables_of_c() {
    let here = folder();
    let mut client = Client::start(here.path(), &[]);
    client.launch(json!({ "program": c_module() }));
    let file = path(Guest::named("cvariables"), "main.c");
    let set = break_at(&mut client, &file, &[line(C, "local += inlined")]);
    assert_eq!(set[0]["verified"], true, "{set:?}");
    let stopped = client.go("configurationDone", json!({}));
    assert_eq!(
        place(&mut client, &stopped),
        ("work".to_owned(), line(C, "local += inlined"))
    );
    let frames = client.frames(&stopped["threadId"]);

    let arguments = client.scope(&frames[0], "Arguments");
    assert_eq!(named(&arguments, "number")["value"], "7");
    assert_eq!(named(&arguments, "number")["type"], "int");
    assert_eq!(named(&arguments, "letter")["value"], "113 'q'");
    let items = named(&arguments, "items").clone();
    assert_eq!(items["type"], "list const*");
    let pointed = client.variables(&items["variablesReference"]);
    let parts = client.variables(&pointed[0]["variablesReference"]);
    assert!(
        named(&parts, "name")["value"]
            .as_str()
            .is_some_and(|name| name.ends_with("\"first\""))
    );
    assert_eq!(named(&parts, "at")["value"], "{x: 1, y: 2.5}");
    assert_eq!(named(&parts, "low")["value"], "7");
    assert_eq!(named(&parts, "high")["value"], "15");

    let locals = client.scope(&frames[0], "Locals");
    for (name, value) in [
        ("local", "14"),
        ("half", "0.5"),
        ("large", "-5000000000"),
        ("yes", "true"),
        ("colour", "GREEN (5)"),
        (
            "word",
            "{number: 16909060, bytes: \"\\u{4}\\u{3}\\u{2}\\u{1}\"}",
        ),
        ("text", "\"text\""),
        ("small", "200 '\\xc8'"),
    ] {
        assert_eq!(named(&locals, name)["value"], value, "{name}");
    }
    for (expression, value) in [
        ("items->next->at.y", "4.25"),
        ("items->next->high", "-3"),
        ("*items->next->name", "115 's'"),
        ("table", "[[1, 2, 3], [4, 5, 6]]"),
        ("table[1][2]", "6"),
        ("number", "7"),
        ("counter", "70"),
        ("text[1]", "101 'e'"),
    ] {
        assert_eq!(client.value(expression), value, "{expression}");
    }
    let globals = client.scope(&frames[0], "Globals");
    assert!(
        named(&globals, "greeting")["value"]
            .as_str()
            .is_some_and(|value| value.contains("hello, debugger"))
    );
    // The caller's.
    let locals = client.scope(&frames[1], "Locals");
    assert!(
        named(&locals, "first")["value"]
            .as_str()
            .is_some_and(|value| value.contains("at: {x: 1, y: 2.5}"))
    );

    // The inlined call.
    break_at(&mut client, &file, &[line(C, "counter += deeper")]);
    let stopped = client.go("continue", json!({ "threadId": 1 }));
    let frames = client.frames(&stopped["threadId"]);
    assert_eq!(frames[0]["name"], "inlined [inlined]");
    assert_eq!(frames[1]["name"], "work");
    let arguments = client.scope(&frames[0], "Arguments");
    assert_eq!(named(&arguments, "deep")["value"], "7");
    let locals = client.scope(&frames[0], "Locals");
    assert_eq!(named(&locals, "deeper")["value"], "21");

    // Memory.
    let variable = client.ask("evaluate", json!({ "expression": "greeting" }));
    let memory = client.ask(
        "readMemory",
        json!({ "memoryReference": variable["memoryReference"], "count": 6 }),
    );
    assert_eq!(memory["data"], "aGVsbG8s");
    let memory = json!({ "memoryReference": "0xfffffff0", "count": 64 });
    let memory = client.ask("readMemory", memory);
    assert_eq!(
        (&memory["data"], &memory["unreadableBytes"]),
        (&json!(""), &json!(64))
    );
    assert_eq!(client.finish().0, Some(0));
}

/// Conditions, counts, messages, and data that is watched.
#[test]
fn breakpoints_that_do_not_always_stop() {
    let here = folder();
    let mut client = Client::start(here.path(), &[]);
    client.launch(json!({ "program": c_module() }));
    let file = path(Guest::named("cvariables"), "main.c");
    let inner = line(C, "counter += inner");
    let set = |client: &mut Client, breakpoint: Value| {
        let body = client.ask(
            "setBreakpoints",
            json!({ "source": { "path": file }, "breakpoints": [breakpoint] }),
        );
        body["breakpoints"][0].clone()
    };
    set(
        &mut client,
        json!({ "line": inner, "condition": "round == 1 && inner > 14" }),
    );
    client.go("configurationDone", json!({}));
    assert_eq!(client.value("inner"), "15");
    // Back to the beginning, and by count.
    set(&mut client, json!({ "line": inner, "hitCondition": "2" }));
    let stopped = client.go("reverseContinue", json!({ "threadId": 1 }));
    assert_eq!(stopped["reason"], "entry", "{stopped}");
    set(&mut client, json!({ "line": inner, "hitCondition": "% 2" }));
    client.go("continue", json!({ "threadId": 1 }));
    assert_eq!(client.value("round"), "1");

    // A watched variable.
    let frames = client.frames(&json!(1));
    let info = client.ask(
        "dataBreakpointInfo",
        json!({ "name": "counter", "frameId": frames[0]["id"] }),
    );
    let watch = json!({ "breakpoints": [{ "dataId": info["dataId"] }] });
    let watched = client.ask("setDataBreakpoints", watch);
    assert_eq!(watched["breakpoints"][0]["verified"], true, "{watched}");
    let stopped = client.go("continue", json!({ "threadId": 1 }));
    assert_eq!(stopped["reason"], "data breakpoint", "{stopped}");
    assert!(
        stopped["text"]
            .as_str()
            .is_some_and(|text| text.ends_with("55 became 70")),
        "{stopped}"
    );
    client.ask("setDataBreakpoints", json!({ "breakpoints": [] }));

    // A message in place of a stop, and a condition that cannot be decided.
    let local = line(C, "local += inlined");
    set(
        &mut client,
        json!({ "line": local, "logMessage": "local is {local}, {nothing}" }),
    );
    let body = client.ask(
        "setFunctionBreakpoints",
        json!({ "breakpoints": [{ "name": "printf", "condition": "nothing == 1" }] }),
    );
    assert_eq!(body["breakpoints"][0]["verified"], true, "{body}");
    let stopped = client.go("continue", json!({ "threadId": 1 }));
    assert!(
        client
            .said
            .contains("local is 14, <nothing here is called nothing"),
        "{}",
        client.said
    );
    assert!(
        stopped["text"]
            .as_str()
            .is_some_and(|text| text.contains("cannot be decided")),
        "{stopped}"
    );
    let wrong = set(
        &mut client,
        json!({ "line": local, "hitCondition": "often" }),
    );
    assert!(
        wrong["message"]
            .as_str()
            .is_some_and(|why| why.contains("hit condition")),
        "{wrong}"
    );
    assert_eq!(client.finish().0, Some(0));
}

/// Instructions: the disassembly, breakpoints and steps.
#[test]
fn instructions() {
    let here = folder();
    let module = modules::assemble(
        here.path(),
        "main.wasm",
        r#"(module
          (memory (export "memory") 1)
          (global $g (mut i32) (i32.const 5))
          (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
          (func (export "_start") (local i32)
            (local.set 0 (call $add (i32.const 3) (global.get $g)))
            (i32.store (i32.const 16) (local.get 0))
            (global.set $g (i32.load (i32.const 16)))
            (if (i32.eq (global.get $g) (i32.const 8)) (then unreachable))))"#,
    );
    let mut client = Client::on_port(here.path(), &[]);
    client.launch(json!({ "program": module, "stopOnEntry": true }));
    let why = break_at(&mut client, "main.c", &[1]);
    assert_eq!(why[0]["verified"], false);
    assert!(
        why[0]["message"]
            .as_str()
            .is_some_and(|why| why.contains("no lines of source text")),
        "{why:?}"
    );
    client.go("configurationDone", json!({}));
    let frames = client.frames(&json!(1));
    let reference = &frames[0]["instructionPointerReference"];
    let body = client.ask(
        "disassemble",
        json!({ "memoryReference": reference, "instructionOffset": -2, "instructionCount": 30 }),
    );
    let code = body["instructions"].as_array().expect("a list").clone();
    assert_eq!(code.len(), 30);
    let text = |instruction: &Value| {
        instruction["instruction"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let store = code
        .iter()
        .find(|instruction| text(instruction).contains("i32.store"));
    let store = store.unwrap_or_else(|| panic!("{code:?}"));
    let body = client.ask(
        "setInstructionBreakpoints",
        json!({ "breakpoints": [{ "instructionReference": store["address"] }] }),
    );
    assert_eq!(body["breakpoints"][0]["verified"], true, "{body}");
    let stopped = client.go("continue", json!({ "threadId": 1 }));
    assert_eq!(stopped["reason"], "instruction breakpoint", "{stopped}");
    assert_eq!(client.value("l0"), "8");
    assert_eq!(client.value("global0"), "5");
    assert_eq!(client.value("[2]uint16@16"), "[0, 0]");
    let small = json!({ "threadId": 1, "granularity": "instruction" });
    client.go("next", small.clone());
    assert_eq!(client.value("[2]uint16@0x10"), "[8, 0]");
    client.go("stepBack", small);
    assert_eq!(client.value("[2]uint16@16"), "[0, 0]");
    assert!(client.value("hex@16,4").contains("00 00 00 00"));

    // A trap stops the program, and the way back is open.
    let stopped = client.go("continue", json!({ "threadId": 1 }));
    assert_eq!(stopped["reason"], "exception", "{stopped}");
    let info = client.ask("exceptionInfo", json!({ "threadId": 1 }));
    assert!(
        info["description"]
            .as_str()
            .is_some_and(|why| why.contains("unreachable")),
        "{info}"
    );
    assert_eq!(client.value("global0"), "8");
    let stopped = client.go("reverseContinue", json!({ "threadId": 1 }));
    assert_eq!(stopped["reason"], "instruction breakpoint", "{stopped}");
    assert_eq!(client.finish().0, Some(0));
}

/// A program that runs can be paused, and breakpoints can be set meanwhile.
#[test]
fn a_running_program_is_paused() {
    let here = folder();
    let module = modules::assemble(
        here.path(),
        "main.wasm",
        r#"(module
          (memory (export "memory") 1)
          (func $other (local i32) (local.set 0 (i32.const 1)))
          (func (export "_start") (loop (call $other) (br 0))))"#,
    );
    let mut client = Client::start(here.path(), &[]);
    client.launch(json!({ "program": module }));
    client.ask("configurationDone", json!({}));
    let threads = client.ask("threads", json!({}));
    assert_eq!(threads["threads"][0]["id"], 1);
    let why = client.refused("stackTrace", json!({ "threadId": 1 }));
    assert!(why.contains("the program runs"), "{why}");
    let stopped = client.go("pause", json!({ "threadId": 1 }));
    assert_eq!(stopped["reason"], "pause");
    assert!(!client.frames(&json!(1)).is_empty());
    client.ask("continue", json!({ "threadId": 1 }));
    client.ask(
        "setFunctionBreakpoints",
        json!({ "breakpoints": [{ "name": "other" }] }),
    );
    let stopped = client.event("stopped");
    assert_eq!(stopped["reason"], "function breakpoint", "{stopped}");
    client.ask("setFunctionBreakpoints", json!({ "breakpoints": [] }));
    client.ask("continue", json!({ "threadId": 1 }));
    // The session ends in the middle.
    assert_eq!(client.finish(), (Some(0), String::new()));
}

/// A client that goes away ends the session, whatever the program does.
#[test]
fn a_client_goes_away() {
    let here = folder();
    let module = modules::assemble(
        here.path(),
        "main.wasm",
        r#"(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))"#,
    );
    for is_running in [false, true] {
        let mut client = Client::start(here.path(), &[]);
        client.launch(json!({ "program": module }));
        if is_running {
            client.ask("configurationDone", json!({}));
        }
        assert_eq!(client.end(), (Some(0), String::new()));
    }
}

/// Requests that make no sense are refused, each with a reason, and the session goes on.
#[test]
fn requests_are_refused() {
    let here = folder();
    let mut client = Client::start(here.path(), &[]);
    let why = client.refused("threads", json!({}));
    assert!(why.contains("no program was launched"), "{why}");
    let why = client.refused("fly", json!({}));
    assert_eq!(why, "the request `fly` is not supported");
    client.ask("initialize", json!({}));
    for (arguments, said) in [
        (json!({}), "names no program"),
        (json!({ "program": 7 }), "program is no text"),
        (json!({ "program": "missing.wasm" }), "missing.wasm"),
        (
            json!({ "program": "a", "options": ["--no-such"] }),
            "--no-such",
        ),
        (
            json!({ "program": "a", "cwd": "/no/such/folder" }),
            "/no/such/folder",
        ),
    ] {
        let why = client.refused("launch", arguments);
        assert!(why.contains(said), "{why}");
        assert!(!why.contains('\n'), "{why}");
    }
    client.ask(
        "launch",
        json!({ "program": c_module(), "stopOnEntry": true }),
    );
    client.event("initialized");
    client.go("configurationDone", json!({}));
    for (command, arguments, said) in [
        ("stackTrace", json!({}), "no thread"),
        ("stackTrace", json!({ "threadId": 99 }), "no thread 99"),
        ("scopes", json!({ "frameId": 1_000_000 }), "no such frame"),
        (
            "variables",
            json!({ "variablesReference": -1 }),
            "no such variable",
        ),
        ("evaluate", json!({}), "no expression"),
        ("evaluate", json!({ "expression": "string@" }), "no address"),
        (
            "readMemory",
            json!({ "memoryReference": "x", "count": 1 }),
            "no address",
        ),
        (
            "readMemory",
            json!({ "memoryReference": "0", "count": 1_u64 << 40 }),
            "at most",
        ),
        (
            "disassemble",
            json!({ "memoryReference": "1", "instructionCount": 3 }),
            "in no function",
        ),
        ("setBreakpoints", json!({ "breakpoints": [] }), "no path"),
        (
            "setBreakpoints",
            json!({ "source": { "path": "a" }, "breakpoints": 3 }),
            "no list",
        ),
        (
            "setBreakpoints",
            json!({ "source": { "path": "a" }, "breakpoints": [{ "line": "x" }] }),
            "no number",
        ),
        ("exceptionInfo", json!({}), "did not stop at a trap"),
        ("launch", json!({}), "launched before"),
    ] {
        let why = client.refused(command, arguments);
        assert!(why.contains(said), "{command}: {why}");
    }
    assert_eq!(client.finish(), (Some(0), String::new()));
}

/// Damaged frames end the session with a reason. Frames without a request do not.
#[test]
fn hostile_frames() {
    let here = folder();
    for (bytes, said) in [
        (&b"GET / HTTP/1.1\r\n\r\n"[..], "no Content-Length"),
        (b"Content-Length: 99999999999\r\n\r\n", "longer than"),
        (b"Content-Length: x\r\n\r\n", "no number"),
        (&[b'a'; 10_000], "does not end within"),
        (b"Content-Length: 10\r\n\r\n{", "after 1 of the 10 bytes"),
    ] {
        let mut client = Client::start(here.path(), &[]);
        for frame in [
            "{",
            "[1,2]",
            "{\"type\":\"event\"}",
            "\u{1b}[2J",
            "{\"type\":\"request\",\"seq\":1}",
        ] {
            client.send_raw(format!("Content-Length: {}\r\n\r\n{frame}", frame.len()).as_bytes());
        }
        client.ask("initialize", json!({}));
        assert_eq!(client.said.lines().count(), 5, "{}", client.said);
        client.send_raw(bytes);
        let (status, stderr) = client.end();
        assert_eq!(status, Some(1), "{stderr}");
        assert!(stderr.contains(said), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}

/// Optimised code keeps variables in locals, or nowhere: both are shown without a panic.
#[test]
fn variables_of_optimised_code() {
    let here = folder();
    let wasm = Guest::named("cvariables").c_wasm_with("optimised.wasm", &["-g"]);
    let mut client = Client::start(here.path(), &[]);
    client.launch(json!({ "program": wasm }));
    client.ask(
        "setFunctionBreakpoints",
        json!({ "breakpoints": [{ "name": "work" }] }),
    );
    let stopped = client.go("configurationDone", json!({}));
    let frames = client.frames(&stopped["threadId"]);
    let arguments = client.scope(&frames[0], "Arguments");
    assert_eq!(named(&arguments, "number")["type"], "int");
    for frame in &frames {
        for scope in ["Arguments", "Locals", "Globals"] {
            for variable in client.scope(frame, scope) {
                assert!(
                    variable["value"]
                        .as_str()
                        .is_some_and(|value| !value.is_empty()),
                    "{variable}"
                );
            }
        }
    }
    assert_eq!(client.finish().0, Some(0));
}

/// Damaged DWARF loses variables and lines, and nothing else.
#[test]
fn damaged_debug_information() {
    let here = folder();
    let whole = std::fs::read(c_module()).expect("it was just built");
    let sections = debug_sections(&whole);
    for round in 0..40_usize {
        let mut bytes = whole.clone();
        for hit in 0..=round % 20 {
            let section = &sections[(round + hit) % sections.len()];
            let at = section.start + (round * 7919 + hit * 104_729) % section.len();
            bytes[at] ^= (round % 255 + 1) as u8;
        }
        let module = modules::write(here.path(), "damaged.wasm", &bytes);
        survive(here.path(), &module);
    }
}

/// Looks at everything in a program.
#[track_caller]
fn survive(here: &Path, module: &Path) {
    let mut client = Client::start(here, &[]);
    client.launch(json!({ "program": module, "stopOnEntry": true }));
    let file = path(Guest::named("cvariables"), "main.c");
    break_at(&mut client, &file, &[line(C, "local += inlined")]);
    client.ask(
        "setFunctionBreakpoints",
        json!({ "breakpoints": [{ "name": "printf" }] }),
    );
    client.go("configurationDone", json!({}));
    client.ask("continue", json!({ "threadId": 1 }));
    client.event("stopped");
    let frames = client.frames(&json!(1));
    for frame in &frames {
        for scope in ["Arguments", "Locals", "Globals"] {
            let scopes = client
                .ask("scopes", json!({ "frameId": frame["id"] }))
                .to_string();
            if !scopes.contains(&format!("\"{scope}\"")) {
                continue;
            }
            for variable in client.scope(frame, scope) {
                if variable["variablesReference"] != 0 {
                    client.variables(&variable["variablesReference"]);
                }
            }
        }
    }
    client.ask("loadedSources", json!({}));
    assert_eq!(client.finish(), (Some(0), String::new()));
}

/// Where the custom sections with debug information are.
fn debug_sections(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let module = interp::Module::new(&interp::Engine::default(), bytes.to_vec());
    let module = module.expect("it is valid");
    let start = module.info().bytes().as_ptr() as usize;
    let sections = module.custom_sections();
    let sections = sections.filter(|(name, _)| name.starts_with(".debug_"));
    let places = sections.map(|(_, bytes)| {
        let at = bytes.as_ptr() as usize - start;
        at..at + bytes.len()
    });
    places.filter(|place| !place.is_empty()).collect()
}
