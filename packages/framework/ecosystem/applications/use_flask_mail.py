"""Mails that a view sends: recorded, in bulk, with attachments, refused headers, through a real connection."""

import socket
import threading

from flask import Flask, render_template_string
from flask_mail import BadHeaderError, Mail, Message, email_dispatched
from transcript import show

received: list[bytes] = []


def serve(listener: socket.socket) -> None:
    """Speak just enough SMTP for one mail."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb") as stream:

        def say(line: bytes) -> None:
            stream.write(line + b"\r\n")
            stream.flush()

        say(b"220 test")
        while line := stream.readline():
            if line.upper().startswith(b"DATA"):
                say(b"354 go on")
                while (line := stream.readline()) != b".\r\n":
                    received.append(line)
                say(b"250 taken")
            elif line.upper().startswith(b"QUIT"):
                say(b"221 bye")
                break
            else:
                say(b"250 yes")


listener = socket.create_server(("127.0.0.1", 0))
thread = threading.Thread(target=serve, args=(listener,), daemon=True)
thread.start()
app = Flask(__name__)
app.config.update(
    MAIL_SERVER="127.0.0.1", MAIL_PORT=listener.getsockname()[1], MAIL_DEFAULT_SENDER=("Shop", "shop@example.org")
)
mail = Mail(app)
email_dispatched.connect(lambda message, app: print("dispatched:", message.subject, app.name), weak=False)


@app.post("/order/<name>")
def order(name):
    message = Message("Your order: ü", recipients=[f"{name}@example.org"], cc=["desk@example.org"])
    message.html = render_template_string("<p>Thank you, {{ name }}.</p>", name=name)
    message.body = f"Thank you, {name}."
    message.attach("order.txt", "text/plain", "one cart", headers={"X-Kind": "order"})
    mail.send(message)
    return "sent"


@app.post("/all")
def everybody():
    with mail.connect() as connection:
        for name in ("ada", "grace"):
            connection.send(Message("News", recipients=[name + "@example.org"], body="all", charset="utf-8"))
    return "sent"


@app.post("/forged")
def forged():
    try:
        mail.send(Message("a\r\nBcc: all@example.org", recipients=["x@example.org"]))
    except BadHeaderError:
        return "refused", 400
    return "sent"


client = app.test_client()
with mail.record_messages() as outbox:
    app.extensions["mail"].suppress = True
    show("order", client.post("/order/<ada>"))
    show("all", client.post("/all"))
    show("forged", client.post("/forged"))
    for message in outbox:
        print(
            message.subject,
            sorted(message.send_to),
            message.sender,
            message.html,
            [a.filename for a in message.attachments],
        )
app.extensions["mail"].suppress = False
show("for real", client.post("/order/grace"))
thread.join(5)
kept = [
    line
    for line in received
    if not line.startswith((b"Date", b"Message-ID", b"Content-Type: multipart", b"--", b" boundary"))
]
print(b"".join(kept).decode())
