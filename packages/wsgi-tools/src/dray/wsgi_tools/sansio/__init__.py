"""What a request and a response are, decided without input or output.

Nothing in here knows a socket, a thread, ``await``, a WSGI environ or an ASGI scope.
"""
