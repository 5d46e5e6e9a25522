"""Views, functions and parts of templates that are kept: in memory and in files, by query, forgotten on demand."""

from flask import Flask, render_template_string, request
from flask_caching import Cache
from transcript import show

app = Flask(__name__)
app.config.update(CACHE_TYPE="FileSystemCache", CACHE_DIR="cache", CACHE_DEFAULT_TIMEOUT=60)
cache = Cache(app)
calls = {"view": 0, "query": 0, "sum": 0, "part": 0}


def count(name):
    calls[name] += 1
    return calls[name]


@app.get("/view/<name>")
@cache.cached(unless=lambda: request.args.get("fresh"))
def view(name):
    return f"{name} {count('view')}", {"X-Made": str(calls["view"])}


@app.get("/query")
@cache.cached(query_string=True)
def query():
    return {"sorted": sorted(request.args.items()), "made": count("query")}


@cache.memoize()
def add(a, b=1):
    count("sum")
    return a + b


@app.get("/sum")
def sums():
    return [add(1), add(1, 1), add(a=1, b=2), calls["sum"]]


@app.get("/forget")
def forget():
    cache.delete_memoized(add, 1)
    cache.delete("view//view/a")
    return "forgotten"


@app.get("/part")
def part():
    return render_template_string(
        "{% cache 60, 'part' %}{{ count('part') }}{% endcache %} {{ request.args.x }}", count=count
    )


app.jinja_env.add_extension("flask_caching.jinja2ext.CacheExtension")
client = app.test_client()
for path in ("/view/a", "/view/a", "/view/b", "/view/a?fresh=1", "/query?a=1&b=2", "/query?b=2&a=1", "/query?a=2",
             "/sum", "/sum", "/forget", "/view/a", "/sum", "/part?x=1", "/part?x=2"):  # fmt: skip
    show(path, client.get(path))
show("no such view", client.get("/view"))
print(calls)
