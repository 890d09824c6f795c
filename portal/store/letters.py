"""What the public and the institutions write: tips, and requests for help."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import At, Day, Digest, Key, Long, Table, Word


class Letter(Table, kw_only=True):
    """A tip or a request for help; who wrote it stays inside, or was never told.

    ``kind`` is tip or help, ``state`` received, accepted, handed_off, answered or declined. Only
    the hash of the tracking code is kept. ``answer`` is what its writer reads at ``/track``.
    ``digest`` is that of the words, so that one letter is not taken twice a day.
    """

    __tablename__ = "letter"

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[Word]
    code_hash: Mapped[Digest] = mapped_column(unique=True)
    digest: Mapped[Digest] = mapped_column(index=True)
    about: Mapped[str] = mapped_column(String(200), default="")
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("institution.id"), index=True, default=None
    )
    by_institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("institution.id"), index=True, default=None
    )
    words: Mapped[Long]
    writer: Mapped[str] = mapped_column(String(100), default="")
    contact: Mapped[str] = mapped_column(String(100), default="")
    received_at: Mapped[At]
    received_on: Mapped[Day]
    accept_until_on: Mapped[Day]
    answer_until_on: Mapped[Day]
    state: Mapped[Word] = mapped_column(default="received")
    accepted_on: Mapped[date | None] = mapped_column(default=None)
    handed_to: Mapped[str | None] = mapped_column(String(32), default=None)
    answer: Mapped[str | None] = mapped_column(Text, default=None)
    answered_on: Mapped[date | None] = mapped_column(default=None)
    case_number: Mapped[str | None] = mapped_column(String(40), default=None)
