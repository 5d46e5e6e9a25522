"""Password hashes and paths beside Werkzeug's."""

from __future__ import annotations

import pytest
import werkzeug.security as reference
from hypothesis import given
from hypothesis import strategies as st

from dray.wsgi_tools import security


@pytest.mark.parametrize("method", ["scrypt:1024:8:1", "pbkdf2:sha256:10", "pbkdf2:sha1:3"])
def test_hashes_are_read_by_each_other(method: str) -> None:
    """Either side checks what the other one hashed."""
    assert security.check_password_hash(reference.generate_password_hash("pässword", method), "pässword")
    assert reference.check_password_hash(security.generate_password_hash("pässword", method), "pässword")


segments = st.sampled_from(["", ".", "..", "a", "b c", "...", "..a", "a..", "~", "CON", "é", "a\\b"])
parts = st.lists(st.lists(segments, max_size=5).map("/".join), max_size=3)


@given(st.sampled_from(["", "/", "/srv", "srv", "srv/", ".", "../x"]), parts)
def test_safe_join(directory: str, untrusted: list[str]) -> None:
    """Generated paths give the same answer on both sides."""
    assert security.safe_join(directory, *untrusted) == reference.safe_join(directory, *untrusted)
