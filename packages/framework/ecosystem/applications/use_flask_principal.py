"""Who may do what: identities, roles and single objects, kept in the session."""

from collections import namedtuple

from flask import Flask, g
from flask_principal import (
    AnonymousIdentity,
    Identity,
    Permission,
    PermissionDenied,
    Principal,
    RoleNeed,
    UserNeed,
    identity_changed,
    identity_loaded,
)
from transcript import show

app = Flask(__name__)
app.secret_key = "test"
Principal(app)
admin = Permission(RoleNeed("admin"))
Post = namedtuple("Post", ["action", "number"])


@identity_loaded.connect_via(app)
def loaded(sender, identity):
    if identity.id is not None:
        identity.provides.add(UserNeed(identity.id))
    if identity.id == "ada":
        identity.provides |= {RoleNeed("admin"), Post("edit", 1)}


@app.get("/login/<name>")
def login(name):
    identity_changed.send(app, identity=Identity(name))
    return "in"


@app.get("/logout")
def logout():
    identity_changed.send(app, identity=AnonymousIdentity())
    return "out"


@app.get("/admin")
@admin.require(403)
def only_admins():
    return f"{g.identity.id} may"


@app.get("/posts/<int:number>")
def edit(number):
    with Permission(Post("edit", number)).require():
        return f"edit {number}"


@app.errorhandler(PermissionDenied)
def denied(error):
    return f"denied: {error}", 401


client = app.test_client()
for path in (
    "/admin",
    "/login/ada",
    "/admin",
    "/posts/1",
    "/posts/2",
    "/login/bob",
    "/admin",
    "/posts/1",
    "/logout",
    "/admin",
):
    show(path, client.get(path))
