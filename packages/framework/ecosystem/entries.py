"""The table of all packages that are run. What each is, stands here; how it is run, does not."""

from __future__ import annotations

from .entry import Entry, Suite

NO_TESTS = "none in its source archive"
FLASK, WERKZEUG, JINJA, MARKUPSAFE, ITSDANGEROUS, CLICK = (
    "flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click",
)  # fmt: skip
COLUMN = "it compares the whole text of a template error, which names the column here and points at it"

ENTRIES = [
    # ORM
    Entry(
        "Flask-SQLAlchemy",
        "3.1.1",
        "Models, queries by page, sessions that roll back",
        (FLASK,),
        suite=Suite(),
    ),
    Entry(
        "Flask-Migrate",
        "4.1.0",
        "``flask db``: init, migrate, upgrade, downgrade",
        (),
        suite=Suite(),
    ),
    # Forms and uploads
    Entry(
        "Flask-WTF",
        "1.3.0",
        "A form with a file, protected against forgery",
        (FLASK, WERKZEUG, ITSDANGEROUS),
        ("email-validator",),
        Suite(("Flask-Babel", "Flask-Reuploaded")),
    ),
    Entry(
        "Flask-Reuploaded",
        "1.6.0",
        "Sets of files: taken, refused, named, served",
        (FLASK, WERKZEUG),
        suite=Suite(),
    ),
    # Authentication
    Entry(
        "Flask-Login",
        "0.6.3",
        "Signing in and out, being remembered",
        (FLASK, WERKZEUG),
        suite=Suite(("flask[async]", "semantic-version")),
    ),
    Entry(
        "Flask-Dance",
        "7.1.0",
        "Signing in with an OAuth 2 provider",
        (FLASK, WERKZEUG),
        ("responses",),
        Suite(
            (
                "pytest-mock",
                "freezegun",
                "flask-sqlalchemy",
                "flask-login",
                "flask-caching",
                "betamax",
                "oauthlib[signedtoken]",
                "coverage",
            ),
        ),
    ),
    Entry(
        "Flask-JWT-Extended",
        "4.7.4",
        "Tokens in headers and cookies: fresh, revoked, run out",
        (FLASK, WERKZEUG),
        suite=Suite(("cryptography", "python-dateutil")),
    ),
    Entry(
        "Flask-Principal",
        "0.4.0",
        "Identities, roles and permissions",
        (FLASK,),
        no_suite=NO_TESTS,
    ),
    # APIs
    Entry(
        "Flask-RESTful",
        "0.3.10",
        "Resources: arguments, fields, representations, errors",
        (FLASK, WERKZEUG),
        suite=Suite(("pynose", "mock", "blinker"), ("--continue-on-collection-errors",)),
    ),
    Entry(
        "Flask-RESTX",
        "1.3.2",
        "A described API with validation and its Swagger page",
        (FLASK, WERKZEUG),
        suite=Suite(
            ("Faker", "mock", "pytest-flask", "pytest-mock", "pytest-benchmark", "tzlocal", "setuptools<80"),
            ("--continue-on-collection-errors",),
        ),
    ),
    Entry(
        "Flask-CORS",
        "6.0.5",
        "Who may read what, before and after errors",
        (FLASK,),
        suite=Suite(),
    ),
    Entry(
        "httpbin",
        "0.10.4",
        "Asked for all that it answers",
        (FLASK, WERKZEUG),
        ("flasgger", "setuptools<80"),
        Suite(),
    ),
    # Pages
    Entry(
        "Bootstrap-Flask",
        "2.6.0",
        "A form, a table and a pagination in a browser, to the pixel",
        (FLASK, JINJA, MARKUPSAFE),
        ("Flask-WTF", "selenium"),
        no_suite=NO_TESTS,
    ),
    Entry(
        "dash",
        "4.4.1",
        "A dashboard and its callbacks",
        (FLASK,),
        no_suite=NO_TESTS,
    ),
    Entry(
        "Flask-DebugToolbar",
        "0.16.0",
        "The toolbar, its panels, redirects held up",
        (FLASK, WERKZEUG, JINJA),
        ("setuptools<80",),
        no_suite=NO_TESTS,
    ),
    # Tools
    Entry(
        "Flask-Caching",
        "2.5.1",
        "Views, functions and parts of templates, kept in files",
        (FLASK, JINJA),
        suite=Suite(
            ("flask[async]", "pytest-asyncio", "pytest-xprocess", "redis", "pytest-cov"),
            ("-o", "asyncio_default_fixture_loop_scope=function"),
        ),
    ),
    Entry(
        "Flask-SocketIO",
        "5.7.0",
        "A chat: events, rooms, namespaces, sessions",
        (FLASK, WERKZEUG),
        suite=Suite(("redis",)),
    ),
    Entry(
        "Flask-Babel",
        "4.0.0",
        "Pages in two languages, from extraction to dates",
        (FLASK, JINJA),
        no_suite=NO_TESTS,
    ),
    Entry(
        "Flask-Mail",
        "0.10.0",
        "Mails recorded, in bulk, and over SMTP",
        (FLASK,),
        no_suite=NO_TESTS,
    ),
    Entry(
        "pytest-flask",
        "1.3.0",
        "A suite with its fixtures and a live server",
        (),
        suite=Suite(("mock",)),
    ),
    Entry(
        "opentelemetry-instrumentation-flask",
        "0.66b1",
        "Traces of one application, then of all",
        (FLASK,),
        ("opentelemetry-sdk",),
        Suite(("opentelemetry-test-utils==0.66b1",)),
    ),
    # On Jinja
    Entry(
        "Sphinx",
        "9.0.4",
        "A documentation in seven formats, byte by byte",
        (),
        suite=Suite(
            ("pytest-xdist[psutil]", "cython", "defusedxml", "setuptools>=70", "typing_extensions"),
            ("-n", "2"),
            limit=1800,
        ),
    ),
    Entry(
        "cookiecutter",
        "2.7.1",
        "A project from a template, with hooks and extensions",
        (JINJA,),
        suite=Suite(
            ("pytest-cov", "pytest-mock", "freezegun"),
            ("-o", "addopts="),
            explained={"tests.test_generate_file::test_generate_file_verbose_template_syntax_error": COLUMN},
        ),
    ),
    Entry(
        "pelican",
        "4.12.0",
        "A blog with two themes",
        (),
        suite=Suite(("beautifulsoup4", "lxml", "markdown", "typogrify"), ("pelican/tests",)),
    ),
    # On Click
    Entry(
        "black",
        "26.10.1",
        "Formatting, differences, refusals",
        (),
        suite=Suite(("pytest-xdist",), ("-n", "2", "-o", "filterwarnings=")),
    ),
    Entry(
        "typer",
        "0.25.1",
        "Typed commands: help, errors, prompts, completion",
        (CLICK,),
        suite=Suite(("coverage", "pytest-xdist", "mypy"), ("-n", "2", "-o", "filterwarnings=")),
    ),
    Entry(
        "celery",
        "5.7.0",
        "A worker and its command line",
        (CLICK,),
        suite=Suite(
            (
                "pytest-subtests",
                "pytest-timeout",
                "pytest-click",
                "pytest-order",
                "pytest-rerunfailures",
                "freezegun",
                "pytest-celery",
                "pydantic",
                "pyyaml",
                "msgpack",
                "tblib",
            ),
            ("t/unit/bin", "t/unit/app"),
            "those of its command line and of its application",
        ),
    ),
    Entry(
        "click-option-group",
        "0.5.9",
        "Groups of options: their help and their errors",
        (CLICK,),
        suite=Suite(),
    ),
    Entry(
        "uvicorn",
        "0.54.0",
        "Its command line, and a server that answers",
        (),
        suite=Suite(
            (
                "httpx2",
                "a2wsgi",
                "wsproto",
                "pytest-mock",
                "trustme",
                "websockets",
                "httptools",
                "watchfiles",
                "pyyaml",
                "python-dotenv",
                "cryptography",
            ),
            ("-o", "addopts=", "tests/test_cli.py", "tests/test_main.py", "tests/test_config.py"),
            "those of its command line",
        ),
    ),
    Entry(
        "python-dotenv",
        "1.2.4",
        "Its command line: values set, listed, handed on",
        (),
        suite=Suite(("ipython", "sh")),
    ),
    # On Werkzeug and MarkupSafe
    Entry(
        "pytest-httpserver",
        "1.2.0",
        "A server for tests, asked over the wire",
        (WERKZEUG,),
        suite=Suite(("requests", "toml", "tomli")),
    ),
    Entry(
        "Mako",
        "1.4.3",
        "Escaping templates, inheritance, errors with their line",
        (MARKUPSAFE,),
        suite=Suite(("beaker", "pygments", "babel", "dogpile.cache", "lingua", "junitparser"), ("-o", "addopts=")),
    ),
]
