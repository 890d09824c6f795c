"""The acts on a case as the random tests do them: with which words, and by which verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from case_world import DAY, STARTED_AT
from hypothesis import strategies as st

from portal.casework.supervision import case_aftermath as aftermath
from portal.casework.supervision import case_hearing as hearing
from portal.casework.supervision import case_proceedings as proceedings
from portal.casework.supervision import case_publication as publication
from portal.domain.cases import CaseAct, EndReason, Penalty
from portal.rules.rulebook import rules_on

GROUNDS = {"T1": "outline_not_followed", "T2": "competitors_disparaged", "U1": "staff_untrained"}
KEPT = (-1, 0, 1, 20, 60, 80, 85, 100, 200, 340, 400, 700, 1050)
"""Days for which somebody may want to keep an entry on the list, some of them too many."""
Draw = Callable[[st.SearchStrategy[Any]], Any]


def days(draw: Draw, on: date, back: int) -> date:
    """Return today, more often than one up to ``back`` days ago or tomorrow."""
    back_by: int = draw(st.just(0) | st.integers(-1, back))
    return on - back_by * DAY


def given(act: CaseAct, on: date, draw: Draw) -> dict[str, Any]:
    """Return what an act is done with, right or wrong."""
    words: str = draw(st.sampled_from(["说明"] * 9 + [" "]))
    if act in SPECIAL:
        return SPECIAL[act](on, draw, words)
    if act in (CaseAct.PUBLISH, CaseAct.END, CaseAct.CONFIRM_AMEND):
        return {}
    reasoned = (CaseAct.SEND_BACK, CaseAct.KEEP, CaseAct.DROP_AMEND, CaseAct.CLOSE)
    return {"reasons" if act in reasoned else "words": words}


def _decision(on: date, draw: Draw, words: str) -> dict[str, Any]:
    return {
        "number": "决1",
        "decided_on": days(draw, on, 12),
        "words": words,
        "severity": draw(st.sampled_from(["minor", "general", "serious"])),
        "advice": "",
        "penalty": draw(st.just(Penalty.NONE) | st.sampled_from(list(Penalty))),
        "amount": draw(st.none() | st.just(5000)),
    }


def _call(on: date, draw: Draw, words: str) -> dict[str, Any]:
    ahead: int = draw(st.integers(3, 16))
    return {"told_on": days(draw, on, 1), "hearing_on": on + ahead * DAY, "place": words}


def _end(_on: date, draw: Draw, words: str) -> dict[str, Any]:
    reason = draw(st.sampled_from(list(EndReason)))
    return {"reason": reason, "document_no": "撤1", "words": words}


SPECIAL: dict[CaseAct, Callable[[date, Draw, str], dict[str, Any]]] = {
    CaseAct.SERVE: lambda on, draw, words: {
        "served_on": days(draw, on, 3),
        "how": "post",
        "proof": words,
    },
    CaseAct.CALL_HEARING: _call,
    CaseAct.DECIDE: _decision,
    CaseAct.PROPOSE: lambda on, draw, _words: {
        "until_on": on + draw(st.sampled_from(KEPT)) * DAY,
    },
    CaseAct.EVIDENCE: lambda _on, _draw, _words: {
        "evidence": {kind: "卷" for whom in GROUNDS for kind in kinds_for(whom)},
    },
    CaseAct.REPLY: lambda _on, draw, words: {
        "points": draw(st.lists(st.just(words), min_size=1, max_size=3)),
    },
    CaseAct.ANSWER: lambda _on, draw, words: {
        "answers": {
            point: proceedings.PointAnswer(adopted=draw(st.booleans()), reasons=words)
            for point in range(1, 1 + draw(st.integers(2, 4)))
        },
    },
    CaseAct.SETTLE: lambda _on, draw, words: {
        "upheld": draw(st.booleans()),
        "reasons": words,
    },
    CaseAct.AMEND: lambda _on, _draw, words: {"facts": f"更正{words}", "reasons": words},
    CaseAct.PROPOSE_END: _end,
    CaseAct.QUASH: lambda _on, _draw, words: {"document_no": "撤2", "words": words},
}


def kinds_for(whom: str) -> tuple[str, ...]:
    """Return the kinds of evidence that the case against ``whom`` asks for."""
    ground = rules_on(STARTED_AT.date()).ground(GROUNDS[whom])
    return ground.evidence if ground else ()


def _whole(verb: Callable[..., object], kind: type[Any]) -> Callable[..., object]:
    return lambda here, no, seen, **told: verb(here, no, seen, kind(**told))


VERBS: dict[CaseAct, Callable[..., object]] = {
    CaseAct.EVIDENCE: proceedings.keep_evidence,
    CaseAct.SERVE: _whole(proceedings.serve_notice, proceedings.Service),
    CaseAct.REPLY: proceedings.reply_to_notice,
    CaseAct.ASK_HEARING: hearing.ask_hearing,
    CaseAct.CALL_HEARING: _whole(hearing.call_hearing, hearing.Call),
    CaseAct.HOLD_HEARING: hearing.hold_hearing,
    CaseAct.ANSWER: proceedings.answer_statement,
    CaseAct.DECIDE: _whole(proceedings.decide_case, proceedings.Decision),
    CaseAct.CLOSE: proceedings.close_case,
    CaseAct.PROPOSE: publication.propose_publication,
    CaseAct.SEND_BACK: publication.send_back,
    CaseAct.PUBLISH: publication.publish_entry,
    CaseAct.RECTIFY: aftermath.report_rectification,
    CaseAct.CONFIRM: aftermath.confirm_rectification,
    CaseAct.FAIL: aftermath.fail_rectification,
    CaseAct.DISPUTE: aftermath.dispute_entry,
    CaseAct.SETTLE: aftermath.settle_dispute,
    CaseAct.ASK_REPAIR: aftermath.ask_repair,
    CaseAct.AMEND: publication.amend,
    CaseAct.CONFIRM_AMEND: publication.confirm_amend,
    CaseAct.DROP_AMEND: publication.drop_amend,
    CaseAct.PROPOSE_END: publication.propose_end,
    CaseAct.KEEP: publication.keep_entry,
    CaseAct.END: publication.end_entry,
    CaseAct.QUASH: publication.quash,
}
