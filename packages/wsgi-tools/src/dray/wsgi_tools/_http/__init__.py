"""Header grammar: text on one side, Python built-ins on the other.

Each module here holds one family of RFC 9110 grammar rules. None of them knows a data structure, a request or a
response, so ``datastructures`` can stand on them, and ``http`` on both.
"""
