"""JSON providers: the compiled ones write and read what the default one does."""

from __future__ import annotations

import dataclasses
import decimal
import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dray.framework import App, jsonify, request
from dray.framework.json.fast import MsgspecProvider, OrjsonProvider
from dray.framework.json.provider import DefaultJSONProvider
from dray.safe_strings import Markup

PROVIDERS = [DefaultJSONProvider, OrjsonProvider, MsgspecProvider]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=10,
)  # fmt: skip
APP = App("framework_tests", root_path="/nowhere")


@dataclasses.dataclass
class Point:
    """Something to write."""

    x: int
    y: decimal.Decimal


@given(VALUES)
def test_all_read_what_each_writes(value: Any) -> None:
    """And get the same."""
    for writer in PROVIDERS:
        text = writer(APP).dumps(value)
        for reader in PROVIDERS:
            assert reader(APP).loads(text) == value
            assert reader(APP).loads(text.encode()) == value


@pytest.mark.parametrize("provider", PROVIDERS)
def test_other_types(provider: type[DefaultJSONProvider]) -> None:
    """Dates, decimals, UUIDs, dataclasses, markup, and subclasses of plain types."""

    class Name(str):
        __slots__ = ()

    value = {
        "date": date(2024, 2, 29),
        "datetime": datetime(2024, 2, 29, 12, tzinfo=UTC),
        "decimal": decimal.Decimal("1.10"),
        "uuid": uuid.UUID(int=5),
        "point": Point(1, decimal.Decimal(2)),
        "markup": Markup("<b>"),
        "name": Name("x"),
        "list": [(1, 2)],
    }

    assert provider(APP).loads(provider(APP).dumps(value)) == {
        "date": "Thu, 29 Feb 2024 00:00:00 GMT",
        "datetime": "Thu, 29 Feb 2024 12:00:00 GMT",
        "decimal": "1.10",
        "uuid": "00000000-0000-0000-0000-000000000005",
        "point": {"x": 1, "y": "2"},
        "markup": "<b>",
        "name": "x",
        "list": [[1, 2]],
    }


@pytest.mark.parametrize("provider", PROVIDERS)
def test_in_an_application(provider: type[DefaultJSONProvider], gateway: str) -> None:
    """Responses are compact, or indented in debug mode; bad JSON is 400; what can't be written is a TypeError."""
    app = App("framework_tests", root_path="/nowhere")
    app.json = provider(app)
    app.add_url_rule("/", "index", lambda: {"b": 1, "a": [True, None]})
    app.add_url_rule("/read", "read", lambda: jsonify(request.get_json()), methods=["POST"])
    client = app.test_client()

    assert client.get("/").data == b'{"a":[true,null],"b":1}\n'
    app.debug = True
    assert client.get("/").data == b'{\n  "a": [\n    true,\n    null\n  ],\n  "b": 1\n}\n'
    app.debug = False
    assert client.post("/read", json=["é", {"x": 1.5}]).json == ["é", {"x": 1.5}]
    assert client.post("/read", data=b"{", content_type="application/json").status_code == 400
    with pytest.raises(TypeError):
        app.json.dumps(object())
