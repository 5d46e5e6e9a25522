"""The middleware that releases locals: they live exactly as long as the response."""

from __future__ import annotations

import pytest

from dray.wsgi_tools.local import Local, LocalManager, LocalStack


def test_manager_middleware_releases_when_the_response_is_closed() -> None:
    """The locals hold until close() of the response, and are released when the application raises."""
    local, stack = Local(), LocalStack[int]()
    manager = LocalManager([local, stack])

    @manager.middleware
    def app(environ: dict[str, object], start_response: object) -> list[bytes]:
        local.x = 1
        stack.push(1)
        if environ.get("fail"):
            raise ValueError("broken")
        return [b"body"]

    assert app.__name__ == "app"
    response = app({}, None)  # type: ignore[arg-type]
    assert list(response) == [b"body"]
    assert local.x == 1
    response.close()  # type: ignore[attr-defined]
    assert list(local) == [] and stack.top is None
    with pytest.raises(ValueError, match="broken"):
        app({"fail": True}, None)  # type: ignore[arg-type]
    assert list(local) == [] and stack.top is None
