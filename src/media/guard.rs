//! Keeps a decoder's panic inside one call.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::MediaError;

/// Runs `work`; a panic in it becomes [`MediaError::Panicked`].
///
/// Nothing mutable crosses the border: what `work` owned is dropped while unwinding, so asserting
/// unwind safety is sound in the logical sense too.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, MediaError>) -> Result<T, MediaError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(MediaError::Panicked {
            message: message_of(panic.as_ref()),
        })
    })
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
}
