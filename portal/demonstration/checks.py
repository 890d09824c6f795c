"""Editions of the invented world: checked, objected to, once late, once corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.editions.edition_calendar import explain
from portal.casework.editions.factual_checks import agree, open_checks
from portal.casework.editions.objections import Raised, answer, raise_objection, treat
from portal.casework.supervision.cases import Stand
from portal.demonstration.doors import Place, compose, seal, site
from portal.demonstration.people import regulators
from portal.demonstration.script import Calendar
from portal.domain.people import Actor
from portal.domain.period import Period
from portal.publication.editions.blocks import own_to_check
from portal.publication.editions.composing import Prepared, Why, prepared
from portal.publication.editions.own_figures import digest_of
from portal.rules.rulebook import rules_on
from portal.store.editions import Edition
from portal.store.session import transaction

DRAFT_AFTER_DAYS = 48
EDITION_AFTER_DAYS = 74
LATE_AFTER_DAYS = 79
CORRECTED_AFTER_DAYS = 110
_AGREES, _OBJECTS, _IS_WRONG = "P001", "P006", "P009"
_LOW_VOLTAGE = "low-voltage-electrician"
_WHY = Why(
    zh="一家机构的考后问卷晚到，补入后重新计算；考试人数没有变化。",
    en="One institution's questionnaires came late and were added; exam counts are unchanged.",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where editions of the world are made, and who acts for the institutions (by code)."""

    place: Place
    calendar: Calendar
    clerks: dict[str, Actor]

    def after(self, period: Period, days: int) -> date:
        """Return the day so many days after the period's end."""
        return period.ends_on + timedelta(days=days)

    def stand(self, session: Session, day: date, actor: Actor) -> Stand:
        """Return what an act on ``day`` stands on."""
        at = self.calendar.at(day)
        return Stand(session=session, actor=actor, at=at, day=day, rules=rules_on(day))


def draft_edition(desk: Desk, period: Period, why: Why | None = None, days: int = 0) -> int:
    """Compose a draft and send it to the institutions, ``days`` later than usual; return it."""
    day = desk.after(period, DRAFT_AFTER_DAYS + days)
    number = compose(desk.place, period, desk.calendar.at(day), day, why or Why())
    with transaction(desk.place.engine) as session:
        edition = _edition(session, number)
        own = own_to_check(session, edition, _ground(desk, session, period, day))
        first, _ = regulators(session)
        open_checks(desk.stand(session, day, first), edition, own)
        if _AGREES in own:
            clerk = desk.clerks[_AGREES]
            agree(desk.stand(session, day + timedelta(days=3), clerk), number)
    return number


def publish_edition(
    desk: Desk, period: Period, *, late: bool = False, disputed: bool = False
) -> None:
    """Draft and seal a period's edition; a late one is explained, a disputed one bears a mark."""
    number = draft_edition(desk, period)
    if disputed:
        object_in_time(desk, period, number, stays_open=True)
    day = desk.after(period, LATE_AFTER_DAYS if late else EDITION_AFTER_DAYS)
    seal(desk.place, number, desk.calendar.at(day), day)
    if late:
        with transaction(desk.place.engine) as session:
            first, _ = regulators(session)
            due = desk.place.office.calendar.next_edition_on(desk.after(period, DRAFT_AFTER_DAYS))
            reasons = ("考试机构的成绩文件晚到五天。", "The exam file came five days late.")
            stand = desk.stand(session, day, first)
            explain(stand, desk.place.office, site(session), due or day, reasons)


def correct_edition(desk: Desk, period: Period) -> None:
    """Compose the period again after something came late, and seal it as a correction."""
    days = CORRECTED_AFTER_DAYS - DRAFT_AFTER_DAYS
    number = draft_edition(desk, period, _WHY, days - 20)
    day = desk.after(period, CORRECTED_AFTER_DAYS)
    seal(desk.place, number, desk.calendar.at(day), day)


def object_in_time(desk: Desk, period: Period, number: int, *, stays_open: bool) -> None:
    """Let one institution object to a draft: it is under review still, or was answered."""
    day = desk.after(period, DRAFT_AFTER_DAYS + 5)
    code = _OBJECTS if stays_open else _IS_WRONG
    with transaction(desk.place.engine) as session:
        base = _ground(desk, session, period, day).base
        raised = Raised(
            trade=_LOW_VOLTAGE,
            figure="rate",
            words="首考人数与本机构的报名名册相差 3 人，请与考试机构核对。",
            files=[],
            figures_sha256=digest_of(base, code, _LOW_VOLTAGE) if base else "",
        )
        clerk, (first, second) = desk.clerks[code], regulators(session)
        known = raise_objection(desk.stand(session, day, clerk), number, raised)
        stand = desk.stand(session, day + timedelta(days=2), first)
        if stays_open:
            treat(stand, known.number, 0, "marked", "考试机构答复需要一个月，先按原数标注。")
        else:
            words = "与考试机构名册逐人核对，一致；相差的 3 人考的是复审，不计入首考。"
            stand = desk.stand(session, day + timedelta(days=6), second)
            answer(stand, known.number, 0, accepted=False, words=words)
    if stays_open:
        again = day + timedelta(days=3)
        compose(desk.place, period, desk.calendar.at(again), again)


def _edition(session: Session, number: int) -> Edition:
    return session.scalars(select(Edition).where(Edition.number == number)).one()


def _ground(desk: Desk, session: Session, period: Period, day: date) -> Prepared:
    return prepared(session, period, rules_on(day), desk.place.office, site(session))
