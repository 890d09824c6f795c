"""The sealed editions as the public finds them: their list, their manifests, their bundles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.publication.canonical import read_canonical_json, unpack
from portal.publication.manifest import MANIFEST, SIGNATURE
from portal.store.editions import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed edition's entry in the list; ``replaced_by`` is the edition that corrects it."""

    number: int
    period: str
    sealed_at: datetime
    sealed_by: tuple[str, ...]
    by_operator: bool
    manifest_sha256: str
    bundle_sha256: str
    previous_sha256: str | None
    signature: str
    signing_key: str
    bundle_bytes: int
    replaces: int | None
    replaced_by: int | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a bundle holds: its manifest, and each file with size and hash."""

    manifest: dict[str, Any]
    members: dict[str, bytes]

    @property
    def files(self) -> list[dict[str, Any]]:
        """Return path, bytes and sha256 of every file that the manifest lists."""
        listed: list[dict[str, Any]] = self.manifest["members"]
        return listed


def sealed_editions(session: Session) -> list[Sealed]:
    """Return all sealed editions, newest first."""
    asked = select(
        Edition.number,
        Edition.period,
        Edition.sealed_at,
        Edition.sealed_by,
        Edition.by_operator,
        Edition.manifest_sha256,
        Edition.bundle_sha256,
        Edition.previous_sha256,
        Edition.signature,
        Edition.signing_key,
        func.length(Edition.bundle).label("bundle_bytes"),
        Edition.replaces,
    ).where(Edition.state == "sealed")
    found = []
    replaced: dict[int, int] = {}
    for row in session.execute(asked.order_by(Edition.number.desc())).mappings():
        values = dict(row) | {"sealed_by": tuple(row["sealed_by"])}
        found.append(Sealed(**values, replaced_by=replaced.get(row["number"])))
        if row["replaces"] is not None:
            replaced[row["replaces"]] = row["number"]
    return found


def sealed_edition(session: Session, number: int) -> Sealed:
    """Return one sealed edition.

    Raises:
        NotFound: there is none with this number.

    """
    found = (one for one in sealed_editions(session) if one.number == number)
    edition = next(found, None)
    if edition is None:
        raise NotFound("edition.unknown", number=number)
    return edition


def bundle_of(session: Session, number: int) -> bytes:
    """Return the zip file of a sealed edition.

    Raises:
        NotFound: there is none with this number.

    """
    bundle = session.scalar(
        select(Edition.bundle).where(Edition.number == number, Edition.state == "sealed")
    )
    if bundle is None:
        raise NotFound("edition.unknown", number=number)
    return bundle


def contents_of(bundle: bytes) -> Contents:
    """Return what a sealed bundle holds."""
    members = unpack(bundle)
    manifest = read_canonical_json(members.pop(MANIFEST), MANIFEST)
    members.pop(SIGNATURE)
    return Contents(manifest, members)


def open_drafts(session: Session) -> list[Edition]:
    """Return the drafts that are not sealed yet, by number."""
    asked = select(Edition).where(Edition.state == "draft").order_by(Edition.number)
    return list(session.scalars(asked))


def edition_numbered(session: Session, number: int) -> Edition:
    """Return a draft or a sealed edition.

    Raises:
        NotFound: there is none with this number.

    """
    edition = session.scalar(select(Edition).where(Edition.number == number))
    if edition is None:
        raise NotFound("edition.unknown", number=number)
    return edition
