//! The built page, which is part of the program.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

/// Path, kind and bytes of every file. `web/` builds them.
const FILES: &[(&str, &str, &[u8])] = &[
    ("/", "text/html; charset=utf-8", include_bytes!("../page/index.html")),
    ("/app.js", "text/javascript; charset=utf-8", include_bytes!("../page/app.js")),
    ("/app.css", "text/css; charset=utf-8", include_bytes!("../page/app.css")),
];

/// The routes of the page.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES.iter().fold(Router::new(), |router, &(path, kind, bytes)| {
        router.route(path, get(move || async move { ([(CONTENT_TYPE, kind)], bytes) }))
    })
}
