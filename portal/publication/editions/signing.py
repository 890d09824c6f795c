"""The office's signing key: made at first need, kept in the data folder, and what it signs."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from portal.domain.errors import RuleBroken

_PRIVATE = "signing.pem"
_OWNER_ONLY = 0o600


def signing_key(data_dir: Path) -> Ed25519PrivateKey:
    """Return the office's private key; made where there is none yet.

    Raises:
        RuleBroken: the file is not an Ed25519 key.

    """
    file = data_dir / "keys" / "private" / _PRIVATE
    if not file.exists():
        _keep(file, _pem(Ed25519PrivateKey.generate()), _OWNER_ONLY)
    key = _loaded(file)
    _publish(key, data_dir)
    return key


def new_key(data_dir: Path) -> Ed25519PrivateKey:
    """Return a new private key, kept beside the others under a name of its own."""
    key = Ed25519PrivateKey.generate()
    _keep(data_dir / "keys" / "private" / f"{public_hex(key)[:16]}.pem", _pem(key), _OWNER_ONLY)
    _publish(key, data_dir)
    return key


def kept_key(data_dir: Path, public: str) -> Ed25519PrivateKey:
    """Return the private key whose public half is ``public``.

    Raises:
        RuleBroken: it is not in the data folder.

    """
    for file in sorted((data_dir / "keys" / "private").glob("*.pem")):
        key = _loaded(file)
        if public_hex(key) == public:
            _publish(key, data_dir)
            return key
    raise RuleBroken("verify.key_lost", key=public[:16])


def _loaded(file: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except ValueError as cause:
        raise RuleBroken("verify.key_file", file=str(file)) from cause
    if not isinstance(key, Ed25519PrivateKey):
        raise RuleBroken("verify.key_file", file=str(file))
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """Return the public half as 64 hexadecimal digits."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _publish(key: Ed25519PrivateKey, data_dir: Path) -> None:
    file = data_dir / "keys" / "public" / f"{public_hex(key)[:16]}.pem"
    if not file.exists():
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        _keep(file, pem, 0o644)


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _keep(file: Path, content: bytes, mode: int) -> None:
    """Write a file whole or not at all; if another process was faster, its file stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == _OWNER_ONLY else 0o755)
    passing = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(passing, file)
    except FileExistsError:
        pass
    finally:
        passing.unlink()
