//! What the techniques are made with: seeds, noise, colour, drawing, lettering, pictures, film, sound, paper.

pub mod answers;
pub mod canvas;
pub mod cluster;
pub mod colour;
pub mod film;
pub mod lettering;
pub mod lut;
pub mod measure;
pub mod motifs;
pub mod names;
pub mod noise;
pub mod palette;
pub mod pdf;
pub mod pdf_facts;
pub mod picture;
pub mod schema;
pub mod seed;
pub mod sound;
pub mod spectrum;
