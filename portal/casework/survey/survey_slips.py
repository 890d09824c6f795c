"""Slips of the survey: printed for a sitting, counted, voided, and spares handed out.

A slip belongs to sitting, institution and trade, never to a person: as many are printed as there
are candidates, in an order drawn by chance, and only a keyed hash of each code is kept.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from portal.casework.survey.survey_counts import recount
from portal.casework.survey.survey_sitters import Sitters
from portal.domain import slips
from portal.domain.errors import Conflict, NotFound, RuleBroken, TooLate
from portal.domain.keyed import keyed
from portal.domain.people import Actor, Permission
from portal.domain.survey import SlipState
from portal.domain.survey_codes import new_code
from portal.rules.clocks import Survey
from portal.store.audit import record
from portal.store.surveys import SlipGroup, SurveySlip

VOID_REASONS = ("unused", "damaged")
LOST = "lost"
REPRINTED = "reprinted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """When and under which key slips are made."""

    at: datetime
    day: date
    person_key: str | None

    @property
    def key(self) -> str:
        """Return the person key.

        Raises:
            RuleBroken: the site has none.

        """
        if not self.person_key:
            raise RuleBroken("intake.no_person_key")
        return self.person_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A slip to print, now and never again."""

    number: int
    code: str
    is_spare: bool

    @property
    def written(self) -> str:
        """Return the code in groups of four."""
        return slips.written(self.code)


def print_slips(
    session: Session, actor: Actor, who: Sitters, *, now: Now, rules: Survey
) -> tuple[SlipGroup, list[Printed]]:
    """Make the slips of a sitting; those printed before, and not used yet, are void from now on.

    Raises:
        NotAllowed: the actor does not hand out slips.
        TooLate: the last day on which they could be used is over.
        RuleBroken: every candidate has answered, or the site has no person key.

    """
    actor.require(Permission.HAND_OUT_SLIPS)
    closes_on = who.sitting_on + timedelta(days=rules.window_days)
    if now.day > closes_on:
        raise TooLate("survey.closed", on=closes_on)
    group = _group(session, actor, who, closes_on, now.at)
    used, last = _void_before(session, group)
    wanted = who.candidates - used
    if wanted < 1:
        raise RuleBroken("survey.all_answered")
    made = _made(wanted, last, rules)
    code_hash = keyed(now.key, "slip")
    session.add_all(
        SurveySlip(
            group_id=group.id,
            number=slip.number,
            code_hash=code_hash(slip.code),
            state=SlipState.SPARE if slip.is_spare else SlipState.OPEN,
        )
        for slip in sorted(made, key=lambda slip: code_hash(slip.code))
    )
    group.candidates = who.candidates
    session.flush()
    recount(session, group)
    facts = {"slips": wanted, "spares": len(made) - wanted, "from_number": last + 1}
    record(session, actor, "slips.printed", subject_of(group), now.at, **facts)
    return group, made


def _made(wanted: int, last: int, rules: Survey) -> list[Printed]:
    """Return new slips and their spares, numbered on from ``last``."""
    spares = max(1, math.ceil(wanted * rules.spare_share))
    return [
        Printed(
            number=last + place + 1,
            code=new_code(rules.code_bits, secrets.choice),
            is_spare=place >= wanted,
        )
        for place in range(wanted + spares)
    ]


def _group(
    session: Session, actor: Actor, who: Sitters, closes_on: date, at: datetime
) -> SlipGroup:
    if who.group is not None:
        group = session.get_one(SlipGroup, who.group.id)
        group.printed_by, group.printed_at = actor.name, at
        return group
    group = SlipGroup(
        institution_id=who.institution_id,
        trade=who.trade,
        sitting_on=who.sitting_on,
        site=who.site,
        period=who.period,
        candidates=who.candidates,
        closes_on=closes_on,
        printed_by=actor.name,
        printed_at=at,
    )
    session.add(group)
    session.flush()
    return group


