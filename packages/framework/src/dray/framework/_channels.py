"""What an application tells, before anybody listens.

The signals themselves, :mod:`.signals`, stand on blinker, which loads the inspect module and what that needs, and most
programs connect to none. So what tells something knows a channel: it has no receivers until somebody asks for its
signal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from blinker import NamedSignal


class Channel:
    """A signal, as whoever sends it knows it.

    :param name: of the signal.
    :param doc: says when it is sent. The sender is the application.
    """

    __slots__ = ("doc", "name", "receivers", "signal")

    #: Whether somebody has asked for a signal: as long as nobody has, no channel has receivers.
    asked_for: ClassVar[bool] = False
    #: The signal, once there may be receivers.
    signal: NamedSignal

    def __init__(self, name: str, doc: str) -> None:
        self.name = name
        self.doc = doc
        #: Those of the signal; nothing is to be sent while it is empty.
        self.receivers: dict[Any, Any] = {}

    def open(self, signal: NamedSignal) -> NamedSignal:
        """Send on a signal from now on, and return it."""
        Channel.asked_for = True
        self.signal, self.receivers = signal, signal.receivers
        return signal


request_started = Channel("request-started", "A request begins, before its hooks.")
request_finished = Channel("request-finished", "A request has its ``response``, after its hooks.")
request_tearing_down = Channel("request-tearing-down", "A request ends, by the exception ``exc`` or ``None``.")
got_request_exception = Channel("got-request-exception", "Nobody handled an ``exception``.")

websocket_started = Channel("websocket-started", "A WebSocket is asked for, before its hooks.")
websocket_finished = Channel("websocket-finished", "A WebSocket is over; its ``response``, if it was refused by one.")
websocket_tearing_down = Channel("websocket-tearing-down", "A WebSocket ends, by the exception ``exc`` or ``None``.")
got_websocket_exception = Channel("got-websocket-exception", "Nobody handled an ``exception`` of a WebSocket.")

appcontext_pushed = Channel("appcontext-pushed", "A context is current.")
appcontext_tearing_down = Channel("appcontext-tearing-down", "A context ends, by the exception ``exc`` or ``None``.")
appcontext_popped = Channel("appcontext-popped", "A context isn't current any more.")

before_render_template = Channel("before-render-template", "A ``template`` is rendered with a ``context``.")
template_rendered = Channel("template-rendered", "A ``template`` was rendered with a ``context``.")

message_flashed = Channel("message-flashed", "A ``message`` of a ``category`` was flashed.")
