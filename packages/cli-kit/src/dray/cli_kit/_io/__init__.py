"""Streams and files: which one, how it is encoded, how it is wrapped, how it is written at once.

Lowest first: ``wrappers``, ``encoding``, ``windows``, ``streams``, ``files``. Nothing here knows commands or contexts.
"""
