"""Templates that escape with Markup: filters, inheritance, functions, errors with their line."""

from pathlib import Path

from mako import exceptions
from mako.lookup import TemplateLookup
from mako.template import Template
from markupsafe import Markup, escape

Path("base.html").write_text("<title><%block name='title'>Carts</%block></title>${self.body()}")
Path("page.html").write_text(
    "<%inherit file='base.html'/><%block name='title'>${heading | h}</%block>\n"
    "<%def name='row(item, size=1)'><li>${item} ${size}</li></%def>\n% for item in items:\n${row(item, size=loop.index)}\n% endfor\n"
    "${safe} ${safe | n} ${'<u>' | u} ${' x ' | trim,h}<%!\n def loud(text):\n  return text.upper()\n%>${'a<b' | loud}"
)
lookup = TemplateLookup(directories=["."], default_filters=["h"])
print(
    lookup.get_template("/page.html").render(
        heading="<&'\">", items=["<a>", Markup("<b>"), 3], safe=Markup("<i>safe</i>")
    )
)
print(Template("${x}", default_filters=["str", "h"]).render(x=Markup("<b>")))
print(escape(Template("<p>${1 + 1}</p>").render()), type(escape("x")).__name__)
try:
    Template("line one\n${1 / 0}").render()
except ZeroDivisionError:
    print(
        "line 2" in exceptions.text_error_template().render(),
        "1 / 0" in exceptions.html_error_template().render().decode(),
    )
try:
    Template("% if x:\n")
except exceptions.SyntaxException as error:
    print(error)
