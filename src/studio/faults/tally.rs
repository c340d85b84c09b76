//! What arrived, counted: for tests that say how many requests something may cost.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::Method;

/// The counters of a studio since it was started.
#[derive(Default)]
pub(in crate::studio) struct Tally {
    requests: Mutex<BTreeMap<String, u64>>,
    keys_in_flight: Mutex<HashMap<String, u32>>,
    overlaps: AtomicU64,
    strays: AtomicU64,
}

impl Tally {
    pub(in crate::studio) fn request(&self, method: &Method, path: &str) {
        *locked(&self.requests)
            .entry(label(method, api_path(path)))
            .or_default() += 1;
    }

    pub(in crate::studio) fn requests(&self) -> BTreeMap<String, u64> {
        locked(&self.requests).clone()
    }

    /// Notes that a start with this key is being handled, until the guard is dropped.
    pub(in crate::studio) fn key_in_flight(&self, key: Option<&str>) -> Option<InFlight<'_>> {
        let key = key?.to_owned();
        let mut keys = locked(&self.keys_in_flight);
        let count = keys.entry(key.clone()).or_default();
        *count += 1;
        if *count > 1 {
            self.overlaps.fetch_add(1, Ordering::Relaxed);
        }
        Some(InFlight { tally: self, key })
    }

    /// How often a start came while another one with the same key was being handled.
    pub(in crate::studio) fn overlaps(&self) -> u64 {
        self.overlaps.load(Ordering::Relaxed)
    }

    /// Notes that a key was sent to the file origin, which is none of its business.
    pub(in crate::studio) fn stray_key(&self) {
        self.strays.fetch_add(1, Ordering::Relaxed);
    }

    pub(in crate::studio) fn stray_keys(&self) -> u64 {
        self.strays.load(Ordering::Relaxed)
    }
}

/// A key that is being used.
pub(in crate::studio) struct InFlight<'a> {
    tally: &'a Tally,
    key: String,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let mut keys = locked(&self.tally.keys_in_flight);
        if let Some(count) = keys.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                keys.remove(&self.key);
            }
        }
    }
}

/// A request by its route: ids are `*`.
pub(super) fn label(method: &Method, path: &str) -> String {
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let route = match segments.as_slice() {
        ["techniques", _, "runs"] => "/techniques/*/runs",
        ["techniques", _, "runs", _] => "/techniques/*/runs/*",
        ["techniques", _] => "/techniques/*",
        ["assets", _, "complete"] => "/assets/*/complete",
        ["assets", _, "retry"] => "/assets/*/retry",
        ["assets", _] => "/assets/*",
        ["files", ..] => "/files/*",
        ["uploads", ..] => "/uploads/*",
        _ => path,
    };
    format!("{method} {route}")
}

/// A path relative to the base URL; one of the file origin stays as it is.
pub(super) fn api_path(path: &str) -> &str {
    path.strip_prefix(crate::studio::server::API_PATH)
        .unwrap_or(path)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route() {
        let tally = Tally::default();
        for path in [
            "/api/v1/techniques/tech_1/runs/run_1",
            "/api/v1/techniques/tech_2/runs/run_2",
            "/api/v1/technique-runs",
            "/files/file_1/a.png",
        ] {
            tally.request(&Method::GET, path);
        }
        let requests = tally.requests();
        assert_eq!(requests["GET /techniques/*/runs/*"], 2);
        assert_eq!(requests["GET /technique-runs"], 1);
        assert_eq!(requests["GET /files/*"], 1);
    }

    #[test]
    fn only_a_key_used_twice_at_the_same_time_is_an_overlap() {
        let tally = Tally::default();
        drop(tally.key_in_flight(Some("a")));
        let first = tally.key_in_flight(Some("a"));
        let _other = tally.key_in_flight(Some("b"));
        assert_eq!(tally.overlaps(), 0);
        let _second = tally.key_in_flight(Some("a"));
        assert_eq!(tally.overlaps(), 1);
        drop(first);
        assert!(tally.key_in_flight(None).is_none());
    }
}
