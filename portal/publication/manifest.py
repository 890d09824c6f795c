"""The signed page of an edition: what it is, what it holds, and which edition came before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.publication.canonical import canonical_json, pack, sha256
from portal.publication.signing import public_hex

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
FORMAT = "edition/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """When and by whom an edition was sealed; ``by_operator``: without two persons' approval."""

    number: int
    previous: str | None
    composed_at: datetime
    sealed_at: datetime
    sealed_by: Sequence[str]
    by_operator: bool


@dataclass(frozen=True, slots=True)
class Bundle:
    """A sealed bundle and the hashes that name it."""

    content: bytes
    manifest_sha256: str
    signature: str
    key: str

    @property
    def sha256(self) -> str:
        """Return the hash of the zip file."""
        return sha256(self.content)


def sealed(
    members: Mapping[str, bytes], head: Mapping[str, Any], seal: Seal, key: Ed25519PrivateKey
) -> Bundle:
    """Return the bundle of these members under a signed manifest."""
    manifest = canonical_json(
        {
            **head,
            "format": FORMAT,
            "number": seal.number,
            "previous": seal.previous,
            "composed_at": _instant(seal.composed_at),
            "sealed_at": _instant(seal.sealed_at),
            "sealed_by": list(seal.sealed_by),
            "by_operator": seal.by_operator,
            "key": public_hex(key),
            "members": [
                {"path": name, "bytes": len(members[name]), "sha256": sha256(members[name])}
                for name in sorted(members)
            ],
        }
    )
    signature = key.sign(manifest).hex()
    signed = canonical_json(
        {"algorithm": "ed25519", "key": public_hex(key), "signature": signature}
    )
    content = pack({**members, MANIFEST: manifest, SIGNATURE: signed})
    return Bundle(content, sha256(manifest), signature, public_hex(key))


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
