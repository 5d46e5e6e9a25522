"""The whole of httpbin, asked for everything that it answers in the same way twice."""

import json
import re

from httpbin import app
from transcript import show

client = app.test_client()
client.environ_base["HTTP_USER_AGENT"] = "transcript"
GET = """
/ /forms/post /get?a=1&a=2&b= /headers /ip /user-agent /robots.txt /deny /html /xml /json /encoding/utf8 /gzip /deflate
/status/418 /status/204 /status/999 /status/500 /redirect/2 /relative-redirect/2 /absolute-redirect/1
/redirect-to?url=%2Fget&status_code=307 /response-headers?X-A=1&X-A=2 /cookies /cookies/set?a=1&b=2 /cookies/set/c/3
/cookies /cookies/delete?a= /cookies /basic-auth/ada/pass /hidden-basic-auth/ada/pass /bearer
/digest-auth/auth/ada/pass /delay/0 /stream/3 /base64/aGVsbG8= /base64/nonsense /cache /cache/60 /etag/abc
/links/3/1 /image /image/svg /image/png /drip?duration=0&numbytes=5 /range/26 /bytes/16?seed=1
/stream-bytes/20?seed=2&chunk_size=7 /anything/else?x=%C3%A9 /brotli /spec.json /legacy /nowhere /%00 /status/a
""".split()
#: A line of JSON: an object with the headers of the request, which come in no order.
ORDERED = re.compile(r'^{"url".*}$', re.MULTILINE)
MOVING = re.compile(r'nonce="[^"]*"|opaque="[^"]*"')


FORM = (
    b'--x\r\nContent-Disposition: form-data; name="form"\r\n\r\n\xc3\xa9\r\n--x\r\nContent-Disposition: form-data;'
    b' name="file"; filename="f.bin"\r\nContent-Type: application/octet-stream\r\n\r\n\xff\x00\r\n--x--\r\n'
)


def text(response):
    body = response.get_data()
    readable = (response.mimetype or "").startswith(
        ("text", "application/json")
    ) and "Content-Encoding" not in response.headers
    shown = body.decode() if readable and len(body) < 4000 else len(body)
    print(f"== {response.request.method} {response.request.path}: {response.status}")
    for name, value in sorted(response.headers):
        moves = {"date", "server", "last-modified", "set-cookie"} | (
            {"etag"} if "cache" in response.request.path else set()
        )
        if name.lower() not in moves:
            print(f"{name}: {MOVING.sub('', value)}")
    print(ORDERED.sub(lambda match: json.dumps(json.loads(match[0]), sort_keys=True), str(shown)))


for path in GET:
    text(client.get(path))
for method in ("post", "put", "patch", "delete"):
    text(getattr(client, method)(f"/{method}?q=1", data=FORM, content_type="multipart/form-data; boundary=x"))
    text(getattr(client, method)("/anything", json={"a": [1, 2]}))
text(client.post("/post", data="a=1&b=%C3%A9&a=3", content_type="application/x-www-form-urlencoded"))
text(client.post("/post", data=b"\xff\xfe", content_type="application/octet-stream"))
text(client.options("/get"))
text(client.head("/get"))
text(client.put("/get"))
text(client.get("/basic-auth/ada/pass", auth=("ada", "pass")))
text(client.get("/basic-auth/ada/pass", auth=("ada", "wrong")))
text(client.get("/bearer", headers={"Authorization": "Bearer token"}))
text(client.get("/range/26", headers={"Range": "bytes=3-7"}))
text(client.get("/range/26", headers={"Range": "bytes=30-40"}))
text(client.get("/etag/abc", headers={"If-None-Match": '"abc"'}))
text(client.get("/etag/abc", headers={"If-Match": '"other"'}))
text(client.get("/cache", headers={"If-Modified-Since": "Sat, 29 Oct 1994 19:43:31 GMT"}))
text(client.get("/image", headers={"Accept": "image/webp"}))
text(client.get("/image", headers={"Accept": "text/plain"}))
text(client.get("/headers", headers={"X-Forwarded-For": "1.2.3.4", "X-Custom": "a, b", "Cookie": "a=b"}))
show("cookies", client.get("/cookies", headers={"Accept": "application/json"}))
print(json.dumps(sorted(str(rule) for rule in app.url_map.iter_rules())))
