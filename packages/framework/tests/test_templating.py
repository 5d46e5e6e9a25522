"""Templates of an application and its blueprints."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from dray.framework import App, Blueprint, before_render_template, render_template, render_template_string
from dray.templating import TemplateNotFound

pytestmark = pytest.mark.usefixtures("gateway")


@pytest.fixture
def site(tmp_path: Path) -> App:
    """Make an application with two blueprints that have templates."""
    for name, text in {
        "app/templates/index.html": "app {{ '<' }}",
        "app/templates/text.txt": "{{ '<' }}",
        "app/templates/pic.svg": "{{ '<' }}",
        "bp/t/index.html": "bp",
        "bp/t/own.html": "own of bp",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    app = App("site", root_path=str(tmp_path / "app"))
    app.register_blueprint(Blueprint("bp", "site", root_path=str(tmp_path / "bp"), template_folder="t"))
    return app


def test_the_application_goes_first(site: App) -> None:
    """A blueprint's template is used where the application has none of that name."""
    with site.app_context():
        assert render_template("index.html") == "app &lt;"
        assert render_template("own.html") == "own of bp"
        assert render_template(["missing.html", "own.html"]) == "own of bp"
        with pytest.raises(TemplateNotFound):
            render_template("missing.html")
    assert site.jinja_env.list_templates() == ["index.html", "own.html", "pic.svg", "text.txt"]


@pytest.mark.parametrize(("name", "text"), [("text.txt", "<"), ("pic.svg", "&lt;"), ("index.html", "app &lt;")])
def test_escaping_goes_by_the_name(site: App, name: str, text: str) -> None:
    """HTML, XML and SVG escape; text doesn't."""
    with site.app_context():
        assert render_template(name) == text
        assert render_template_string("{{ '<' }}") == "&lt;"


def test_a_missing_template_is_explained(site: App, caplog: pytest.LogCaptureFixture) -> None:
    """The log says where it was looked for."""
    site.config["EXPLAIN_TEMPLATE_LOADING"] = True
    with site.app_context(), caplog.at_level(logging.INFO), pytest.raises(TemplateNotFound):
        render_template("missing.html")

    assert "trying loader of application 'site'" in caplog.text
    assert "trying loader of blueprint 'bp'" in caplog.text
    assert "could not be found" in caplog.text


def test_signals_are_sent(site: App) -> None:
    """A receiver sees the template and its variables, and may add to them."""
    with site.app_context():

        def receive(sender: App, template: object, context: dict[str, object], **kwargs: object) -> None:
            context["x"] = context["x"] * 2  # type: ignore[operator]

        with before_render_template.connected_to(receive, site):
            assert render_template_string("{{ x }}", x=2) == "4"


def test_the_session_is_no_variable_of_templates(app: App) -> None:
    """It is a global: it is there for a template that reads it, and is not touched for the others."""
    given: list[str] = []

    def receive(sender: App, template: object, context: dict[str, object], **kwargs: object) -> None:
        given.extend(context)

    app.add_url_rule("/<text>", "show", lambda text: render_template_string(text))
    with before_render_template.connected_to(receive, app):
        assert "Vary" not in app.test_client().get("/no").headers
        assert sorted(given) == ["g", "request"]
        response = app.test_client().get("/{{ session.get('a', 5) }}")
    assert (response.text, response.headers["Vary"]) == ("5", "Cookie")
