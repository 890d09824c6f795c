"""The way from an empty site to the first edition: what is done, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.people import Role
from portal.store.base import Table
from portal.store.editions import Edition
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.store.receipts import Receipt
from portal.store.reports import ReportingPeriod

_FOUR_EYES = 2
_RESULTS = ("exams", "tallies")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteps:
    """How far a site has come; the counts are of what is there today."""

    institutions: int
    regulators: int
    authorities: int
    holders: int
    """Institutions that have an account holder."""
    result_files: int
    periods: int
    sealed: int

    @property
    def people_ready(self) -> bool:
        """Tell whether two can decide together, and somebody can bring results."""
        return self.regulators >= _FOUR_EYES and self.authorities > 0

    @property
    def all_done(self) -> bool:
        """Tell whether nothing of the way is left."""
        rest = (self.institutions, self.result_files, self.periods, self.sealed)
        return self.people_ready and all(rest)


def first_steps(session: Session) -> FirstSteps:
    """Return how far the site has come."""
    return FirstSteps(
        institutions=_count(session, Institution),
        regulators=_people(session, Role.REGULATOR),
        authorities=_people(session, Role.AUTHORITY),
        holders=_holders(session),
        result_files=_result_files(session),
        periods=_count(session, ReportingPeriod),
        sealed=_sealed(session),
    )


def _count(session: Session, table: type[Table]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _people(session: Session, role: Role) -> int:
    active = select(func.count()).where(Person.role == role.value, Person.ended_at.is_(None))
    return session.scalar(active) or 0


def _holders(session: Session) -> int:
    held = select(func.count(Person.institution_id.distinct())).where(
        Person.is_holder, Person.ended_at.is_(None)
    )
    return session.scalar(held) or 0


def _result_files(session: Session) -> int:
    standing = select(func.count()).where(Receipt.kind.in_(_RESULTS), Receipt.undone_at.is_(None))
    return session.scalar(standing) or 0


def _sealed(session: Session) -> int:
    return session.scalar(select(func.count()).where(Edition.state == "sealed")) or 0
