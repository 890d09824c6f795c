"""The one act that is due next in a case, or what the case waits for."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.cases import Case, CaseAct, CaseState, Hindrance

_DUE = (
    CaseAct.END,
    CaseAct.CONFIRM_AMEND,
    CaseAct.SETTLE,
    CaseAct.CONFIRM,
    CaseAct.PUBLISH,
    CaseAct.CALL_HEARING,
    CaseAct.HOLD_HEARING,
    CaseAct.ANSWER,
    CaseAct.DECIDE,
    CaseAct.PROPOSE,
    CaseAct.SERVE,
    CaseAct.EVIDENCE,
)
"""What is due of the office, the most pressing first; what else is possible is up to it."""


def next_act(case: Case, acts: Mapping[CaseAct, Hindrance | None]) -> CaseAct | None:
    """Return the act that is due now; None: the case waits for a day, or for somebody else."""
    due = [act for act in _DUE if act in acts and acts[act] is None]
    if case.state != CaseState.OPEN and CaseAct.EVIDENCE in due:
        due.remove(CaseAct.EVIDENCE)
    if not due and case.repair_until_on and acts.get(CaseAct.PROPOSE_END, _MISSING) is None:
        return CaseAct.PROPOSE_END
    return due[0] if due else None


def awaited(acts: Mapping[CaseAct, Hindrance | None]) -> CaseAct | None:
    """Return the act that will be due next, where something still stands in its way."""
    return next((act for act in _DUE if acts.get(act) is not None), None)


_MISSING = Hindrance("")
