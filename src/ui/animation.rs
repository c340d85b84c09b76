//! The only places where the window wakes itself: something visible moves by time.

use std::time::Duration;

use egui::Context;

/// A clock or a slow ring is in view: twice a second is enough.
pub fn tick(ctx: &Context) {
    #[expect(
        clippy::disallowed_methods,
        reason = "a live duration moves by time alone"
    )]
    ctx.request_repaint_after(Duration::from_millis(500));
}

/// A ring turns or a stripe runs: smooth enough, and far below every frame.
pub fn turn(ctx: &Context) {
    #[expect(
        clippy::disallowed_methods,
        reason = "a turning ring moves by time alone"
    )]
    ctx.request_repaint_after(Duration::from_millis(66));
}

/// Something is due later by itself: a check after a pause in typing.
pub fn after(ctx: &Context, seconds: f64) {
    #[expect(
        clippy::disallowed_methods,
        reason = "the end of a pause has no event of its own"
    )]
    ctx.request_repaint_after(Duration::from_secs_f64(seconds.max(0.0)));
}

/// Work was left for the next frame: textures beyond this frame's budget.
pub fn continue_next_frame(ctx: &Context) {
    #[expect(clippy::disallowed_methods, reason = "uploads are spread over frames")]
    ctx.request_repaint();
}
