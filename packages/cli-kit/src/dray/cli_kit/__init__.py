"""Command lines composed from functions: nested, lazy, documented and tested.

A facade over the modules of the package. Nothing slow is imported: what few programs need is loaded on demand.
"""

from __future__ import annotations

from ._deprecation import deprecated_names
from ._utils import TYPE_CHECKING
from .core import Argument, Command, CommandCollection, Context, Group, Option, Parameter
from .decorators import (
    argument,
    command,
    confirmation_option,
    custom_version_option,
    group,
    help_option,
    make_pass_decorator,
    option,
    pass_context,
    pass_obj,
    password_option,
    version_option,
)
from .exceptions import (
    Abort,
    BadArgumentUsage,
    BadOptionUsage,
    BadParameter,
    ClickException,
    FileError,
    MissingParameter,
    NoSuchCommand,
    NoSuchOption,
    UsageError,
)
from .formatting import HelpFormatter, wrap_text
from .globals import get_current_context
from .termui import (
    clear,
    confirm,
    echo_via_pager,
    edit,
    get_pager_file,
    getchar,
    launch,
    pause,
    progressbar,
    prompt,
    secho,
    style,
    unstyle,
)
from .types import (
    BOOL,
    FLOAT,
    INT,
    STRING,
    UNPROCESSED,
    UUID,
    Choice,
    DateTime,
    File,
    FloatRange,
    IntRange,
    ParamType,
    Path,
    Tuple,
)
from .utils import _get_binary_stream, _get_text_stream, echo, format_filename, get_app_dir, open_file

if TYPE_CHECKING:
    from .core.parameter_source import ParameterSource

__all__ = [
    "BOOL",
    "FLOAT",
    "INT",
    "STRING",
    "UNPROCESSED",
    "UUID",
    "Abort",
    "Argument",
    "BadArgumentUsage",
    "BadOptionUsage",
    "BadParameter",
    "Choice",
    "ClickException",
    "Command",
    "CommandCollection",
    "Context",
    "DateTime",
    "File",
    "FileError",
    "FloatRange",
    "Group",
    "HelpFormatter",
    "IntRange",
    "MissingParameter",
    "NoSuchCommand",
    "NoSuchOption",
    "Option",
    "ParamType",
    "Parameter",
    "ParameterSource",
    "Path",
    "Tuple",
    "UsageError",
    "argument",
    "clear",
    "command",
    "confirm",
    "confirmation_option",
    "custom_version_option",
    "echo",
    "echo_via_pager",
    "edit",
    "format_filename",
    "get_app_dir",
    "get_current_context",
    "get_pager_file",
    "getchar",
    "group",
    "help_option",
    "launch",
    "make_pass_decorator",
    "open_file",
    "option",
    "pass_context",
    "pass_obj",
    "password_option",
    "pause",
    "progressbar",
    "prompt",
    "secho",
    "style",
    "unstyle",
    "version_option",
    "wrap_text",
]

__getattr__ = deprecated_names(
    __name__,
    {"get_binary_stream": _get_binary_stream, "get_text_stream": _get_text_stream},
    lazy={"ParameterSource": ("dray.cli_kit.core.parameter_source", "ParameterSource")},
)
