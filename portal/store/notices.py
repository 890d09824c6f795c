"""Public notices (公示公告) that the regulator writes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Day, Key, Long, Name, Table


class Notice(Table, kw_only=True):
    """A notice, public from ``published_on`` until the day before ``withdrawn_on``."""

    __tablename__ = "notice"

    id: Mapped[Key] = mapped_column(init=False)
    title: Mapped[Name]
    title_en: Mapped[str | None] = mapped_column(String(200), default=None)
    document_no: Mapped[str | None] = mapped_column(String(100), default=None)
    body: Mapped[Long]
    body_en: Mapped[str | None] = mapped_column(default=None)
    published_on: Mapped[Day]
    published_by: Mapped[Name]
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)
