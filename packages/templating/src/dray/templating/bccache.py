"""Bytecode caches: compiled templates kept over the life of a process.

A cache stores *buckets*: bytes with a header that says which interpreter, which compiler and which text they are for.
What doesn't match, or can't be read, counts as not there.
"""

from __future__ import annotations

import marshal
import os
import sys
from hashlib import sha1
from io import BytesIO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import IO, Any, BinaryIO

#: Counts the changes of what generated code looks like.
bc_version = 4
#: Begins every bucket: no other version of Python or of the compiler can read it.
bc_magic = b"dray" + marshal.dumps((bc_version, sys.version_info[:2], sys.implementation.cache_tag))


class Bucket:
    """The code of one template on its way to or from a cache.

    :param environment: the environment
    :param key: where the cache keeps it
    :param checksum: of the template's text
    """

    def __init__(self, environment: Any, key: str, checksum: str) -> None:
        self.environment = environment
        self.key = key
        self.checksum = checksum
        self.code: CodeType | None = None

    def bytecode_from_string(self, string: bytes) -> None:
        """Read the code from bytes.

        :param string: the bytes
        """
        self.load_bytecode(BytesIO(string))

    def bytecode_to_string(self) -> bytes:
        """Return the code as bytes."""
        file = BytesIO()
        self.write_bytecode(file)
        return file.getvalue()

    def write_bytecode(self, f: IO[bytes]) -> None:
        """Write the code to a file.

        :param f: the open file
        :raises TypeError: if there is no code
        """
        if self.code is None:
            raise TypeError("can't write empty bucket")
        f.write(self._header() + marshal.dumps(self.code))

    def load_bytecode(self, f: BinaryIO) -> None:
        """Read the code from a file; whatever doesn't match leaves the bucket empty.

        :param f: the open file
        """
        # Read at once: marshal reads a file piece by piece, which takes twice as long as all the rest.
        data = f.read()
        header = self._header()
        if not data.startswith(header):
            self.reset()
            return
        try:
            self.code = marshal.loads(memoryview(data)[len(header) :])
        except (EOFError, ValueError, TypeError):
            self.reset()

    def _header(self) -> bytes:
        """Return what the bytes of this bucket begin with: version, and checksum with its length."""
        checksum = self.checksum.encode()
        return bc_magic + len(checksum).to_bytes(4, "little") + checksum

    def reset(self) -> None:
        """Forget the code."""
        self.code = None


