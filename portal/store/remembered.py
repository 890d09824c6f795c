"""What people taught the portal about files: other words for columns, names of institutions."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import At, Key, Name, Table, Word


class HeaderWord(Table, kw_only=True):
    """A word that heads a column in files of some kind; ``key`` is the word made comparable."""

    __tablename__ = "header_word"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[Key] = mapped_column(init=False)
    kind: Mapped[Word]
    key: Mapped[str] = mapped_column(String(200))
    word: Mapped[Name]
    column: Mapped[Word] = mapped_column("column_key")
    taught_by: Mapped[Name]
    taught_at: Mapped[At]


class OutsideName(Table, kw_only=True):
    """A name in files that is no institution of this office: rows under it count for nobody here.

    ``key`` is the name made comparable.
    """

    __tablename__ = "outside_name"

    id: Mapped[Key] = mapped_column(init=False)
    name: Mapped[Name]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    taught_by: Mapped[Name]
    taught_at: Mapped[At]
