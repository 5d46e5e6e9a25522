"""``python -m dray.signing``: sign and verify in shell scripts.

Secrets come from an environment variable or a file, never from the command line, where every user of the machine can
read them. Values come from standard input, tokens from there or from the command line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from .encoding import base64_decode, bytes_to_int
from .exc import BadData
from .keys import generate_secret
from .timed import TimestampSigner
from .url_safe import URLSafeTimedSerializer


def main(arguments: list[str] | None = None) -> int:
    """Run the command line.

    :return: the exit status: 0, 1 for a token that isn't right, 2 for a wrong call.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except _Usage as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BadData as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


class _Usage(Exception):
    """The call can't be carried out; the message says what to do."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dray.signing", allow_abbrev=False, description="Sign and verify JSON values."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    secret = argparse.ArgumentParser(add_help=False)
    where = secret.add_mutually_exclusive_group(required=True)
    where.add_argument("--key-env", metavar="NAME", help="environment variable with the secret key")
    where.add_argument("--key-file", metavar="FILE", type=Path, help="file with the secret key; '-' isn't one")
    secret.add_argument("--salt", default="itsdangerous", help="what the token is for (default: %(default)s)")

    sign = commands.add_parser(
        "sign", allow_abbrev=False, parents=[secret], help="sign the JSON value on standard input"
    )
    sign.set_defaults(run=_sign)
    verify = commands.add_parser(
        "verify", allow_abbrev=False, parents=[secret], help="verify a token and print its value as JSON"
    )
    verify.add_argument("token", nargs="?", help="standard input by default")
    verify.add_argument("--max-age", type=int, metavar="SECONDS", help="refuse older tokens")
    verify.set_defaults(run=_verify)
    inspect = commands.add_parser("inspect", help="show what a token says, without verifying it")
    inspect.add_argument("token", nargs="?", help="standard input by default")
    inspect.set_defaults(run=_inspect)
    key = commands.add_parser("key", help="make a random secret key")
    key.set_defaults(run=_key)
    return parser


def _secret(options: argparse.Namespace) -> str:
    if options.key_env is not None:
        secret = os.environ.get(options.key_env, "")
        source = f"the environment variable {options.key_env}"
    else:
        source = f"the file {options.key_file}"
        try:
            secret = options.key_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise _Usage(f"{source} can't be read: {error}") from None
    if not secret:
        raise _Usage(f"there is no key in {source}. Make one with 'python -m dray.signing key'.")
    return secret


def _token(options: argparse.Namespace) -> str:
    return (options.token or sys.stdin.read()).strip()


def _sign(options: argparse.Namespace) -> int:
    serializer = URLSafeTimedSerializer(_secret(options), options.salt)
    try:
        value = json.load(sys.stdin)
    except ValueError as error:
        raise _Usage(f"standard input is not JSON: {error}") from None
    print(serializer.dumps(value))
    return 0


def _verify(options: argparse.Namespace) -> int:
    serializer = URLSafeTimedSerializer(_secret(options), options.salt)
    print(json.dumps(serializer.loads(_token(options), max_age=options.max_age), ensure_ascii=False))
    return 0


def _inspect(options: argparse.Namespace) -> int:
    parts = _token(options).encode("utf-8", "surrogateescape").rsplit(b".", 2)
    if len(parts) != 3:
        raise BadData("A token has three parts, with dots between them")
    payload, stamp, signature = parts
    number = bytes_to_int(base64_decode(stamp))
    try:
        signed_at = TimestampSigner("").timestamp_to_datetime(number).isoformat()
    except (ValueError, OSError, OverflowError):
        signed_at = "no time that a calendar holds"
    value = URLSafeTimedSerializer("").load_payload(payload)
    shown = {
        "value": value,
        "signed_at": signed_at,
        "signature": signature.decode("utf-8", "replace"),
        "verified": False,
    }
    print(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0


def _key(options: argparse.Namespace) -> int:
    print(generate_secret())
    return 0


if __name__ == "__main__":
    sys.exit(main())
