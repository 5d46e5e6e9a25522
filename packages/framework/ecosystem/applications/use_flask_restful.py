"""An API of resources: arguments parsed, fields marshalled, errors as JSON, another representation."""

from flask import Flask, make_response
from flask_restful import Api, Resource, abort, fields, inputs, marshal_with, reqparse
from transcript import show

app = Flask(__name__)
api = Api(app, prefix="/v1", catch_all_404s=True)
tasks = {"1": {"title": "load", "done": False}}
FIELDS = {"title": fields.String, "done": fields.Boolean, "link": fields.Url("task", absolute=True)}
parser = reqparse.RequestParser(bundle_errors=True)
parser.add_argument("title", required=True, help="A task has a title.")
parser.add_argument("done", type=inputs.boolean, default=False)
parser.add_argument("tag", action="append", location="args")


class Task(Resource):
    @marshal_with(FIELDS)
    def get(self, number):
        if number not in tasks:
            abort(404, message=f"There is no task {number}.")
        return {**tasks[number], "number": number}

    def delete(self, number):
        del tasks[number]
        return "", 204


class Tasks(Resource):
    def get(self):
        return tasks, 200, {"X-Count": len(tasks)}

    def post(self):
        arguments = parser.parse_args()
        number = str(len(tasks) + 1)
        tasks[number] = {"title": arguments["title"], "done": arguments["done"]}
        return {"number": number, "tags": arguments["tag"]}, 201


@api.representation("text/csv")
def csv(data, code, headers=None):
    response = make_response("\n".join(map(str, data)), code)
    response.headers.extend(headers or {})
    return response


api.add_resource(Tasks, "/tasks")
api.add_resource(Task, "/tasks/<number>", endpoint="task")
client = app.test_client()
show("all", client.get("/v1/tasks"))
show("as text", client.get("/v1/tasks", headers={"Accept": "text/csv"}))
show("add", client.post("/v1/tasks?tag=a&tag=b", json={"title": "drive", "done": "true"}))
show("add nothing", client.post("/v1/tasks", json={}))
show("add nonsense", client.post("/v1/tasks", json={"title": "x", "done": "perhaps"}))
show("not JSON", client.post("/v1/tasks", data="{", content_type="application/json"))
show("one", client.get("/v1/tasks/2"))
show("none", client.get("/v1/tasks/9"))
show("delete", client.delete("/v1/tasks/1"))
show("an error in a view", client.delete("/v1/tasks/1"))
show("another method", client.put("/v1/tasks"))
show("nowhere", client.get("/v1/task"))
