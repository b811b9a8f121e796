//! [`Progress`]: how much of the work on all functions of a module is done.

/// How much of a pass over all functions of a module is done. `Config::on_progress` asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The work that each function takes.
    pub pass: Pass,
    /// The number of functions that are done.
    pub done: u32,
    /// The number of functions that the module defines.
    pub total: u32,
}

/// A pass over all functions of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pass {
    /// Bodies are validated.
    Validation,
    /// Functions are lowered, to be written in lowered form.
    Lowering,
    /// Functions that were read in lowered form are verified.
    Verification,
}

/// What receives the progress, if anything does.
#[cfg(feature = "std")]
#[derive(Clone, Copy)]
pub(crate) struct Observer<'a>(pub(crate) Option<&'a Callback>);

/// A function of the embedder.
#[cfg(feature = "std")]
pub(crate) type Callback = dyn Fn(Progress) + Send + Sync;

/// Nothing receives the progress: kernels have nobody to show it to, and must be small.
#[cfg(not(feature = "std"))]
#[derive(Clone, Copy)]
pub(crate) struct Observer<'a>(core::marker::PhantomData<&'a ()>);

impl Observer<'_> {
    /// Nothing receives the progress.
    #[cfg(feature = "std")]
    pub(crate) const NONE: Self = Self(None);
    /// Nothing receives the progress.
    #[cfg(not(feature = "std"))]
    pub(crate) const NONE: Self = Self(core::marker::PhantomData);

    /// Reports the progress after each function.
    #[inline]
    pub(crate) fn report(self, pass: Pass, done: u32, total: u32) {
        let progress = Progress { pass, done, total };
        #[cfg(feature = "std")]
        if let Some(callback) = self.0 {
            callback(progress);
        }
        #[cfg(not(feature = "std"))]
        let _ = progress;
    }
}
