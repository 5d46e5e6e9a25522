"""A described API: models, validation, masks, the Swagger document and page."""

import json

from flask import Flask
from flask_restx import Api, Resource, fields, reqparse
from transcript import show
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app)
api = Api(app, version="1.0", title="Tasks", description="What is to be done", validate=True)
space = api.namespace("tasks", description="Tasks")
task = api.model("Task", {"id": fields.Integer(readonly=True), "task": fields.String(required=True, min_length=2)})
parser = reqparse.RequestParser()
parser.add_argument("limit", type=int, default=10, choices=(1, 10))
tasks = [{"id": 1, "task": "load"}, {"id": 2, "task": "drive"}]


@space.route("/")
class Tasks(Resource):
    @space.expect(parser)
    @space.marshal_list_with(task, envelope="tasks")
    def get(self):
        """List them."""
        return tasks[: parser.parse_args()["limit"]]

    @space.expect(task)
    @space.marshal_with(task, code=201)
    def post(self):
        """Add one."""
        tasks.append({"id": len(tasks) + 1, **api.payload})
        return tasks[-1], 201


@space.route("/<int:number>")
@space.response(404, "No such task")
class Task(Resource):
    @space.marshal_with(task)
    def get(self, number):
        """Give one."""
        if number > len(tasks):
            space.abort(404, f"There is no task {number}.")
        return tasks[number - 1]


@api.errorhandler(ZeroDivisionError)
def divided(error):
    return {"message": "by zero"}, 418


@space.route("/zero")
class Zero(Resource):
    def get(self):
        return 1 / 0


client = app.test_client()
show("all", client.get("/tasks/"))
show("a few", client.get("/tasks/?limit=1"))
show("too few", client.get("/tasks/?limit=5"))
show("masked", client.get("/tasks/1", headers={"X-Fields": "{task}"}))
show("add", client.post("/tasks/", json={"task": "unload"}))
show("add nonsense", client.post("/tasks/", json={"task": "x", "more": 1}))
show("add nothing", client.post("/tasks/", json={}))
show("none", client.get("/tasks/9"))
show("nowhere", client.get("/task/9"))
show("another method", client.delete("/tasks/1"))
show("an error with a handler", client.get("/tasks/zero"))
print(json.dumps(client.get("/swagger.json").json, indent=1, sort_keys=True))
show("the page", client.get("/"))
script = client.head("/swaggerui/swagger-ui-bundle.js")
print(script.status, script.content_length, script.mimetype, script.headers["Cache-Control"])
