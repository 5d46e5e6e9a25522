"""The two engines side by side: the same template, options and variables through both."""

from __future__ import annotations

import asyncio
from typing import Any

import jinja2
import jinja2.nativetypes
import jinja2.sandbox

import dray.templating
import dray.templating.nativetypes
import dray.templating.sandbox

from .corpus import PAGES, variables

#: Ways to render, all of which have to agree with the reference's.
MODES = ("render", "generate", "async", "async generate")


def environments(kind: str = "plain", **options: Any) -> tuple[Any, Any]:
    """Return an environment of each engine with the same options.

    :param kind: ``plain``, ``native``, ``sandboxed`` or ``immutable``
    """
    made = []
    for engine in (jinja2, dray.templating):
        cls = {
            "plain": engine.Environment,
            "native": engine.nativetypes.NativeEnvironment,
            "sandboxed": engine.sandbox.SandboxedEnvironment,
            "immutable": engine.sandbox.ImmutableSandboxedEnvironment,
        }[kind]
        settings = dict(options)
        if "undefined" in settings:
            settings["undefined"] = getattr(engine, settings["undefined"])
        settings["extensions"] = [f"{engine.__name__}.ext.{name}" for name in settings.get("extensions", ())]
        made.append(cls(loader=engine.DictLoader(dict(PAGES)), **settings))
    return made[0], made[1]


def render(environment: Any, source: str, mode: str = "render", context: dict[str, Any] | None = None) -> Any:
    """Return the output, or the class and message of the error."""
    context = variables() if context is None else context
    try:
        template = environment.from_string(source)
        if mode == "render":
            return template.render(context)
        if mode == "generate":
            return "".join(template.generate(context))
        if mode == "async":
            return asyncio.run(template.render_async(context))

        async def collect() -> str:
            return "".join([piece async for piece in template.generate_async(context)])

        return asyncio.run(collect())
    except Exception as error:
        return describe(error)


def describe(error: Exception) -> tuple[str, str]:
    """Return the class and message of an error; messages of syntax errors are each engine's own."""
    name = type(error).__name__
    if isinstance(error, (jinja2.TemplateSyntaxError, dray.templating.TemplateSyntaxError)):
        return name, str(error.lineno)
    return name, str(error).replace("dray.templating.", "jinja2.")
