"""Training institutions, their names, trades and states, and employers (units)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.store.base import Code, Day, InstitutionKey, Key, Long, Name, Table, Word


class Institution(Table, kw_only=True):
    """A training institution under the office's own code, which is never reused.

    ``name_en`` exists only where the institution gave one. ``closed_on`` is the first day on
    which it is closed.
    """

    __tablename__ = "institution"
    __table_args__ = (CheckConstraint("closed_on > opened_on", name="closed_after_opened"),)

    id: Mapped[Key] = mapped_column(init=False)
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    name_en: Mapped[str | None] = mapped_column(String(200), default=None)
    credit_code: Mapped[str | None] = mapped_column(String(18), index=True, default=None)
    area_code: Mapped[Code] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    opened_on: Mapped[date | None] = mapped_column(default=None)
    closed_on: Mapped[date | None] = mapped_column(default=None)
    names: Mapped[list[InstitutionName]] = relationship(
        init=False, lazy="raise", default_factory=list
    )
    trades: Mapped[list[InstitutionTrade]] = relationship(
        init=False, lazy="raise", default_factory=list
    )


class InstitutionName(Table, kw_only=True):
    """A name it bears, bore, or is written under in files; ``key`` is the name made comparable.

    ``kind`` is current, former or alias.
    """

    __tablename__ = "institution_name"
    __table_args__ = (UniqueConstraint("institution_id", "key"),)

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    name: Mapped[Name]
    key: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[Word]


class InstitutionTrade(Table, kw_only=True):
    """A trade that the institution teaches."""

    __tablename__ = "institution_trade"
    __table_args__ = (UniqueConstraint("institution_id", "trade"),)

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    trade: Mapped[Code] = mapped_column(index=True)


class InstitutionState(Table, kw_only=True):
    """A dated state beside the edition's figures: suspended, resumed or closed.

    It holds from ``from_on`` until the day before ``until_on`` (None = until further notice);
    ``trade`` None means the whole institution.
    """

    __tablename__ = "institution_state"
    __table_args__ = (CheckConstraint("until_on > from_on", name="until_after_from"),)

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    state: Mapped[Word]
    trade: Mapped[str | None] = mapped_column(String(64), default=None)
    from_on: Mapped[Day]
    until_on: Mapped[date | None] = mapped_column(default=None)
    reason: Mapped[Long]
    decision_no: Mapped[str | None] = mapped_column(String(100), default=None)


class Unit(Table, kw_only=True):
    """An employer (生产经营单位) under the office's own code."""

    __tablename__ = "unit"

    id: Mapped[Key] = mapped_column(init=False)
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    credit_code: Mapped[str | None] = mapped_column(String(18), index=True, default=None)
    area_code: Mapped[Code] = mapped_column(index=True)
    industry: Mapped[str] = mapped_column(String(100), default="")
