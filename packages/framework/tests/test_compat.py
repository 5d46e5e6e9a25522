"""Drop-in mode, each test in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

PRELUDE = "import sys\nfrom dray.framework.compat import install\ninstall()\n"
BLOCKED = (
    "import importlib.machinery, sys\n"
    "class Block:\n"
    "    def find_spec(self, name, path=None, target=None):\n"
    "        if name.partition('.')[0] in {'flask', 'werkzeug', 'jinja2', 'markupsafe', 'itsdangerous', 'click'}:\n"
    "            raise ModuleNotFoundError('blocked ' + name, name=name)\n"
    "sys.meta_path.insert(0, Block())\n"
)


def python(*arguments: str, cwd: Path | None = None, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("FLASK_", "DRAY_", "COV_"))}
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environ, input=stdin, check=False)


def check(code: str, before: str = PRELUDE) -> None:
    """Run code in drop-in mode; it asserts what is to be true."""
    result = python("-W", "error", "-c", before + code)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("blocked", [False, True], ids=["installed", "not installed"])
def test_names_are_the_same_modules_and_classes(blocked: bool) -> None:
    """Whether or not the references are installed."""
    check(
        "import flask, flask.sessions, werkzeug.exceptions, jinja2.ext, markupsafe, itsdangerous.url_safe, click.core\n"
        "import dray.framework.sessions, dray.wsgi_tools.exceptions, dray.safe_strings\n"
        "assert flask is dray.framework\n"
        "assert flask.sessions is dray.framework.sessions is sys.modules['flask.sessions']\n"
        "assert flask.sessions.__name__ == 'dray.framework.sessions' == flask.sessions.__spec__.name\n"
        "assert werkzeug.exceptions.NotFound is dray.wsgi_tools.exceptions.NotFound\n"
        "assert markupsafe.Markup is dray.safe_strings.Markup\n"
        "from flask import Flask\n"
        "from flask.app import Flask as F2\n"
        "from flask.testing import FlaskClient, FlaskCliRunner\n"
        "from flask.cli import FlaskGroup\n"
        "assert Flask is F2 is dray.framework.App\n",
        (BLOCKED if blocked else "") + PRELUDE,
    )


def test_every_public_module_of_the_references_is_there() -> None:
    """With all their submodules, importable and not a second copy."""
    import importlib
    import pkgutil

    names = []
    for root in ("flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click"):
        package = importlib.import_module(root)
        found = [info.name for info in pkgutil.walk_packages(package.__path__, f"{root}.")]
        names += [root, *(name for name in found if not any(part.startswith("_") for part in name.split(".")))]
    assert len(names) > 80
    check(
        f"import importlib\nfor name in {names!r}:\n"
        "    module = importlib.import_module(name)\n"
        "    assert module.__name__.startswith('dray.'), name\n"
        "    assert 'site-packages/' + name.split('.')[0] + '/' not in (module.__file__ or ''), name\n"
    )


@pytest.mark.parametrize(
    "name",
    [
        "flask.Markup", "flask._app_ctx_stack", "flask._request_ctx_stack", "flask.json.JSONEncoder",
        "flask.json._json", "jinja2.Markup", "jinja2.contextfilter", "jinja2.contextfunction",
        "jinja2.filters.environmentfilter",
        "jinja2.ext.with_", "werkzeug.wrappers.BaseResponse", "werkzeug.http.parse_authorization_header",
        "werkzeug.debug.tbtools.get_current_traceback",
    ],
)  # fmt: skip
def test_names_that_are_gone_stay_gone(name: str) -> None:
    """Extensions probe for old versions by them, and expect ImportError and AttributeError."""
    module, _, attribute = name.rpartition(".")
    check(
        f"import {module}\n"
        f"assert not hasattr({module}, {attribute!r})\n"
        "try:\n"
        f"    from {module} import {attribute}\n"
        "except ImportError:\n"
        "    pass\n"
        "else:\n"
        "    raise AssertionError\n"
    )


@pytest.mark.parametrize("name", ["flask.scaffold", "click._bashcomplete", "flask.ext", "werkzeug.contrib"])
def test_modules_that_are_gone_stay_gone(name: str) -> None:
    """And never come from an installed reference."""
    check(
        f"try:\n    import {name}\nexcept ModuleNotFoundError as e:\n    assert e.name == {name!r}, e.name\n"
        "else:\n    raise AssertionError\n"
    )


def test_metadata_answers_for_all_six() -> None:
    """At the level of the interface, under every spelling."""
    check(
        "from importlib.metadata import version, distribution, entry_points\n"
        "expected = dict(flask='3.1.3', Werkzeug='3.1.9', jinja2='3.1.6', markupsafe='3.0.4')\n"
        "expected |= dict(itsdangerous='2.2.0', Click='8.5.1')\n"
        "for name, number in expected.items():\n"
        "    assert version(name) == number, name\n"
        "    assert tuple(map(int, version(name).split('.')))\n"
        "import flask, click, jinja2, werkzeug\n"
        "assert (flask.__version__, click.__version__, jinja2.__version__) == ('3.1.3', '8.5.1', '3.1.6')\n"
        "assert distribution('Flask').metadata['Name'] == 'Flask'\n"
        "(extractor,) = entry_points(group='babel.extractors', name='jinja2')\n"
        "assert extractor.load().__module__.startswith('dray.')\n"
    )


def test_submodules_are_attributes() -> None:
    """The references import most of theirs with the root."""
    check(
        "import flask, werkzeug, click, jinja2\n"
        "flask.cli.with_appcontext, flask.testing.FlaskClient, werkzeug.exceptions.NotFound, werkzeug.utils.redirect\n"
        "werkzeug.serving.run_simple, click.testing.CliRunner, jinja2.sandbox.SandboxedEnvironment\n"
        "assert not hasattr(flask, 'nothing') and not hasattr(werkzeug, '_nothing')\n"
    )


def test_extensions_of_templates_are_found_under_the_references_identifiers() -> None:
    """The identifiers are texts that applications look up."""
    check(
        "import jinja2\n"
        "environment = jinja2.Environment(extensions=['jinja2.ext.do', 'jinja2.ext.i18n'])\n"
        "assert set(environment.extensions) == "
        "{'jinja2.ext.ExprStmtExtension', 'jinja2.ext.InternationalizationExtension'}\n"
    )


def test_writes_through_an_alias_reach_the_module() -> None:
    """As a patch in a test does."""
    check(
        "import flask.app, dray.framework.app\n"
        "from unittest import mock\n"
        "with mock.patch('flask.app.Chain', 5):\n"
        "    assert dray.framework.app.Chain == 5\n"
        "assert dray.framework.app.Chain != 5\n"
    )


def test_pickles_that_name_a_reference_load() -> None:
    """They outlive a deployment."""
    data = b"cmarkupsafe\nMarkup\n(V<b>\ntR."
    check(
        f"import pickle, markupsafe\nvalue = pickle.loads({data!r})\n"
        "assert type(value) is markupsafe.Markup and value == '<b>'\n"
    )


def test_settings_are_spelt_as_the_reference_does(tmp_path: Path) -> None:
    """Environment variables, .flaskenv, the plugin group."""
    (tmp_path / ".flaskenv").write_text("FLASK_APP=hello_dropin\nFLASK_RUN_PORT=5999\n")
    (tmp_path / "hello_dropin.py").write_text(
        "from flask import Flask\napp = Flask(__name__)\n@app.route('/dropped-in')\ndef x(): return ''\n"
    )
    result = python("-m", "dray.framework.compat", "-m", "flask", "routes", cwd=tmp_path)

    assert "/dropped-in" in result.stdout, result.stderr
    check(
        "import os, flask\nos.environ['FLASK_X'] = '5'\napp = flask.Flask('x')\n"
        "app.config.from_prefixed_env()\nassert app.config['X'] == 5\n"
    )


def test_a_script_runs_as_python_runs_it(tmp_path: Path) -> None:
    """Its arguments, its folder on the path, its name, its exit status."""
    (tmp_path / "beside.py").write_text("value = 5\n")
    (tmp_path / "script.py").write_text(
        "import sys, flask, beside\nassert __name__ == '__main__'\n"
        "print(sys.argv[1:], beside.value, flask.Flask.__module__)\nsys.exit(3)\n"
    )
    result = python("-m", "dray.framework.compat", str(tmp_path / "script.py"), "a", "-b")

    assert (result.returncode, result.stdout) == (3, "['a', '-b'] 5 dray.framework.app\n"), result.stderr


PROGRAMS = {
    "error.py": "def f():\n    1 / 0\nf()\n",
    "syntax.py": "def f(:\n    pass\n",
    "missing_import.py": "import nothing_of_that_name\n",
    "exits.py": "import sys\nsys.exit('a text')\n",
    "interrupted.py": "raise KeyboardInterrupt\n",
    "latin.py": "# coding: latin-1\nprint('\xe9')\n",
    "looks.py": (
        "import sys\nprint(sys.argv, __file__, __name__, __spec__ and __spec__.name, sys.path[0])\n"
        "print(vars() is vars(sys.modules['__main__']), __builtins__ is not None)\n"
    ),
    "outlives.py": (
        "import atexit, pickle, sys\nclass Kept: pass\n"
        "atexit.register(lambda: print(type(pickle.loads(pickle.dumps(Kept())))))\n"
    ),
    "folder/__main__.py": "import sys\nprint(sys.path[0], __file__, __name__)\n",
    "package/__init__.py": "",
    "package/__main__.py": (
        "import sys\nfrom . import beside\nprint(sys.argv, __package__, __spec__.name)\nsys.exit(beside.value)\n"
    ),
    "package/beside.py": "value = 7\n",
    "empty/__init__.py": "",
}


@pytest.mark.parametrize(
    "arguments",
    [
        ["error.py"], ["syntax.py"], ["missing_import.py"], ["exits.py"], ["interrupted.py"], ["latin.py"],
        ["looks.py", "a", "-b"], ["./looks.py"], ["outlives.py"], ["folder"], ["nowhere.py"], ["-m", "package", "x"],
        ["-m", "looks", "--", "-m"], ["-m", "empty"], ["-m", "nothing_of_that_name"], ["-m", "package.nothing"],
    ],
)  # fmt: skip
def test_programs_run_as_python_runs_them(arguments: list[str], tmp_path: Path) -> None:
    """The same output, the same traceback, the same exit status."""
    for name, text in PROGRAMS.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "latin-1" if name == "latin.py" else "utf-8")
    expected = python(*arguments, cwd=tmp_path)
    found = python("-m", "dray.framework.compat", *arguments, cwd=tmp_path)

    assert (found.returncode, found.stdout, found.stderr) == (expected.returncode, expected.stdout, expected.stderr)


def test_an_error_in_a_module_shows_its_traceback(tmp_path: Path) -> None:
    """From the module's first line on, and the program's own hook is left alone."""
    (tmp_path / "broken.py").write_text("import flask\n1 / 0\n")
    (tmp_path / "hooked.py").write_text("import sys\nsys.excepthook = lambda *error: print('mine')\n1 / 0\n")
    broken = python("-m", "dray.framework.compat", "-m", "broken", cwd=tmp_path)
    hooked = python("-m", "dray.framework.compat", "hooked.py", cwd=tmp_path)

    assert broken.stderr.splitlines()[:2] == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path / "broken.py"}", line 2, in <module>',
    ]
    assert (hooked.returncode, hooked.stdout, hooked.stderr) == (1, "mine\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal for Ctrl-C to send")
def test_the_development_server_runs(tmp_path: Path) -> None:
    """``-m flask run``: it answers, in drop-in mode, and stops when it is told."""
    (tmp_path / "hello.py").write_text(
        "from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef hello(): return Flask.__module__\n"
    )
    command = [
        sys.executable,
        "-u",
        "-m",
        "dray.framework.compat",
        "-m",
        "flask",
        "--app",
        "hello",
        "run",
        "--port",
        "0",
    ]
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("FLASK_", "DRAY_", "COV_"))}
    server = subprocess.Popen(
        command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        # Who runs in the background ignores Ctrl-C, and so do its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert server.stdout is not None
    try:
        port = next(match[1] for line in server.stdout if (match := re.search(r"http://127\.0\.0\.1:(\d+)", line)))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert answer.read() == b"dray.framework.app"
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=10) == 0
    finally:
        server.kill()
        server.communicate()


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["-m"], 2), (["--help"], 0), (["/nowhere.py"], 2)])
def test_a_wrong_call_is_explained(arguments: list[str], status: int) -> None:
    """Without a traceback."""
    result = python("-m", "dray.framework.compat", *arguments)

    assert result.returncode == status
    assert "Traceback" not in result.stderr


def test_pytest_runs_in_drop_in_mode(tmp_path: Path) -> None:
    """A suite that imports flask tests dray."""
    (tmp_path / "test_it.py").write_text(
        "import flask\ndef test(): assert flask.Flask.__module__ == 'dray.framework.app'\n"
    )
    result = python(
        "-m", "dray.framework.compat", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:cov", cwd=tmp_path
    )

    assert result.returncode == 0, result.stdout + result.stderr


def test_child_processes_are_in_drop_in_mode(tmp_path: Path) -> None:
    """Also where another sitecustomize waits behind."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.marked = True\n")
    check(
        "import os, subprocess\n"
        f"os.environ['PYTHONPATH'] += os.pathsep + {str(tmp_path)!r}\n"
        "code = 'import sys, flask; print(flask.__name__, sys.marked, [p for p in sys.path if \"compat\" in p])'\n"
        "output = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True).stdout\n"
        "assert output == 'dray.framework True []\\n', output\n"
    )


