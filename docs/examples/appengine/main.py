"""A guest book on Google App Engine: memcache counts the visits, the load balancer says who the visitor is."""

from __future__ import annotations

from google.appengine.api import memcache, wrap_wsgi_app

from dray.framework import App, request
from dray.wsgi_tools.middleware.proxy_fix import ProxyFix

app = App(__name__)
app.config.from_prefixed_env()
# One load balancer stands before the application, and says who the client is.
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
# App Engine's own services (memcache, tasks, users) know the request that they are called for.
app.wsgi_app = wrap_wsgi_app(app.wsgi_app)  # type: ignore[method-assign]


@app.get("/")
def index() -> dict[str, object]:
    """Count a visit."""
    visits = memcache.incr("visits", initial_value=0)
    return {"visits": visits, "from": request.remote_addr, "secure": request.is_secure}
