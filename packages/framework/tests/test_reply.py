"""What views return becomes responses, or an error that says what was wrong."""

from __future__ import annotations

from typing import Any

import pytest

from dray.framework import App, Response

pytestmark = pytest.mark.usefixtures("gateway")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "returned None"),
        ((1, 2, 3, 4), "it has 4 items"),
        (5, "It was int"),
        (object(), "It was object"),
        ((None, 200), "returned None"),
    ],
)
def test_what_is_no_response_is_explained(app: App, value: Any, message: str) -> None:
    """The error names the endpoint, what came, and what is expected."""
    app.add_url_rule("/", "the_view", lambda: value)
    with pytest.raises(TypeError) as caught:
        app.test_client().get("/")

    assert message in str(caught.value)
    assert "'the_view'" in str(caught.value)


def test_a_response_of_another_class_is_converted() -> None:
    """The application's class wins."""

    class Mine(Response):
        pass

    class MyApp(App):
        response_class = Mine

    app = MyApp("framework_tests", root_path="/nowhere")
    with app.test_request_context():
        assert type(app.make_response(Response("x"))) is Mine
        assert type(app.make_response("x")) is Mine
        assert type(app.make_response({"a": 1})) is Mine
