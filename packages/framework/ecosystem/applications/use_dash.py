"""A dashboard: its page, its layout, its callbacks, a callback that fails."""

import json
import re

from dash import Dash, Input, Output, State, dcc, html
from flask import Flask
from transcript import show

server = Flask(__name__)
app = Dash(__name__, server=server, url_base_pathname="/board/", serve_locally=True)
app.layout = html.Div(
    [dcc.Input(id="name", value="Ada"), html.Button(id="go"), html.Div(id="out"), dcc.Graph(id="plot")]
)


@app.callback(Output("out", "children"), Input("go", "n_clicks"), State("name", "value"), prevent_initial_call=True)
def greet(clicks, name):
    return f"{clicks}: hello, {name}"


@app.callback(Output("plot", "figure"), Input("name", "value"))
def plot(name):
    return {"data": [{"y": [1 / len(name), len(name)]}]}


@server.get("/api")
def api():
    return {"dash": False}


client = server.test_client()
page = client.get("/board/")
CHANGING = re.compile(r'v[\d_]+m\d+|"end_id":"[^"]*"')
print(page.status, CHANGING.sub("", page.get_data(as_text=True)))
show("layout", client.get("/board/_dash-layout"))
print(json.dumps(client.get("/board/_dash-dependencies").json, indent=1))
show("beside it", client.get("/api"))
script = re.search(r'src="([^"]*dash-renderer/build/dash_renderer[^"]*)"', page.get_data(as_text=True))[1]
response = client.get(script)
print(response.status, response.content_length, response.mimetype, response.headers.get("Cache-Control"))


def call(output, identifier, prop, **body):
    data = {"output": output, "outputs": {"id": identifier, "property": prop}, **body}
    return client.post("/board/_dash-update-component", json=data)


show("call", call("out.children", "out", "children", inputs=[{"id": "go", "property": "n_clicks", "value": 3}],
                  changedPropIds=["go.n_clicks"], state=[{"id": "name", "property": "value", "value": "<Ada>"}]))  # fmt: skip
inputs = [{"id": "name", "property": "value", "value": "four"}]
show("draw", call("plot.figure", "plot", "figure", inputs=inputs, changedPropIds=["name.value"]))
inputs = [{"id": "name", "property": "value", "value": ""}]
show("fail", call("plot.figure", "plot", "figure", inputs=inputs, changedPropIds=["name.value"]))
page = client.get("/board/any/other/path")
print(page.status, CHANGING.sub("", page.get_data(as_text=True)))
show("no such script", client.get("/board/_dash-component-suites/dash/nothing.js"))
