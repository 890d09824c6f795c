"""Keys that follow one another: the old key signs that the new one comes after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.people import Actor
from portal.publication.editions.canonical import canonical_json, sha256
from portal.publication.editions.signing import kept_key, new_key, public_hex, signing_key
from portal.store.audit import record
from portal.store.chain import append
from portal.store.editions import SigningKey


def keys_so_far(session: Session) -> list[SigningKey]:
    """Return every key that ever signed or will sign the next edition, oldest first."""
    return list(session.scalars(select(SigningKey).order_by(SigningKey.id)))


def told_keys(keys: Iterable[SigningKey]) -> list[dict[str, Any]]:
    """Return the keys as a manifest and the API tell of them."""
    return [
        {
            "key": one.public_key,
            "from": _instant(one.from_at),
            "before": one.before,
            "endorsement": one.endorsement,
        }
        for one in keys
    ]


def present_key(session: Session, data_dir: Path, at: datetime) -> Ed25519PrivateKey:
    """Return the key that signs now; the first one is made and written into the chain.

    Raises:
        RuleBroken: its private half is not in the data folder.

    """
    keys = keys_so_far(session)
    if keys:
        return kept_key(data_dir, keys[-1].public_key)
    key = signing_key(data_dir)
    _write(session, key, None, at)
    return key


def rotate(session: Session, actor: Actor, data_dir: Path, at: datetime) -> SigningKey:
    """Let a new key sign from now on; the present one vouches for it.

    The old private key stays in its file until the operator removes it.
    """
    old = present_key(session, data_dir, at)
    new = new_key(data_dir)
    row = _write(session, new, old, at)
    facts = {"before": public_hex(old), "key": row.public_key}
    record(session, actor, "key.rotated", f"key:{row.public_key[:16]}", at, **facts)
    return row


def trusted_with(keys: object, trusted: frozenset[str]) -> frozenset[str]:
    """Return the trusted keys and those that they vouch for, step by step."""
    found = set(trusted)
    for told in keys if isinstance(keys, list) else []:
        if isinstance(told, dict) and told.get("before") in found and _vouched(told):
            found.add(str(told["key"]))
    return frozenset(found)


def _vouched(told: Mapping[str, Any]) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told["before"]))
        public.verify(bytes.fromhex(told["endorsement"]), _statement(told))
    except (InvalidSignature, ValueError, TypeError, KeyError):
        return False
    return True


def _statement(told: Mapping[str, Any]) -> bytes:
    return canonical_json({name: told[name] for name in ("key", "from", "before")})


def _write(
    session: Session, key: Ed25519PrivateKey, before: Ed25519PrivateKey | None, at: datetime
) -> SigningKey:
    old = public_hex(before) if before else None
    told = {"key": public_hex(key), "from": _instant(at), "before": old}
    row = SigningKey(
        public_key=public_hex(key),
        from_at=at,
        before=old,
        endorsement=before.sign(_statement(told)).hex() if before else None,
    )
    session.add(row)
    append(session, "key", sha256(_statement(told)), at)
    return row


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
