"""What a regulator does about reports besides reviewing: more time, exemptions, visits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.special_reports.reporting import Grant, exempt, extend_period
from portal.casework.special_reports.site_visits import Finding, Visit, write_visit
from portal.demonstration.cast import EXEMPT, EXTENDED, VISITED, Player
from portal.demonstration.script import Calendar
from portal.domain.people import Actor
from portal.domain.period import Period
from portal.domain.report_review import Proof
from portal.store.institutions import Institution
from portal.store.reports import current_facts

_VISITED_AGO = 9
_MORE_DAYS = 12
_LOOKED_AT = 6


def grant_and_visit(
    session: Session, regulator: Actor, cast: list[Player], calendar: Calendar, period: Period
) -> None:
    """Give one institution more time, exempt another, and visit a third."""
    at = calendar.at(calendar.on - timedelta(days=_VISITED_AGO + 1))
    extend_period(
        session,
        regulator,
        Grant(
            period=str(period),
            code=cast[EXTENDED].code,
            reason="教学楼检修，台账取不出来，申请延期。",
            due_on=calendar.on + timedelta(days=_MORE_DAYS),
        ),
        at=at,
    )
    reason = "本期全部停课装修，没有开展培训。"
    exempt(
        session,
        regulator,
        Grant(period=str(period), code=cast[EXEMPT].code, reason=reason),
        at=at,
    )
    _visit(session, regulator, cast[VISITED], calendar)


def _visit(session: Session, regulator: Actor, player: Player, calendar: Calendar) -> None:
    day = calendar.on - timedelta(days=_VISITED_AGO)
    wanted = select(Institution.id).where(Institution.code == player.code)
    facts = current_facts(session, session.scalars(wanted).one())
    seen = {fact.id: Finding(Proof.SEEN_ON_SITE) for fact in facts[:_LOOKED_AT]}
    gaps = next(fact.id for fact in facts if fact.path == "files.files_gaps")
    seen[gaps] = Finding(Proof.CONTRADICTED, "抽查 20 份档案，有 5 份缺签到表。")
    visit = Visit(
        visited_on=day,
        visitors="示例监管员甲、示例监管员乙",
        note="现场情况总体良好。",
        findings=seen,
    )
    write_visit(session, regulator, player.code, visit, at=calendar.at(day), day=day)
