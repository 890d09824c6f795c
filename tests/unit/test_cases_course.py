"""The course of a case: what may follow what, from which day, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from portal.domain.case_checks import hindrance, possible_acts, repair_hindrance
from portal.domain.cases import CaseAct, CaseState, is_public, last_limit, publication_limits
from portal.domain.people import Actor, Role
from portal.rules.rulebook import rules_on

DAY = date(2026, 3, 10)
RULES = rules_on(DAY)
FIRST = Actor(person_id=1, name="甲", role=Role.REGULATOR)
SECOND = Actor(person_id=2, name="乙", role=Role.REGULATOR)


@dataclass
class Told:
    """A case, told for the test."""

    state: str = CaseState.OPEN
    institution_id: int | None = 7
    ground: str = "outline_not_followed"
    severity: str = "general"
    evidence: dict[str, str] = field(default_factory=dict)
    reply_until_on: date | None = None
    statement: str | None = None
    statement_answer: str | None = None
    hearing_until_on: date | None = None
    hearing_asked_on: date | None = None
    hearing_on: date | None = None
    hearing_held_on: date | None = None
    decided_on: date | None = None
    publish_by_on: date | None = None
    correct_until_on: date | None = None
    proposed_by_id: int | None = None
    publish_from_on: date | None = None
    publish_until_on: date | None = None
    rectification: str = "none"
    recheck_until_on: date | None = None
    dispute: str = "none"
    dispute_mark_until_on: date | None = None
    dispute_marked_on: date | None = None
    dispute_decide_until_on: date | None = None
    repair_until_on: date | None = None
    amend_by_id: int | None = None
    end_proposed_by_id: int | None = None
    end_reason: str | None = None
    ended_on: date | None = None
    withdraw_until_on: date | None = None


SERVED = Told(state=CaseState.SERVED, reply_until_on=DAY)
PROPOSED = Told(
    state=CaseState.PROPOSED,
    decided_on=DAY,
    proposed_by_id=1,
    publish_until_on=DAY + timedelta(days=200),
)
PUBLIC = replace(PROPOSED, state=CaseState.PUBLISHED, publish_from_on=DAY)


def why(case: Told, act: CaseAct, actor: Actor = FIRST, day: date = DAY) -> str | None:
    found = hindrance(case, act, actor, day, RULES)
    return found.key if found else None


def test_nothing_is_decided_while_the_reply_is_open() -> None:
    assert why(SERVED, CaseAct.DECIDE) == "case.reply_still_open"
    assert why(SERVED, CaseAct.DECIDE, day=DAY + timedelta(days=1)) is None


def test_a_statement_is_answered_before_the_decision() -> None:
    stated = replace(SERVED, statement="有异议")
    later = DAY + timedelta(days=30)
    assert why(stated, CaseAct.DECIDE, day=later) == "case.answer_first"
    assert why(replace(stated, statement_answer="不采纳"), CaseAct.DECIDE) is None


def test_a_notice_comes_before_everything_else() -> None:
    for act in (CaseAct.DECIDE, CaseAct.PROPOSE, CaseAct.PUBLISH, CaseAct.END):
        assert why(Told(), act, SECOND) == "case.wrong_state"


def test_publishing_needs_another_person() -> None:
    assert why(PROPOSED, CaseAct.PUBLISH, FIRST) == "case.second_person"
    assert why(PROPOSED, CaseAct.PUBLISH, SECOND) is None


def test_ending_early_needs_another_person() -> None:
    ending = replace(PUBLIC, end_proposed_by_id=1, end_reason="quashed")
    assert why(PUBLIC, CaseAct.END, SECOND) == "case.end_not_proposed"
    assert why(ending, CaseAct.END, FIRST) == "case.second_person"
    assert why(ending, CaseAct.END, SECOND) is None


def test_a_ground_without_basis_cannot_be_published() -> None:
    without = [g.key for g in RULES.grounds if g.publishing_basis is None]
    decided = Told(state=CaseState.DECIDED, decided_on=DAY, ground=(without or ["no_such"])[0])
    assert why(decided, CaseAct.PROPOSE) == "case.no_publishing_basis"


def test_nobody_acts_on_an_institution_of_their_own() -> None:
    own = replace(SECOND, institution_id=7)
    assert why(PROPOSED, CaseAct.PUBLISH, own) == "case.own_institution"


def test_an_entry_is_public_up_to_its_day_and_not_on_it() -> None:
    until = PUBLIC.publish_until_on or DAY
    assert not is_public(PUBLIC, DAY - timedelta(days=1))
    assert is_public(PUBLIC, DAY)
    assert is_public(PUBLIC, until - timedelta(days=1))
    assert not is_public(PUBLIC, until)
    assert last_limit(replace(PUBLIC, ended_on=DAY + timedelta(days=3))) == DAY + timedelta(days=3)


def test_a_proposal_alone_is_never_public() -> None:
    assert not is_public(replace(PROPOSED, publish_from_on=DAY), DAY)


@pytest.mark.parametrize("severity", ["minor", "general", "serious"])
def test_limits_follow_the_rulebook(severity: str) -> None:
    case = Told(severity=severity, decided_on=date(2026, 1, 31))
    earliest, latest = publication_limits(case, RULES)
    period = RULES.cases.period(severity)
    assert earliest <= latest
    months = (latest.year - 2026) * 12 + latest.month - 1
    assert months == period.max_months


def test_repair_waits_for_the_recheck_and_the_least_period() -> None:
    assert (found := repair_hindrance(PUBLIC, DAY, RULES)) is not None
    assert found.key == "case.recheck_first"
    done = replace(PUBLIC, rectification="done")
    least = RULES.cases.period("general").min_repair_months
    assert least > 0
    assert (early := repair_hindrance(done, DAY, RULES)) is not None
    assert early.key == "case.repair_too_early"
    assert repair_hindrance(done, DAY + timedelta(days=31 * least), RULES) is None


def test_the_page_offers_only_what_the_state_knows() -> None:
    assert set(possible_acts(Told(), FIRST, DAY, RULES)) == {
        CaseAct.EVIDENCE,
        CaseAct.SERVE,
        CaseAct.CLOSE,
    }
    assert CaseAct.END not in possible_acts(PUBLIC, FIRST, DAY, RULES)
