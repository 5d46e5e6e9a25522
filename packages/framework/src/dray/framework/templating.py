"""Render templates in the current application: with its context processors, and ``request``, ``session`` and ``g``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from dray.templating import Template

from ._binding import _cv_app
from ._channels import Channel, before_render_template, template_rendered
from ._functions import iscoroutinefunction
from ._template_env import DispatchingJinjaLoader, Environment
from .globals import app_ctx
from .helpers import stream_with_context

if TYPE_CHECKING:
    from .app import App

__all__ = [
    "DispatchingJinjaLoader",
    "Environment",
    "render_template",
    "render_template_async",
    "render_template_string",
    "render_template_string_async",
    "stream_template",
    "stream_template_async",
    "stream_template_string",
    "stream_template_string_async",
]


def _default_template_ctx_processor() -> dict[str, Any]:
    """Give templates what belongs to the current context.

    The session isn't among it: it is a global of the environment, so that it is opened by a template that reads it.
    """
    ctx = _cv_app.get(None)
    if ctx is None:
        return {}
    if not ctx.has_request:
        return {"g": ctx.g}
    return {"g": ctx.g, "request": ctx.request}


def _render(app: App, template: Template, context: dict[str, Any]) -> str:
    app.update_template_context(context)
    if before_render_template.receivers:
        before_render_template.signal.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)
    rendered = template.render(context)
    if template_rendered.receivers:
        template_rendered.signal.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)
    return rendered


def render_template(template_name_or_list: str | Template | list[str | Template], **context: Any) -> str:
    """Render a template by name.

    :param template_name_or_list: a name, or several: the first that exists is used.
    :param context: the template's variables.
    :raises TemplateNotFound: when none exists.
    """
    app = app_ctx.app
    return _render(app, app.jinja_env.get_or_select_template(template_name_or_list), context)


def render_template_string(source: str, **context: Any) -> str:
    """Render a template from its source. Never put user input into the source: give it as a variable.

    :param context: the template's variables.
    """
    app = app_ctx.app
    return _render(app, app.jinja_env.from_string(source), context)


def _stream(app: App, template: Template, context: dict[str, Any]) -> Iterator[str]:
    app.update_template_context(context)
    if before_render_template.receivers:
        before_render_template.signal.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)

    def generate() -> Iterator[str]:
        yield from template.generate(context)
        if template_rendered.receivers:
            template_rendered.signal.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)

    return stream_with_context(generate()) if _cv_app.get().has_request else generate()


def stream_template(template_name_or_list: str | Template | list[str | Template], **context: Any) -> Iterator[str]:
    """Render a template by name, piece by piece: return it from a view to send each as soon as it is made."""
    app = app_ctx.app
    return _stream(app, app.jinja_env.get_or_select_template(template_name_or_list), context)


def stream_template_string(source: str, **context: Any) -> Iterator[str]:
    """Render a template from its source, piece by piece."""
    app = app_ctx.app
    return _stream(app, app.jinja_env.from_string(source), context)


# The same for coroutines: context processors, receivers and what a template calls may be awaited.


async def _update_context(app: App, context: dict[str, Any]) -> None:
    given = dict(context)
    for processor in app._context_processors():
        context.update(await processor() if iscoroutinefunction(processor) else processor())
    context.update(given)


async def _tell(channel: Channel, app: App, template: Template, context: dict[str, Any]) -> None:
    if channel.receivers:
        await channel.signal.send_async(app, _sync_wrapper=_as_coroutine, template=template, context=context)


def _as_coroutine(receiver: Any) -> Any:
    async def call(*args: Any, **kwargs: Any) -> Any:
        return receiver(*args, **kwargs)

    return call


async def _render_async(app: App, template: Template, context: dict[str, Any]) -> str:
    await _update_context(app, context)
    await _tell(before_render_template, app, template, context)
    rendered = await template.render_async(context)
    await _tell(template_rendered, app, template, context)
    return rendered


async def render_template_async(template_name_or_list: str | Template | list[str | Template], **context: Any) -> str:
    """Render a template by name on the event loop: what it calls is awaited.

    :param template_name_or_list: a name, or several: the first that exists is used.
    :param context: the template's variables.
    :raises TemplateNotFound: when none exists.
    """
    app = app_ctx.app
    return await _render_async(app, app.async_jinja_env.get_or_select_template(template_name_or_list), context)


async def render_template_string_async(source: str, **context: Any) -> str:
    """Render a template from its source on the event loop."""
    app = app_ctx.app
    return await _render_async(app, app.async_jinja_env.from_string(source), context)


async def _stream_async(app: App, template: Template, context: dict[str, Any]) -> AsyncIterator[str]:
    await _update_context(app, context)
    await _tell(before_render_template, app, template, context)

    async def generate() -> AsyncIterator[str]:
        async for piece in template.generate_async(context):
            yield str(piece)
        await _tell(template_rendered, app, template, context)

    return stream_with_context(generate()) if _cv_app.get().has_request else generate()


async def stream_template_async(
    template_name_or_list: str | Template | list[str | Template], **context: Any
) -> AsyncIterator[str]:
    """Render a template by name on the event loop, piece by piece: ``return await stream_template_async(...)``."""
    app = app_ctx.app
    return await _stream_async(app, app.async_jinja_env.get_or_select_template(template_name_or_list), context)


async def stream_template_string_async(source: str, **context: Any) -> AsyncIterator[str]:
    """Render a template from its source on the event loop, piece by piece."""
    app = app_ctx.app
    return await _stream_async(app, app.async_jinja_env.from_string(source), context)
