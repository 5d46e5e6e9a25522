"""A form with a file, protected against forgery: rendered, filled in, refused without its token."""

import io
import re

from flask import Flask, render_template_string
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.file import FileAllowed, FileField
from transcript import show
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length

app = Flask(__name__)
app.config.update(SECRET_KEY="test", WTF_CSRF_SECRET_KEY="forms")
CSRFProtect(app)
TOKEN = re.compile(r'value="(I[\w.-]{60,})"')


class Order(FlaskForm):
    name = StringField("Your name", [InputRequired(), Length(max=8)])
    mail = EmailField("Mail", [Email()])
    size = SelectField("Size", choices=[("s", "small"), ("l", "large")])
    plan = FileField("Plan", [FileAllowed(["txt"], "Texts only.")])


@app.route("/", methods=["GET", "POST"])
def order():
    form = Order()
    if form.validate_on_submit():
        return {"name": form.name.data, "plan": form.plan.data.read().decode(), "size": form.size.data}
    return render_template_string(
        "{{ form.hidden_tag() }}{% for field in form %}{{ field.label }} {{ field(class='x') }}"
        "{% for error in field.errors %}<p>{{ error }}</p>{% endfor %}\n{% endfor %}",
        form=form,
    )


@app.post("/api")
def api():
    return "never reached without a token"


client = app.test_client()
page = client.get("/").get_data(as_text=True)
token = TOKEN.search(page)[1]
print(TOKEN.sub('value="token"', page))


def post(title, token=token, **values):
    response = client.post("/", data={"csrf_token": token, **values}, content_type="multipart/form-data")
    text = TOKEN.sub('value="token"', response.get_data(as_text=True))
    print(f"== {title}: {response.status}\n{text}")


post("filled in", name="<Ada>", mail="ada@example.org", size="l", plan=(io.BytesIO(b"the plan"), "plan.txt"))
post("wrong", name="A name that is too long", mail="none", size="x", plan=(io.BytesIO(b"MZ"), "plan.exe"))
post("another token", token="forged", name="Ada")
show("no token", client.post("/api"))
show("token in a header", client.post("/api", headers={"X-CSRFToken": token}))