class BytecodeCache:
    """The base of caches: override :meth:`load_bytecode` and :meth:`dump_bytecode`."""

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        """Return the bucket of a template, filled if its code is there.

        Code depends on the settings of the environment too, so these are part of the checksum.

        :param environment: the environment
        :param name: the template's name
        :param filename: its file
        :param source: its text
        """
        key = self.get_cache_key(name, filename)
        settings = environment._code_fingerprint(name) if hasattr(environment, "_code_fingerprint") else ""
        bucket = Bucket(environment, key, self.get_source_checksum(source + settings))
        self.load_bytecode(bucket)
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep a bucket.

        :param bucket: the bucket
        """
        self.dump_bytecode(bucket)

    def clear(self) -> None:
        """Forget everything; a cache that can't does nothing."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket, if its code is there.

        :param bucket: the bucket
        """
        raise NotImplementedError(f"{type(self).__name__} doesn't say how it loads")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a bucket.

        :param bucket: the bucket
        """
        raise NotImplementedError(f"{type(self).__name__} doesn't say how it stores")

    def get_source_checksum(self, source: str) -> str:
        """Return the checksum of a template's text.

        :param source: the text
        """
        return sha1(source.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return where a template is kept.

        :param name: the template's name
        :param filename: its file
        """
        digest = sha1(name.encode("utf-8"), usedforsecurity=False)
        if filename is not None:
            digest.update(f"|{filename}".encode())
        return digest.hexdigest()


class FileSystemBytecodeCache(BytecodeCache):
    """Keeps code in files of one folder, which nobody else may write to.

    :param directory: the folder; by default one of the user's own below the system's folder for temporary files
    :param pattern: the files' names, with ``%s`` for the key
    """

    def __init__(self, directory: str | None = None, pattern: str = "__dray_%s.cache") -> None:
        self.directory = directory if directory is not None else self._get_default_cache_dir()
        self.pattern = pattern

    def clear(self) -> None:
        """Remove the files."""
        from fnmatch import filter as matching  # noqa: PLC0415 - only here

        for name in matching(os.listdir(self.directory), self.pattern % ("*",)):
            _remove(os.path.join(self.directory, name))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a bucket's file beside its place and move it there, so that no reader sees half of one.

        :param bucket: the bucket
        """
        from tempfile import mkstemp  # noqa: PLC0415 - tempfile costs start-up time

        target = self._get_cache_filename(bucket)
        handle, temporary = mkstemp(dir=self.directory, prefix=os.path.basename(target), suffix=".tmp")
        try:
            with open(handle, "wb") as file:
                bucket.write_bytecode(file)
            os.replace(temporary, target)
        except OSError:
            _remove(temporary)
        except BaseException:
            _remove(temporary)
            raise

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a bucket's file.

        :param bucket: the bucket
        """
        try:
            with open(self._get_cache_filename(bucket), "rb") as file:
                bucket.load_bytecode(file)
        except (FileNotFoundError, IsADirectoryError, PermissionError):
            pass

    def _get_cache_filename(self, bucket: Bucket) -> str:
        return os.path.join(self.directory, self.pattern % (bucket.key,))

    def _get_default_cache_dir(self) -> str:
        """Return a folder that belongs to the user and is closed to others.

        :raises RuntimeError: if the folder belongs to somebody else, is a link, or is open to others
        """
        from tempfile import gettempdir  # noqa: PLC0415 - tempfile costs start-up time

        parent = gettempdir()
        if os.name == "nt":  # the folder is the user's own there
            return parent
        if not hasattr(os, "getuid"):
            raise RuntimeError("Cannot determine safe temp directory. You need to explicitly provide one.")
        directory = os.path.join(parent, f"_dray-cache-{os.getuid()}")
        try:
            os.mkdir(directory, 0o700)
        except FileExistsError:
            pass
        _refuse_unsafe(directory)
        return directory


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


def _refuse_unsafe(directory: str) -> None:
    """Refuse a folder that somebody else could write to.

    :raises RuntimeError: if it is a link, belongs to somebody else or is open to others
    """
    import stat  # noqa: PLC0415 - only here

    found = os.lstat(directory)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise RuntimeError(
            f"the folder {directory!r} is not safe for a bytecode cache: it has to be a real folder of your own "
            "with mode 0700. Remove it, or pass a directory to FileSystemBytecodeCache."
        )


class MemcachedBytecodeCache(BytecodeCache):
    """Keeps code in memcached, by any client with ``get`` and ``set``.

    :param client: the client
    :param prefix: begins every key
    :param timeout: seconds that the server keeps code, ``None`` for its default
    :param ignore_memcache_errors: go on without the cache when the client fails
    """

    def __init__(
        self,
        client: Any,
        prefix: str = "dray/bytecode/",
        timeout: int | None = None,
        ignore_memcache_errors: bool = True,
    ) -> None:
        self.client = client
        self.prefix = prefix
        self.timeout = timeout
        self.ignore_memcache_errors = ignore_memcache_errors

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Send a bucket to the server.

        :param bucket: the bucket
        """
        key, value = self.prefix + bucket.key, bucket.bytecode_to_string()
        try:
            if self.timeout is None:
                self.client.set(key, value)
            else:
                self.client.set(key, value, self.timeout)
        except Exception:
            if not self.ignore_memcache_errors:
                raise

    def load_bytecode(self, bucket: Bucket) -> None:
        """Get a bucket from the server.

        :param bucket: the bucket
        """
        try:
            code = self.client.get(self.prefix + bucket.key)
        except Exception:
            if not self.ignore_memcache_errors:
                raise
            return
        if code is not None:
            bucket.bytecode_from_string(code)