def test_a_reference_that_was_imported_before_gives_a_warning() -> None:
    """What holds it keeps it; whoever imports it from now on gets dray's."""
    check(
        "import warnings\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    import markupsafe\n"
        "    old = markupsafe\n"
        "    from dray.framework.compat import install\n"
        "    install()\n"
        "    install()\n"
        "assert ['markupsafe' in str(w.message) for w in caught if w.category is RuntimeWarning] == [True]\n"
        "import markupsafe\n"
        "assert markupsafe is not old and markupsafe.__name__ == 'dray.safe_strings'\n",
        "",
    )


def test_the_report_names_what_was_asked_for(tmp_path: Path) -> None:
    """Aliased modules, and what is missing."""
    (tmp_path / "script.py").write_text(
        "import flask.json\ntry:\n    from flask import Markup\nexcept ImportError: pass\n"
    )
    result = python("-m", "dray.framework.compat", "--report", str(tmp_path / "script.py"))

    assert "  flask.json\n" in result.stderr
    assert "  flask.Markup\n" in result.stderr


def test_another_framework_stands_on_the_sans_io_half() -> None:
    """As the reference's own async sibling does."""
    check(
        "from flask.sansio.app import App\n"
        "from flask.sansio.blueprints import Blueprint\n"
        "from flask.sansio.scaffold import setupmethod, _endpoint_from_view_func\n"
        "class Other(App):\n"
        "    default_config = dict(DEBUG=None, SECRET_KEY=None, TESTING=False, PROVIDE_AUTOMATIC_OPTIONS=True)\n"
        "app = Other('x')\n"
        "bp = Blueprint('bp', 'x', url_prefix='/bp')\n"
        "bp.add_url_rule('/', 'index', lambda: '')\n"
        "app.register_blueprint(bp)\n"
        "app.register_error_handler(404, print)\n"
        "from werkzeug.exceptions import NotFound\n"
        "assert app._find_error_handler(NotFound(), []) is print\n"
        "assert [r.rule for r in app.url_map.iter_rules()] == ['/bp/']\n"
    )


