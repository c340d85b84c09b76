//! One frame of the history while it is scrolled, at 1,000 and at 100,000 runs, in one run.
//!
//! Layout and painting commands of the whole window, without the graphics card.

#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../tests/it/support/stage.rs"]
mod stage;
#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../tests/it/support/world.rs"]
mod world;

use std::time::Instant;

use egui::{Event, Modifiers, MouseWheelUnit, TouchPhase, vec2};
use egui_kittest::Harness;
use florist::model::{RowKey, Run};
use florist::settings::Theme;
use florist::state::{Action, Place};

use stage::{Stage, settings, stage};
use world::{World, runs};

const FRAMES: usize = 400;
const ROUNDS: usize = 5;

fn main() {
    let mut small = history(1_000);
    let mut large = history(100_000);
    let (mut small_ms, mut large_ms) = (Vec::new(), Vec::new());
    // Interleaved: a noisy moment hits both.
    for _ in 0..ROUNDS {
        small_ms.push(frame_ms(&mut small));
        large_ms.push(frame_ms(&mut large));
    }
    let (small, large) = (middle(small_ms), middle(large_ms));
    println!("| history, 1440 × 900 | one frame while scrolling |");
    println!("|---|---|");
    println!("| 1,000 runs | {small:.2} ms |");
    println!("| 100,000 runs | {large:.2} ms ({:.2} ×) |", large / small);
}

fn history(count: i64) -> Harness<'static, Stage> {
    let pattern = runs().remove(11);
    let numbered = |number: i64| Run {
        key: RowKey::new(number),
        summary: format!("run number {number}").into(),
        ..pattern.clone()
    };
    let mut world = World::new(settings(Theme::Dark), (0..count).map(numbered).collect());
    world.act(Action::Go(Place::History));
    stage(world, [1440.0, 900.0])
}

/// The mean of some frames, each a little further down.
fn frame_ms(harness: &mut Harness<'static, Stage>) -> f64 {
    let begin = Instant::now();
    for _ in 0..FRAMES {
        harness.event(Event::PointerMoved(egui::pos2(700.0, 500.0)));
        harness.event(Event::MouseWheel {
            source: egui::MouseWheelSource::Wheel,
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, -40.0),
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
        });
        harness.step();
    }
    begin.elapsed().as_secs_f64() * 1000.0 / FRAMES as f64
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
