//! The studio, asked over HTTP as any client would: one file a promise.

mod support;

mod assets;
mod auth;
mod faults;
mod files;
mod following;
mod idempotency;
mod lists;
mod restart;
mod sdk;
mod seed;
mod starts;
