"""Signing in and out, what only signed-in users see, and being remembered after the session has ended."""

from flask import Flask, redirect, request, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    fresh_login_required,
    login_required,
    login_user,
    logout_user,
)
from transcript import show

app = Flask(__name__)
app.secret_key = "test"
manager = LoginManager(app)
manager.login_view = "login"


class User(UserMixin):
    def __init__(self, name):
        self.id = name


@manager.user_loader
def load(name):
    return User(name) if name in {"ada", "grace"} else None


@manager.request_loader
def by_key(request):
    return User("key") if request.headers.get("X-Key") == "secret" else None


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        login_user(User(request.form["name"]), remember="remember" in request.form)
        return redirect(request.args.get("next") or url_for("private"))
    return "Who are you?"


@app.get("/private")
@login_required
def private():
    return f"Hello, {current_user.id}."


@app.get("/fresh")
@fresh_login_required
def fresh():
    return "You have just signed in."


@app.get("/logout")
def logout():
    logout_user()
    return "Bye."


client = app.test_client()
show("a stranger is sent to the door", client.get("/private?a=1"))
show("the door", client.get("/login?next=%2Fprivate"))
response = client.post("/login?next=/private", data={"name": "ada", "remember": "1"})
print(
    response.status,
    response.location,
    sorted(cookie.split("=")[0] for cookie in response.headers.getlist("Set-Cookie")),
)
print(client.get("/private").text, client.get("/fresh").text)
client.delete_cookie("session")
print("remembered:", client.get("/private").text)
print("but not fresh:", client.get("/fresh").location)
show("out", client.get("/logout"))
show("and a stranger again", client.get("/private"))
client.post("/login", data={"name": "nobody"})
print("nobody:", client.get("/private").status)
print(app.test_client().get("/private", headers={"X-Key": "secret"}).text)
