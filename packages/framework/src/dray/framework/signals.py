"""The signals that an application sends, on blinker. Nothing here knows who sends them."""

from __future__ import annotations

from blinker import NamedSignal, Namespace

from . import _channels
from ._channels import Channel

_signals = Namespace()


def _signal(channel: Channel) -> NamedSignal:
    return channel.open(_signals.signal(channel.name, channel.doc))


request_started = _signal(_channels.request_started)
request_finished = _signal(_channels.request_finished)
request_tearing_down = _signal(_channels.request_tearing_down)
got_request_exception = _signal(_channels.got_request_exception)

websocket_started = _signal(_channels.websocket_started)
websocket_finished = _signal(_channels.websocket_finished)
websocket_tearing_down = _signal(_channels.websocket_tearing_down)
got_websocket_exception = _signal(_channels.got_websocket_exception)

appcontext_pushed = _signal(_channels.appcontext_pushed)
appcontext_tearing_down = _signal(_channels.appcontext_tearing_down)
appcontext_popped = _signal(_channels.appcontext_popped)

before_render_template = _signal(_channels.before_render_template)
template_rendered = _signal(_channels.template_rendered)

message_flashed = _signal(_channels.message_flashed)
