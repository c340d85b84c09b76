//! The two routers: the API, and the files on their own origin. One file a resource.

mod asset_create;
mod assets;
mod body;
mod files;
mod intake;
mod projects;
mod runs;
mod starts;
mod techniques;
mod uploads;
mod workspaces;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use super::context::Cx;
use super::faults::apply;
use super::guard;
use super::refusal::Refusal;
use super::server::API_PATH;

/// The API, under the path of the base URL.
pub(super) fn api(cx: &Arc<Cx>) -> Router {
    let routes = Router::new()
        .route("/workspaces", get(workspaces::list))
        .route("/projects", get(projects::list))
        .route("/techniques", get(techniques::list))
        .route("/techniques/{technique}", get(techniques::retrieve))
        .route("/techniques/{technique}/runs", post(starts::nested))
        .route("/techniques/{technique}/runs/{run}", get(runs::retrieve))
        .route("/technique-runs", get(runs::list))
        .route("/runs/technique", post(starts::quick))
        .route("/assets", get(assets::list).post(asset_create::create))
        .route("/assets/{asset}", get(assets::retrieve))
        .route("/assets/{asset}/complete", post(assets::complete))
        .route("/assets/{asset}/retry", post(assets::retry))
        .method_not_allowed_fallback(wrong_method);
    let router = Router::new()
        .nest(API_PATH, routes)
        .fallback(nothing_here)
        .layer(from_fn_with_state(Arc::clone(cx), guard::authorize));
    guarded(cx, router)
}

/// The file origin: no key is needed, none is welcome.
pub(super) fn files(cx: &Arc<Cx>) -> Router {
    let router = Router::new()
        .route("/files/{file}/{name}", get(files::serve))
        .route("/uploads/{asset}", post(uploads::form).put(uploads::raw))
        .method_not_allowed_fallback(wrong_method)
        .fallback(nothing_here)
        .layer(from_fn_with_state(
            Arc::clone(cx),
            uploads::count_stray_keys,
        ));
    guarded(cx, router)
}

/// What both have around them, the outermost last. Bodies are limited where they are read.
fn guarded(cx: &Arc<Cx>, router: Router<Arc<Cx>>) -> Router {
    router
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(cx), apply::apply))
        .layer(from_fn(guard::same_host))
        .layer(from_fn_with_state(Arc::clone(cx), guard::identify))
        .with_state(Arc::clone(cx))
}

async fn nothing_here() -> Refusal {
    Refusal::not_found("This address")
}

async fn wrong_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "not_found",
        "This address does not take that method",
    )
}
