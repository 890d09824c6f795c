"""Two hundred hands with one slip: one answer counts."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from itertools import cycle

import pytest
from flask import Flask
from handed import Hand
from signing import person, signed_in, token_in
from sqlalchemy import Engine, func, select
from voices import Trainee, codes_on, print_slips, roster

from portal.casework.setting_up import become_demonstration
from portal.domain.people import Role
from portal.rules.office import Office
from portal.store.session import reading, transaction
from portal.store.surveys import SurveyAnswer, SurveyTally

HANDS = 200


@pytest.fixture
def codes(app: Flask, engine: Engine, office: Office) -> list[str]:
    """Return the codes of a sitting's slips."""
    with transaction(engine) as session:
        day = date(2026, 11, 23)
        become_demonstration(session, "putuo", day, datetime(2026, 11, 23, 2, tzinfo=UTC))
    hand = Hand(engine, office)
    hand.register("P001")
    roster(hand, 12)
    officer = signed_in(app, person(engine, "officer", Role.AUTHORITY).username)
    return codes_on(print_slips(officer))


def counted(engine: Engine) -> tuple[int, int | None, int]:
    """Return the stored answers, and what the tally says of invited and answered."""
    with reading(engine) as session:
        stored = session.scalar(select(func.count()).select_from(SurveyAnswer))
        tally = session.scalars(select(SurveyTally)).one()
        return stored or 0, tally.invited, tally.answered


def test_two_hundred_posts_with_one_code_count_once(
    app: Flask, engine: Engine, codes: list[str]
) -> None:
    trainee = Trainee(app.test_client(), codes[0])
    trainee.answers()
    address = f"/survey/{codes[0]}?q=check"
    token = token_in(trainee.client.get(address).get_data(as_text=True))
    cookie = trainee.client.get_cookie("session")
    assert cookie

    def post(_number: int) -> int:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        return client.post(address, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(32) as pool:
        statuses = Counter(pool.map(post, range(HANDS)))
    assert statuses == {200: 1, 410: HANDS - 1}
    assert counted(engine) == (1, 12, 1)


def test_all_candidates_at_once_all_count(app: Flask, engine: Engine, codes: list[str]) -> None:
    steps = cycle(({"service": "neutral"}, {}))  # alike, eight in a row would wait for a look
    trainees = [Trainee(app.test_client(), code, next(steps)) for code in codes[:11]]
    for trainee in trainees:
        trainee.answers()
    with ThreadPoolExecutor(11) as pool:
        answers = list(pool.map(lambda trainee: trainee.sends().status_code, trainees))
    assert answers == [200] * 11
    assert counted(engine) == (11, 12, 11)
