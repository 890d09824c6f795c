"""Files that come with a statement, a report of rectification or a letter."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import At, Digest, Key, Name, Table, Word


class Paper(Table, kw_only=True):
    """One file under a neutral name; ``subject`` is what it belongs to, as ``case:A2026-0001``."""

    __tablename__ = "paper"

    id: Mapped[Key] = mapped_column(init=False)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    file: Mapped[str] = mapped_column(String(32))
    kind: Mapped[Word]
    name: Mapped[Name]
    bytes: Mapped[int]
    sha256: Mapped[Digest]
    act: Mapped[Word]
    added_by: Mapped[Name]
    added_at: Mapped[At]


def papers_of(session: Session, subject: str) -> Sequence[Paper]:
    """Return the files of a case or a letter, in the order in which they came."""
    return session.scalars(select(Paper).where(Paper.subject == subject).order_by(Paper.id)).all()
