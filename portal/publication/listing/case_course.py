"""The course of a published case: steps that lie behind, the one under way, those to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.cases import last_limit
from portal.store.cases import CaseEvent, CaseFile

PUBLIC_ACTS = frozenset(
    {"serve", "reply", "ask_hearing", "call_hearing", "hold_hearing", "answer", "decide"}
    | {"publish", "rectify", "confirm", "fail", "dispute", "settle", "confirm_amend"}
)
_OF_THE_PARTY = frozenset({"reply", "ask_hearing", "rectify", "dispute", "correct"})
DONE, NOW, TODO = "done", "now", "todo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; officers are not named: ``who`` is party, office or itself.

    ``on`` None: its day depends on a step before it. ``state`` is done, now or todo.
    """

    act: str
    on: date | None
    who: str = "office"
    state: str = DONE

    @property
    def is_past(self) -> bool:
        """Tell whether it lies behind."""
        return self.state == DONE


def course_of(session: Session, no: str, day: date) -> list[Step]:
    """Return the public steps of an entry's course, past ones first, then what is to come."""
    case = session.scalar(select(CaseFile).where(CaseFile.listing_no == no))
    if case is None:
        return []
    query = select(CaseEvent.act, CaseEvent.on).where(CaseEvent.case_id == case.id)
    rows = session.execute(query.where(CaseEvent.on <= day).order_by(CaseEvent.id))
    past = [_past(case, act, on) for act, on in rows if act in PUBLIC_ACTS]
    return [*past, *_to_come(case)]


def _past(case: CaseFile, act: str, on: date) -> Step:
    own_days = {"serve": case.served_on, "decide": case.decided_on}
    return Step(act=act, on=own_days.get(act) or on, who=_who(act))


def _who(act: str) -> str:
    return "party" if act in _OF_THE_PARTY else "office"


def _to_come(case: CaseFile) -> Iterator[Step]:
    if case.dispute == "open":
        yield Step(act="decide_dispute", on=case.dispute_decide_until_on, state=NOW)
    if case.rectification in ("none", "failed") and case.is_ordered:
        yield Step(act="correct", on=case.correct_until_on, who="party", state=NOW)
    if case.rectification != "done" and case.is_ordered:
        state = NOW if case.rectification == "asked" else TODO
        yield Step(act="recheck", on=case.recheck_until_on, state=state)
    yield Step(act="leave", on=last_limit(case), who="itself", state=TODO)
