"""Sphinx settings: one site for six packages."""

from __future__ import annotations

project = "Dray"
author = "The Dray authors"
copyright = "2026, The Dray authors"  # noqa: A001 - Sphinx's name

extensions = ["sphinx.ext.autodoc", "sphinx.ext.intersphinx", "sphinx.ext.viewcode"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
# The site builds without a network: references into other projects are plain text then.
intersphinx_mapping = {}
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(?!dray).*"),  # Python's own names, and type variables that autodoc spells out
    (r"py:.*", r"dray\..*\._.*"),  # private names in annotations
    (r"py:class", r"dray\.signing\.serializer\.Serialized"),
]
exclude_patterns = ["_build", "examples"]

html_theme = "furo"
html_title = "Dray"
html_static_path = ["_static"]
html_theme_options = {
    "source_repository": "https://github.com/dray-stack/dray/",
    "source_branch": "main",
    "source_directory": "docs/",
}
