"""The toolbar on a page: its panels, what they say of the request, redirects that it holds up."""

import re

from flask import Flask, flash, redirect, render_template_string
from flask_debugtoolbar import DebugToolbarExtension

app = Flask(__name__)
app.debug = True
app.config.update(SECRET_KEY="test", DEBUG_TB_INTERCEPT_REDIRECTS=True)
DebugToolbarExtension(app)
VOLATILE = re.compile(
    r"&lt;\w+\.g.*?&gt;|\d{4}-\d\d-\d\d \d\d:\d\d:|0x[0-9a-f]+|\d+\.\d+ ?ms|\d+\.\d+|/[\w/.-]*(?:site-packages|python3)[\w/.-]*|\b[\w./-]*application\b"
)


@app.get("/page/<name>")
def page(name):
    flash("welcome")
    app.logger.warning("a page for %s", name)
    return render_template_string("<html><body><h1>{{ name }}</h1>{{ config.DEBUG }}</body></html>", name=name)


@app.get("/away")
def away():
    return redirect("/page/x")


@app.get("/text")
def text():
    return "no page", {"Content-Type": "text/plain"}


def panel(text, name):
    found = re.search(rf'<div id="{name}-content".*?<div class="flDebugScroll">(.*?)</div>\s*</div>', text, re.DOTALL)
    return VOLATILE.sub("", found[1]) if found else None


client = app.test_client()
client.environ_base["HTTP_USER_AGENT"] = "transcript"
client.set_cookie("shown", "a value")
response = client.get("/page/<ada>?q=1")
body = response.get_data(as_text=True)
print(response.status, response.mimetype, body.split("\n", 1)[0][:60])
names = re.findall(r'<a href="(?:#|)" title="[^"]*" class="(\w+)"', body) or sorted(
    set(re.findall(r'id="(fl\w+|\w+Panel\w*)"', body))
)
print(names)
for name in re.findall(r'id="(\w+)-content"', body):
    if name not in {"flDebugVersionPanel", "flDebugTimerPanel", "flDebugProfilerPanel", "flDebugConfigVarsPanel"}:
        print(f"== {name}\n{panel(body, name)}")
response = client.get("/away")
print(response.status, response.headers.get("Location"), "/page/x" in response.get_data(as_text=True))
print(client.get("/text").get_data())
response = client.get("/_debug_toolbar/static/js/toolbar.js")
print(response.status, response.mimetype)
print(client.get("/_debug_toolbar/static/nothing").status)
