//! [`Module`]: a decoded module and the code of its functions. All of its instances share it.

pub(super) mod code;
#[cfg(feature = "lowered-modules")]
mod lowered;
#[cfg(all(feature = "lowered-modules", feature = "lowering"))]
mod serialize;
mod types;

use alloc::boxed::Box;
#[cfg(feature = "std")]
use alloc::format;
use alloc::sync::Arc;
#[cfg(feature = "std")]
use alloc::vec::Vec;

use crate::compile::error::ModuleError;
use crate::compile::module::{ModuleBytes, ModuleInfo};
use crate::compile::{Lowerer, Positions, Stage};
use crate::fnv::Fnv;
#[cfg(feature = "lowered-modules")]
use crate::image::Image;
#[cfg(not(feature = "lowered-modules"))]
use crate::inspect::{Lister, Listing};
use crate::runtime::engine::TypeUses;
use crate::runtime::engine::lock::Lock;
use crate::runtime::module::code::{Code, CodeArena};
use crate::runtime::types::ExternType;
#[cfg(feature = "exceptions")]
use crate::runtime::types::TagType;
use crate::runtime::{Config, Engine};
use crate::{Error, dispatch};

/// A module that can be instantiated. Cheap to clone; can be used from several threads.
#[derive(Clone, Debug)]
pub struct Module {
    contents: Arc<Contents>,
    code: Arc<Lock<Lowered>>,
}

/// What a module is.
#[derive(Debug)]
struct Contents {
    info: ModuleInfo,
    /// Its lowered form, if the module was read from that.
    #[cfg(feature = "lowered-modules")]
    image: Option<Image>,
    /// The engine's numbers of the module's function types.
    types: TypeUses,
}

/// The code, and the buffers of the pass that creates it.
#[derive(Debug)]
struct Lowered {
    arena: CodeArena,
    /// `None` while it is in use.
    lowering: Option<Box<Lowerer>>,
    /// The number of the module's bytes read since they were last released.
    read: usize,
    /// For one instance of a store with probes: the code of all others.
    #[cfg(feature = "probes")]
    original: Option<Arc<Lock<Self>>>,
}

impl Lowered {
    /// No code.
    fn new() -> Lock<Self> {
        Lock::new(Self {
            arena: CodeArena::default(),
            lowering: None,
            read: 0,
            #[cfg(feature = "probes")]
            original: None,
        })
    }

    /// Counts bytes of the module that were read. Returns whether the bytes should be released.
    fn has_read(&mut self, bytes: usize) -> bool {
        self.read += bytes;
        let release = self.read >= RELEASE_AFTER;
        if release {
            self.read = 0;
        }
        release
    }
}

/// The number of body bytes after which the module's bytes are released.
const RELEASE_AFTER: usize = 32 << 10;

/// An import of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportType<'a> {
    /// The name of the module to import from.
    pub module: &'a str,
    /// The name of the import.
    pub name: &'a str,
    /// The type that is required.
    pub ty: ExternType,
}

/// An export of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportType<'a> {
    /// Its name.
    pub name: &'a str,
    /// The type of the exported item.
    pub ty: ExternType,
}

impl Module {
    fn of(contents: Contents) -> Self {
        Self {
            contents: Arc::new(contents),
            code: Arc::new(Lowered::new()),
        }
    }

    /// The same module with code of its own, in which ops are not joined, for one instance of a store with probes.
    #[cfg(feature = "probes")]
    pub(crate) fn apart(&self) -> Self {
        let original = self.original().code;
        let code = Lowered::new();
        code.with(|code| code.original = Some(original));
        Self {
            contents: self.contents.clone(),
            code: Arc::new(code),
        }
    }

    /// The module from which [`Module::apart`] has made this one, or this one.
    #[cfg(feature = "probes")]
    pub(crate) fn original(&self) -> Self {
        let original = self.code.with(|code| code.original.clone());
        Self {
            contents: self.contents.clone(),
            code: original.unwrap_or_else(|| self.code.clone()),
        }
    }

    /// Decodes and validates a binary module. The bytes are kept as they are given: borrowed if they are `'static`,
    /// otherwise owned. [`ModuleBytes`] describes how to share them.
    ///
    /// # Errors
    /// Fails if the bytes are not a valid module, or if the module needs an unsupported feature. With lazy validation,
    /// function bodies are not checked yet. Also fails if this build of the interpreter cannot run programs
    /// ([`dispatch::self_test`]).
    pub fn new(engine: &Engine, bytes: impl Into<ModuleBytes>) -> Result<Self, Error> {
        dispatch::self_test().map_err(Error::host)?;
        let Config {
            validation,
            features,
            ..
        } = *engine.config();
        let observer = engine.config().observer();
        let info = ModuleInfo::with_features(bytes.into(), validation, features, observer)?;
        #[cfg(feature = "canonical-nans")]
        let info = info.with_canonical_nans(engine.config().canonical_nans);
        info.release_bytes();
        let types = types::numbered(engine, &info);
        Ok(Self::of(Contents {
            info,
            #[cfg(feature = "lowered-modules")]
            image: None,
            types,
        }))
    }

