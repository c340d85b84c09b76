//! Keeps a decoder's panic inside one call.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::MediaError;

thread_local! {
    /// Calls of [`guarded`] that this thread is in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs `work`; a panic in it becomes [`MediaError::Panicked`].
///
/// Nothing mutable crosses the border: what `work` owned is dropped while unwinding, so asserting
/// unwind safety is sound in the logical sense too.
///
/// # Errors
/// What `work` says, and its panic.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, MediaError>) -> Result<T, MediaError> {
    let _inside = Inside::enter();
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(MediaError::Panicked {
            message: message_of(panic.as_ref()),
        })
    })
}

/// Whether a panic on this thread, at this moment, would be kept inside one call: then it is that preview's failure
/// and nobody else's business.
pub fn is_guarded() -> bool {
    DEPTH.with(Cell::get) > 0
}

struct Inside;

impl Inside {
    fn enter() -> Self {
        DEPTH.with(|depth| depth.set(depth.get() + 1));
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_message() {
        let error = guarded::<()>(|| panic!("index {} out of range", 9)).unwrap_err();
        assert!(matches!(
            error,
            MediaError::Panicked { message } if message == "index 9 out of range"
        ));
    }

    #[test]
    fn a_thread_knows_whether_its_panic_would_be_kept() {
        assert!(!is_guarded());
        guarded::<()>(|| {
            assert!(is_guarded());
            guarded::<()>(|| panic!("inside")).unwrap_err();
            assert!(is_guarded());
            panic!("outside")
        })
        .unwrap_err();
        assert!(!is_guarded());
    }
}
