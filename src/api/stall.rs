//! Transfers without a total time limit: a large file may take as long as it moves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::ApiError;

/// When something last moved.
#[derive(Clone, Debug)]
pub(super) struct Motion(Arc<Mutex<Instant>>);

impl Motion {
    pub(super) fn begin() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    /// Something moved.
    pub(super) fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Does `work`, and gives it up when nothing has moved for `limit`.
    ///
    /// # Errors
    /// The work's own, or [`ApiError::Timeout`].
    pub(super) async fn watch<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, ApiError> {
        tokio::select! {
            result = work => result,
            () = self.stand_still(limit) => Err(ApiError::Timeout),
        }
    }

    async fn stand_still(&self, limit: Duration) {
        loop {
            let end = self.last() + limit;
            if Instant::now() >= end {
                return;
            }
            tokio::time::sleep_until(end).await;
        }
    }

    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Motion;
    use crate::api::ApiError;

    const LIMIT: Duration = Duration::from_millis(200);
    const STEP: Duration = Duration::from_millis(40);

    #[tokio::test]
    async fn what_moves_may_take_longer_than_the_limit() {
        let motion = Motion::begin();
        let steps = async {
            for _ in 0..10 {
                tokio::time::sleep(STEP).await;
                motion.note();
            }
            Ok(())
        };
        assert!(motion.watch(LIMIT, steps).await.is_ok());
    }

    #[tokio::test]
    async fn what_stands_still_is_given_up() {
        let never = std::future::pending::<Result<(), ApiError>>();
        let result = Motion::begin().watch(STEP, never).await;
        assert!(matches!(result, Err(ApiError::Timeout)), "{result:?}");
    }
}