def _void_before(session: Session, group: SlipGroup) -> tuple[int, int]:
    """Void what was printed before and not used; return how many were used, the last number."""
    unused = SurveySlip.state.in_((SlipState.OPEN, SlipState.SPARE))
    session.execute(
        update(SurveySlip)
        .where(SurveySlip.group_id == group.id, unused)
        .values(state=SlipState.VOID, void_reason=REPRINTED)
    )
    used = func.count().filter(SurveySlip.state == SlipState.USED)
    counted = select(used, func.max(SurveySlip.number)).where(SurveySlip.group_id == group.id)
    found = session.execute(counted).one()
    return found[0], found[1] or 0


def group_of(session: Session, group_id: int) -> SlipGroup:
    """Return a group of slips.

    Raises:
        NotFound: there is none of this number.

    """
    group = session.get(SlipGroup, group_id)
    if group is None:
        raise NotFound("survey.no_group")
    return group


def void_slips(
    session: Session, actor: Actor, group_id: int, numbers: list[int], reason: str, at: datetime
) -> None:
    """Void slips that were left over or damaged.

    Raises:
        NotAllowed: the actor does not hand out slips.
        NotFound: there is no such group.
        RuleBroken: a number is none of the open slips.

    """
    actor.require(Permission.HAND_OUT_SLIPS)
    group = group_of(session, group_id)
    _void(session, group, numbers, reason)
    session.flush()
    recount(session, group)
    facts = {"numbers": sorted(numbers), "void_reason": reason}
    record(session, actor, "slips.voided", subject_of(group), at, **facts)


def replace_slip(
    session: Session, actor: Actor, group_id: int, lost: int, spare: int, at: datetime
) -> None:
    """Void a lost slip and let a spare be used in its place.

    Raises:
        NotAllowed: the actor does not hand out slips.
        NotFound: there is no such group.
        RuleBroken: the lost one is not open, or the other is no spare.

    """
    actor.require(Permission.HAND_OUT_SLIPS)
    group = group_of(session, group_id)
    _void(session, group, [lost], LOST, field="lost")
    opened = session.execute(
        update(SurveySlip)
        .where(*_are(group, [spare], SlipState.SPARE))
        .values(state=SlipState.OPEN)
        .returning(SurveySlip.id)
    ).all()
    if not opened:
        raise RuleBroken("survey.not_spare", {"spare": "survey.not_spare"}, number=str(spare))
    record(session, actor, "slip.replaced", subject_of(group), at, lost=lost, spare=spare)


def _void(
    session: Session, group: SlipGroup, numbers: list[int], reason: str, field: str = "numbers"
) -> None:
    voided = session.execute(
        update(SurveySlip)
        .where(*_are(group, numbers, SlipState.OPEN))
        .values(state=SlipState.VOID, void_reason=reason)
        .returning(SurveySlip.number)
    ).scalars()
    if missing := sorted(set(numbers) - set(voided)):
        named = "、".join(map(str, missing))
        raise RuleBroken("survey.not_open", {field: "survey.not_open"}, numbers=named)


def _are(group: SlipGroup, numbers: list[int], state: SlipState) -> tuple[ColumnElement[bool], ...]:
    return (
        SurveySlip.group_id == group.id,
        SurveySlip.number.in_(numbers),
        SurveySlip.state == state,
    )


def slips_by_state(session: Session, group_id: int) -> dict[str, list[int]]:
    """Return state → the numbers of a group's slips in it; used ones only as how many.

    Who gave which answer must not be told from numbers: of used slips no number is shown.
    """
    wanted = select(SurveySlip.state, SurveySlip.number).where(SurveySlip.group_id == group_id)
    found: dict[str, list[int]] = {state.value: [] for state in SlipState}
    for state, number in session.execute(wanted.order_by(SurveySlip.number)):
        found[state].append(number)
    return found


def subject_of(group: SlipGroup) -> str:
    """Return how the audit trail names a group of slips."""
    return f"slips:{group.id}"


def require_open(state: str) -> None:
    """Let an open slip pass.

    Raises:
        Conflict: it was used, is void, or is a spare that nobody handed out.

    """
    if state != SlipState.OPEN:
        raise Conflict(f"survey.slip_{state}")
