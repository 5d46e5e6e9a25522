"""A shop's catalogue in SQLite: models, relationships, queries by page, sessions per request."""

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from transcript import show

db = SQLAlchemy()


class Maker(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40), unique=True, nullable=False)


class Item(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(40), nullable=False)
    maker_id = db.Column(db.ForeignKey("maker.id"), nullable=False)
    maker = db.relationship(Maker, backref="items")


app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///shop.sqlite"
db.init_app(app)


@app.post("/items")
def add():
    maker = db.session.scalar(db.select(Maker).filter_by(name=request.json["maker"])) or Maker(
        name=request.json["maker"]
    )
    item = Item(title=request.json["title"], maker=maker)
    db.session.add(item)
    db.session.commit()
    return {"id": item.id, "maker": maker.id}, 201


@app.get("/items")
def items():
    page = db.paginate(db.select(Item).order_by(Item.title), per_page=2)
    return jsonify(titles=[item.title for item in page], pages=list(page.iter_pages()), next=page.next_num)


@app.get("/items/<int:number>")
def item(number):
    found = db.get_or_404(Item, number, description="There is no such item.")
    return {"title": found.title, "maker": found.maker.name}


@app.get("/broken")
def broken():
    db.session.add(Item(title="without a maker"))
    db.session.flush()


with app.app_context():
    db.create_all()
client = app.test_client()
for title in ("cart", "axle", "wheel"):
    show(title, client.post("/items", json={"title": title, "maker": "Wainwright"}))
show("first page", client.get("/items"))
show("second page", client.get("/items?page=2"))
show("no such page", client.get("/items?page=9"))
show("one", client.get("/items/2"))
show("none", client.get("/items/7"))
show("an error rolls back", client.get("/broken"))
show("and nothing is left of it", client.get("/items"))
print(app.test_cli_runner().invoke(args=["--help"]).output)
