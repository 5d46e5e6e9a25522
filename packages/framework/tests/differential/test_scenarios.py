"""One application on both frameworks: the same status, headers and body for every request."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import flask
import flask.views
import pytest
import werkzeug.exceptions

import dray.framework
import dray.framework.views
import dray.wsgi_tools.exceptions


def load_scenarios() -> ModuleType:
    path = Path(__file__).with_name("scenarios.py")
    spec = importlib.util.spec_from_file_location("framework_scenarios", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCENARIOS = load_scenarios().SCENARIOS

FLASK = SimpleNamespace(
    **{name: getattr(flask, name) for name in dir(flask) if not name.startswith("_")},
    App=flask.Flask,
    View=flask.views.View,
    MethodView=flask.views.MethodView,
    exceptions=werkzeug.exceptions,
)
DRAY = SimpleNamespace(
    **{name: getattr(dray.framework, name) for name in dray.framework.__all__},
    View=dray.framework.views.View,
    MethodView=dray.framework.views.MethodView,
    exceptions=dray.wsgi_tools.exceptions,
)

#: What differs on purpose; each has a row on the compatibility pages.
ON_PURPOSE = {
    "POST /int/4/more": "a value that the converter refuses is no match, so it is 404, not 405",
    "DELETE /int/4/more": "a value that the converter refuses is no match, so it is 404, not 405",
}

#: What differs with the clock: signatures and expiry dates.
CLOCK = re.compile(r"(?<=session=)[^;]+|(?<=Expires=)[^;]+")


def comparable(name: str, value: str) -> str:
    """Leave out the clock, and the order of methods, which the reference takes from a set."""
    if name == "Allow":
        return ", ".join(sorted(value.split(", ")))
    return CLOCK.sub("*", value)


def answers(fw: Any, build: Any, phrases: bool, **options: Any) -> list[Any]:
    app, requests = build(fw)
    client = app.test_client(**options)
    found = []
    for method, path, kwargs in requests:
        response = client.open(path, method=method, **kwargs)
        headers = sorted((name.lower(), comparable(name, value)) for name, value in response.headers)
        # A status has no phrase of its own in ASGI.
        status = response.status if phrases else response.status_code
        found.append((f"{method} {path}", status, headers, response.get_data()))
    return found


@pytest.mark.parametrize("gateway", ["wsgi", "asgi"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_same_answers(name: str, gateway: str) -> None:
    """Dray answers every request of the scenario as the reference does, on both gateways."""
    build, phrases = SCENARIOS[name], gateway == "wsgi"
    expected_answers, found_answers = answers(FLASK, build, phrases), answers(DRAY, build, phrases, gateway=gateway)
    for expected, found in zip(expected_answers, found_answers, strict=True):
        if expected[0] in ON_PURPOSE:
            assert expected != found, f"{expected[0]} doesn't differ any more: {ON_PURPOSE[expected[0]]}"
        else:
            assert expected == found
