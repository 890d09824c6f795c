"""What is not as it was reported any more, and until when the change must be reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from portal.domain.fact_places import question_of
from portal.domain.report_review import Proof
from portal.rules.rulebook import Rulebook
from portal.store.reports import UNDER_REVIEW, Fact, SpecialReport

VENUES = "venues.venues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A lease of an accepted venue and its last day."""

    fact: Fact
    name: str
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDue:
    """A fact that is known to be otherwise since a day; ``why`` is lease_over or contradicted.

    ``due_on`` None: no rule says until when it must be reported.
    """

    fact: Fact
    why: str
    since_on: date
    due_on: date | None


def leases_of(facts: list[Fact]) -> list[Lease]:
    """Return the leases among accepted facts, the one that ends first first."""
    rows = [fact for fact in facts if question_of(fact.path) == VENUES]
    found = [
        Lease(fact=fact, name=fact.value.get("name", ""), ends_on=date.fromisoformat(ends))
        for fact in rows
        if fact.value.get("tenure") == "leased" and (ends := fact.value.get("lease_end_on"))
    ]
    return sorted(found, key=lambda lease: lease.ends_on)


def changes_due(
    facts: list[Fact], versions: list[SpecialReport], day: date, rules: Rulebook, zone: ZoneInfo
) -> list[ChangeDue]:
    """Return what must be reported as changed, known earliest first.

    A version handed in since is taken as the report of it while it is under review.
    """
    told = [
        version.submitted_at.astimezone(zone).date()
        for version in versions
        if version.state in UNDER_REVIEW
    ]
    due = [
        ChangeDue(fact=fact, why=why, since_on=since, due_on=until(since, rules))
        for fact, why, since in _known(facts, day)
        if not any(on >= since for on in told)
    ]
    return sorted(due, key=lambda one: one.since_on)


def until(since: date, rules: Rulebook) -> date | None:
    """Return the last day on which a change since then is reported in time; None: no rule."""
    days = rules.report.change_report_days
    return None if days is None else rules.calendar.add_working_days(since, days)


def _known(facts: list[Fact], day: date) -> Iterator[tuple[Fact, str, date]]:
    for fact in facts:
        if fact.proof == Proof.CONTRADICTED and fact.proved_on:
            yield fact, "contradicted", fact.proved_on
    for lease in leases_of(facts):
        if lease.ends_on < day and lease.fact.proof != Proof.CONTRADICTED:
            yield lease.fact, "lease_over", lease.ends_on
