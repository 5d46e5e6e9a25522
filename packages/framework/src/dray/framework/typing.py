"""The vocabulary of types: what views, hooks and handlers take and give."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeVar, Union

if TYPE_CHECKING:
    from dray.wsgi_tools.datastructures import Headers
    from dray.wsgi_tools.sansio.response import Response

#: A path, as text or as an object.
StrPath = str | PathLike[str]
#: Text that may be missing.
OptionalStr = str | None
#: A view that may be missing, because it is registered elsewhere.
OptionalView = Callable[..., Any] | None

#: What a view may give as a body.
ResponseValue = Union["Response", str, bytes, list[Any], Mapping[str, Any], Iterator[str], Iterator[bytes],
                      AsyncIterable[str], AsyncIterable[bytes]]  # fmt: skip

#: One header's value, or several.
HeaderValue = str | list[str] | tuple[str, ...]
HeadersValue = Union["Headers", Mapping[str, HeaderValue], Sequence[tuple[str, HeaderValue]]]

#: What a view may give: a body, with a status, with headers, or with both; or a WSGI application.
ResponseReturnValue = (
    ResponseValue
    | tuple[ResponseValue, HeadersValue]
    | tuple[ResponseValue, int]
    | tuple[ResponseValue, int, HeadersValue]
    | Callable[..., Iterable[bytes]]
)

ResponseClass = TypeVar("ResponseClass", bound="Response")

#: The application itself is ``None``, a blueprint its name.
AppOrBlueprintKey = str | None

AfterRequestCallable = Callable[[ResponseClass], ResponseClass] | Callable[[ResponseClass], Awaitable[ResponseClass]]
BeforeFirstRequestCallable = Callable[[], None] | Callable[[], Awaitable[None]]
BeforeRequestCallable = Callable[[], ResponseReturnValue | None] | Callable[[], Awaitable[ResponseReturnValue | None]]
ShellContextProcessorCallable = Callable[[], dict[str, Any]]
TeardownCallable = Callable[[BaseException | None], None] | Callable[[BaseException | None], Awaitable[None]]
TemplateContextProcessorCallable = Callable[[], dict[str, Any]] | Callable[[], Awaitable[dict[str, Any]]]
TemplateFilterCallable = Callable[..., Any]
TemplateGlobalCallable = Callable[..., Any]
TemplateTestCallable = Callable[..., bool]
URLDefaultCallable = Callable[[str, dict[str, Any]], None]
URLValuePreprocessorCallable = Callable[[str | None, dict[str, Any] | None], None]
ErrorHandlerCallable = Callable[[Any], ResponseReturnValue] | Callable[[Any], Awaitable[ResponseReturnValue]]
RouteCallable = Callable[..., ResponseReturnValue] | Callable[..., Awaitable[ResponseReturnValue]]
