"""TLS for the development server: certificates made on the spot, or from files.

Making certificates takes the ``cryptography`` library (the ``tls`` extra), which is imported only then.
"""

from __future__ import annotations

import atexit
import os
import ssl
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKeyWithSerialization
    from cryptography.x509 import Certificate

#: What ``ssl_context`` may be: a context, certificate and key files, or the word for a new certificate.
SSLContextArg = ssl.SSLContext | tuple[str, str | None] | str
_YEAR = timedelta(days=365)


def generate_adhoc_ssl_pair(cn: str | None = None) -> tuple[Certificate, RSAPrivateKeyWithSerialization]:
    """Make a self-signed certificate and its key.

    :param cn: The common name, also an alternative name, with all names below it; ``*`` when left out.
    :raises TypeError: ``cryptography`` isn't installed.
    """
    try:
        from cryptography import x509  # noqa: PLC0415 - optional, and slow to import
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - the same
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - the same
        from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: PLC0415 - the same
    except ImportError:
        raise TypeError("Ad hoc certificates need the cryptography library: install dray-wsgi-tools[tls].") from None
    name = "*" if cn is None else cn
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Dray development certificate"),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _YEAR)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), x509.DNSName(f"*.{name}")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def _pem(certificate: Certificate, key: RSAPrivateKeyWithSerialization) -> tuple[bytes, bytes]:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - optional, and slow to import

    return certificate.public_bytes(serialization.Encoding.PEM), key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def _write_private(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def make_ssl_devcert(base_path: str, host: str | None = None, cn: str | None = None) -> tuple[str, str]:
    """Make a certificate for development, and write it to files.

    :param base_path: Path of the files without their endings ``.crt`` and ``.key``.
    :param host: The host name; the certificate is for it and all names below it.
    :param cn: The common name, in place of a host.
    :return: Paths of the certificate and the key.
    """
    certificate, key = _pem(*generate_adhoc_ssl_pair(host if host is not None else cn))
    cert_file, key_file = f"{base_path}.crt", f"{base_path}.key"
    _write_private(cert_file, certificate)
    _write_private(key_file, key)
    return cert_file, key_file


def generate_adhoc_ssl_context() -> ssl.SSLContext:
    """Make a context with a new certificate, whose files are removed when the program ends."""
    certificate, key = _pem(*generate_adhoc_ssl_pair())
    folder = tempfile.TemporaryDirectory(prefix="dray-tls-")
    atexit.register(folder.cleanup)
    cert_file, key_file = os.path.join(folder.name, "cert.pem"), os.path.join(folder.name, "key.pem")
    _write_private(cert_file, certificate)
    _write_private(key_file, key)
    return load_ssl_context(cert_file, key_file)


def load_ssl_context(cert_file: str, pkey_file: str | None = None, protocol: int | None = None) -> ssl.SSLContext:
    """Make a context from files.

    :param cert_file: The certificate, with those that signed it.
    :param pkey_file: The key, unless it is in the same file.
    :param protocol: One of :mod:`ssl`'s protocol constants; TLS as a server when left out.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if protocol is None else protocol)
    context.load_cert_chain(cert_file, pkey_file)
    return context


def is_ssl_error(error: Exception | None = None) -> bool:
    """Say whether an error, or the one that is being handled, comes from TLS."""
    if error is None:
        error = sys.exc_info()[1]  # type: ignore[assignment]
    return isinstance(error, ssl.SSLError)


def as_context(value: SSLContextArg | None) -> ssl.SSLContext | None:
    """Turn what callers give for ``ssl_context`` into a context.

    :raises ValueError: It is none of the things that are understood.
    """
    if value is None or isinstance(value, ssl.SSLContext):
        return value
    if isinstance(value, tuple):
        return load_ssl_context(*value)
    if value == "adhoc":
        return generate_adhoc_ssl_context()
    raise ValueError(f"ssl_context must be an SSLContext, (certificate, key) or 'adhoc', not {value!r}")
