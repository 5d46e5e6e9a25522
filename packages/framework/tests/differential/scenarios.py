"""Small applications and the requests to send to them. Each is built twice: on the reference and on dray.

A scenario gets a framework (``fw.App``, ``fw.Blueprint``, ``fw.request`` ...), builds an application and gives it with
a list of requests. A request is ``(method, path, arguments of the client)``.
"""

from __future__ import annotations

import datetime
import io
from typing import Any

Request = tuple[str, str, dict[str, Any]]
SCENARIOS: dict[str, Any] = {}


def scenario(function: Any) -> Any:
    SCENARIOS[function.__name__] = function
    return function


def get(path: str, **kwargs: Any) -> Request:
    return "GET", path, kwargs


def post(path: str, **kwargs: Any) -> Request:
    return "POST", path, kwargs


@scenario
def return_values(fw: Any) -> tuple[Any, list[Request]]:
    """Everything that a view may return."""
    app = fw.App("scenario")
    values = {
        "text": "text",
        "unicode": "é €",
        "bytes": b"bytes",
        "bytearray": bytearray(b"array"),
        "dict": {"b": 1, "a": [1, 2]},
        "list": [1, {"a": None}],
        "status": ("made", 201),
        "status_text": ("teapot", "418 TEA"),
        "headers": ("text", {"X-A": "1", "Content-Type": "text/plain"}),
        "header_list": ("text", [("X-A", "1"), ("X-A", "2")]),
        "both": ("text", 202, {"X-A": "1"}),
        "json_status": ({"a": 1}, 404),
        "nothing": ("", 204),
        "none_status": ("text", None, {"X-B": "1"}),
        "none_headers": ("text", 200, None),
    }
    for name, value in values.items():
        app.add_url_rule(f"/{name}", name, lambda value=value: value)

    @app.route("/generator")
    def generator() -> Any:
        return (part for part in ["a", "b", "é"])

    @app.route("/response")
    def response() -> Any:
        return fw.Response("made", 203, {"X-R": "1"}), 299, {"X-S": "2"}

    @app.route("/wsgi")
    def wsgi() -> Any:
        def application(environ: Any, start_response: Any) -> Any:
            start_response("200 OK", [("Content-Type", "text/x-wsgi")])
            return [b"wsgi"]

        return application

    @app.route("/make")
    def make() -> Any:
        response = fw.make_response("text", 210)
        response.headers["X-Made"] = "yes"
        response.set_cookie("c", "v", max_age=5, httponly=True, samesite="Lax")
        return response

    @app.route("/jsonify")
    def jsonify() -> Any:
        return fw.jsonify(z=1, a="é", d=datetime.date(2020, 1, 2), t=datetime.datetime(2020, 1, 2, 3, 4, 5))

    names = [*values, "generator", "response", "wsgi", "make", "jsonify"]
    return app, [(method, f"/{name}", {}) for name in names for method in ("GET", "HEAD")]


@scenario
def bad_return_values(fw: Any) -> tuple[Any, list[Request]]:
    """What a view may not return is an error of the server."""
    app = fw.App("scenario")
    for name, value in {"none": None, "int": 5, "tuple1": ("x",), "tuple4": (1, 2, 3, 4), "object": object()}.items():
        app.add_url_rule(f"/{name}", name, lambda value=value: value)
    return app, [get(f"/{name}") for name in ("none", "int", "tuple1", "tuple4", "object")]


