"""What stands in the way of an act on a case: its state, its clocks, and the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portal.domain.cases import (
    OF_THE_PARTY,
    STARTS,
    Case,
    CaseAct,
    CaseState,
    EndReason,
    Hindrance,
    is_public,
    publication_limits,
)
from portal.domain.people import Actor, Permission
from portal.rules.rulebook import Rulebook
from portal.rules.workdays import add_months

Check = Callable[[Case, Actor, date, Rulebook], Hindrance | None]


def hindrance(
    case: Case, act: CaseAct, actor: Actor, day: date, rules: Rulebook
) -> Hindrance | None:
    """Return why ``act`` is not possible now, None if it is."""
    if CaseState(case.state) not in STARTS[act]:
        return Hindrance("case.wrong_state", {"act": f"case_act.{act}", "state": _shown(case)})
    if _belongs(actor, case) and act not in OF_THE_PARTY:
        return Hindrance("case.own_institution")
    check = _CHECKS.get(act)
    return check(case, actor, day, rules) if check else None


def may_act(act: CaseAct, actor: Actor, case: Case) -> bool:
    """Tell whether this person may do such an act at all: the party its own, else a regulator."""
    if act in OF_THE_PARTY and _belongs(actor, case):
        return actor.may(Permission.ANSWER_CASE)
    return actor.may(Permission.HANDLE_CASE)


def repair_hindrance(case: Case, day: date, rules: Rulebook) -> Hindrance | None:
    """Return why the entry cannot yet be repaired: too early, or not re-checked; None if it can.

    Source: 国办发〔2025〕22号: repair may be asked for after the least period.
    """
    if case.rectification != "done":
        return Hindrance("case.recheck_first")
    return _least_period(case, day, rules)


def possible_acts(
    case: Case, actor: Actor, day: date, rules: Rulebook
) -> dict[CaseAct, Hindrance | None]:
    """Return the acts that this state knows, each with what still stands in its way."""
    state = CaseState(case.state)
    known = [act for act in CaseAct if state in STARTS[act] and _makes_sense(case, act, day)]
    return {act: hindrance(case, act, actor, day, rules) for act in known}


def _belongs(actor: Actor, case: Case) -> bool:
    return actor.institution_id is not None and actor.institution_id == case.institution_id


def _shown(case: Case) -> str:
    return f"case_state.{case.state}"


def _makes_sense(case: Case, act: CaseAct, day: date) -> bool:
    """Tell whether the act belongs on the page at all, beyond the state."""
    if case.state == CaseState.PUBLISHED and not is_public(case, day):
        return False
    return _wanted(case).get(act, True)


def _wanted(case: Case) -> dict[CaseAct, bool]:
    ending, amending = case.end_proposed_by_id is not None, case.amend_by_id is not None
    hearing = case.hearing_asked_on is not None and case.hearing_held_on is None
    return {
        CaseAct.REPLY: case.statement is None,
        CaseAct.ASK_HEARING: case.hearing_asked_on is None,
        CaseAct.CALL_HEARING: hearing and case.hearing_on is None,
        CaseAct.HOLD_HEARING: hearing and case.hearing_on is not None,
        CaseAct.ANSWER: case.statement is not None and case.statement_answer is None,
        CaseAct.RECTIFY: case.rectification in ("none", "failed"),
        CaseAct.CONFIRM: case.rectification == "asked",
        CaseAct.FAIL: case.rectification == "asked",
        CaseAct.DISPUTE: case.dispute != "open",
        CaseAct.SETTLE: case.dispute == "open",
        CaseAct.ASK_REPAIR: case.repair_until_on is None and not ending,
        CaseAct.AMEND: not amending,
        CaseAct.CONFIRM_AMEND: amending,
        CaseAct.DROP_AMEND: amending,
        CaseAct.PROPOSE_END: not ending,
        CaseAct.KEEP: ending,
        CaseAct.END: ending,
        CaseAct.QUASH: case.end_reason != EndReason.QUASHED,
    }


def _evidence_first(case: Case, _actor: Actor, _day: date, rules: Rulebook) -> Hindrance | None:
    ground = rules.ground(case.ground)
    wanted = ground.evidence if ground else ()
    missing = [kind for kind in wanted if not case.evidence.get(kind, "").strip()]
    if not missing:
        return None
    return Hindrance("case.evidence_missing", {"kind": f"evidence.{missing[0]}", "n": len(missing)})


def _may_reply(case: Case, _actor: Actor, _day: date, _rules: Rulebook) -> Hindrance | None:
    return Hindrance("case.replied_already") if case.statement is not None else None


def _may_ask_hearing(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.hearing_asked_on is not None:
        return Hindrance("case.hearing_asked_already")
    until = case.hearing_until_on
    if until is None or day > until:
        return Hindrance("case.hearing_too_late", {"until": until or day})
    return None


def _may_call_hearing(case: Case, _actor: Actor, _day: date, _rules: Rulebook) -> Hindrance | None:
    if case.hearing_asked_on is None:
        return Hindrance("case.hearing_not_asked")
    return Hindrance("case.hearing_called_already") if case.hearing_on is not None else None


def _may_hold_hearing(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.hearing_on is None:
        return Hindrance("case.hearing_not_called")
    if case.hearing_held_on is not None:
        return Hindrance("case.hearing_held_already")
    if day < case.hearing_on:
        return Hindrance("case.hearing_to_come", {"on": case.hearing_on})
    return None


def _may_answer(case: Case, _actor: Actor, _day: date, _rules: Rulebook) -> Hindrance | None:
    if case.statement is None:
        return Hindrance("case.nothing_to_answer")
    return Hindrance("case.answered_already") if case.statement_answer is not None else None


def _may_decide(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.hearing_asked_on is not None and case.hearing_held_on is None:
        return Hindrance("case.hearing_first")
    if case.statement is not None:
        return None if case.statement_answer is not None else Hindrance("case.answer_first")
    until = case.reply_until_on
    if until is None or day <= until:
        return Hindrance("case.reply_still_open", {"until": until or day})
    return None


def _no_basis(case: Case, rules: Rulebook) -> Hindrance | None:
    ground = rules.ground(case.ground)
    if ground is None or ground.publishing_basis is None:
        return Hindrance("case.no_publishing_basis", {"ground": f"ground.{case.ground}"})
    return None


def _may_propose(case: Case, _actor: Actor, day: date, rules: Rulebook) -> Hindrance | None:
    if (why := _no_basis(case, rules)) is not None:
        return why
    _, latest = publication_limits(case, rules)
    return Hindrance("case.period_over", {"latest": latest}) if day >= latest else None


def _may_publish(case: Case, actor: Actor, day: date, rules: Rulebook) -> Hindrance | None:
    if (why := _no_basis(case, rules)) is not None:
        return why
    if actor.person_id is None or actor.person_id == case.proposed_by_id:
        return Hindrance("case.second_person")
    if case.publish_until_on is not None and day >= case.publish_until_on:
        return Hindrance("case.period_over", {"latest": case.publish_until_on})
    return None


def _may_rectify(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.rectification not in ("none", "failed"):
        return Hindrance("case.rectified_already")
    return _not_over(case, day)


def _may_recheck(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.rectification != "asked":
        return Hindrance("case.nothing_to_recheck")
    return _not_over(case, day)


def _may_dispute(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    return Hindrance("case.disputed_already") if case.dispute == "open" else _not_over(case, day)


def _may_settle(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    return Hindrance("case.nothing_disputed") if case.dispute != "open" else _not_over(case, day)


def _may_ask_repair(case: Case, _actor: Actor, day: date, rules: Rulebook) -> Hindrance | None:
    if case.repair_until_on is not None or case.end_proposed_by_id is not None:
        return Hindrance("case.repair_asked_already")
    return _not_over(case, day) or _least_period(case, day, rules)


def _may_amend(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.amend_by_id is not None:
        return Hindrance("case.amend_waits")
    return _not_over(case, day)


def _may_confirm_amend(case: Case, actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    return _second(actor, case.amend_by_id, "case.amend_not_proposed") or _not_over(case, day)


def _may_drop_amend(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.amend_by_id is None:
        return Hindrance("case.amend_not_proposed")
    return _not_over(case, day)


def _may_propose_end(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.end_proposed_by_id is not None:
        return Hindrance("case.end_waits")
    return _not_over(case, day)


def _may_end(case: Case, actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    proposer = case.end_proposed_by_id
    return _second(actor, proposer, "case.end_not_proposed") or _not_over(case, day)


def _may_keep(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.end_proposed_by_id is None:
        return Hindrance("case.end_not_proposed")
    if case.withdraw_until_on is not None:
        return Hindrance("case.quashed_must_go", {"until": case.withdraw_until_on})
    return _not_over(case, day)


def _may_quash(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.end_reason == EndReason.QUASHED:
        return Hindrance("case.quashed_already")
    return _not_over(case, day)


def _second(actor: Actor, first_id: int | None, nobody: str) -> Hindrance | None:
    if first_id is None:
        return Hindrance(nobody)
    if actor.person_id is None or actor.person_id == first_id:
        return Hindrance("case.second_person")
    return None


def _not_over(case: Case, day: date) -> Hindrance | None:
    if case.state == CaseState.PUBLISHED and not is_public(case, day):
        return Hindrance("case.not_public")
    return None


def _least_period(case: Case, day: date, rules: Rulebook) -> Hindrance | None:
    least = rules.cases.period(case.severity).min_repair_months
    first = add_months(case.publish_from_on or day, least)
    return Hindrance("case.repair_too_early", {"first": first}) if day < first else None


_CHECKS: dict[CaseAct, Check] = {
    CaseAct.SERVE: _evidence_first,
    CaseAct.REPLY: _may_reply,
    CaseAct.ASK_HEARING: _may_ask_hearing,
    CaseAct.CALL_HEARING: _may_call_hearing,
    CaseAct.HOLD_HEARING: _may_hold_hearing,
    CaseAct.ANSWER: _may_answer,
    CaseAct.DECIDE: _may_decide,
    CaseAct.PROPOSE: _may_propose,
    CaseAct.PUBLISH: _may_publish,
    CaseAct.RECTIFY: _may_rectify,
    CaseAct.CONFIRM: _may_recheck,
    CaseAct.FAIL: _may_recheck,
    CaseAct.DISPUTE: _may_dispute,
    CaseAct.SETTLE: _may_settle,
    CaseAct.ASK_REPAIR: _may_ask_repair,
    CaseAct.AMEND: _may_amend,
    CaseAct.CONFIRM_AMEND: _may_confirm_amend,
    CaseAct.DROP_AMEND: _may_drop_amend,
    CaseAct.PROPOSE_END: _may_propose_end,
    CaseAct.KEEP: _may_keep,
    CaseAct.END: _may_end,
    CaseAct.QUASH: _may_quash,
}
