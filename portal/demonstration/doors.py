"""The doors that real data take, as the worlds use them: a file handed in, an edition sealed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.domain.people import OPERATOR
from portal.domain.period import Period
from portal.intake.files.formats import Kind
from portal.intake.files.source import Source
from portal.intake.handing_in import Counter
from portal.intake.taking_in import check_file, take_in
from portal.publication.editions.approving import keep_draft
from portal.publication.editions.composing import Why, drafted, prepared
from portal.publication.editions.copies import mend_copies
from portal.publication.editions.sealing import Ground, seal_as_operator
from portal.rules.office import Office
from portal.rules.rulebook import rules_on
from portal.store.session import reading, transaction
from portal.store.site import Site, site_of

NO_WHY = Why()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a world is built."""

    engine: Engine
    office: Office
    person_key: str
    data_dir: Path
    machine: datetime


def hand_in(place: Place, kind: Kind, content: bytes, at: datetime, day: date) -> None:
    """Take a file in as an operator would, on ``day``.

    Raises:
        RuntimeError: a row was refused: the demonstration itself is wrong.

    """
    counter = Counter(office=place.office, day=day, at=at, person_key=place.person_key)
    source = Source(f"{kind.value}-{day}.csv", content)
    with reading(place.engine) as session:
        handed = check_file(session, counter, kind, source)
    with transaction(place.engine) as session:
        outcome = take_in(session, OPERATOR, counter, handed)
    if not outcome.done:
        msg = f"the demonstration's {kind} of {day} was refused: {outcome.refusals[:3]}"
        raise RuntimeError(msg)


def compose(place: Place, period: Period, at: datetime, day: date, why: Why = NO_WHY) -> int:
    """Compose a draft of ``period``; return its number."""
    rules = rules_on(day)
    with reading(place.engine) as session:
        ground = prepared(session, period, rules, place.office, site(session))
    draft = drafted(replace(ground, why=why))
    with transaction(place.engine) as session:
        return keep_draft(session, OPERATOR, draft, at).number


def seal(place: Place, number: int, at: datetime, day: date) -> None:
    """Seal a draft as the operator, and write its copy."""
    with transaction(place.engine) as session:
        sealing = Ground(
            session=session,
            rules=rules_on(day),
            office=place.office,
            site=site(session),
            at=at,
            day=day,
            data_dir=place.data_dir,
        )
        seal_as_operator(sealing, number)
    with reading(place.engine) as session:
        mend_copies(session, place.data_dir)


def site(session: Session) -> Site:
    """Return the site of the world."""
    found = site_of(session)
    if found is None:
        msg = "the site was set up before the world is built"
        raise RuntimeError(msg)
    return found
