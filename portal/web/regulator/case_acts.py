"""From the form of an act to the act: the one table of what a case's forms do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.casework import case_proceedings, case_publication
from portal.casework.cases import Stand
from portal.domain.cases import CaseAct, EndReason
from portal.web.forms import Form


@dataclass(frozen=True, slots=True)
class Reach:
    """Which case, as it was shown."""

    number: str
    revision: int


def _serve(stand: Stand, reach: Reach, form: Form) -> None:
    service = case_proceedings.Service(
        served_on=form.served_on.data, how=form.how.data, proof=form.proof.data
    )
    case_proceedings.serve_notice(stand, reach.number, reach.revision, service)


def _answer(stand: Stand, reach: Reach, form: Form) -> None:
    case_proceedings.answer_statement(
        stand,
        reach.number,
        reach.revision,
        adopted=form.adopted.data == "yes",
        reasons=form.reasons.data,
    )


def _decide(stand: Stand, reach: Reach, form: Form) -> None:
    decision = case_proceedings.Decision(
        number=form.number.data,
        decided_on=form.decided_on.data,
        words=form.words.data,
        severity=form.severity.data,
        advice=form.advice.data or "",
    )
    case_proceedings.decide_case(stand, reach.number, reach.revision, decision)


def _close(stand: Stand, reach: Reach, form: Form) -> None:
    case_proceedings.close_case(stand, reach.number, reach.revision, reasons=form.reasons.data)


def _propose(stand: Stand, reach: Reach, form: Form) -> None:
    case_publication.propose_publication(
        stand, reach.number, reach.revision, until_on=form.until_on.data
    )


def _send_back(stand: Stand, reach: Reach, form: Form) -> None:
    case_publication.send_back(stand, reach.number, reach.revision, reasons=form.reasons.data)


def _publish(stand: Stand, reach: Reach, _form: Form) -> None:
    case_publication.publish_entry(stand, reach.number, reach.revision)


def _rectify(stand: Stand, reach: Reach, form: Form) -> None:
    case_publication.ask_rectification(stand, reach.number, reach.revision, words=form.words.data)


def _confirm(stand: Stand, reach: Reach, form: Form) -> None:
    case_publication.confirm_rectification(
        stand, reach.number, reach.revision, words=form.words.data
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


def _keep(stand: Stand, reach: Reach, form: Form) -> None:
    case_publication.keep_entry(stand, reach.number, reach.revision, reasons=form.reasons.data)


def _end(stand: Stand, reach: Reach, _form: Form) -> None:
    case_publication.end_entry(stand, reach.number, reach.revision)


PERFORM: dict[CaseAct, Callable[[Stand, Reach, Form], None]] = {
    CaseAct.SERVE: _serve,
    CaseAct.ANSWER: _answer,
    CaseAct.DECIDE: _decide,
    CaseAct.CLOSE: _close,
    CaseAct.PROPOSE: _propose,
    CaseAct.SEND_BACK: _send_back,
    CaseAct.PUBLISH: _publish,
    CaseAct.RECTIFY: _rectify,
    CaseAct.CONFIRM: _confirm,
    CaseAct.PROPOSE_END: _propose_end,
    CaseAct.KEEP: _keep,
    CaseAct.END: _end,
}
