//! Engines report how many of all functions were validated, lowered and verified.

use std::sync::{Arc, Mutex};

use interp::{Config, Engine, Module, Pass, Progress, Validation};

/// Returns an engine, and what takes the reports of it since the last time.
fn reporting(validation: Validation) -> (Engine, impl Fn() -> Vec<Progress>) {
    let reports = Arc::new(Mutex::new(Vec::new()));
    let taken = reports.clone();
    let mut config = Config::new();
    config.validation(validation);
    config.on_progress(move |progress| reports.lock().expect("no panic").push(progress));
    let take = move || std::mem::take(&mut *taken.lock().expect("no panic"));
    (Engine::new(&config), take)
}

/// The reports of a pass over three functions.
fn of(pass: Pass) -> Vec<Progress> {
    let total = 3;
    let report = |done| Progress { pass, done, total };
    (1..=total).map(report).collect()
}

#[test]
fn each_function_is_reported() {
    let text =
        r#"(module (import "" "" (func)) (func) (func (call 0)) (func (export "f") (call 1)))"#;
    let bytes = wat::parse_str(text).expect("the text is a module");
    let (lazy, of_lazy) = reporting(Validation::Lazy);
    let (eager, of_eager) = reporting(Validation::Eager);

    Module::validate(&lazy, &bytes).expect("it is valid");
    assert_eq!(of_lazy(), of(Pass::Validation));
    let module = Module::new(&lazy, bytes.clone()).expect("it is valid");
    assert_eq!(of_lazy(), []);
    let lowered = module.serialize().expect("it has no references");
    assert_eq!(of_lazy(), of(Pass::Lowering));
    Module::deserialize(&lazy, lowered.clone()).expect("it was just written");
    assert_eq!(of_lazy(), []);

    Module::new(&eager, bytes).expect("it is valid");
    assert_eq!(of_eager(), of(Pass::Validation));
    Module::deserialize(&eager, lowered).expect("it was just written");
    assert_eq!(of_eager(), of(Pass::Verification));
}

#[test]
fn nothing_is_reported_after_an_error() {
    let text = "(module (func) (func (result i32)) (func))";
    let bytes = wat::parse_str(text).expect("it is well-formed");
    let (engine, reports) = reporting(Validation::Eager);
    Module::new(&engine, bytes).expect_err("the second function has no result");
    assert_eq!(reports(), of(Pass::Validation)[..1]);
}
