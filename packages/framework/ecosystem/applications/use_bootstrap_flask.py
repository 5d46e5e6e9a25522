"""A form, a table and a pagination, looked at in a browser: what is drawn is the same to the pixel."""

import hashlib
import threading
from types import SimpleNamespace

from flask import Flask, render_template_string, request
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect, FlaskForm
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.serving import make_server
from wtforms import BooleanField, IntegerField, PasswordField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, NumberRange

app = Flask(__name__)
app.config.update(SECRET_KEY="test", BOOTSTRAP_SERVE_LOCAL=True, WTF_CSRF_ENABLED=True)
Bootstrap5(app)
CSRFProtect(app)
PAGE = """<!doctype html><html lang="en"><head><title>Carts</title>{{ bootstrap.load_css() }}</head><body class="container">
{% from 'bootstrap5/form.html' import render_form, render_field %}
{% from 'bootstrap5/table.html' import render_table %}
{% from 'bootstrap5/pagination.html' import render_pagination %}
{% from 'bootstrap5/nav.html' import render_nav_item %}
{% from 'bootstrap5/utils.html' import render_messages %}
<ul class="nav">{{ render_nav_item('index', 'Carts') }}</ul>
{{ render_form(form, button_map={'submit': 'success'}) }}
{{ render_table(carts, [('id', '#'), ('name', 'Name'), ('load', 'Load')], show_actions=True,
                view_url=('view', [('number', ':id')]), delete_url=('view', [('number', ':id')])) }}
{{ render_pagination(page) }}
{{ bootstrap.load_js() }}</body></html>"""


class Order(FlaskForm):
    name = StringField("Name", [InputRequired("A cart has a name.")], description="As it is painted on it.")
    load = IntegerField("Load", [NumberRange(1, 9)])
    kind = SelectField(choices=[("d", "dray"), ("w", "wain")])
    secret = PasswordField()
    brake = BooleanField("With a brake")
    submit = SubmitField()


class Cart(SimpleNamespace):
    __table__ = SimpleNamespace(columns=[])


@app.route("/", methods=["GET", "POST"])
def index():
    form = Order()
    form.validate_on_submit()
    number = request.args.get("page", 1, type=int)
    carts = [{"id": n, "name": f"cart <{n}>", "load": n * 3} for n in range(number * 3, number * 3 + 3)]
    page = SimpleNamespace(
        page=number, pages=5, has_prev=number > 1, has_next=number < 5, prev_num=number - 1, next_num=number + 1,
        iter_pages=lambda **kwargs: [1, 2, None, 5],
    )  # fmt: skip
    return render_template_string(PAGE, form=form, carts=carts, page=page)


@app.get("/carts/<int:number>")
def view(number):
    return f"cart {number}"


#: Bootstrap's transitions would be seen half-way.
STILL = "--force-prefers-reduced-motion"


def look(browser, title):
    print(f"== {title}")
    for selector in ("input.form-control", "select", ".btn", "table.table td", "li.page-item", ".invalid-feedback"):
        for element in browser.find_elements(By.CSS_SELECTOR, selector):
            style = [element.value_of_css_property(name) for name in ("color", "background-color", "border-radius")]
            print(selector, element.rect, element.is_displayed(), repr(element.text), *style)
    print(hashlib.sha256(browser.get_screenshot_as_png()).hexdigest())
    assert browser.find_element(By.CSS_SELECTOR, "input.form-control").value_of_css_property("border-radius") != "0px"


def follow(browser, element):
    """Click on what leads to another page, and wait until that is there."""
    page = browser.find_element(By.TAG_NAME, "html")
    element.click()
    wait = WebDriverWait(browser, 30)
    wait.until(staleness_of(page))
    wait.until(lambda browser: browser.execute_script("return document.readyState") == "complete")


server = make_server("127.0.0.1", 0, app, threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
options = webdriver.ChromeOptions()
for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1000,1400", "--lang=en", STILL):
    options.add_argument(argument)
browser = webdriver.Chrome(options=options)
try:
    browser.get(f"http://127.0.0.1:{server.server_port}/")
    look(browser, "at first")
    browser.execute_script("document.querySelector('form').noValidate = true")
    browser.find_element(By.NAME, "load").send_keys("99")
    follow(browser, browser.find_element(By.NAME, "submit"))
    look(browser, "filled in wrongly")
    follow(browser, browser.find_element(By.LINK_TEXT, "2"))
    look(browser, "the second page")
    assert "page=2" in browser.current_url
    print("\n".join(entry["message"].partition("/ ")[2] for entry in browser.get_log("browser")))
finally:
    browser.quit()
    server.shutdown()