    /// Reads a binary module from a file, as [`Module::new`] does from memory. The file is read once. Later changes of the
    /// file have no effect.
    ///
    /// # Errors
    /// Fails with a [`std::io::Error`] that names the file if it cannot be read. Otherwise the errors of [`Module::new`].
    #[cfg(feature = "std")]
    pub fn from_file(engine: &Engine, path: impl AsRef<std::path::Path>) -> Result<Self, Error> {
        Self::new(engine, read_file(path.as_ref())?)
    }

    /// Checks that `bytes` are a valid binary module that uses only the features of `engine`. All function bodies are
    /// validated, even with lazy validation. Nothing is copied, stored or lowered.
    ///
    /// # Errors
    /// The errors of [`Module::new`].
    pub fn validate(engine: &Engine, bytes: &[u8]) -> Result<(), Error> {
        let config = engine.config();
        ModuleInfo::validate(bytes, config.features, config.observer())?;
        Ok(())
    }

    /// The length of the WebAssembly module in bytes, and a hash of them (FNV-1a). A module that was read in lowered form has those of the
    /// module from which it was made. The hash tells modules apart that differ by accident.
    #[must_use]
    pub fn length_and_hash(&self) -> (u32, u64) {
        #[cfg(feature = "lowered-modules")]
        if let Some(image) = &self.contents.image {
            return image.wasm();
        }
        let bytes = self.info().bytes();
        // Modules are smaller than 4 GiB.
        (bytes.len() as u32, Fnv::NEW.bytes(bytes).0)
    }

