"""Two at once: the limit holds, one holder stays, a slip works once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from signing import ADDED_AT, institution, person
from sqlalchemy import func, select

from portal.casework.access.accounts import end_person
from portal.casework.access.sign_in import knock
from portal.casework.access.slips import SlipReason, use_slip, write_slip
from portal.domain.errors import PortalError
from portal.domain.people import OPERATOR, Actor, Role
from portal.rules.rulebook import rules_on
from portal.store.people import Person, SignInFailure
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

RULES = rules_on(ADDED_AT.date())
HANDS = 8


def done(acts: list[Callable[[], object]]) -> list[str]:
    """Do all acts at once; return "done" or the key of the refusal of each."""

    def one(act: Callable[[], object]) -> str:
        try:
            act()
        except PortalError as error:
            return error.key
        return "done"

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, acts))


def test_no_number_of_guesses_at_once_passes_the_limit(engine: Engine, office: object) -> None:
    del office
    limit = RULES.accounts.sign_in_attempts

    def guess() -> None:
        with transaction(engine) as session:
            knock(session, "bob", "192.0.2.7", at=ADDED_AT, rules=RULES)

    results = done([guess] * (limit * 3))
    assert results.count("done") == limit
    assert set(results) == {"done", "people.too_often"}
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(SignInFailure)) == 2 * limit


def test_two_holders_who_end_each_other_leave_one(engine: Engine, office: object) -> None:
    del office
    institution(engine, "P1")
    rows = [
        person(engine, name, Role.INSTITUTION, institution_code="P1", is_holder=True)
        for name in ("ann", "ben")
    ]

    def ending(by: Person, whom: Person) -> Callable[[], object]:
        actor = Actor(
            person_id=by.id,
            name=by.name,
            role=Role.INSTITUTION,
            institution_id=by.institution_id,
            is_holder=True,
        )

        def act() -> None:
            with transaction(engine) as session:
                end_person(session, actor, whom.id, reason="离职", at=ADDED_AT)

        return act

    results = done([ending(rows[0], rows[1]), ending(rows[1], rows[0])])
    assert sorted(results) == ["done", "people.last_holder"]
    with reading(engine) as session:
        assert session.scalar(select(func.count()).where(Person.ended_at.is_(None))) == 1


def test_a_slip_sets_one_password(engine: Engine, office: object) -> None:
    del office
    row = person(engine, "bob", Role.ADMIN)
    with transaction(engine) as session:
        bob = session.get_one(Person, row.id)
        slip = write_slip(session, OPERATOR, bob, SlipReason.JOINED, at=ADDED_AT, rules=RULES)

    def use() -> None:
        with transaction(engine) as session:
            use_slip(session, slip.code, "another horse 9", at=ADDED_AT, rules=RULES)

    assert sorted(done([use] * HANDS)) == ["done", *["people.slip_used"] * (HANDS - 1)]
