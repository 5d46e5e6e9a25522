"""The signals that an application sends, on blinker. Nothing here knows who sends them."""

from __future__ import annotations

from blinker import NamedSignal, Namespace

_signals = Namespace()


def _signal(name: str, doc: str) -> NamedSignal:
    """Make a signal. The sender is the application; the doc says what else receivers get."""
    return _signals.signal(name, doc)


request_started = _signal("request-started", "A request begins, before its hooks.")
request_finished = _signal("request-finished", "A request has its ``response``, after its hooks.")
request_tearing_down = _signal("request-tearing-down", "A request ends, by the exception ``exc`` or ``None``.")
got_request_exception = _signal("got-request-exception", "Nobody handled an ``exception``.")

websocket_started = _signal("websocket-started", "A WebSocket is asked for, before its hooks.")
websocket_finished = _signal("websocket-finished", "A WebSocket is over; its ``response``, if it was refused by one.")
websocket_tearing_down = _signal("websocket-tearing-down", "A WebSocket ends, by the exception ``exc`` or ``None``.")
got_websocket_exception = _signal("got-websocket-exception", "Nobody handled an ``exception`` of a WebSocket.")

appcontext_pushed = _signal("appcontext-pushed", "A context is current.")
appcontext_tearing_down = _signal("appcontext-tearing-down", "A context ends, by the exception ``exc`` or ``None``.")
appcontext_popped = _signal("appcontext-popped", "A context isn't current any more.")

before_render_template = _signal("before-render-template", "A ``template`` is rendered with a ``context``.")
template_rendered = _signal("template-rendered", "A ``template`` was rendered with a ``context``.")

message_flashed = _signal("message-flashed", "A ``message`` of a ``category`` was flashed.")