@scenario
def routing(fw: Any) -> tuple[Any, list[Request]]:
    """Converters, methods, slashes, automatic OPTIONS and HEAD, 404 and 405."""
    app = fw.App("scenario")

    @app.route("/")
    def index() -> str:
        return "index"

    @app.route("/int/<int:x>")
    @app.route("/int/<int(min=5):x>/more")
    def integer(x: int) -> str:
        return repr(x)

    @app.route("/float/<float:x>")
    def floating(x: float) -> str:
        return repr(x)

    @app.route("/path/<path:x>")
    def path(x: str) -> str:
        return x

    @app.route("/uuid/<uuid:x>")
    def uuid(x: Any) -> str:
        return repr(x)

    @app.route("/any/<any(a, b):x>")
    def any_(x: str) -> str:
        return x

    @app.route("/slash/")
    def slash() -> str:
        return "slash"

    @app.route("/both", methods=["GET", "POST"])
    def both() -> str:
        return fw.request.method

    @app.post("/post")
    def only_post() -> str:
        return "posted"

    @app.route("/own", methods=["GET", "OPTIONS"])
    def own_options() -> str:
        return "own"

    @app.route("/noopt", provide_automatic_options=False)
    def no_options() -> str:
        return "none"

    @app.route("/defaults/", defaults={"page": 1})
    @app.route("/defaults/<int:page>")
    def defaults(page: int) -> str:
        return str(page)

    paths = (
        "/ /int/5 /int/x /int/-5 /int/5/more /int/4/more /float/1.5 /float/1 /path/a/b/c /path/ /any/a /any/c /slash"
        " /slash/ /both /post /own /noopt /defaults/ /defaults/1 /defaults/2 /missing //slash /path//a"
        " /uuid/12345678-1234-5678-1234-567812345678 /int/٣ /path/%C3%A9 /path/a%2Fb"
    ).split()
    requests = [(method, path, {}) for path in paths for method in ("GET", "HEAD", "POST", "OPTIONS", "DELETE")]
    return app, requests


@scenario
def hooks(fw: Any) -> tuple[Any, list[Request]]:
    """The order of hooks of an application and nested blueprints."""
    app = fw.App("scenario")
    log: list[str] = []

    def add(owner: Any, name: str) -> None:
        owner.before_request(lambda: log.append(f"before {name}"))
        owner.after_request(lambda response: log.append(f"after {name}") or response)
        owner.teardown_request(lambda exc: log.append(f"teardown {name} {type(exc).__name__}"))
        owner.url_value_preprocessor(lambda endpoint, values: log.append(f"values {name} {endpoint} {values}"))
        owner.url_defaults(lambda endpoint, values: log.append(f"defaults {name} {endpoint}"))

    parent = fw.Blueprint("parent", "scenario", url_prefix="/parent")
    child = fw.Blueprint("child", "scenario", url_prefix="/child")
    other = fw.Blueprint("other", "scenario", url_prefix="/other")
    for owner, name in ((app, "app"), (app, "app2"), (parent, "parent"), (child, "child"), (other, "other")):
        add(owner, name)
    other.before_app_request(lambda: log.append("before app from other"))
    other.after_app_request(lambda response: log.append("after app from other") or response)
    other.teardown_app_request(lambda exc: log.append("teardown app from other"))
    app.teardown_appcontext(lambda exc: log.append(f"teardown appcontext {type(exc).__name__}"))

    def view(**kwargs: Any) -> str:
        @fw.after_this_request
        def after(response: Any) -> Any:
            log.append("after this request")
            return response

        return f"{fw.request.endpoint} {fw.request.blueprints} {fw.url_for('.view', x=1)}"

    for owner in (app, parent, child, other):
        owner.add_url_rule("/<int:x>/view", "view", view)

    @app.route("/log")
    def show() -> Any:
        entries = list(log)
        log.clear()
        return fw.jsonify(entries)

    @child.route("/stop")
    def stop() -> str:
        return "not reached"

    @child.before_request
    def maybe() -> Any:
        return "stopped" if fw.request.path.endswith("/stop") else None

    @child.route("/fail")
    def fail() -> str:
        raise ValueError("fail")

    parent.register_blueprint(child)
    app.register_blueprint(parent)
    app.register_blueprint(other)
    app.register_blueprint(other, name="again", url_prefix="/again")
    paths = "/1/view /parent/1/view /parent/child/1/view /other/1/view /again/1/view /parent/child/stop".split()
    paths += ["/parent/child/fail", "/missing", "/parent/missing"]
    return app, [get(path) for path in (item for path in paths for item in (path, "/log"))]


