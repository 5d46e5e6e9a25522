"""Sphinx settings: one site for six packages."""

from __future__ import annotations

import importlib

project = "Dray"
author = "The Dray authors"
copyright = "2026, The Dray authors"  # noqa: A001 - Sphinx's name

extensions = [
    "dray.cli_kit.sphinxext",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
# The site builds without a network: references into other projects are plain text then.
intersphinx_mapping = {}
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(?!dray).*"),  # Python's own names, and type variables that autodoc spells out
    (r"py:.*", r"dray\..*\._.*"),  # private names in annotations
    (r"py:class", r"dray\..*\.[A-Z]"),  # type variables
    (r"py:class", r"dray\.signing\.serializer\.Serialized"),
    (r"py:class", r"dray\.templating\.(runtime|nodes|lexer|compiler)\..*"),  # the engine's inside has no page yet
    (r"py:class", r"dray\.framework\.sansio\.records\.Record"),
]
# The framework's request and response have the names of those they derive from.
suppress_warnings = ["ref.python"]
exclude_patterns = ["_build", "examples"]

html_theme = "furo"
html_title = "Dray"
html_static_path = ["_static"]
html_theme_options = {
    "source_repository": "https://github.com/dray-stack/dray/",
    "source_branch": "main",
    "source_directory": "docs/",
}


def resolve_facade(app, env, node, contnode):
    """Find what a public name of a package's root stands for: it is documented in the module that defines it."""
    package, _, name = node.get("reftarget", "").rpartition(".")
    if not package.startswith("dray.") or node.get("refdomain") != "py":
        return None
    try:
        value = getattr(importlib.import_module(package), name)
        target = f"{value.__module__}.{value.__qualname__}"
    except (ImportError, AttributeError):
        return None
    domain = env.get_domain("py")
    return domain.resolve_xref(env, node["refdoc"], app.builder, node["reftype"], target, node, contnode)


def setup(app):
    """Register what this site adds to Sphinx."""
    app.connect("missing-reference", resolve_facade)
