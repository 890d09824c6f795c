"""Numbered bulletins (通报) of the problem list."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Day, Key, Table


class Bulletin(Table, kw_only=True):
    """The list as it stood on ``on``, by the numbers of its entries only.

    What an entry said is read anew at each showing, so that nothing outlives its publication.
    ``planned_on`` is the calendar's day for it.
    """

    __tablename__ = "bulletin"

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[int] = mapped_column(unique=True)
    document_no: Mapped[str] = mapped_column(String(100), unique=True)
    planned_on: Mapped[Day] = mapped_column(unique=True)
    on: Mapped[Day] = mapped_column("on_day")
    entries: Mapped[list[str]] = mapped_column(JSON)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
