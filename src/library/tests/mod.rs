//! Tests that need more than one table.

mod disks;
mod export;
mod history;
mod ledger;
mod lost;
mod outputs;
mod rebuild;
mod runs;
mod timing;
