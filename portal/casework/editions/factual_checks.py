"""The institutions' check of their own figures: asked, agreed, silent; the regulator's side of it.

Each institution has the rule's working days from the day on which it is asked. Who says nothing is
recorded as having no objection. What it objects to: :mod:`portal.casework.editions.objections`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.supervision.cases import Stand
from portal.domain.errors import NotFound, RuleBroken, TooLate
from portal.domain.people import Permission
from portal.store.audit import record
from portal.store.editions import Edition
from portal.store.factual_checks import FigureCheck, Objection
from portal.store.institutions import Institution


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One institution's check, with its name and code."""

    check: FigureCheck
    code: str
    name: str
    name_en: str | None


def open_checks(stand: Stand, edition: Edition, own: Mapping[str, str]) -> int:
    """Ask the institutions of ``own`` (code → hash of its figures) that must be asked now.

    An institution that was asked before is asked again only where its own figures have changed and
    it has not brought that about by an objection that was accepted. Return how many were asked.

    Raises:
        NotAllowed: the person may not compose editions.
        RuleBroken: everybody was asked already.

    """
    stand.actor.require(Permission.COMPOSE_EDITION)
    wanted = to_ask(stand.session, edition, own)
    if not wanted:
        raise RuleBroken("check.nobody_to_ask")
    until = stand.rules.calendar.add_working_days(stand.day, stand.rules.factual_check.working_days)
    known = {one.code: one.check for one in asked_of(stand.session, edition)}
    for code, key in _keys(stand.session, wanted).items():
        if code in known:
            _ask_again(known[code], stand, own[code], until)
            continue
        check = FigureCheck(
            edition_id=edition.id,
            institution_id=key,
            opened_on=stand.day,
            closes_on=until,
            opened_by=stand.actor.name,
            figures_sha256=own[code],
        )
        stand.session.add(check)
    facts = {"asked": len(wanted), "until": until.isoformat()}
    thing = f"edition:{edition.number}"
    record(stand.session, stand.actor, "check.opened", thing, stand.at, **facts)
    return len(wanted)


def to_ask(session: Session, edition: Edition, own: Mapping[str, str]) -> list[str]:
    """Return the codes of those that were not asked about their present figures."""
    known = {one.code: one.check for one in asked_of(session, edition)}
    heard = _accepted(session, edition.period)
    return [
        code
        for code, digest in sorted(own.items())
        if code not in known or (known[code].figures_sha256 != digest and code not in heard)
    ]


def agree(stand: Stand, number: int) -> None:
    """Record that the institution has checked its figures and has no objection.

    Raises:
        NotFound: the institution was not asked about that edition.
        TooLate: its days are over.

    """
    stand.actor.require(Permission.CHECK_FIGURES)
    check = own_check(stand, number)
    require_open(check, stand.day)
    if check.outcome != "open":
        raise RuleBroken("check.answered_already")
    check.outcome = "agreed"
    check.answered_by, check.answered_at = stand.actor.name, stand.at
    record(stand.session, stand.actor, "check.agreed", f"edition:{number}", stand.at)


def own_check(stand: Stand, number: int) -> FigureCheck:
    """Return the signed-in institution's check of a draft, locked.

    Raises:
        NotFound: it was not asked about that edition, or the edition is no draft any more.

    """
    asked = (
        select(FigureCheck)
        .join(Edition, Edition.id == FigureCheck.edition_id)
        .where(
            Edition.number == number,
            Edition.state == "draft",
            FigureCheck.institution_id == stand.actor.institution_id,
        )
        .with_for_update()
    )
    found = stand.session.scalar(asked)
    if found is None:
        raise NotFound("check.unknown", number=number)
    return found


def require_open(check: FigureCheck, day: date) -> None:
    """Let an answer through while there is time.

    Raises:
        TooLate: the last day is over.

    """
    if day > check.closes_on:
        raise TooLate("check.too_late", until=check.closes_on)


def asked_of(session: Session, edition: Edition) -> list[Asked]:
    """Return everybody who was asked about an edition, by code."""
    asked = (
        select(FigureCheck, Institution.code, Institution.name, Institution.name_en)
        .join(Institution, Institution.id == FigureCheck.institution_id)
        .where(FigureCheck.edition_id == edition.id)
        .order_by(Institution.code)
    )
    return [
        Asked(check=check, code=code, name=name, name_en=name_en)
        for check, code, name, name_en in session.execute(asked)
    ]


def close_checks(session: Session, edition: Edition, day: date) -> dict[str, object] | None:
    """Record silence as no objection where the days are over; return how the check ended.

    None: nobody was asked.
    """
    asked = asked_of(session, edition)
    for one in asked:
        if one.check.outcome == "open" and day > one.check.closes_on:
            one.check.outcome = "silent"
    return told_checks(session, edition, asked)


def told_checks(session: Session, edition: Edition, asked: list[Asked]) -> dict[str, object] | None:
    """Return the figures of a check, as pages and manifests tell of it; None: nobody was asked."""
    if not asked:
        return None
    ends = Counter(one.check.outcome for one in asked)
    states = Counter(one.state for one in _objections(session, edition.period))
    return {
        "opened_on": min(one.check.opened_on for one in asked).isoformat(),
        "closes_on": max(one.check.closes_on for one in asked).isoformat(),
        "asked": len(asked),
        **{name: ends[name] for name in ("agreed", "objected", "silent", "open")},
        "objections": {name: states[name] for name in ("accepted", "rejected", "open")},
    }


def _ask_again(check: FigureCheck, stand: Stand, digest: str, until: date) -> None:
    check.figures_sha256 = digest
    check.opened_on, check.closes_on = stand.day, until
    check.opened_by, check.outcome = stand.actor.name, "open"
    check.answered_by = check.answered_at = None


def _keys(session: Session, codes: list[str]) -> dict[str, int]:
    rows = session.execute(
        select(Institution.code, Institution.id).where(Institution.code.in_(codes))
    )
    return {code: key for code, key in rows}  # noqa: C416  # rows are no pairs to the type checker


def _accepted(session: Session, period: str) -> set[str]:
    asked = (
        select(Institution.code)
        .join(Objection, Objection.institution_id == Institution.id)
        .where(Objection.period == period, Objection.state == "accepted")
    )
    return set(session.scalars(asked))


def _objections(session: Session, period: str) -> list[Objection]:
    return list(session.scalars(select(Objection).where(Objection.period == period)))
