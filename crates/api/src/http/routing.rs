//! Resources that answer every method: the known ones by their handlers, `OPTIONS` with what is
//! known, the rest with 405 in the words of their surface.

use std::marker::PhantomData;

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route, guard, web};

use crate::http::envelope::envelope;
use crate::refusal::{EdgeFault, Refusal, Surface};

/// A path of surface `S` and what it does at each method.
pub(crate) struct Methods<S> {
    resource: Resource,
    allow: Vec<&'static str>,
    surface: PhantomData<fn() -> S>,
}

/// Starts a resource of surface `S` at this path.
pub(crate) fn resource<S: Surface>(path: &str) -> Methods<S> {
    Methods { resource: web::resource(path), allow: Vec::new(), surface: PhantomData }
}

/// The same, with or without a slash at the end of the path: no redirect, which would lose a body.
pub(crate) fn slash_optional<S: Surface>(path: &str) -> Methods<S> {
    at_paths(&[path])
}

/// One resource at several paths, each with or without a slash at its end.
pub(crate) fn at_paths<S: Surface>(paths: &[&str]) -> Methods<S> {
    let both = |path: &&str| [(*path).to_owned(), format!("{path}/")];
    let resource = web::resource(paths.iter().flat_map(both).collect::<Vec<String>>());
    Methods { resource, allow: Vec::new(), surface: PhantomData }
}

/// Every path that begins so and that nothing else answers, in the words of surface `S`.
pub(crate) fn unknown_below<S: Surface>(start: &str) -> Resource {
    web::resource(format!("{start}{{tail:(/.*)?}}")).default_service(not_found::<S>())
}

/// Answers 404 in the words of surface `S`.
pub(crate) fn not_found<S: Surface>() -> Route {
    always::<S>(EdgeFault::NotFound)
}

macro_rules! methods {
    ($($name:ident: $method:ident, $about:literal;)+) => {$(
        #[doc = $about]
        pub(crate) fn $name<F, Args>(self, handler: F) -> Self
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            self.on(&[stringify!($method)], web::to(handler))
        }
    )+};
}

impl<S: Surface> Methods<S> {
    methods! {
        post: POST, "Creates, or does.";
        put: PUT, "Replaces.";
        patch: PATCH, "Changes in part.";
        delete: DELETE, "Removes.";
    }

    /// Shows; `HEAD` gets the same without the body (RFC 9110 §9.3.2).
    pub(crate) fn get<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(&["GET", "HEAD"], web::to(handler))
    }

    /// Does what no method should that promises to do nothing; so `HEAD`, which is sent by those who
    /// rely on the promise, is not answered.
    pub(crate) fn get_that_does<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(&["GET"], web::to(handler))
    }

    fn on(mut self, methods: &'static [&'static str], route: Route) -> Self {
        let asked = guard::fn_guard(|context| methods.contains(&context.head().method.as_str()));
        let route = S::shield(methods, worded::<S>(route.guard(asked)));
        self.resource = self.resource.route(route);
        self.allow.extend(methods);
        self
    }

    /// The finished resource.
    pub(crate) fn done(self) -> Resource {
        let allow = HeaderValue::from_str(&self.allow.join(", "));
        let allow = allow.unwrap_or(HeaderValue::from_static(""));
        let known = allow.clone();
        let options = web::to(move || {
            let reply = HttpResponse::NoContent().insert_header((ALLOW, known.clone())).finish();
            async { reply }
        });
        self.resource
            .route(options.guard(guard::Options()))
            .default_service(always::<S>(EdgeFault::MethodNotAllowed { allow }))
    }
}

fn always<S: Surface>(fault: EdgeFault) -> Route {
    worded::<S>(web::to(move || {
        let refusal = Refusal::<S>::from(fault.clone());
        async { Err::<HttpResponse, _>(refusal) }
    }))
}

fn worded<S: Surface>(route: Route) -> Route {
    route.wrap(from_fn(envelope::<S, _>))
}
