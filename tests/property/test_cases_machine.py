"""Random acts by random persons on random days: due process always, public never too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from case_acts import GROUNDS, VERBS, given, kinds_for
from case_world import (
    DAY,
    MONTHS,
    REPAIR_MONTHS,
    SHANGHAI,
    STARTED_AT,
    Told,
    World,
    actors,
    due_process,
    instant,
    months_after,
    public_days,
    stand,
    unheard,
    upheld,
    working_day_after,
)
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import create_engine, select
from sqlalchemy.pool import StaticPool

from portal.casework.supervision.cases import Opening, Stand, open_case
from portal.domain.case_checks import possible_acts
from portal.domain.cases import OF_THE_PARTY, CaseAct, CaseState, EndReason, is_public
from portal.domain.errors import PortalError
from portal.publication.listing.problem_list import Gone, entries_on, entry_on
from portal.store.audit import AuditEvent, first_break
from portal.store.cases import CaseEvent, CaseFile

MANY = 15
SHARED = World(create_engine("sqlite://", poolclass=StaticPool))
TRUSTED = ("first", "second", "third")
ACTORS = actors()
EARLY = list(EndReason)
EDGE = st.sampled_from([-1, 0, 1])
"""A day before, on the day, a day after."""


class Cases(RuleBasedStateMachine):
    """Cases against two institutions and a unit, and the second opinion on each."""

    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        """Begin a world."""
        super().__init__()
        self.session = SHARED.begin()
        self.at = STARTED_AT
        self.log: dict[str, list[Told]] = {}
        self.trail: list[tuple[Any, ...]] = []

    @initialize()
    def open(self) -> None:
        for code, ground in GROUNDS.items():
            opening = Opening(
                subject=code,
                is_unit=code == "U1",
                ground=ground,
                severity="general",
                facts=f"{code}的事实",
            )
            case = open_case(self.stand("first"), opening)
            self.log[case.number] = [Told("open", 1, self.on)]

    @property
    def on(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    def stand(self, name: str) -> Stand:
        return stand(self.session, ACTORS[name], self.at)

    @rule(later=st.integers(0, 9), hour=st.integers(0, 23))
    def wait(self, later: int, hour: int) -> None:
        self.at = max(self.at, instant(self.on + timedelta(days=later), hour))

    @rule(later=st.integers(20, 130))
    def wait_long(self, later: int) -> None:
        self.at = instant(self.on + timedelta(days=later), 0)

    @rule(data=st.data(), whom=st.sampled_from(list(GROUNDS)), who=st.sampled_from(list(ACTORS)))
    def anybody_tries_anything(self, data: st.DataObject, whom: str, who: str) -> None:
        self.attempt(data, whom, who, list(VERBS))

    @rule(whom=st.sampled_from(list(GROUNDS)), keep=st.sampled_from([80, 91, 200, 364]))
    def bring_onto_the_list(self, whom: str, keep: int) -> None:
        if self.case(whom).state != CaseState.OPEN:
            return
        self.do("first", whom, CaseAct.EVIDENCE, evidence=dict.fromkeys(kinds_for(whom), "卷"))
        self.do("first", whom, CaseAct.SERVE, served_on=self.on, how="post", proof="回证")
        self.at = instant(working_day_after(self.on, 5) + DAY, 0)
        told = {"number": "决2", "words": "责令改正", "severity": "general", "advice": ""}
        self.do("first", whom, CaseAct.DECIDE, decided_on=self.on, **told)
        self.do("first", whom, CaseAct.PROPOSE, until_on=self.on + max(keep, 93) * DAY)
        self.do("second", whom, CaseAct.PUBLISH)

    @rule(whom=st.sampled_from(list(GROUNDS)), early=EDGE, over=EDGE)
    def go_to_the_edges(self, whom: str, early: int, over: int) -> None:
        """Try to decide and to publish a day too early, on the day, and a day too long."""
        if self.case(whom).state != CaseState.OPEN:
            return
        self.do("first", whom, CaseAct.EVIDENCE, evidence=dict.fromkeys(kinds_for(whom), "卷"))
        self.do("first", whom, CaseAct.SERVE, served_on=self.on, how="post", proof="回证")
        self.at = instant(working_day_after(self.on, 5) + early * DAY, 0)
        told = {"number": "决3", "words": "责令改正", "severity": "general", "advice": ""}
        if not self.tried("first", whom, CaseAct.DECIDE, decided_on=self.on, **told):
            return
        until = months_after(self.on, MONTHS["general"][1]) + over * DAY
        if self.tried("first", whom, CaseAct.PROPOSE, until_on=until):
            self.tried("first", whom, CaseAct.PUBLISH)
            self.tried("second", whom, CaseAct.PUBLISH)

    @rule(whom=st.sampled_from(list(GROUNDS)), reason=st.sampled_from(EARLY), early=EDGE)
    def take_off(self, whom: str, reason: EndReason, early: int) -> None:
        """Try to end an entry before its day: for a reason or quashed, too soon, and alone."""
        case = self.case(whom)
        if case.publish_from_on is None or not is_public(case, self.on):
            return
        if reason is EndReason.QUASHED:
            self.tried("first", whom, CaseAct.QUASH, document_no="撤3", words="说明")
        else:
            least = months_after(case.publish_from_on, REPAIR_MONTHS[case.severity]) + early * DAY
            self.at = max(self.at, instant(least, 12))
            self.tried("first", whom, CaseAct.RECTIFY, words="说明")
            self.tried("first", whom, CaseAct.CONFIRM, words="说明")
            told = {"reason": reason, "document_no": "撤3", "words": "说明"}
            self.tried("first", whom, CaseAct.PROPOSE_END, **told)
        self.tried("first", whom, CaseAct.END)
        self.tried("second", whom, CaseAct.END)

    @rule(whom=st.sampled_from(["T1", "T2"]), right=st.booleans())
    def dispute(self, whom: str, right: bool) -> None:  # noqa: FBT001  # drawn by name
        """Dispute an entry and settle that."""
        if self.tried("clerk" if whom == "T1" else "rival", whom, CaseAct.DISPUTE, words="说明"):
            self.tried("first", whom, CaseAct.SETTLE, upheld=right, reasons="说明")

    @rule(data=st.data(), whom=st.sampled_from(list(GROUNDS)), who=st.sampled_from(TRUSTED))
    def somebody_confirms(self, data: st.DataObject, whom: str, who: str) -> None:
        waits = [
            act
            for act in possible_acts(self.case(whom), ACTORS[who], self.on, self.stand(who).rules)
            if act in (CaseAct.CONFIRM_AMEND, CaseAct.END, CaseAct.PUBLISH, CaseAct.SETTLE)
        ]
        if waits:
            self.attempt(data, whom, who, waits)

    def do(self, who: str, whom: str, act: CaseAct, **told: object) -> None:
        case = self.case(whom)
        VERBS[act](self.stand(who), case.number, case.revision, **told)
        self.reached.add(act)
        self.log[case.number].append(Told(act, ACTORS[who].person_id, self.on, told))

    @rule(data=st.data(), whom=st.sampled_from(list(GROUNDS)), steps=st.integers(1, 6))
    def regulators_go_on(self, data: st.DataObject, whom: str, steps: int) -> None:
        for _ in range(steps):
            self.go_on(data, whom, data.draw(st.sampled_from(TRUSTED)))
            self.wait(data.draw(st.sampled_from([0, 0, 1, 3, 8])), 12)

    def go_on(self, data: st.DataObject, whom: str, who: str) -> None:
        """Do something that the case itself calls possible."""
        here = self.stand(who)
        acts = possible_acts(self.case(whom), here.actor, here.day, here.rules)
        possible = [act for act, why in acts.items() if why is None and act is not CaseAct.CLOSE]
        if possible:
            self.attempt(data, whom, who, possible)

    def case(self, whom: str) -> CaseFile:
        number = list(self.log)[list(GROUNDS).index(whom)]
        return self.session.scalars(select(CaseFile).where(CaseFile.number == number)).one()

    def attempt(self, data: st.DataObject, whom: str, who: str, acts: Sequence[CaseAct]) -> None:
        """Try one act; keep in the log what was done, and see that a refusal changed nothing."""
        act = data.draw(st.sampled_from(acts))
        self.tried(who, whom, act, **given(act, self.on, data.draw))

    def tried(self, who: str, whom: str, act: CaseAct, **told: object) -> bool:
        """Try one act; tell whether it was done."""
        case = self.case(whom)
        before = case.revision
        try:
            with self.session.begin_nested():
                VERBS[act](self.stand(who), case.number, before, **told)
        except PortalError:
            self.session.expire_all()
            assert self.case(whom).revision == before
            return False
        self.may(who, whom, act)
        self.reached.add(act)
        self.log[case.number].append(Told(act, ACTORS[who].person_id, self.on, told))
        return True

    @staticmethod
    def may(who: str, whom: str, act: CaseAct) -> None:
        """Refuse what a person could never do."""
        own = (who in ("clerk", "cousin") and whom == "T1") or (who == "rival" and whom == "T2")
        assert who not in ("observer", "authority")
        if who in ("clerk", "rival"):
            assert own
            assert act in OF_THE_PARTY
        if who == "cousin" and own:
            assert act in OF_THE_PARTY

    @invariant()
    def public_is_what_due_process_allows(self) -> None:
        for number, acts in self.log.items():
            assert not unheard(acts)
            case = self.session.scalars(select(CaseFile).where(CaseFile.number == number)).one()
            span = public_days(acts, case.severity)
            if span is None:
                assert case.listing_no is None
                continue
            assert not due_process(acts)
            edges = {self.on, span[0] - DAY, span[0], span[1] - DAY, span[1]}
            for day in edges | {self.on + DAY}:
                shown = {entry.no for entry in entries_on(self.session, day)}
                assert (case.listing_no in shown) == (span[0] <= day < span[1])
            self.gone_says_nothing(case, span[1])

    def gone_says_nothing(self, case: CaseFile, off: date) -> None:
        left = entry_on(self.session, case.listing_no or "", off)
        assert isinstance(left, Gone)
        assert (left.no, left.on) == (case.listing_no, off)

    @invariant()
    def clocks_are_right_to_the_day(self) -> None:
        for number, acts in self.log.items():
            case = self.session.scalars(select(CaseFile).where(CaseFile.number == number)).one()
            done = {told.act: told for told in acts}
            if "serve" in done:
                served: date = done["serve"].given["served_on"]
                assert case.reply_until_on == working_day_after(served, 5)
                assert case.hearing_until_on == working_day_after(served, 5)
            if "quash" in done:
                last = [*upheld(acts), done["quash"]]
                assert case.withdraw_until_on == min(working_day_after(t.on, 3) for t in last)
            if "dispute" in done:
                disputed = done["dispute"].on
                assert case.dispute_marked_on == disputed <= working_day_after(disputed, 1)
                assert case.dispute_decide_until_on == working_day_after(disputed, 5)
            if "call_hearing" in done:
                called = done["call_hearing"].given
                assert case.hearing_on is not None
                assert case.hearing_on >= working_day_after(called["told_on"], 7)

    @invariant()
    def the_trail_keeps_everything(self) -> None:
        rows = self.session.execute(
            select(CaseEvent.id, CaseEvent.act, CaseEvent.on, CaseEvent.by, CaseEvent.words)
        ).all()
        trail = [tuple(row) for row in rows]
        assert trail[: len(self.trail)] == self.trail
        assert len(trail) == sum(len(acts) for acts in self.log.values())
        audited = self.session.scalars(select(AuditEvent.id)).all()
        assert len(audited) == len(trail)
        self.trail = trail

    def teardown(self) -> None:
        """See that nobody has cut the chain, and forget the world."""
        assert first_break(self.session) is None
        SHARED.end(self.session)


CAMPAIGN = settings.get_profile("campaign").max_examples
EXAMPLES = CAMPAIGN if settings().max_examples == CAMPAIGN else 30
"""An example takes half a second: the whole campaign is for ``--all``."""
Cases.TestCase.settings = settings(max_examples=EXAMPLES, stateful_step_count=40)
TestCases = Cases.TestCase


def test_the_acts_reach_everything() -> None:
    """The machine above is no use where it never gets; it runs first, in this file's order."""
    assert CaseAct.PUBLISH in Cases.reached
    assert len(Cases.reached) >= MANY
