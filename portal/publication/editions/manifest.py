"""The signed page of an edition: what it is, what it holds, and which edition came before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.publication.editions.canonical import canonical_json, pack, sha256
from portal.publication.editions.chain import ChainLine, chain_member, head_of
from portal.publication.editions.signing import public_hex

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
FORMAT = "edition/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """When and by whom an edition was sealed; ``by_operator``: without two persons' approval.

    ``chain`` holds every entry before it, ``keys`` says which keys followed one another,
    ``factual_check`` how the institutions' check of their figures ended; None: there was none.
    """

    number: int
    previous: str | None
    composed_at: datetime
    sealed_at: datetime
    sealed_by: Sequence[str]
    by_operator: bool
    chain: Sequence[ChainLine] = ()
    keys: Sequence[Mapping[str, Any]] = ()
    factual_check: Mapping[str, Any] | None = None


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
    """Return the bundle of these members and the chain so far, under a signed manifest."""
    members = {**members, **chain_member(seal.chain)}
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
            "chain": head_of(seal.chain),
            "factual_check": dict(seal.factual_check) if seal.factual_check else None,
            "key": public_hex(key),
            "keys": [dict(one) for one in seal.keys],
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