    /// The engine of the module.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        self.contents.types.engine()
    }

    /// The decoded module.
    #[must_use]
    pub fn info(&self) -> &ModuleInfo {
        &self.contents.info
    }

    /// Its imports, in order.
    pub fn imports(&self) -> impl Iterator<Item = ImportType<'_>> {
        self.info().imports().map(|import| ImportType {
            module: import.module,
            name: import.name,
            ty: self.import_type(import.ty),
        })
    }

    /// Its exports, in order.
    pub fn exports(&self) -> impl Iterator<Item = ExportType<'_>> {
        self.info().exports().map(|export| ExportType {
            name: export.name,
            ty: self.export_type(&export),
        })
    }

    /// The type of an export.
    #[must_use]
    pub fn get_export(&self, name: &str) -> Option<ExternType> {
        let export = self.info().exports().find(|export| export.name == name)?;
        Some(self.export_type(&export))
    }

    /// Its custom sections: name and content.
    pub fn custom_sections(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.info().custom_sections()
    }

    /// The number of bytes of bytecode of the functions that were called so far.
    #[must_use]
    pub fn code_size(&self) -> usize {
        self.code.with(|code| code.arena.granules()) * size_of::<u16>()
    }

    /// The engine's numbers of the module's function types.
    pub(crate) fn types(&self) -> &[u32] {
        self.contents.types.numbers()
    }

    /// Returns the code of defined function `func`. Lowers the function at its first call; `stop` is polled meanwhile.
    pub(crate) fn code(
        &self,
        func: u32,
        stop: &mut dyn FnMut(Stage) -> bool,
    ) -> Result<Code, ModuleError> {
        let known = self.code.with(|code| match code.arena.get(func) {
            Some(code) => Ok(code),
            // Other threads may lower functions of this module meanwhile, and `stop` may run any code.
            None => {
                let taken = code.lowering.take();
                #[cfg(feature = "probes")]
                if code.original.is_some() {
                    let new = Lowerer::without_superinstructions;
                    return Err((taken.unwrap_or_else(|| Box::new(new())), code.read));
                }
                Err((taken.unwrap_or_default(), code.read))
            }
        });
        let (mut lowering, read) = match known {
            Ok(code) => return Ok(code),
            Err(work_space) => work_space,
        };
        #[cfg(feature = "lowered-modules")]
        if let Some(image) = &self.contents.image {
            return self.verified(image, func, stop);
        }
        let range = self.info().body_range(func);
        // Lowering itself polls only in large functions.
        if read + range.len() >= RELEASE_AFTER && stop(Stage::Lowering(0)) {
            return Err(ModuleError::stopped(range.start as u64));
        }
        let lowered = lowering.lower_unless(self.info(), func, stop)?;
        let (code, release) = self.code.with(|code| {
            let release = code.has_read(range.len());
            let arena = &mut code.arena;
            let code = arena.get(func).unwrap_or_else(|| {
                #[cfg(feature = "exceptions")]
                if let Some(handlers) = lowered.handlers {
                    arena.insert_handlers(func, handlers.clone());
                }
                arena.insert(func, lowered.code, lowered.frame_slots, lowered.zero_slots)
            });
            (code, release)
        });
        if lowering.is_small() {
            self.code.with(|code| code.lowering = Some(lowering));
        }
        if release {
            self.info().release_bytes();
        }
        Ok(code)
    }

    /// Returns the code of defined function `func`, if it was lowered already.
    pub(crate) fn lowered(&self, func: u32) -> Option<Code> {
        self.code.with(|code| code.arena.get(func))
    }

    /// The handlers of defined function `func`, if it was lowered and has any.
    #[cfg(feature = "exceptions")]
    pub(crate) fn handlers(&self, func: u32) -> Option<Arc<crate::lower::handlers::HandlerTable>> {
        self.code.with(|code| code.arena.handlers(func))
    }

    /// Returns the defined function that contains the code at `ip`.
    pub(crate) fn function_at(&self, ip: *const u16) -> Option<u32> {
        self.code.with(|code| code.arena.function_at(ip))
    }

    /// The bytes of the body of defined function `func`.
    #[cfg(not(feature = "lowered-modules"))]
    #[must_use]
    pub fn function_size(&self, func: u32) -> usize {
        self.info().body_range(func).len()
    }

    /// No sections: this build reads no modules in lowered form.
    #[cfg(not(feature = "lowered-modules"))]
    pub fn lowered_sections(&self) -> impl Iterator<Item = (&'static str, usize)> {
        core::iter::empty()
    }

    /// Lists defined function `func`.
    ///
    /// # Errors
    /// Fails if the function is invalid.
    #[cfg(not(feature = "lowered-modules"))]
    pub fn list(&self, lister: &mut Lister<'_>, func: u32) -> Result<Listing, Error> {
        Ok(lister.list(func)?)
    }

    /// The positions of the ops of defined function `func` in the module. The function is lowered again for them, unless the module was read
    /// in lowered form.
    #[must_use]
    pub(crate) fn positions(&self, func: u32) -> Positions {
        #[cfg(feature = "lowered-modules")]
        if let Some(image) = &self.contents.image {
            return image.positions(func);
        }
        #[cfg(feature = "probes")]
        if self.code.with(|code| code.original.is_some()) {
            return Positions::by(Lowerer::without_superinstructions(), self.info(), func);
        }
        Positions::of(self.info(), func)
    }

    fn import_type(&self, ty: wasmparser::TypeRef) -> ExternType {
        use wasmparser::TypeRef;
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => ExternType::Func(self.func_type(ty)),
            TypeRef::Table(ty) => ExternType::Table(self.table_type(ty)),
            TypeRef::Memory(ty) => ExternType::Memory(ty.into()),
            TypeRef::Global(ty) => ExternType::Global(self.global_type(ty)),
            #[cfg(feature = "exceptions")]
            TypeRef::Tag(ty) => ExternType::Tag(TagType::new(self.func_type(ty.func_type_idx))),
            #[cfg(not(feature = "exceptions"))]
            TypeRef::Tag(_) => unreachable!("validation refuses exceptions"),
        }
    }

    fn export_type(&self, export: &wasmparser::Export<'_>) -> ExternType {
        use wasmparser::ExternalKind;
        let info = self.info();
        match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => {
                ExternType::Func(self.func_type(info.funcs()[export.index as usize]))
            }
            ExternalKind::Table => {
                ExternType::Table(self.table_type(info.table_type(export.index)))
            }
            ExternalKind::Memory => ExternType::Memory(info.memory_type(export.index).into()),
            ExternalKind::Global => {
                ExternType::Global(self.global_type(info.global_type(export.index)))
            }
            #[cfg(feature = "exceptions")]
            ExternalKind::Tag => {
                let ty = info.tags()[export.index as usize];
                ExternType::Tag(TagType::new(self.func_type(ty)))
            }
            #[cfg(not(feature = "exceptions"))]
            ExternalKind::Tag => unreachable!("validation refuses exceptions"),
        }
    }
}

/// Reads a file that contains a module.
#[cfg(feature = "std")]
fn read_file(path: &std::path::Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| {
        let message = format!("cannot read {}: {error}", path.display());
        Error::host(std::io::Error::new(error.kind(), message))
    })
}
