"""Verification of bytes, signature and chain: plain Python and ``cryptography``, no database.

A fault is raised as :class:`RuleBroken`; the first one found ends the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from portal.domain.errors import RuleBroken
from portal.publication.editions.canonical import LARGEST, read_canonical_json, sha256, unpack
from portal.publication.editions.chain import ChainLine, chain_of
from portal.publication.editions.manifest import FORMAT, MANIFEST, SIGNATURE
from portal.publication.editions.rotation import trusted_with

_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)
_HEX_KEY = re.compile(r"[0-9a-f]{64}")
_HEX_SIGNATURE = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A bundle whose bytes and signature hold: its manifest, its members, its key."""

    manifest: Mapping[str, Any]
    members: Mapping[str, bytes]
    manifest_sha256: str
    key: str
    chain: tuple[ChainLine, ...]

    @property
    def number(self) -> int:
        """Return the edition's number."""
        number: int = self.manifest["number"]
        return number

    @property
    def previous(self) -> str | None:
        """Return the hash of the edition before; None of the first."""
        previous: str | None = self.manifest["previous"]
        return previous


def opened(content: bytes, trusted: Iterable[str]) -> Opened:
    """Return what a bundle holds, its bytes and its signature checked.

    ``trusted`` are public keys in hexadecimal.

    Raises:
        RuleBroken: the first fault found.

    """
    if len(content) > LARGEST:
        raise RuleBroken("verify.too_large")
    members = unpack(content)
    written = {name: members.pop(name, None) for name in (MANIFEST, SIGNATURE)}
    for name, what in written.items():
        if what is None:
            raise RuleBroken("verify.missing", member=name)
    manifest = read_canonical_json(written[MANIFEST] or b"", MANIFEST)
    _check_form(manifest)
    known = trusted_with(manifest.get("keys"), frozenset(trusted))
    key = _check_signature(written[MANIFEST] or b"", written[SIGNATURE] or b"", known)
    if manifest["key"] != key:
        raise RuleBroken("verify.signature")
    _check_members(manifest["members"], members)
    return Opened(
        manifest=manifest,
        members=members,
        manifest_sha256=sha256(written[MANIFEST] or b""),
        key=key,
        chain=chain_of(manifest, members),
    )


def check_chain(editions: Mapping[int, Opened]) -> None:
    """Check that editions, by the number under which they were found, are one whole chain.

    Raises:
        RuleBroken: one is missing, stands under another's number, or follows from another past.

    """
    before: Opened | None = None
    for expected, (number, edition) in enumerate(sorted(editions.items()), 1):
        if number != expected:
            raise RuleBroken("verify.chain_gap", number=expected)
        if edition.number != number:
            raise RuleBroken("verify.chain_number", found=edition.number, number=number)
        if edition.previous != (before and before.manifest_sha256):
            raise RuleBroken("verify.chain_previous", number=number, before=number - 1)
        _check_history(edition, before)
        before = edition


def _check_history(edition: Opened, before: Opened | None) -> None:
    """Check that an edition's chain goes on where the one before it ended."""
    past = before.chain if before else ()
    for entry, (told, line) in enumerate(zip_longest(past, edition.chain[: len(past)]), 1):
        if told != line:
            raise RuleBroken("verify.chain_history", number=edition.number, entry=entry)
    editions = [line.edition for line in edition.chain if line.kind == "edition"]
    if editions != list(range(1, edition.number)):
        raise RuleBroken("verify.chain_history", number=edition.number, entry=len(past) + 1)


def keys_in(place: Path) -> tuple[str, ...]:
    """Return the public keys of a PEM file, or of all PEM files of a folder, in hexadecimal.

    Raises:
        RuleBroken: a file holds no Ed25519 public key.

    """
    files = sorted(place.glob("*.pem")) if place.is_dir() else [place]
    return tuple(key for file in files for key in _keys_of(file))


def pem_of(key: str) -> str:
    """Return a public key given in hexadecimal as PEM."""
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _keys_of(file: Path) -> list[str]:
    try:
        blocks = _PEM.findall(file.read_bytes())
        keys = [load_pem_public_key(block + b"\n") for block in blocks]
    except (OSError, ValueError, UnsupportedAlgorithm) as cause:
        raise RuleBroken("verify.key_file", file=str(file)) from cause
    found = [key for key in keys if isinstance(key, Ed25519PublicKey)]
    if not found or len(found) < len(keys):
        raise RuleBroken("verify.key_file", file=str(file))
    return [key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex() for key in found]


def _check_form(manifest: Mapping[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise RuleBroken("verify.format", format=str(manifest.get("format")), known=FORMAT)
    types = {"number": int, "period": str, "key": str, "method": str, "members": list}
    wrong = [name for name, kind in types.items() if type(manifest.get(name)) is not kind]
    if wrong or not isinstance(manifest.get("previous", 0), str | None):
        raise RuleBroken("verify.not_canonical", member=MANIFEST)


def _check_signature(manifest: bytes, signed: bytes, trusted: frozenset[str]) -> str:
    """Return the key under which the manifest's signature holds."""
    told = read_canonical_json(signed, SIGNATURE)
    key, signature = str(told.get("key")), str(told.get("signature"))
    if told.keys() != {"algorithm", "key", "signature"} or told["algorithm"] != "ed25519":
        raise RuleBroken("verify.signature")
    if not (_HEX_KEY.fullmatch(key) and _HEX_SIGNATURE.fullmatch(signature)):
        raise RuleBroken("verify.signature")
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), manifest)
    except (InvalidSignature, ValueError) as cause:
        raise RuleBroken("verify.signature") from cause
    if key not in trusted:
        raise RuleBroken("verify.unknown_key", signer=key)
    return key


def _check_members(listed: list[Any], members: Mapping[str, bytes]) -> None:
    told = [
        {"path": name, "bytes": len(what), "sha256": sha256(what)}
        for name, what in sorted(members.items())
    ]
    if told == listed:
        return
    for name, what in sorted(members.items()):
        if {"path": name, "bytes": len(what), "sha256": sha256(what)} not in listed:
            raise RuleBroken("verify.member", member=name)
    lost = [one.get("path") for one in listed if isinstance(one, dict)]
    missing = sorted(str(name) for name in lost if name not in members)
    raise RuleBroken("verify.missing", member=missing[0] if missing else MANIFEST)
