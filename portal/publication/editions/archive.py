"""The sealed editions as the public finds them: their list, their manifests, their bundles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.publication.editions.canonical import read_canonical_json, unpack
from portal.publication.editions.manifest import MANIFEST, SIGNATURE
from portal.store.editions import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed edition's entry in the list.

    ``replaced_by`` is the edition that corrects it, ``withdrawn_by`` the one that takes it back.
    """

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
    kind: str
    replaces: int | None
    withdraws: int | None
    why_zh: str | None
    why_en: str | None
    replaced_by: int | None = None
    withdrawn_by: int | None = None

    @property
    def stands(self) -> bool:
        """Tell whether its figures are the ones that hold."""
        return self.kind == "figures" and self.replaced_by is None and self.withdrawn_by is None


_TOLD = (
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
    Edition.kind,
    Edition.replaces,
    Edition.withdraws,
    Edition.why_zh,
    Edition.why_en,
)


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
    asked = select(*_TOLD).where(Edition.state == "sealed")
    found = []
    replaced: dict[int, int] = {}
    withdrawn: dict[int, int] = {}
    for row in session.execute(asked.order_by(Edition.number.desc())).mappings():
        values = dict(row) | {
            "sealed_by": tuple(row["sealed_by"]),
            "replaced_by": replaced.get(row["number"]),
            "withdrawn_by": withdrawn.get(row["number"]),
        }
        found.append(Sealed(**values))
        replaced |= {row["replaces"]: row["number"]} if row["replaces"] else {}
        withdrawn |= {row["withdraws"]: row["number"]} if row["withdraws"] else {}
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
