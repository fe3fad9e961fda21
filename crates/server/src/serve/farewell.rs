//! Tells clients that keep their connections to let go of them, once the server is about to leave.

use std::sync::Arc;

use actix_web::App;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;

use crate::leaving::Leaving;

/// The same application, whose replies end their connections from then on: a connection that is
/// closed without that may cost the request that is just being sent on it.
pub(super) fn wrap<T, B>(
    app: App<T>,
    leaving: &Arc<Leaving>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<B>,
        Error = actix_web::Error,
        InitError = (),
    > + use<T, B>,
>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = actix_web::Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    let leaving = Arc::clone(leaving);
    app.wrap_fn(move |request, service| {
        let reply = service.call(request);
        let leaving = Arc::clone(&leaving);
        async move {
            let mut reply = reply.await?;
            if leaving.has_begun() {
                reply.response_mut().head_mut().set_connection_type(ConnectionType::Close);
            }
            Ok(reply)
        }
    })
}
