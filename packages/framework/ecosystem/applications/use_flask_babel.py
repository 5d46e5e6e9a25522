"""A page in two languages: chosen per request, translated in code and templates, with dates and numbers."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from flask import Flask, render_template_string, request
from flask_babel import (
    Babel,
    force_locale,
    format_currency,
    format_datetime,
    format_decimal,
    gettext,
    lazy_gettext,
    ngettext,
)
from transcript import show


def babel(*arguments):
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", *arguments], check=True)


Path("templates").mkdir()
Path("templates/page.html").write_text(
    "{% trans %}Welcome{% endtrans %} {% trans n=count %}{{ n }} cart{% pluralize %}{{ n }} carts{% endtrans %}"
    " {{ _('Hello, %(name)s', name='<Ada>') }} {{ when|datetimeformat('short') }} {{ 1234.5|numberformat }}"
)
Path("babel.cfg").write_text("[jinja2: templates/**.html]\n")
babel("extract", "-F", "babel.cfg", "-o", "messages.pot", ".")
print("\n".join(line for line in Path("messages.pot").read_text().splitlines() if line.startswith(("msgid", "#: "))))
babel("init", "-i", "messages.pot", "-d", "translations", "-l", "de")
catalogue = Path("translations/de/LC_MESSAGES/messages.po")
GERMAN = {"Welcome": "Willkommen", "Hello, %(name)s": "Hallo, %(name)s", "Hello, %s": "x"}
text = catalogue.read_text()
for english, german in GERMAN.items():
    text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{german}"')
text = text.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "%(n)s Karren"\nmsgstr[1] "%(n)s Karren!"')
catalogue.write_text(text)
babel("compile", "-d", "translations")

app = Flask(__name__, root_path=str(Path.cwd()))
app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path("translations").resolve())
Babel(
    app,
    locale_selector=lambda: request.accept_languages.best_match(["de", "en"]),
    timezone_selector=lambda: request.args.get("zone", "UTC"),
)
LATER = lazy_gettext("Welcome")
WHEN = datetime(2026, 3, 1, 12, 30)


@app.get("/")
def page():
    return render_template_string("{% include 'page.html' %}", count=int(request.args.get("count", 1)), when=WHEN)


@app.get("/code")
def code():
    with force_locale("en"):
        english = gettext("Welcome")
    return [str(LATER), english, ngettext("%(num)s cart", "%(num)s carts", 2), format_datetime(WHEN), format_decimal(0.5),
            format_currency(9.9, "EUR")]  # fmt: skip


client = app.test_client()
for language in ("de-AT,de;q=0.9", "en", "fr"):
    for path in ("/", "/?count=3&zone=Asia/Tokyo", "/code"):
        show(f"{path} in {language}", client.get(path, headers={"Accept-Language": language}))
