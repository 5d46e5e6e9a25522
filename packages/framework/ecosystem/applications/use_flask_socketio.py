"""A chat room: events, acknowledgements, rooms, namespaces, the session of who speaks, over its test client."""

from flask import Flask, request, session
from flask_socketio import SocketIO, disconnect, emit, join_room, leave_room, send
from transcript import show

app = Flask(__name__)
app.secret_key = "test"
socketio = SocketIO(app, async_mode="threading")


@app.get("/login/<name>")
def login(name):
    session["name"] = name
    return name


@socketio.on("connect")
def connected(auth):
    if request.args.get("banned"):
        return False
    session["seen"] = 0
    emit("hello", {"name": session.get("name"), "auth": auth})


@socketio.on("say")
def say(data):
    session["seen"] += 1
    emit("said", {"text": data["text"], "by": session.get("name"), "count": session["seen"]}, to=data.get("room"))
    return "heard", session["seen"]


@socketio.on("join")
def join(room):
    join_room(room)
    send(f"{session.get('name')} came", to=room)


@socketio.on("leave")
def leave(room):
    leave_room(room)


@socketio.on("fail")
def fail():
    raise ValueError("on purpose")


@socketio.on_error()
def error(exception):
    emit("failed", str(exception))


@socketio.on("quit", namespace="/admin")
def leave_all():
    disconnect()


def client(name, **options):
    browser = app.test_client()
    browser.get(f"/login/{name}")
    return socketio.test_client(app, flask_test_client=browser, **options)


def received(who, namespace=None):
    print([(event["name"], event["args"]) for event in who.get_received(namespace)])


ada, grace = client("ada", auth={"token": 1}), client("grace")
received(ada)
received(grace)
ada.emit("join", "room")
grace.emit("join", "room")
print(ada.emit("say", {"text": "<hi>", "room": "room"}, callback=True))
print(ada.emit("say", {"text": "again", "room": "room"}, callback=True))
grace.emit("leave", "room")
ada.emit("say", {"text": "alone", "room": "room"})
ada.emit("fail")
received(ada)
received(grace)
print(client("eve", query_string="?banned=1").is_connected())
admin = client("root", namespace="/admin")
admin.emit("quit", namespace="/admin")
print(admin.is_connected("/admin"), ada.is_connected())
browser = app.test_client()
print(browser.get("/socket.io/?EIO=4&transport=polling").status)
show("nonsense", browser.get("/socket.io/?EIO=2&transport=polling"))
