"""From the form of an act to the act: the one table of what a case's forms do."""

from __future__ import annotations

from collections.abc import Callable

from portal.casework.supervision import (
    case_aftermath,
    case_hearing,
    case_proceedings,
    case_publication,
)
from portal.casework.supervision.cases import Stand
from portal.domain.cases import CaseAct, EndReason, Penalty
from portal.web.forms import Form
from portal.web.party_forms import PARTY_ACTS, Reach
from portal.web.regulator.supervision.case_forms import answers_in, evidence_in

Perform = Callable[[Stand, Reach, Form], None]


def _with(verb: Callable[..., object], **fields: str) -> Perform:
    """Return an act that takes these fields of the form under the verb's own names."""

    def perform(stand: Stand, reach: Reach, form: Form) -> None:
        given = {name: form[field].data for name, field in fields.items()}
        verb(stand, reach.number, reach.revision, **given)

    return perform


def _evidence(stand: Stand, reach: Reach, form: Form) -> None:
    found = evidence_in(form)
    case_proceedings.keep_evidence(stand, reach.number, reach.revision, evidence=found)


def _serve(stand: Stand, reach: Reach, form: Form) -> None:
    service = case_proceedings.Service(
        served_on=form.served_on.data, how=form.how.data, proof=form.proof.data
    )
    case_proceedings.serve_notice(stand, reach.number, reach.revision, service)


def _call_hearing(stand: Stand, reach: Reach, form: Form) -> None:
    call = case_hearing.Call(
        told_on=form.told_on.data, hearing_on=form.hearing_on.data, place=form.place.data
    )
    case_hearing.call_hearing(stand, reach.number, reach.revision, call)


def _answer(stand: Stand, reach: Reach, form: Form) -> None:
    answers = answers_in(form)
    case_proceedings.answer_statement(stand, reach.number, reach.revision, answers=answers)


def _decide(stand: Stand, reach: Reach, form: Form) -> None:
    decision = case_proceedings.Decision(
        number=form.number.data,
        decided_on=form.decided_on.data,
        words=form.words.data,
        severity=form.severity.data,
        advice=form.advice.data or "",
        affected=form.affected.data or "",
        is_ordered=form.ordered.data == "yes",
        correct_until_on=form.correct_until_on.data,
        penalty=Penalty(form.penalty.data),
        amount=form.amount.data,
    )
    case_proceedings.decide_case(stand, reach.number, reach.revision, decision)


def _settle(stand: Stand, reach: Reach, form: Form) -> None:
    case_aftermath.settle_dispute(
        stand,
        reach.number,
        reach.revision,
        upheld=form.upheld.data == "yes",
        reasons=form.reasons.data,
    )


def _propose_end(stand: Stand, reach: Reach, form: Form) -> None:
    case_publication.propose_end(
        stand,
        reach.number,
        reach.revision,
        reason=EndReason(form.reason.data),
        document_no=form.document_no.data,
        words=form.words.data,
    )


PERFORM: dict[CaseAct, Perform] = PARTY_ACTS | {
    CaseAct.EVIDENCE: _evidence,
    CaseAct.SERVE: _serve,
    CaseAct.CALL_HEARING: _call_hearing,
    CaseAct.HOLD_HEARING: _with(case_hearing.hold_hearing, words="words"),
    CaseAct.ANSWER: _answer,
    CaseAct.DECIDE: _decide,
    CaseAct.CLOSE: _with(case_proceedings.close_case, reasons="reasons"),
    CaseAct.PROPOSE: _with(case_publication.propose_publication, until_on="until_on"),
    CaseAct.SEND_BACK: _with(case_publication.send_back, reasons="reasons"),
    CaseAct.PUBLISH: _with(case_publication.publish_entry),
    CaseAct.CONFIRM: _with(case_aftermath.confirm_rectification, words="words"),
    CaseAct.FAIL: _with(case_aftermath.fail_rectification, words="words"),
    CaseAct.SETTLE: _settle,
    CaseAct.AMEND: _with(case_publication.amend, facts="facts", reasons="reasons"),
    CaseAct.CONFIRM_AMEND: _with(case_publication.confirm_amend),
    CaseAct.DROP_AMEND: _with(case_publication.drop_amend, reasons="reasons"),
    CaseAct.PROPOSE_END: _propose_end,
    CaseAct.KEEP: _with(case_publication.keep_entry, reasons="reasons"),
    CaseAct.END: _with(case_publication.end_entry),
    CaseAct.QUASH: _with(case_publication.quash, document_no="document_no", words="words"),
}
