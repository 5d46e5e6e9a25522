"""``Content-Security-Policy`` as a dict of directives (W3C Content Security Policy Level 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._http.csp import dump_directives, parse_directives
from .._types import Text
from ._dicts import CallbackDict

if TYPE_CHECKING:
    from typing import Self


def csp_property(key: str) -> Any:
    """Make an attribute that shows one directive; assigning ``None`` removes it."""
    return property(
        lambda self: self.get(key),
        lambda self, value: self._set_value(key, value),
        lambda self: self.pop(key, None),
        f"The directive ``{key}``.",
    )


class ContentSecurityPolicy(CallbackDict[str, str]):
    """The directives of a policy by name; each is also an attribute.

    :param values: the directives.
    :param on_update: called with the policy after each change.
    """

    # Where what may be loaded from.
    default_src = csp_property("default-src")
    child_src = csp_property("child-src")
    connect_src = csp_property("connect-src")
    fenced_frame_src = csp_property("fenced-frame-src")
    font_src = csp_property("font-src")
    frame_src = csp_property("frame-src")
    img_src = csp_property("img-src")
    manifest_src = csp_property("manifest-src")
    media_src = csp_property("media-src")
    object_src = csp_property("object-src")
    prefetch_src = csp_property("prefetch-src")
    worker_src = csp_property("worker-src")
    script_src = csp_property("script-src")
    script_src_attr = csp_property("script-src-attr")
    script_src_elem = csp_property("script-src-elem")
    style_src = csp_property("style-src")
    style_src_attr = csp_property("style-src-attr")
    style_src_elem = csp_property("style-src-elem")

    # What the page may do, and who hears of what it tried.
    sandbox = csp_property("sandbox")
    base_uri = csp_property("base-uri")
    report_to = csp_property("report-to")
    report_uri = csp_property("report-uri")
    form_action = csp_property("form-action")
    navigate_to = csp_property("navigate-to")
    plugin_types = csp_property("plugin-types")
    trusted_types = csp_property("trusted-types")
    frame_ancestors = csp_property("frame-ancestors")
    require_trusted_types_for = csp_property("require-trusted-types-for")

    def __init__(
        self,
        values: Mapping[str, str] | Iterable[tuple[str, str]] | None = (),
        on_update: Callable[[ContentSecurityPolicy], None] | None = None,
    ) -> None:
        super().__init__(values, on_update)
        self.provided = values is not None

    @classmethod
    def from_header(cls, value: str | None, on_update: Callable[[ContentSecurityPolicy], None] | None = None) -> Self:
        """Read a header's value; ``None`` makes an empty policy."""
        return cls(None if value is None else parse_directives(value), on_update)

    @property
    def upgrade_insecure_requests(self) -> bool:
        """The directive ``upgrade-insecure-requests``, which has no value: whether it is there."""
        return "upgrade-insecure-requests" in self

    @upgrade_insecure_requests.setter
    def upgrade_insecure_requests(self, value: bool) -> None:
        if value:
            self["upgrade-insecure-requests"] = ""
        else:
            self.pop("upgrade-insecure-requests", None)

    def _set_value(self, key: str, value: Text) -> None:
        if value is not None:
            self[key] = value
        else:
            self.pop(key, None)

    def to_header(self) -> str:
        """Write the header's value."""
        return dump_directives(self)

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        directives = " ".join(f"{key}={value!r}" for key, value in sorted(self.items()))
        return f"<{type(self).__name__} {directives}>"
