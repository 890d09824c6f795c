"""Several people at once: one wins, the others are told, nothing happens twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from reports_desk import FILLED, STEPS, Desk, address, fill, hand_in, hidden, post, set_up_desk
from sqlalchemy import select

from portal.store.reports import ReportDraft, SpecialReport
from portal.store.session import reading

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

PEOPLE = 6


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def statuses(desk: Desk, name: str, url: str, fields: dict[str, str]) -> list[int]:
    """Return the answers when several browsers of one person send a form at once."""
    browsers = [desk.browser(name) for _ in range(PEOPLE)]
    tokens = [hidden(browser.get("/account").text)["csrf_token"] for browser in browsers]

    def send(number: int) -> int:
        data = {**fields, "csrf_token": tokens[number]}
        return browsers[number].post(url, data=data).status_code

    with ThreadPoolExecutor(PEOPLE) as pool:
        return sorted(pool.map(send, range(PEOPLE)))


def test_a_report_is_handed_in_once(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    fill(clerk)
    found = statuses(desk, "clerk", address("check"), {})
    assert found == [303] + [409] * (PEOPLE - 1)
    with reading(desk.engine) as session:
        assert len(list(session.scalars(select(SpecialReport)))) == 1
    assert desk.events().count("report.submit") == 1


def test_a_report_is_accepted_once(desk: Desk) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    url = f"/desk/reports/{hand_in(clerk)}"
    post(reg, url, {"deed": "start"})
    found = statuses(desk, "reg", url, {"deed": "accept"})
    assert found == [303] + [409] * (PEOPLE - 1)
    assert desk.events().count("report.accept") == 1


def test_steps_saved_at_once_are_all_kept(desk: Desk) -> None:
    def save(step: str) -> int:
        browser = desk.browser("clerk")
        fields = {**FILLED[step], "finished": "done"}
        return post(browser, address(step), fields).status_code

    with ThreadPoolExecutor(len(STEPS)) as pool:
        assert list(pool.map(save, STEPS)) == [303] * len(STEPS)
    with reading(desk.engine) as session:
        draft = session.scalars(select(ReportDraft)).one()
    assert set(draft.done) == set(STEPS)
    assert draft.revision == len(STEPS)
    assert desk.events().count("report.save") == len(STEPS)
