"""Where the value of a parameter came from, as an enumeration.

:mod:`enum` costs more than parsing a command line, so this module is loaded when somebody asks; inside the package the
plain numbers of ``source`` are used.
"""

from __future__ import annotations

from enum import IntEnum

from . import source

__all__ = ["ParameterSource"]


class ParameterSource(IntEnum):
    """Where the value of a parameter came from; the smaller the number, the more deliberate."""

    #: Asked for and typed in.
    PROMPT = source.PROMPT
    #: Given on the command line.
    COMMANDLINE = source.COMMANDLINE
    #: Taken from an environment variable.
    ENVIRONMENT = source.ENVIRONMENT
    #: Taken from the context's ``default_map``, a configuration file for example.
    DEFAULT_MAP = source.DEFAULT_MAP
    #: The parameter's own default.
    DEFAULT = source.DEFAULT