#: What only some of dray's modules need: extras, and Python 3.14.
OPTIONAL = {"cryptography", "sphinx", "docutils", "babel", "coverage", "dotenv", "watchdog", "string.templatelib"}


def test_no_reference_is_needed() -> None:
    """Every module of all six packages is imported, and an application answers, where none of them can be imported."""
    check(
        "import dray, importlib, pkgutil\n"
        "count = 0\n"
        "for info in pkgutil.walk_packages(dray.__path__, 'dray.'):\n"
        "    if info.name.endswith(('.__main__', '.sphinxext')) or '.compat.site' in info.name:\n"
        "        continue\n"
        "    try:\n"
        "        importlib.import_module(info.name)\n"
        "    except ImportError as error:\n"
        f"        assert (error.name or '').partition('.')[0] in {OPTIONAL!r}, (info.name, error)\n"
        "    count += 1\n"
        "roots = {name.split('.')[1] for name in sys.modules if name.count('.') == 1 and name.startswith('dray.')}\n"
        "assert roots == {'safe_strings', 'signing', 'cli_kit', 'templating', 'wsgi_tools', 'framework'}, roots\n"
        "assert count > 200, count\n"
        "from dray.framework import App, render_template_string, session\n"
        "app = App('x')\n"
        "app.secret_key = 'x'\n"
        "@app.get('/')\n"
        "def index():\n"
        "    session['a'] = 1\n"
        "    return render_template_string('{{ session.a }}<')\n"
        "assert app.test_client().get('/').text == '1<'\n"
        "assert app.test_cli_runner().invoke(app.cli, ['--help']).exit_code == 0\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] in "
        "{'flask', 'werkzeug', 'jinja2', 'markupsafe', 'itsdangerous', 'click'}]\n",
        BLOCKED,
    )
