"""An API that is opened by tokens: in headers and in cookies, refreshed, revoked, forged, run out."""

from datetime import timedelta

from flask import Flask, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    current_user,
    get_jwt,
    get_jwt_identity,
    jwt_required,
    set_access_cookies,
)
from transcript import show

app = Flask(__name__)
app.config.update(
    JWT_SECRET_KEY="a key that is long enough for the algorithm", JWT_TOKEN_LOCATION=["headers", "cookies"]
)
jwt = JWTManager(app)
revoked = set()


@jwt.token_in_blocklist_loader
def is_revoked(header, payload):
    return payload["jti"] in revoked


@jwt.user_lookup_loader
def look_up(header, payload):
    return {"name": payload["sub"].title()}


@app.post("/login")
def login():
    name = request.json["name"]
    response = jsonify(
        access=create_access_token(name, additional_claims={"role": "admin"}, fresh=True),
        refresh=create_refresh_token(name),
    )
    set_access_cookies(response, create_access_token(name))
    return response


@app.post("/refresh")
@jwt_required(refresh=True)
def refresh():
    return {"access": create_access_token(get_jwt_identity())}


@app.route("/me", methods=["GET", "POST"])
@jwt_required()
def me():
    return {"name": current_user["name"], "role": get_jwt().get("role")}


@app.post("/logout")
@jwt_required(fresh=True)
def logout():
    revoked.add(get_jwt()["jti"])
    return "", 204


client = app.test_client(use_cookies=False)
browser = app.test_client()
tokens = client.post("/login", json={"name": "ada"}).json


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


show("a token", client.get("/me", headers=bearer(tokens["access"])))
show("none", client.get("/me"))
show("nonsense", client.get("/me", headers=bearer("a.b.c")))
show("the wrong kind", client.get("/me", headers=bearer(tokens["refresh"])))
renewed = client.post("/refresh", headers=bearer(tokens["refresh"])).json["access"]
show("renewed", client.get("/me", headers=bearer(renewed)))
show("not fresh", client.post("/logout", headers=bearer(renewed)))
show("revoke", client.post("/logout", headers=bearer(tokens["access"])))
show("revoked", client.get("/me", headers=bearer(tokens["access"])))
with app.app_context():
    late = create_access_token("ada", expires_delta=timedelta(seconds=-1))
show("run out", client.get("/me", headers=bearer(late)))
browser.post("/login", json={"name": "grace"})
show("in a cookie", browser.get("/me"))
show("in a cookie, without its double", browser.post("/me"))
double = browser.get_cookie("csrf_access_token").value
show("in a cookie, with it", browser.post("/me", headers={"X-CSRF-TOKEN": double}))
