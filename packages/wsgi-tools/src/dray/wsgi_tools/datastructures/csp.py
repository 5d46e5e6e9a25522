"""``Content-Security-Policy`` as a dict of directives (W3C Content Security Policy Level 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._http.csp import dump_directives, parse_directives
from ._dicts import CallbackDict

if TYPE_CHECKING:
    from typing import Self


def csp_property(key: str) -> Any:
    """Make an attribute that shows one directive; assigning ``None`` removes it."""
    return property(
        lambda self: self._get_value(key),
        lambda self, value: self._set_value(key, value),
        lambda self: self._del_value(key),
        f"The directive ``{key}``.",
    )


class ContentSecurityPolicy(CallbackDict[str, str]):
    """The directives of a policy by name; each is also an attribute.

    :param values: the directives.
    :param on_update: called with the policy after each change.
    """

    base_uri: str | None = csp_property("base-uri")
    child_src: str | None = csp_property("child-src")
    connect_src: str | None = csp_property("connect-src")
    default_src: str | None = csp_property("default-src")
    fenced_frame_src: str | None = csp_property("fenced-frame-src")
    font_src: str | None = csp_property("font-src")
    form_action: str | None = csp_property("form-action")
    frame_ancestors: str | None = csp_property("frame-ancestors")
    frame_src: str | None = csp_property("frame-src")
    img_src: str | None = csp_property("img-src")
    manifest_src: str | None = csp_property("manifest-src")
    media_src: str | None = csp_property("media-src")
    navigate_to: str | None = csp_property("navigate-to")
    object_src: str | None = csp_property("object-src")
    plugin_types: str | None = csp_property("plugin-types")
    prefetch_src: str | None = csp_property("prefetch-src")
    report_to: str | None = csp_property("report-to")
    report_uri: str | None = csp_property("report-uri")
    require_trusted_types_for: str | None = csp_property("require-trusted-types-for")
    sandbox: str | None = csp_property("sandbox")
    script_src: str | None = csp_property("script-src")
    script_src_attr: str | None = csp_property("script-src-attr")
    script_src_elem: str | None = csp_property("script-src-elem")
    style_src: str | None = csp_property("style-src")
    style_src_attr: str | None = csp_property("style-src-attr")
    style_src_elem: str | None = csp_property("style-src-elem")
    trusted_types: str | None = csp_property("trusted-types")
    worker_src: str | None = csp_property("worker-src")

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

    def _get_value(self, key: str) -> str | None:
        return self.get(key)

    def _set_value(self, key: str, value: str | None) -> None:
        if value is None:
            self.pop(key, None)
        else:
            self[key] = value

    def _del_value(self, key: str) -> None:
        self.pop(key, None)

    def to_header(self) -> str:
        """Write the header's value."""
        return dump_directives(self)

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        directives = " ".join(f"{key}={value!r}" for key, value in sorted(self.items()))
        return f"<{type(self).__name__} {directives}>"
