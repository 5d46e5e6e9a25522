"""The command line of applications. This package only re-exports."""

import dray.cli_kit as click

from .certs import CertParamType, SeparatedPathType
from .commands import get_version, routes_command, run_command, shell_command, show_server_banner
from .dotenv import load_dotenv
from .find import NoAppException, find_app_by_string, find_best_app, locate_app, prepare_import
from .groups import AppGroup, DrayGroup, cli, main
from .script import F, ScriptInfo, pass_script_info, with_appcontext

__all__ = [
    "AppGroup",
    "CertParamType",
    "DrayGroup",
    "F",
    "NoAppException",
    "ScriptInfo",
    "SeparatedPathType",
    "cli",
    "click",
    "find_app_by_string",
    "find_best_app",
    "get_version",
    "load_dotenv",
    "locate_app",
    "main",
    "pass_script_info",
    "prepare_import",
    "routes_command",
    "run_command",
    "shell_command",
    "show_server_banner",
    "with_appcontext",
]
