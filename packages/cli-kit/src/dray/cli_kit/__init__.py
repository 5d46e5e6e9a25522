"""Command lines composed from functions: nested, lazy, documented and tested.

A facade over the modules of the package. Nothing slow is imported: what few programs need is loaded on demand.
"""

from __future__ import annotations

from ._deprecation import deprecated_names
from ._utils import TYPE_CHECKING
from .core import (
    Argument,
    Command,
    CommandCollection,
    Context,
    Group,
    Option,
    Parameter,
    _BaseCommand,
    _MultiCommand,
)
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
from .parser import _OptionParser
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
    from .annotations import Arg, Opt
    from .config import config_option, config_source
    from .core.parameter_source import ParameterSource
    from .groups import OptionGroup, exclusive, requires

__all__ = [
    "BOOL",
    "FLOAT",
    "INT",
    "STRING",
    "UNPROCESSED",
    "UUID",
    "Abort",
    "Arg",
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
    "Opt",
    "Option",
    "OptionGroup",
    "ParamType",
    "Parameter",
    "ParameterSource",
    "Path",
    "Tuple",
    "UsageError",
    "argument",
    "clear",
    "command",
    "config_option",
    "config_source",
    "confirm",
    "confirmation_option",
    "custom_version_option",
    "echo",
    "echo_via_pager",
    "edit",
    "exclusive",
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
    "requires",
    "secho",
    "style",
    "unstyle",
    "version_option",
    "wrap_text",
]

__getattr__ = deprecated_names(
    __name__,
    {
        "BaseCommand": _BaseCommand,
        "MultiCommand": _MultiCommand,
        "OptionParser": _OptionParser,
        "get_binary_stream": _get_binary_stream,
        "get_text_stream": _get_text_stream,
    },
    {"BaseCommand": "Use 'Command' instead.", "MultiCommand": "Use 'Group' instead."},
    lazy={
        "Arg": ("dray.cli_kit.annotations", "Arg"),
        "Opt": ("dray.cli_kit.annotations", "Opt"),
        "OptionGroup": ("dray.cli_kit.groups", "OptionGroup"),
        "ParameterSource": ("dray.cli_kit.core.parameter_source", "ParameterSource"),
        "config_option": ("dray.cli_kit.config", "config_option"),
        "config_source": ("dray.cli_kit.config", "config_source"),
        "exclusive": ("dray.cli_kit.groups", "exclusive"),
        "requires": ("dray.cli_kit.groups", "requires"),
    },
)
