"""What an institution tells workers any day: fee, class dates, phone. All self-reported, dated."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Code, Day, InstitutionKey, Key, Table, Word


class Fee(Table, kw_only=True):
    """The fee for one trade; amounts in cents; ``ended_on`` is the first day it no longer holds."""

    __tablename__ = "fee"
    __table_args__ = (
        CheckConstraint("total_cents >= 0", name="total_not_negative"),
        CheckConstraint("retake_cents >= 0", name="retake_not_negative"),
        CheckConstraint("material_cents >= 0", name="material_not_negative"),
        Index("ix_fee_current", "institution_id", "trade", "ended_on"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    trade: Mapped[Code]
    total_cents: Mapped[int]
    includes: Mapped[str] = mapped_column(String(200), default="")
    retake_cents: Mapped[int | None] = mapped_column(default=None)
    material_cents: Mapped[int | None] = mapped_column(default=None)
    stated_on: Mapped[Day]
    ended_on: Mapped[date | None] = mapped_column(default=None)


class ClassDate(Table, kw_only=True):
    """A class that will start; it drops off by itself the day after it started.

    ``schedule`` is weekday, weekend or evening. ``withdrawn_on``: taken back on that day.
    """

    __tablename__ = "class_date"
    __table_args__ = (CheckConstraint("free_places >= 0", name="places_not_negative"),)

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    trade: Mapped[Code]
    starts_on: Mapped[Day] = mapped_column(index=True)
    schedule: Mapped[Word]
    free_places: Mapped[int | None] = mapped_column(default=None)
    stated_on: Mapped[Day]
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)


class ContactPhone(Table, kw_only=True):
    """A phone number that the institution stated, from ``stated_on`` until ``ended_on``."""

    __tablename__ = "contact_phone"

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    phone: Mapped[str] = mapped_column(String(40))
    stated_on: Mapped[Day]
    ended_on: Mapped[date | None] = mapped_column(default=None)
