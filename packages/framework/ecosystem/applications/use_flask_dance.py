"""Signing in with an OAuth 2 provider: off to it with a state, back with a code, its API asked with the token."""

from urllib.parse import parse_qs, urlsplit

import responses
from flask import Flask, redirect, url_for
from flask_dance.consumer import oauth_authorized
from flask_dance.contrib.github import github, make_github_blueprint
from transcript import show

app = Flask(__name__)
app.secret_key = "test"
app.register_blueprint(make_github_blueprint(client_id="id", client_secret="hush", scope="user"), url_prefix="/login")


@oauth_authorized.connect
def arrived(blueprint, token):
    print("signal:", blueprint.name, sorted(token))


@app.get("/")
def index():
    if not github.authorized:
        return redirect(url_for("github.login"))
    return f"You are {github.get('/user').json()['login']}."


client = app.test_client()
show("a stranger", client.get("/"))
response = client.get("/login/github")
target = urlsplit(response.location)
query = parse_qs(target.query)
state = query.pop("state")[0]
print(response.status, target.netloc, target.path, query, len(state))
print("a forged state:", client.get("/login/github/authorized?code=1&state=forged").location)
client.get("/login/github")
with client.session_transaction() as session:
    state = session["github_oauth_state"]
with responses.RequestsMock() as network:
    network.post("https://github.com/login/oauth/access_token", json={"access_token": "T", "token_type": "bearer"})
    network.get("https://api.github.com/user", json={"login": "ada"})
    response = client.get(f"/login/github/authorized?code=42&state={state}", base_url="https://localhost")
    print(response.status, response.location)
    print(client.get("/", base_url="https://localhost").status, network.calls[0].request.url)
    with client.session_transaction() as session:
        session["github_oauth_token"] = {"access_token": "T", "token_type": "bearer"}
    print(client.get("/").text, network.calls[-1].request.headers["Authorization"])
