"""A schema that is created, changed and taken back by the ``flask db`` commands, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

APPLICATION = """
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///app.sqlite"
db = SQLAlchemy(app)
Migrate(app, db)

class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))
"""


def flask(*arguments: str) -> None:
    """Run a command; print its status and what doesn't change from one run to the next."""
    command = [sys.executable, "-m", "flask", "--app", "shop", "db", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"== db {' '.join(arguments)}: {result.returncode}")
    lines = [line for line in result.stdout.splitlines() if str(Path.cwd()) not in line]
    print("\n".join(line for line in lines if not line.startswith(("Revision ID", "Create Date"))))
    print("\n".join(line for line in result.stderr.splitlines() if "Detected" in line or "Error" in line))


shop = Path("shop.py")
shop.write_text(APPLICATION)
flask("init")
flask("migrate", "-m", "users", "--rev-id", "aaa")
flask("upgrade")
shop.write_text(f"{APPLICATION}    mail = db.Column(db.String(80))\n")
flask("check")
flask("migrate", "-m", "mail", "--rev-id", "bbb")
flask("upgrade")
flask("current")
flask("history")
flask("downgrade")
flask("current")
flask("upgrade", "nowhere")
flask("--help")
