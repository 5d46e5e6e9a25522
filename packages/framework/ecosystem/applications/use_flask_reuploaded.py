"""Uploads into two sets of files: allowed and refused, named apart, served again."""

import io
from pathlib import Path

from flask import Flask, request
from flask_uploads import IMAGES, TEXT, UploadNotAllowed, UploadSet, configure_uploads
from transcript import show

app = Flask(__name__)
app.config.update(
    UPLOADS_DEFAULT_DEST="files", UPLOADS_DEFAULT_URL="http://files.example/", UPLOADS_AUTOSERVE=True, SECRET_KEY="x"
)
photos, notes = UploadSet("photos", IMAGES), UploadSet("notes", TEXT)
configure_uploads(app, (photos, notes))


@app.post("/<kind>")
def upload(kind):
    target = photos if kind == "photos" else notes
    try:
        name = target.save(request.files["file"], folder=request.form.get("folder"))
    except UploadNotAllowed:
        return "not allowed", 415
    return {"name": name, "url": target.url(name), "path": target.path(name)}


client = app.test_client()


def send(kind, name, data=b"data", **values):
    body = {"file": (io.BytesIO(data), name), **values}
    return show(f"{kind} {name}", client.post(f"/{kind}", data=body, content_type="multipart/form-data"))


send("photos", "cat.png")
send("photos", "cat.png", b"another cat")
send("photos", "../../up.jpg", folder="trips")
send("photos", "virus.exe")
send("notes", "Ünïcode.txt")
show("served", client.get("/_uploads/photos/cat_1.png"))
show("not there", client.get("/_uploads/photos/dog.png"))
show("no such set", client.get("/_uploads/music/a.mp3"))
print(sorted(str(path) for path in Path("files").rglob("*.*")))
