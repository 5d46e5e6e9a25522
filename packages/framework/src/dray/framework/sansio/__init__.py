"""What an application is and what happens to a request, decided without I/O.

Nothing in this package knows a socket, a thread, an ``await``, an environ, a scope or the current context: two
gateways stand on it. A contract in the lint run checks that.
"""
