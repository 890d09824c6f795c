"""What the regulator sees of the survey: response, marked answers to decide on, and warnings."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.casework.survey.survey_counts import recount
from portal.casework.survey.survey_slips import group_of, subject_of
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.domain.survey import FACTS, WARNING, Decision, SlipState, counts
from portal.store.audit import record
from portal.store.institutions import Institution
from portal.store.surveys import SlipGroup, SurveyAnswer, SurveySlip

_HANDED_OUT = (SlipState.OPEN, SlipState.USED)


@dataclass(slots=True, kw_only=True)
class GroupView:
    """A group of slips as the regulator sees it: counts only."""

    group: SlipGroup
    institution: str
    code: str
    invited: int = 0
    answered: int = 0
    counted: int = 0
    waiting: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """An answer to decide on: its marks and when it came; what it says is not shown."""

    key: int
    answered_at: datetime
    marks: list[str]
    decision: str | None
    reason: str | None
    decided_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a person says of some marked answers: kept or withdrawn, and why."""

    keys: frozenset[int]
    decision: Decision
    reason: str


@dataclass(slots=True, kw_only=True)
class Warned:
    """How often the trainees of one institution said what warns; ``said`` by question."""

    institution: str
    code: str
    answered: int = 0
    said: Counter[str] = field(default_factory=Counter)


def groups(session: Session, most: int) -> list[GroupView]:
    """Return the groups of slips, those with answers waiting for a decision first."""
    wanted = select(SlipGroup, Institution.name, Institution.code).join(
        Institution, Institution.id == SlipGroup.institution_id
    )
    newest = wanted.order_by(SlipGroup.sitting_on.desc(), SlipGroup.id).limit(most)
    views = {
        group.id: GroupView(group=group, institution=name, code=code)
        for group, name, code in session.execute(newest)
    }
    _fill(session, views)
    return sorted(views.values(), key=lambda view: not view.waiting)


def view_of(session: Session, group_id: int) -> GroupView:
    """Return one group as the regulator sees it.

    Raises:
        NotFound: there is none of this number.

    """
    group = group_of(session, group_id)
    place = session.get_one(Institution, group.institution_id)
    view = GroupView(group=group, institution=place.name, code=place.code)
    _fill(session, {group.id: view})
    return view


def _fill(session: Session, views: dict[int, GroupView]) -> None:
    handed = (
        select(SurveySlip.group_id, func.count())
        .where(SurveySlip.group_id.in_(views), SurveySlip.state.in_(_HANDED_OUT))
        .group_by(SurveySlip.group_id)
    )
    for group_id, invited in session.execute(handed):
        views[group_id].invited = invited
    wanted = select(SurveyAnswer.group_id, SurveyAnswer.marks, SurveyAnswer.decision).where(
        SurveyAnswer.group_id.in_(views)
    )
    for group_id, marks, decision in session.execute(wanted):
        view = views[group_id]
        view.answered += 1
        view.counted += counts(marks, decision)
        view.waiting += bool(marks) and decision is None
        view.withdrawn += decision == Decision.WITHDRAWN


def marked_in(session: Session, group_id: int) -> list[Marked]:
    """Return the marked answers of a group in the order of their minutes."""
    wanted = select(SurveyAnswer).where(SurveyAnswer.group_id == group_id)
    rows = session.scalars(wanted.order_by(SurveyAnswer.answered_at, SurveyAnswer.id))
    return [
        Marked(
            key=row.id,
            answered_at=row.answered_at,
            marks=row.marks,
            decision=row.decision,
            reason=row.reason,
            decided_by=row.decided_by,
        )
        for row in rows
        if row.marks
    ]


def decide(session: Session, actor: Actor, group_id: int, ruling: Ruling, at: datetime) -> None:
    """Keep or withdraw marked answers of a group; withdrawn ones stay stored and in the trail.

    Raises:
        NotAllowed: the actor does not decide on answers.
        NotFound: an answer is none of the group's marked ones.
        RuleBroken: no reason, or no answer, was given.
        Conflict: somebody has decided the same already.

    """
    actor.require(Permission.JUDGE_ANSWERS)
    group, reason = group_of(session, group_id), ruling.reason.strip()
    if not ruling.keys:
        raise RuleBroken("survey.none_chosen", {"answers": "survey.none_chosen"})
    if not reason:
        raise RuleBroken("survey.no_reason", {"reason": "survey.no_reason"})
    rows = _chosen(session, group_id, ruling.keys)
    if all(row.decision == ruling.decision for row in rows):
        raise Conflict("survey.decided")
    for row in rows:
        row.decision, row.reason = ruling.decision.value, reason
        row.decided_by, row.decided_at = actor.name, at
    session.flush()
    recount(session, group)
    facts = {"decision": ruling.decision.value, "counted_answers": len(rows), "reason": reason}
    record(session, actor, "answers.decided", subject_of(group), at, **facts)


def _chosen(session: Session, group_id: int, keys: frozenset[int]) -> list[SurveyAnswer]:
    chosen = select(SurveyAnswer).where(SurveyAnswer.id.in_(keys)).with_for_update()
    rows = [row for row in session.scalars(chosen) if row.group_id == group_id and row.marks]
    if len(rows) != len(keys):
        raise NotFound("survey.no_answer")
    return rows


def warnings(session: Session, since: date, least: int) -> list[Warned]:
    """Return what trainees said that warns, by institution; fewer than ``least`` answers: nothing.

    Only answers that count are asked; the most warned of stand first.
    """
    facts = [getattr(SurveyAnswer, key) for key in FACTS]
    wanted = (
        select(
            Institution.name, Institution.code, SurveyAnswer.marks, SurveyAnswer.decision, *facts
        )
        .join(SlipGroup, SlipGroup.id == SurveyAnswer.group_id)
        .join(Institution, Institution.id == SlipGroup.institution_id)
        .where(SlipGroup.sitting_on >= since)
    )
    found: defaultdict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for name, code, marks, decision, *told in session.execute(wanted):
        if counts(marks, decision):
            found[name, code].append(tuple(told))
    views = [_warned(place, told) for place, told in found.items() if len(told) >= least]
    return sorted(views, key=lambda view: (-view.said.total() / view.answered, view.code))


def _warned(place: tuple[str, str], told: list[tuple[str, ...]]) -> Warned:
    said = Counter(
        key for one in told for key, value in zip(FACTS, one, strict=True) if value == WARNING[key]
    )
    return Warned(institution=place[0], code=place[1], answered=len(told), said=said)