@scenario
def errors(fw: Any) -> tuple[Any, list[Request]]:
    """Which handler answers: code or class, application or blueprint, specific or general."""
    app = fw.App("scenario")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    bp = fw.Blueprint("bp", "scenario", url_prefix="/bp")

    class Base(Exception):
        pass

    class Derived(Base):
        pass

    app.register_error_handler(404, lambda e: (f"app 404 {e.description}", 404))
    app.register_error_handler(Base, lambda e: f"app Base {type(e).__name__}")
    app.register_error_handler(500, lambda e: (f"app 500 {e.original_exception!r}", 500))
    bp.register_error_handler(404, lambda e: ("bp 404", 404))
    bp.register_error_handler(Derived, lambda e: "bp Derived")
    bp.register_error_handler(fw.exceptions.HTTPException, lambda e: (f"bp HTTP {e.code}", e.code))
    bp.app_errorhandler(418)(lambda e: ("tea", 418))

    def add(owner: Any, path: str, error: Any) -> None:
        def view() -> str:
            if isinstance(error, int):
                fw.abort(error)
            raise error

        owner.add_url_rule(f"/{path}", path, view)

    for owner in (app, bp):
        for code in (400, 401, 403, 404, 405, 410, 413, 418, 429, 500, 503):
            add(owner, str(code), code)
        add(owner, "base", Base("b"))
        add(owner, "derived", Derived("d"))
        add(owner, "key", KeyError("k"))
        add(owner, "own", fw.exceptions.NotFound("own text"))
        add(owner, "response", fw.exceptions.HTTPException(response=fw.Response("in the exception", 299)))
    app.register_blueprint(bp)

    @app.route("/arg")
    def arg() -> str:
        return fw.request.args["missing"]

    @app.route("/form", methods=["POST"])
    def form() -> str:
        return fw.request.form["missing"]

    @app.route("/json", methods=["POST"])
    def json() -> Any:
        return fw.request.get_json()

    paths = [rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and "<" not in rule.rule]
    requests = [get(path) for path in sorted(paths)] + [get("/bp/nowhere"), ("PUT", "/arg", {})]
    requests += [post("/form"), post("/form", data={"x": "1"})]
    requests += [post("/json", data=b"{", content_type="application/json"), post("/json", data=b"1")]
    requests += [post("/json", json={"a": [1]})]
    return app, requests


