//! Errands against a real studio and a real library, in folders of their own.

mod connections;
mod crashes;
mod desk;
mod downloads;
mod elsewhere;
mod exports;
mod florist;
mod following;
mod inputs;
mod kept;
mod kit;
mod previews;
mod questions;
mod starts;
mod uploads;
