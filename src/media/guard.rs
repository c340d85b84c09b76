//! Keeps a decoder's panic inside one call.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::MediaError;

thread_local! {
    /// How many guarded calls this thread is inside of.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Whether this thread is inside a decoder whose panic will be caught.
///
/// A panic hook runs before the panic is caught and cannot tell otherwise: such a panic is a damaged file, which
/// becomes that preview's [`MediaError::Panicked`]. It is no crash and has nothing to say on stderr.
pub fn is_guarded() -> bool {
    // While a thread ends its locals may be gone; by then no decoder runs on it.
    DEPTH.try_with(Cell::get).is_ok_and(|depth| depth > 0)
}

/// Runs `work`; a panic in it becomes [`MediaError::Panicked`].
///
/// Nothing mutable crosses the border: what `work` owned is dropped while unwinding, so asserting
/// unwind safety is sound in the logical sense too.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, MediaError>) -> Result<T, MediaError> {
    let _inside = Inside::enter();
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(MediaError::Panicked {
            message: message_of(panic.as_ref()),
        })
    })
}

/// Marks the thread while it lives.
struct Inside;

impl Inside {
    fn enter() -> Self {
        DEPTH.with(|depth| depth.set(depth.get() + 1));
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
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
    fn a_panic_hook_can_tell_that_the_panic_will_be_caught() {
        /// Asks while the panic unwinds, which is later than a hook does and just as much inside.
        struct Asks<'a>(&'a Cell<bool>);
        impl Drop for Asks<'_> {
            fn drop(&mut self) {
                self.0.set(is_guarded());
            }
        }

        assert!(!is_guarded());
        let seen = Cell::new(false);
        guarded::<()>(|| {
            let _asks = Asks(&seen);
            panic!("over a damaged file");
        })
        .unwrap_err();
        assert!(seen.get());
        assert!(!is_guarded(), "the call is over");
    }

    #[test]
    fn a_call_within_a_call_does_not_end_the_outer_one() {
        guarded(|| {
            guarded(|| Ok(()))?;
            assert!(is_guarded(), "still inside the outer call");
            Ok(())
        })
        .unwrap();
    }
}
