"""Which origins may read what: for all, by resource, by view, in pre-flight requests, with cookies, after errors."""

from flask import Blueprint, Flask, abort
from flask_cors import CORS, cross_origin
from transcript import show

app = Flask(__name__)
CORS(
    app,
    resources={
        r"/api/*": {"origins": [r"https://.*\.example\.org", "http://localhost:3000"], "max_age": 600},
        r"/open/*": {"origins": "*", "expose_headers": ["X-Total"]},
    },
    supports_credentials=False,
)
private = Blueprint("private", __name__, url_prefix="/private")
CORS(private, origins="https://a.example", supports_credentials=True, allow_headers=["X-Token"], methods=["PUT"])


@app.route("/api/<name>", methods=["GET", "DELETE"])
def api(name):
    if name == "none":
        abort(404)
    return {"name": name}


@app.get("/open/")
def opened():
    return "open"


@app.get("/view")
@cross_origin(origins=["https://b.example"], vary_header=True)
def view():
    return "view"


@private.route("/", methods=["PUT"])
def put():
    return "put"


app.register_blueprint(private)
client = app.test_client()
for path in ("/api/x", "/api/none", "/open/", "/view", "/private/"):
    for origin in ("https://shop.example.org", "http://localhost:3000", "https://a.example", "https://b.example", None):
        headers = {"Origin": origin} if origin else {}
        show(f"GET {path} from {origin}", client.get(path, headers=headers))
        headers |= {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "X-Token, X-Other"}
        show(f"OPTIONS {path} from {origin}", client.options(path, headers=headers))
