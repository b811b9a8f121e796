//! A module that was read in lowered form: [`Module::deserialize`].

use alloc::borrow::Cow;

use super::{Code, Contents, Module, types};
use crate::compile::error::ModuleError;
use crate::compile::module::{ModuleBytes, Validation};
use crate::compile::progress::Pass;
use crate::compile::{self, Stage};
use crate::image::{Image, MAGIC};
use crate::inspect::{Lister, Listing};
use crate::runtime::Engine;
use crate::verify::Marks;
use crate::{Error, dispatch};

impl Module {
    /// Reads a module that `Module::serialize` has written. The bytes need not be trusted: a change can make the
    /// program wrong, but cannot harm the host, since each function is verified at its first call. With
    /// [`Validation::Eager`](crate::Validation::Eager) all functions are verified here, too. Otherwise a function that does not pass is
    /// an error of its first call.
    ///
    /// A function of a changed file can read values that other functions have left on the value stack, return addresses included.
    ///
    /// Code runs where it lies if nothing can change the bytes ([`ModuleBytes::are_constant`]) and they are aligned to 2 bytes.
    ///
    /// # Errors
    /// Fails with [`ModuleErrorKind::OtherBuild`](crate::ModuleErrorKind::OtherBuild) if another release or build has written the bytes.
    /// Otherwise the errors of [`Module::new`].
    pub fn deserialize(engine: &Engine, bytes: impl Into<ModuleBytes>) -> Result<Self, Error> {
        dispatch::self_test().map_err(Error::host)?;
        let config = engine.config();
        let (image, info) =
            Image::open(bytes.into(), config.features, config.wants_canonical_nans())?;
        if engine.config().validation == Validation::Eager {
            let (mut marks, observer) = (Marks::default(), config.observer());
            for func in 0..info.defined_funcs() {
                image.function(&info, func, &mut marks)?;
                observer.report(Pass::Verification, func + 1, info.defined_funcs());
            }
        }
        image.release_bytes();
        let types = types::numbered(engine, &info);
        Ok(Self::of(Contents {
            info,
            image: Some(image),
            types,
        }))
    }

    /// Reads a module in lowered form from a file, as [`Module::deserialize`] does from memory. The file is read once.
    ///
    /// # Errors
    /// Fails with a [`std::io::Error`] that names the file if it cannot be read. Otherwise the errors of [`Module::deserialize`].
    #[cfg(feature = "std")]
    pub fn deserialize_file(
        engine: &Engine,
        path: impl AsRef<std::path::Path>,
    ) -> Result<Self, Error> {
        Self::deserialize(engine, super::read_file(path.as_ref())?)
    }

    /// Returns whether bytes begin like a module in lowered form, of any release.
    #[must_use]
    pub fn is_serialized(bytes: &[u8]) -> bool {
        // The last two bytes are the number of the format, and a line feed.
        bytes.starts_with(&MAGIC[..MAGIC.len() - 2])
    }

    /// The bytes of defined function `func`: of its body, or of its bytecode if the module was read in lowered form.
    #[must_use]
    pub fn function_size(&self, func: u32) -> usize {
        match &self.contents.image {
            Some(image) => image.code_bytes(func),
            None => self.info().body_range(func).len(),
        }
    }

    /// The names and the bytes of the sections that a module in lowered form has besides those of WebAssembly. Another module has none.
    pub fn lowered_sections(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let image = self.contents.image.iter();
        image.flat_map(Image::sections)
    }

    /// Lists defined function `func`. Of a module that was read in lowered form only the bytecode is listed. Such a module does not tell
    /// locals and temporaries apart, so all slots behind the parameters are named like temporaries.
    ///
    /// # Errors
    /// Fails if the function is invalid, or cannot be verified.
    pub fn list(&self, lister: &mut Lister<'_>, func: u32) -> Result<Listing, Error> {
        let Some(image) = &self.contents.image else {
            return Ok(lister.list(func)?);
        };
        let function = image.function(self.info(), func, &mut Marks::default())?;
        let lowered = compile::Lowered {
            code: &function.code,
            frame_slots: function.frame.slots,
            local_slots: 0,
            zero_slots: function.frame.zero_slots,
            #[cfg(feature = "exceptions")]
            handlers: function.handlers.as_ref(),
        };
        Ok(lister.list_code(func, &lowered))
    }

    /// Returns the code of defined function `func` of a module in lowered form. Verifies the function at its first call.
    pub(super) fn verified(
        &self,
        image: &Image,
        func: u32,
        stop: &mut dyn FnMut(Stage) -> bool,
    ) -> Result<Code, ModuleError> {
        let function = image.function(self.info(), func, &mut Marks::default())?;
        let bytes = match &function.code {
            Cow::Borrowed(_) => 0,
            Cow::Owned(code) => size_of_val(&code[..]),
        };
        if stop(Stage::Lowered(bytes)) {
            return Err(ModuleError::stopped(0));
        }
        let (code, release) = self.code.with(|code| {
            #[cfg(feature = "probes")]
            let is_apart = code.original.is_some();
            #[cfg(not(feature = "probes"))]
            let is_apart = false;
            let release = code.has_read(bytes);
            let arena = &mut code.arena;
            if let Some(code) = arena.get(func) {
                return (code, release);
            }
            #[cfg(feature = "exceptions")]
            if let Some(handlers) = function.handlers {
                arena.insert_handlers(func, handlers);
            }
            let frame = function.frame;
            let code = match function.code {
                // SAFETY: the bytes are constant, and the module keeps them.
                Cow::Borrowed(code) if !is_apart => unsafe {
                    arena.adopt(func, code, frame.slots, frame.zero_slots)
                },
                code => arena.insert(func, &code, frame.slots, frame.zero_slots),
            };
            (code, release)
        });
        if release {
            image.release_bytes();
        }
        Ok(code)
    }
}