@scenario
def request_data(fw: Any) -> tuple[Any, list[Request]]:
    """What a view sees of a request."""
    app = fw.App("scenario")

    @app.route("/show/<x>", methods=["GET", "POST", "PUT"])
    def show(x: str) -> Any:
        r = fw.request
        return fw.jsonify(
            args=r.args.to_dict(flat=False),
            form=r.form.to_dict(flat=False),
            files={
                name: [file.filename, file.mimetype, file.read().decode("latin1")] for name, file in r.files.items()
            },
            cookies=r.cookies.to_dict(flat=False),
            values=r.values.to_dict(flat=False),
            method=r.method,
            path=r.path,
            full_path=r.full_path,
            url=r.url,
            base_url=r.base_url,
            root_url=r.url_root,
            host=r.host,
            mimetype=r.mimetype,
            length=None if r.mimetype.startswith("multipart") else r.content_length,  # boundaries are random
            is_json=r.is_json,
            json=r.get_json(silent=True),
            data=r.get_data().decode("latin1"),
            remote=r.remote_addr,
            agent=str(r.user_agent)[:4] if fw.request.headers.get("User-Agent", "").startswith("test") else "",
            accept=[list(pair) for pair in r.accept_mimetypes],
            best=r.accept_mimetypes.best_match(["text/html", "application/json"]),
            languages=list(r.accept_languages.values()),
            header=r.headers.get("X-Thing"),
            args_x=r.view_args,
            endpoint=r.endpoint,
            secure=r.is_secure,
            rule=str(r.url_rule),
            range=str(r.range),
            since=str(r.if_modified_since),
            etag=list(r.if_none_match),
            auth=r.authorization and [r.authorization.type, r.authorization.username, r.authorization.password],
        )

    requests = [
        get("/show/a?x=1&x=2&y=%C3%A9&z&=5&a+b=c%20d"),
        get("/show/a%20b", headers={"X-Thing": "t", "Cookie": 'a=1; b="x y"; c'}),
        get("/show/é", query_string={"q": "é&="}, base_url="https://example.com:8443/root"),
        get("/show/x", headers={"Accept": "text/html;q=0.8, application/json", "Accept-Language": "de, en;q=0.5"}),
        get("/show/x", headers={"Range": "bytes=0-5", "If-None-Match": 'W/"a", "b"'}),
        get("/show/x", headers={"If-Modified-Since": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        get("/show/x", auth=("user", "pässword")),
        get("/show/x", headers={"User-Agent": "test 1"}),
        post("/show/x", data={"a": ["1", "2"], "b": "é"}),
        post("/show/x", data={"f": (io.BytesIO(b"content"), "name é.txt"), "a": "1"}),
        post("/show/x", json={"a": 1}),
        post("/show/x", data=b"raw \xff", content_type="application/octet-stream"),
        post("/show/x", data=b"a=1&b=2", content_type="application/x-www-form-urlencoded; charset=utf-8"),
        ("PUT", "/show/x", {"data": b"[1", "content_type": "application/json"}),
    ]
    return app, requests


@scenario
def sessions(fw: Any) -> tuple[Any, list[Request]]:
    """Sessions: when the cookie is set, refreshed and removed, and when caches are told."""
    app = fw.App("scenario")
    app.secret_key = "k"

    @app.route("/set/<name>/<value>")
    def set_(name: str, value: str) -> str:
        fw.session[name] = value
        return "set"

    @app.route("/get/<name>")
    def get_(name: str) -> str:
        return str(fw.session.get(name))

    @app.route("/in")
    def in_() -> str:
        return str("a" in fw.session)

    @app.route("/len")
    def len_() -> str:
        return str(len(fw.session))

    @app.route("/clear")
    def clear() -> str:
        fw.session.clear()
        return "clear"

    @app.route("/permanent")
    def permanent() -> str:
        fw.session.permanent = True
        return "permanent"

    @app.route("/untouched")
    def untouched() -> str:
        return "untouched"

    @app.route("/flash/<text>")
    def flash(text: str) -> str:
        fw.flash(text, "cat")
        fw.flash(text + "2")
        return "flashed"

    @app.route("/flashed")
    def flashed() -> Any:
        first = fw.get_flashed_messages(with_categories=True)
        again = fw.get_flashed_messages(category_filter=["cat"])
        return fw.jsonify(first, again)

    paths = (
        "/untouched /get/a /in /len /set/a/1 /get/a /untouched /in /len /permanent /untouched /get/a /flash/x /flashed"
        " /flashed /clear /get/a /clear"
    ).split()
    return app, [get(path) for path in paths]


@scenario
def no_secret_key(fw: Any) -> tuple[Any, list[Request]]:
    """Without a key a session can be read and not written."""
    app = fw.App("scenario")

    @app.route("/read")
    def read() -> str:
        return str(fw.session.get("a"))

    @app.route("/write")
    def write() -> str:
        fw.session["a"] = 1
        return "written"

    return app, [get("/read"), get("/write")]


@scenario
def templates(fw: Any) -> tuple[Any, list[Request]]:
    """Templates: escaping, context processors, globals, filters."""
    app = fw.App("scenario")
    app.config["GREETING"] = "Hi"
    bp = fw.Blueprint("bp", "scenario", url_prefix="/bp")
    app.context_processor(lambda: {"a": "app", "given": "not used"})
    bp.context_processor(lambda: {"b": "bp"})
    app.template_filter("twice")(lambda value: value * 2)
    app.template_test("odd5")(lambda value: value == 5)
    app.template_global("add")(lambda x, y: x + y)
    source = (
        "{{ given }} {{ a }} {{ b }} {{ '<'|twice }} {{ 5 is odd5 }} {{ add(1, 2) }} {{ config.GREETING }}"
        " {{ url_for('static', filename='x y.css') }} {{ request.path }} {{ g.x }} {{ session.get('s') }}"
        " {{ get_flashed_messages() }} {{ {'a': '<'}|tojson }}"
    )

    def view() -> Any:
        fw.g.x = "<g>"
        return fw.render_template_string(source, given="<given>")

    def stream() -> Any:
        return fw.stream_template_string("{% for x in xs %}{{ x }}{{ request.path }}{% endfor %}", xs="<b")

    for owner in (app, bp):
        owner.add_url_rule("/view", "view", view)
        owner.add_url_rule("/stream", "stream", stream)
    app.register_blueprint(bp)
    return app, [get("/view"), get("/bp/view"), get("/stream"), get("/bp/stream")]


@scenario
def urls(fw: Any) -> tuple[Any, list[Request]]:
    """Building URLs in a request."""
    app = fw.App("scenario")
    bp = fw.Blueprint("bp", "scenario", url_prefix="/bp")
    cases = [
        ("index", {}),
        ("index", {"_external": True}),
        ("index", {"q": "é &", "n": [1, 2], "none": None}),
        ("index", {"_anchor": "a b#"}),
        ("index", {"_scheme": "https"}),
        ("user", {"name": "a/b é?"}),
        ("user", {"name": "x", "_method": "POST"}),
        ("user", {}),
        ("bp.index", {}),
        (".index", {}),
        ("nowhere", {}),
        ("static", {"filename": "a/b.css"}),
    ]

    def show() -> Any:
        found = []
        for endpoint, values in cases:
            try:
                found.append(fw.url_for(endpoint, **values))
            except Exception as error:
                found.append(type(error).__name__)
        return fw.jsonify(found)

    app.add_url_rule("/", "index", show)
    app.add_url_rule("/user/<name>", "user", show)
    app.add_url_rule("/make/<name>", "user", methods=["POST"])
    bp.add_url_rule("/", "index", show)
    app.register_blueprint(bp)
    return app, [get("/"), get("/bp/"), get("/", base_url="https://example.com/root/")]


@scenario
def redirects(fw: Any) -> tuple[Any, list[Request]]:
    """Redirects: where to, with which status, and what their page says."""
    app = fw.App("scenario")
    for code in (301, 302, 303, 307, 308):
        app.add_url_rule(f"/{code}", str(code), lambda code=code: fw.redirect("/to?a=1&b=<", code))
    app.add_url_rule("/external", "external", lambda: fw.redirect("https://example.com/é"))
    app.add_url_rule("/script", "script", lambda: fw.redirect('"><script>alert(1)</script>'))
    return app, [get(f"/{name}") for name in (301, 302, 303, 307, 308, "external", "script")]


@scenario
def views(fw: Any) -> tuple[Any, list[Request]]:
    """Views as classes."""
    app = fw.App("scenario")

    class Plain(fw.View):  # type: ignore[misc, name-defined]
        methods = ["GET", "POST"]

        def __init__(self, text: str) -> None:
            self.text = text

        def dispatch_request(self, **kwargs: Any) -> str:
            return f"{self.text} {fw.request.method} {kwargs}"

    class Methods(fw.MethodView):  # type: ignore[misc, name-defined]
        def get(self, x: int | None = None) -> str:
            return f"get {x}"

        def post(self) -> str:
            return "post"

    class More(Methods):
        init_every_request = False

        def delete(self) -> str:
            return "delete"

    app.add_url_rule("/plain/<x>", view_func=Plain.as_view("plain", "t"))
    app.add_url_rule("/methods", view_func=Methods.as_view("methods"))
    app.add_url_rule("/methods/<int:x>", view_func=Methods.as_view("methods2"))
    app.add_url_rule("/more", view_func=More.as_view("more"))
    paths = ("/plain/1", "/methods", "/methods/5", "/more")
    return app, [(m, path, {}) for path in paths for m in ("GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT")]


@scenario
def async_views(fw: Any) -> tuple[Any, list[Request]]:
    """Async views, hooks and handlers on WSGI."""
    app = fw.App("scenario")

    @app.before_request
    async def before() -> None:
        fw.g.x = 1

    @app.after_request
    async def after(response: Any) -> Any:
        response.headers["X-After"] = str(fw.g.x)
        return response

    @app.route("/")
    async def index() -> Any:
        return f"async {fw.request.path} {fw.g.x}"

    @app.route("/fail")
    async def fail() -> Any:
        raise ValueError("v")

    @app.errorhandler(ValueError)
    async def handle(error: Exception) -> Any:
        return f"handled {error}"

    return app, [get("/"), get("/fail")]


@scenario
def limits(fw: Any) -> tuple[Any, list[Request]]:
    """Bodies over the limits."""
    app = fw.App("scenario")
    app.config.update(MAX_CONTENT_LENGTH=100_000, MAX_FORM_MEMORY_SIZE=10_000, MAX_FORM_PARTS=3)

    @app.route("/form", methods=["POST"])
    def form() -> Any:
        return fw.jsonify(fw.request.form.to_dict())

    @app.route("/data", methods=["POST"])
    def data() -> Any:
        return str(len(fw.request.data))

    @app.route("/ignore", methods=["POST"])
    def ignore() -> Any:
        return "ignored"

    # The texts differ: dray's names the limit.
    app.register_error_handler(413, lambda error: ("too large", 413))
    multipart = {"content_type": "multipart/form-data"}
    return app, [
        post("/data", data=b"x" * 100_000),
        post("/data", data=b"x" * 100_001),
        post("/ignore", data=b"x" * 100_001),
        post("/form", data={"a": "x" * 9_000}, **multipart),
        post("/form", data={"a": "x" * 10_001}, **multipart),
        post("/form", data={str(i): "x" for i in range(3)}, **multipart),
        post("/form", data={str(i): "x" for i in range(4)}, **multipart),
        post("/form", data={"a": "x" * 50_000}),
    ]


@scenario
def trusted_hosts(fw: Any) -> tuple[Any, list[Request]]:
    """Hosts that aren't trusted are refused before routing."""
    app = fw.App("scenario")
    app.config["TRUSTED_HOSTS"] = ["a.com", ".b.com"]
    app.add_url_rule("/", "index", lambda: fw.request.host)
    hosts = ("a.com", "evil.com", "x.b.com", "b.com", "a.com:8080", "x.a.com", "a.com.evil.com")
    return app, [get("/", headers={"Host": host}) for host in hosts] + [get("/no", headers={"Host": "evil.com"})]


@scenario
def subdomains(fw: Any) -> tuple[Any, list[Request]]:
    """Rules with subdomains."""
    app = fw.App("scenario", subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.com"
    app.add_url_rule("/", "index", lambda: "index " + fw.url_for("user", user="x"))
    app.add_url_rule("/", "user", lambda user: f"user {user} " + fw.url_for("index"), subdomain="<user>")
    bp = fw.Blueprint("bp", "scenario", subdomain="bp")
    bp.add_url_rule("/b", "b", lambda: "bp")
    app.register_blueprint(bp)
    urls = ("http://example.com/", "http://ada.example.com/", "http://bp.example.com/b", "http://example.com/b")
    return app, [get("/", base_url=url) if url.endswith("/") else get("/b", base_url=url[:-2]) for url in urls]
