"""Traces of requests: spans, attributes, errors, hooks, left out addresses; switched on and off again."""

from flask import Flask
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from transcript import show

exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))


def make(name):
    app = Flask(name)

    @app.get("/items/<int:number>")
    def item(number):
        return {"number": 10 // number}

    @app.get("/health")
    def health():
        return "ok"

    return app


def spans(title):
    print(f"== {title}")
    for span in exporter.get_finished_spans():
        print(span.name, span.kind.name, span.status.status_code.name, span.parent and hex(span.parent.trace_id))
        print(
            {
                key: value
                for key, value in sorted(span.attributes.items())
                if "port" not in key and "user_agent" not in key
            }
        )
        print([(event.name, event.attributes["exception.type"]) for event in span.events])
    exporter.clear()


one = make("one")
FlaskInstrumentor().instrument_app(
    one, tracer_provider=provider, excluded_urls="health",
    request_hook=lambda span, environ: span.set_attribute("hook", environ["PATH_INFO"]),
)  # fmt: skip
client = one.test_client()
parent = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
show("item", client.get("/items/5", headers=parent))
client.get("/items/0")
client.get("/nowhere")
client.post("/items/1")
client.get("/health")
spans("one application")
FlaskInstrumentor.uninstrument_app(one)
client.get("/items/5")
spans("switched off")
FlaskInstrumentor().instrument(tracer_provider=provider)
import flask  # noqa: E402

two = flask.Flask("two")
two.add_url_rule("/x", view_func=lambda: "x", endpoint="x")
print(type(two).__name__, isinstance(two, Flask))
two.test_client().get("/x")
spans("all applications")
FlaskInstrumentor().uninstrument()
print(flask.Flask is Flask)
